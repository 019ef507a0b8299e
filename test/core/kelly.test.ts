import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chanceOf, kellyFraction } from '../../src/core/sizing/kelly.ts'
import { InvariantError } from '../../src/core/units/brand.ts'
import { type Usd, usd } from '../../src/core/units/money.ts'
import type { CategoryRecord } from '../../src/core/whale/categories.ts'
import { believedEdge, edgeOf } from '../../src/core/whale/edge.ts'
import type { WhaleRecord } from '../../src/core/whale/record.ts'
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

  test('is never certain, whatever a record claims, and never moved beyond 1 and 99 in 100', () => {
    fc.assert(
      fc.property(anyChance, fc.integer({ min: -100, max: 100 }), (at, times) => {
        const record = { ...GOOD_RECORD, profit: usd(String(times * 1_000_000)) }
        const chance = chanceOf(record, at)
        expect(chance >= Math.min(at, 0.01) && chance <= Math.max(at, 0.99)).toBe(true)
        expect(Math.abs(edgeOf(record))).toBeLessThanOrEqual(0.15)
      }),
    )
  })
})

const anyRecord = fc
  .record({
    resolved: fc.integer({ min: 0, max: 1_000 }),
    wonShare: fc.double({ min: 0, max: 1, noNaN: true }),
    cost: fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n }), { nil: undefined }),
    profit: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
    pricePaid: fc.double({ min: 0, max: 1, noNaN: true }),
    crowd: fc.double({ min: 0, max: 1, noNaN: true }),
    openProfit: fc.option(fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }), { nil: undefined }),
  })
  .map(
    ({ resolved, wonShare, cost, profit, pricePaid, crowd, openProfit }): WhaleRecord => ({
      ...GOOD_RECORD,
      resolved,
      won: Math.floor(resolved * wonShare),
      cost: cost as Usd | undefined,
      profit: profit as Usd,
      pricePaid,
      effective: resolved === 0 ? undefined : Math.max(1, resolved * crowd),
      open: openProfit === undefined ? undefined : { count: 3, cost: usd('5000'), profit: openProfit as Usd },
    }),
  )

function category(over: Partial<CategoryRecord> = {}): CategoryRecord {
  return {
    ...{ category: 'sports', resolved: 100, won: 60, cost: usd('30000'), profit: usd('0'), pricePaid: 0.52 },
    ...over,
  }
}

describe('the edge that is believed', () => {
  test('is half of what 278 even markets of one size show, and no more at any other price', () => {
    const even: WhaleRecord = { ...GOOD_RECORD, pricePaid: 0.5, resolved: 278, profit: usd('10000') }
    expect(edgeOf(even)).toBeCloseTo(0.05, 9)
    expect(believedEdge(even, 0.5)).toBeCloseTo(0.025, 4)
    expect(believedEdge(even, 0.97)).toBeCloseTo(0.025 * 4 * 0.97 * 0.03, 4)
  })

  test('lies between nothing and what the record shows, at every price and for every record', () => {
    fc.assert(
      fc.property(anyRecord, anyChance, (record, at) => {
        const shown = edgeOf(record)
        const believed = believedEdge(record, at)
        expect(believed * shown >= 0 && Math.abs(believed) <= Math.abs(shown) + 1e-12).toBe(true)
      }),
    )
  })

  test('of a record whose stakes were mostly one bet is that of a short one', () => {
    const even = believedEdge({ ...GOOD_RECORD, effective: 300 }, 0.5)
    const lopsided = believedEdge({ ...GOOD_RECORD, effective: 1.5 }, 0.5)
    expect(even).toBeCloseTo(believedEdge(GOOD_RECORD, 0.5), 12)
    expect(lopsided).toBeLessThan(even / 50)
  })

  test('counts what is held at a loss, and not what is held at a gain', () => {
    const holding = (profit: string) =>
      edgeOf({ ...GOOD_RECORD, open: { count: 4, cost: usd('20000'), profit: usd(profit) } })
    expect(holding('9000')).toBe(edgeOf(GOOD_RECORD))
    expect(holding('-9000')).toBeCloseTo((3_000 / 120_000) * 0.52, 9)
  })

  test.each([
    ['won more and earned', 190, '12000', 190 / 300 - 0.52],
    ['won less and lost', 120, '-500', 0.4 - 0.52],
    ['won less, yet earned', 120, '500', 0],
    ['won more, yet lost', 190, '-500', 0],
  ])('of a record without costs that %s is how much more often it won, or nothing', (_, won, profit, edge) => {
    expect(edgeOf({ ...GOOD_RECORD, cost: undefined, won, profit: usd(profit) })).toBeCloseTo(edge, 9)
  })

  test('is of the category where that has thirty markets of its own, and of all where it has not', () => {
    const losing = category({ profit: usd('-6000') })
    const record = { ...GOOD_RECORD, categories: [losing] }
    expect(believedEdge(record, 0.5, 'sports')).toBeLessThan(believedEdge(record, 0.5))
    expect(believedEdge(record, 0.5, 'politics')).toBe(believedEdge(record, 0.5))
    const short = { ...GOOD_RECORD, categories: [category({ profit: usd('-6000'), resolved: 29 })] }
    expect(believedEdge(short, 0.5, 'sports')).toBe(believedEdge(short, 0.5))
  })

  test('in a category lies between what the category and what the rest shows', () => {
    const anyGain = fc.integer({ min: -6_000, max: 6_000 })
    fc.assert(
      fc.property(anyGain, anyGain, fc.integer({ min: 30, max: 250 }), (here, elsewhere, resolved) => {
        const own = category({ resolved, profit: usd(String(here)), pricePaid: 0.5 })
        const record = { ...GOOD_RECORD, pricePaid: 0.5, profit: usd(String(here + elsewhere)), categories: [own] }
        const shown = [(here / 30_000) * 0.5, (elsewhere / 70_000) * 0.5, 0]
        const believed = believedEdge(record, 0.5, 'sports')
        expect(believed >= Math.min(...shown) - 1e-9 && believed <= Math.max(...shown) + 1e-9).toBe(true)
      }),
    )
  })
})
