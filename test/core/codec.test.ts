import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decode,
  decodeEffects,
  decodeEntry,
  decodeFacts,
  decodeInput,
  decodeState,
  encode,
  encodeEffects,
  encodeEntry,
  encodeFacts,
  encodeInput,
  encodeState,
  UnreadableText,
} from '../../src/core/engine/codec.ts'
import { emptyBooks, emptyState } from '../../src/core/engine/state.ts'
import type { Day, Hour } from '../../src/core/units/ids.ts'
import { usd } from '../../src/core/units/money.ts'
import { copiedBuy, marketOf, signalFor, tradeNumber, whaleNumber } from '../db/entries.ts'

const HOSTILE = [
  '12n',
  '-12n',
  '~12n',
  '~~12n',
  '~',
  '~~',
  '',
  'n',
  '-n',
  '~map',
  '~set',
  '~~map',
  '~undefined',
  '~NaN',
  '~-0',
  '{"$map":1}',
  '["~map"]',
  '\ud800',
  'a\udc00b',
  '\u0000',
  '\u2028',
  '__proto__',
  'constructor',
  '12N',
  ' 12n',
  '12n\n',
]

const anyText = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }), fc.string())
const anyScalar = fc.oneof(
  anyText,
  fc.bigInt(),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
)

const anyValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    anyScalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(anyText, tie('value')), { maxLength: 4 }).map(record),
    fc.array(fc.tuple(anyScalar, tie('value')), { maxLength: 4 }).map(pairs => new Map(pairs)),
    fc.array(anyScalar, { maxLength: 4 }).map(values => new Set(values)),
  ),
})).value

/** Own properties only, so that `__proto__` is a key like any other. What is `undefined` is not written. */
function record(pairs: readonly (readonly [string, unknown])[]): unknown {
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined))
}

describe('any value', () => {
  test('is read back as exactly what it was', () => {
    fc.assert(
      fc.property(anyValue, value => {
        expect(isDeepStrictEqual(decode(encode(value)), value)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test.each(HOSTILE)('the text %j stays a text, wherever it stands', text => {
    const value = { [text]: text, list: [text], map: new Map([[text, new Set([text])]]) }
    expect(isDeepStrictEqual(decode(encode(value)), value)).toBe(true)
  })

  test('has the same bytes in whatever order its properties were written', () => {
    expect(encode({ b: 1n, a: { d: 'x', c: undefined } })).toBe(encode({ a: { d: 'x' }, b: 1n }))
    expect(encode({ b: 1n, a: { d: 'x' } })).toBe('{"a":{"d":"x"},"b":"1n"}')
  })

  test('keeps the order of maps and sets, which means something', () => {
    const map = new Map([
      ['z', 1],
      ['a', 2],
    ])
    expect([...(decode(encode(map)) as Map<string, number>).keys()]).toEqual(['z', 'a'])
    expect([...(decode(encode(new Set([3, 1]))) as Set<number>)]).toEqual([3, 1])
  })

  test('does not touch what objects inherit', () => {
    const read = decode(encode(JSON.parse('{"__proto__":{"polluted":"12n"}}')))
    expect(Object.keys(read as object)).toEqual(['__proto__'])
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  test.each(['', '{', '"~what"', '["~map","key"]'])('refuses %j', text => {
    expect(() => decode(text)).toThrow(UnreadableText)
  })
})

describe('the parts of an entry', () => {
  const entries = copiedBuy(1, 7)

  test('are read back as they were', () => {
    for (const entry of entries) {
      expect(decodeInput(encodeInput(entry.input))).toEqual(entry.input)
      expect(decodeFacts(encodeFacts(entry.facts))).toEqual(entry.facts)
      expect(decodeEffects(encodeEffects(entry.effects))).toEqual(entry.effects)
      expect(decodeEntry(encodeEntry(entry))).toEqual(entry)
      expect(encodeEntry(entry)).not.toContain('\n')
    }
  })

  test.each([
    ['an input without a kind', () => decodeInput('{"at":1}')],
    ['facts that are no list', () => decodeFacts('{"kind":"x"}')],
    ['a fact without a kind', () => decodeFacts('[{}]')],
    ['an effect that is a text', () => decodeEffects('["wake"]')],
    ['an entry without a number', () => decodeEntry('{"term":1,"engine":"1","input":{"kind":"x"}}')],
    ['a state without accounts', () => decodeState('{}')],
  ])('refuse %s', (_, read) => {
    expect(read).toThrow(UnreadableText)
  })
})

test('a state is read back with real maps and sets, and shares nothing', () => {
  const state = emptyState()
  const books = emptyBooks('paper', usd('10000'), 1 as Day, 2 as Hour)
  const signal = signalFor(tradeNumber(1))
  books.tokensOf.set(signal.condition, new Set([signal.token]))
  books.positions.set(signal.token, {
    ...marketOf(signal),
    shares: 1n as never,
    cost: 2n as never,
    fees: 0n as never,
    realised: -3n as never,
    mark: 4n as never,
    openedAt: 5 as never,
    lots: new Map([[whaleNumber(1), { ours: 1n as never, theirs: 2n as never }]]),
  })
  state.accounts.set('paper', books)
  state.signals.set(signal.id, signal)

  const read = decodeState(encodeState(state))
  expect(read).toEqual(state)
  expect(encodeState(read)).toBe(encodeState(state))
  read.accounts.get('paper')?.positions.clear()
  expect(books.positions.size).toBe(1)
})
