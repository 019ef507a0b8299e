import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chanceOf, edgeOf, kellyFraction } from '../../src/core/sizing/kelly.ts'
import { InvariantError } from '../../src/core/units/brand.ts'
import { usd } from '../../src/core/units/money.ts'
import { GOOD_RECORD } from '../support/made.ts'

const anyChance = fc.double({ min: 0.001, max: 0.999, noNaN: true })

describe('the Kelly fraction', () => {
  test.each([
    [0.6, 0.5, 0.2],
    [0.55, 0.5, 0.1],
    [0.9, 0.8, 0.5],
    [0.5, 0.5, 0],
    [0.4, 0.5, 0],
  ])('of a chance of %s at a cost of %s is %s', (chance, cost, part) => {
    expect(kellyFraction(chance, cost)).toBeCloseTo(part, 12)
  })

  test('is (p·b − q) ÷ b with the odds b of the price, and nothing where that is negative', () => {
    fc.assert(
      fc.property(anyChance, anyChance, (chance, cost) => {
        const odds = (1 - cost) / cost
        const published = (chance * odds - (1 - chance)) / odds
        expect(kellyFraction(chance, cost)).toBeCloseTo(Math.max(0, published), 9)
      }),
    )
  })

  test('lies in 0 to 1, is nothing without an edge, and grows with the chance and falls with the cost', () => {
    fc.assert(
      fc.property(anyChance, anyChance, anyChance, (one, other, cost) => {
        const part = kellyFraction(one, cost)
        expect(part >= 0 && part < 1).toBe(true)
        expect(part > 0).toBe(one > cost)
        const [low, high] = one < other ? [one, other] : [other, one]
        expect(kellyFraction(low, cost) <= kellyFraction(high, cost)).toBe(true)
        expect(kellyFraction(cost, low) >= kellyFraction(cost, high)).toBe(true)
      }),
    )
  })

  test.each([
    [0, 0.5],
    [1, 0.5],
    [0.5, 0],
    [0.5, 1],
    [Number.NaN, 0.5],
  ])('a chance of %s at a cost of %s is a fault of the program', (chance, cost) => {
    expect(() => kellyFraction(chance, cost)).toThrow(InvariantError)
  })
})

describe('the chance that is believed', () => {
  test('without a record is the price: the market is not known to be wrong', () => {
    expect(chanceOf(undefined, 0.37)).toBe(0.37)
  })

  test('with a good record is above the price, but by less than the record shows', () => {
    const chance = chanceOf(GOOD_RECORD, 0.5)
    expect(chance).toBeGreaterThan(0.5)
    expect(chance).toBeLessThan(0.5 + edgeOf(GOOD_RECORD))
  })

  test('comes closer to the record the longer it is', () => {
    const chances = [1, 10, 100, 1_000].map(resolved => chanceOf({ ...GOOD_RECORD, resolved }, 0.5))
    expect(chances).toEqual([...chances].sort((one, other) => one - other))
    expect(new Set(chances).size).toBe(4)
  })

  test('with a losing record is under the price', () => {
    expect(chanceOf({ ...GOOD_RECORD, profit: usd('-12000') }, 0.5)).toBeLessThan(0.5)
  })

  test('is never certain, whatever a record claims', () => {
    fc.assert(
      fc.property(anyChance, fc.integer({ min: -100, max: 100 }), (at, times) => {
        const record = { ...GOOD_RECORD, profit: usd(String(times * 1_000_000)) }
        const chance = chanceOf(record, at)
        expect(chance >= 0.01 && chance <= 0.99).toBe(true)
        expect(Math.abs(edgeOf(record))).toBeLessThanOrEqual(0.15)
      }),
    )
  })
})
