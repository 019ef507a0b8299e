import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { command } from '../../src/chat/command.ts'
import { readLimit, readLimitName } from '../../src/chat/limit-words.ts'
import {
  choice,
  dollars,
  flag,
  type Option,
  optional,
  percent,
  readDuration,
  text,
  wallet,
  who,
  whole,
} from '../../src/chat/option.ts'
import { reply } from '../../src/chat/reply.ts'
import { UserError } from '../../src/chat/user-error.ts'
import { LIMIT_NAMES, type LimitName } from '../../src/core/risk/limits.ts'
import { price, usd } from '../../src/core/units/money.ts'
import { actor, newWorld, standIn } from './stand-in.ts'

const WALLET = `0x${'Ab'.repeat(20)}`

const READ: readonly (readonly [string, Option<unknown>, string, unknown])[] = [
  ['plain dollars', dollars(''), '40', usd('40')],
  ['dollars with all their signs', dollars(''), '$1,234.50', usd('1234.5')],
  ['dollars and spaces around', dollars(''), ' 3.000001 ', usd('3.000001')],
  ['dollars with a comma for a point', dollars(''), '1,5', undefined],
  ['dollars less than nothing', dollars(''), '-5', undefined],
  ['dollars finer than a millionth', dollars(''), '1.0000001', undefined],
  ['dollars as an exponent', dollars(''), '1e3', undefined],
  ['a percentage', percent(''), '50%', 0.5],
  ['a percentage with a space', percent(''), '12.5 %', 0.125],
  ['a percentage without its sign', percent(''), '50', 0.5],
  ['half a percent, said so', percent(''), '0.5%', 0.005],
  ['half of what?', percent(''), '0.5', undefined],
  ['nothing', percent(''), '0%', undefined],
  ['more than all', percent(''), '101%', undefined],
  ['a whole number', whole('', { min: 1, max: 20 }), '7', 7],
  ['a number beyond the range', whole('', { min: 1, max: 20 }), '21', undefined],
  ['a number with a point', whole('', { min: 1, max: 20 }), '7.0', undefined],
  ['a wallet', wallet(''), WALLET, WALLET.toLowerCase()],
  ['a wallet that is too short', wallet(''), '0xabc', undefined],
  ['who: a wallet', who(''), ` ${WALLET} `, { kind: 'wallet', whale: WALLET.toLowerCase() }],
  ['who: a shortened wallet', who(''), '0xABcd…ef01', { kind: 'short', head: '0xabcd', tail: 'ef01' }],
  [
    'who: a shortened wallet as a phone types it',
    who(''),
    '0xabcd...ef01',
    { kind: 'short', head: '0xabcd', tail: 'ef01' },
  ],
  ['who: a wallet that lost its end', who(''), WALLET.slice(0, 30), undefined],
  ['who: a name', who(''), ' Swiss  Tony ', { kind: 'name', name: 'Swiss Tony' }],
  ['who: a name with an @', who(''), '@swisstony', { kind: 'name', name: 'swisstony' }],
  ['who: a profile by name', who(''), 'https://polymarket.com/@swisstony?tab=x', { kind: 'name', name: 'swisstony' }],
  [
    'who: a profile by wallet',
    who(''),
    `polymarket.com/profile/${WALLET}`,
    { kind: 'wallet', whale: WALLET.toLowerCase() },
  ],
  ['who: nothing to be seen', who(''), ' \u200b ', undefined],
  ['who: a name that nobody has', who(''), 'x'.repeat(101), undefined],
  ['on', flag(''), 'ON', true],
  ['off', flag(''), 'no', false],
  ['perhaps', flag(''), 'perhaps', undefined],
  ['one of the choices', choice('', ['Red', 'blue']), ' red', 'Red'],
  ['none of the choices', choice('', ['Red', 'blue']), 'green', undefined],
  ['words', text(''), ' some\u0007 words\n', 'some words'],
  ['no words', text(''), ' \u200b ', undefined],
  ['too many words', text(''), 'x'.repeat(201), undefined],
]

test.each(READ)('%s', (_name, option, typed, value) => {
  if (value === undefined) expect(() => option.read(typed)).toThrow(UserError)
  else expect(option.read(typed)).toEqual(value)
})

test('whatever is typed, an option reads it or says what is wrong, on one short line', () => {
  const options = READ.map(([, option]) => option)
  const typed = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 30 }))
  fc.assert(
    fc.property(typed, fc.constantFrom(...options), (said, option) => {
      try {
        option.read(said)
      } catch (error) {
        expect(error).toBeInstanceOf(UserError)
        expect((error as UserError).message).toMatch(/^\P{C}{1,200}$/u)
      }
    }),
  )
})

test.each([
  ['30m', 1_800_000],
  ['2 h', 7_200_000],
  ['1.5H', 5_400_000],
  ['1d', 86_400_000],
  ['59s', undefined],
  ['60', undefined],
  ['0m', undefined],
  ['8d', undefined],
  ['-1h', undefined],
  ['1e1h', undefined],
  ['99999h', undefined],
])('the length of time %s', (typed, value) => {
  const range = { min: 60_000, max: 7 * 86_400_000 }
  if (value === undefined) expect(() => readDuration(typed, range)).toThrow(/from 60 s to 7 d/)
  else expect(readDuration(typed, range)).toBe(value)
})

describe('limits', () => {
  const VALUES: readonly (readonly [LimitName, string, unknown])[] = [
    ['stakeMax', '$1,250.50', usd('1250.5')],
    ['stakeMax', '0.5', undefined],
    ['spreadMax', '4c', price('0.04')],
    ['spreadMax', '4.5¢', price('0.045')],
    ['spreadMax', '0.04', price('0.04')],
    ['spreadMax', '4', undefined],
    ['exposurePctMax', '5%', 0.05],
    ['exposurePctMax', '0.05', 0.05],
    ['exposurePctMax', '5', undefined],
    ['exposurePctMax', '101%', undefined],
    ['approvalWaitMs', '60s', 60_000],
    ['approvalWaitMs', '1.5m', 90_000],
    ['approvalWaitMs', '60', undefined],
    ['positionsMax', '12', 12],
    ['positionsMax', '12.5', undefined],
    ['sizing', 'Kelly', 'kelly'],
    ['sizing', 'all in', undefined],
  ]

  test.each(VALUES)('%s set to %s', (name, typed, value) => {
    if (value === undefined) expect(() => readLimit(name, typed)).toThrow(UserError)
    else expect(readLimit(name, typed)).toEqual(value)
  })

  test('are found whatever their capitals, and a misspelt one is guessed', () => {
    expect(readLimitName('STAKEMAX')).toBe('stakeMax')
    expect(() => readLimitName('stakemux')).toThrow(/Did you mean stakeMax/)
  })

  test('no value throws anything but a UserError', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LIMIT_NAMES), fc.string({ maxLength: 20 }), (name, typed) => {
        try {
          readLimit(name, typed)
        } catch (error) {
          expect(error).toBeInstanceOf(UserError)
        }
      }),
    )
  })
})

test('a command sees values, and hears of all that is wrong at once', async () => {
  const sum = command({
    name: 'sum',
    summary: '',
    access: 'viewer',
    options: { one: whole('A number.', { min: 0, max: 9 }), other: optional(dollars('Some dollars.')) },
    run: ({ one, other }) => reply(`${one + 1} ${other === undefined ? 'none' : other * 2n}`),
  })
  const context = { actor: actor(), desk: standIn(newWorld()), commands: [sum] }
  expect((await sum.run({ one: '1' }, context)).title).toBe('2 none')
  expect((await sum.run({ one: '1', other: '1' }, context)).title).toBe('2 2000000')
  await expect(sum.run({ other: 'x' }, context)).rejects.toThrow(/one is missing.*other: Dollars/)
  await expect(sum.run({ one: '1', ['__proto__']: 'x', constructor: 'y' }, context)).resolves.toBeDefined()
})
