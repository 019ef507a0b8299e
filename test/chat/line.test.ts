import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commands } from '../../commands/index.ts'
import { commandName, given, LINE_MAX, wordsOf } from '../../src/chat/line.ts'
import { nearest } from '../../src/chat/nearest.ts'
import { choice, optional, text } from '../../src/chat/option.ts'
import { UserError } from '../../src/chat/user-error.ts'

const OPTIONS = { what: text(''), part: optional(choice('', ['50%'])), why: optional(text('')) }

const LINES: readonly (readonly [string, string, Readonly<Record<string, string>> | undefined])[] = [
  ['by their places', 'close fed 50%', { what: 'fed', part: '50%' }],
  [
    'the rest to the last, if it is text',
    'close fed 50% it had its run',
    { what: 'fed', part: '50%', why: 'it had its run' },
  ],
  ['by name, in any order', 'close why:enough fed', { what: 'fed', why: 'enough' }],
  ['by name, in quotes', 'close fed why:"seen enough"', { what: 'fed', why: 'seen enough' }],
  ['in quotes', 'close "fed december" 50%', { what: 'fed december', part: '50%' }],
  ['in the quotes of a phone', 'close “fed december”', { what: 'fed december' }],
  ['with an apostrophe', "close fed 50% don't wait", { what: 'fed', part: '50%', why: "don't wait" }],
  ['a colon of no option', 'close http://x', { what: 'http://x' }],
  ['a quoted colon is no name', 'close "why:x"', { what: 'why:x' }],
  ['an empty value', 'close fed why:', { what: 'fed', why: '' }],
  ['twice', 'close why:a why:b fed', undefined],
  ['an open quote', 'close "fed', undefined],
  ['too long', `close ${'x'.repeat(LINE_MAX)}`, undefined],
]

test.each(LINES)('options are given %s', (_name, line, expected) => {
  const read = () => given(wordsOf(line).slice(1), OPTIONS)
  if (expected === undefined) expect(read).toThrow(UserError)
  else expect(read()).toEqual(expected)
})

test.each(['stop', '/stop', 'STOP!', '/Stop!!', 'stop.'])('%s is understood as stop', typed => {
  expect(commandName(wordsOf(typed)[0])).toBe('stop')
})

test('words beyond the last option are refused where they could be meant for none', () => {
  expect(() => given(wordsOf('one two'), { only: choice('', ['one']) })).toThrow(/1 more than it takes/)
})

test('whatever is typed, reading it gives words or a UserError', () => {
  const pieces = fc.array(fc.constantFrom('"', '“', ':', ' ', 'why', 'what', 'x', '\\', '\u0000', '💥', "'", '/'), {
    maxLength: 60,
  })
  const line = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 600 }),
    pieces.map(each => each.join('')),
  )
  fc.assert(
    fc.property(line, fc.constantFrom(...commands), (typed, { options }) => {
      try {
        for (const value of Object.values(given(wordsOf(typed), options))) expect(typeof value).toBe('string')
      } catch (error) {
        expect(error).toBeInstanceOf(UserError)
      }
    }),
    { numRuns: 500 },
  )
})

test('the nearest name is guessed, and nothing where nothing is near', () => {
  const names = commands.map(({ name }) => name)
  expect(nearest('statsu', names)).toBe('status')
  expect(nearest('pos', names)).toBe('positions')
  expect(nearest('xyzzyplugh', names)).toBeUndefined()
  expect(nearest('x'.repeat(10_000), names)).toBeUndefined()
})
