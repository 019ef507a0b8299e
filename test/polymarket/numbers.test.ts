import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bounded, instantOf, nearestMillionths, tradedPriceOf } from '../../src/adapters/polymarket/wire.ts'

describe('an amount becomes millionths', () => {
  test.each<[string, number | string, bigint | undefined]>([
    ['a whole number', 100, 100_000_000n],
    ['decimal text', '0.52', 520_000n],
    ['the noise of an addition', 2.8000000000000003, 2_800_000n],
    ['the noise of a division', 0.9300000035, 930_000n],
    ['a sum that falls short', 0.1 + 0.7, 800_000n],
    ['half a millionth goes up', '0.0000005', 1n],
    ['less than half goes down', 4.9e-7, 0n],
    ['a number that prints with an exponent', 1e-7, 0n],
    ['a small one that is kept', 1.5e-6, 2n],
    ['a large one with an exponent', '1.5e3', 1_500_000_000n],
    ['all nines carry', 0.9999999, 1_000_000n],
    ['a loss', -12.3456785, -12_345_679n],
    ['a negative nothing', -0, 0n],
    ['more digits than a number has', '0.12345678901234567890123456', 123_457n],
    ['no number', Number.NaN, undefined],
    ['no end', Number.POSITIVE_INFINITY, undefined],
    ['more than money', 1e21, undefined],
    ['an absurd exponent', '1e999', undefined],
    ['words', 'twelve', undefined],
    ['nothing', '', undefined],
    ['hexadecimal', '0x10', undefined],
  ])('%s', (_name, value, expected) => {
    expect(nearestMillionths(value)).toBe(expected)
  })

  test('whatever was a number of millionths comes back, through every notation', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 }), millionth => {
        const value = millionth / 1_000_000
        expect(nearestMillionths(value)).toBe(BigInt(millionth))
        expect(nearestMillionths(String(value))).toBe(BigInt(millionth))
        expect(nearestMillionths(value.toExponential())).toBe(BigInt(millionth))
      }),
    )
  })

  test('noise of floating point never makes a millionth', () => {
    const anyMillionth = fc.integer({ min: 1, max: 1_000_000_000 })
    fc.assert(
      fc.property(anyMillionth, anyMillionth, (one, other) => {
        expect(nearestMillionths(one / 1_000_000 + other / 1_000_000)).toBe(BigInt(one + other))
      }),
    )
  })

  test('is never further than half a millionth away', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1_000, noNaN: true }), value => {
        const read = nearestMillionths(value)
        expect(Math.abs(Number(read) - value * 1_000_000)).toBeLessThanOrEqual(0.500001)
      }),
    )
  })

  test('any text at all gives an amount or nothing', () => {
    fc.assert(fc.property(fc.string(), words => ['bigint', 'undefined'].includes(typeof nearestMillionths(words))))
  })
})

test.each([0, 1, -0.5, 1.2, 4e-7, 0.9999996])('%s is no price to trade at', value => {
  expect(tradedPriceOf(value)).toBeUndefined()
})

describe('an instant', () => {
  test.each<[string, number | string, number | undefined]>([
    ['is seconds by its size', 1_795_132_800, 1_795_132_800_000],
    ['is milliseconds by its size', 1_795_132_800_123, 1_795_132_800_123],
    ['may be text', '1795132800123', 1_795_132_800_123],
    ['may have a fraction', 1_795_132_800.25, 1_795_132_800_250],
    ['is not in microseconds', 1_795_132_800_123_456, undefined],
    ['is not nothing', 0, undefined],
    ['is not before 1970', -5, undefined],
    ['is not a word', 'soon', undefined],
    ['is not a date', '2027-01-01', undefined],
  ])('%s', (_name, value, expected) => {
    expect(instantOf(value)).toBe(expected)
  })

  test('survives both units', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }), seconds => {
        expect(instantOf(seconds)).toBe(seconds * 1_000)
        expect(instantOf(seconds * 1_000)).toBe(seconds * 1_000)
      }),
    )
  })
})

test('words are kept as they are up to a length, and no character is cut in half', () => {
  expect(bounded('<b>@everyone</b> \u202e')).toBe('<b>@everyone</b> \u202e')
  expect(bounded(`${'a'.repeat(299)}🐋🐋`)).toBe('a'.repeat(299))
  fc.assert(fc.property(fc.string({ maxLength: 2_000 }), words => bounded(words).length <= 300))
})
