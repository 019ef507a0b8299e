import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { later } from '../../src/core/units/ids.ts'
import { type Price, price, type Usd, usd } from '../../src/core/units/money.ts'
import { belief, qualityOf } from '../../src/core/whale/quality.ts'
import { type ClosedPosition, recordOf } from '../../src/core/whale/record.ts'
import { GOOD_RECORD, HALF_PAST_NOON, POOR_RECORD } from '../support/made.ts'

const DAY_MS = 86_400_000

function closed(cost: string, profit: string, daysAgo: number, at = '0.5'): ClosedPosition {
  return { cost: usd(cost), profit: usd(profit), price: price(at), closedAt: later(HALF_PAST_NOON, -daysAgo * DAY_MS) }
}

const anyClosed = fc
  .record({
    cost: fc.bigInt({ min: 0n, max: 10n ** 11n }),
    profit: fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }),
    at: fc.bigInt({ min: 0n, max: 1_000_000n }),
    daysAgo: fc.integer({ min: 0, max: 400 }),
  })
  .map(
    ({ cost, profit, at, daysAgo }): ClosedPosition => ({
      cost: cost as Usd,
      profit: profit as Usd,
      price: at as Price,
      closedAt: later(HALF_PAST_NOON, -daysAgo * DAY_MS),
    }),
  )

describe('a record', () => {
  test('of nothing is all nothing, and no number of it is none', () => {
    const { asOf, ...numbers } = recordOf([], HALF_PAST_NOON)
    expect(asOf).toBe(HALF_PAST_NOON)
    expect(Object.values(numbers).every(value => Number(value) === 0)).toBe(true)
  })

  test('sums up what was staked and won, in whatever order it is told', () => {
    const past = [closed('100', '50', 40, '0.4'), closed('100', '-100', 20, '0.6'), closed('200', '100', 5, '0.5')]
    const record = recordOf(past, HALF_PAST_NOON)
    expect(record).toMatchObject({ resolved: 3, won: 2, cost: usd('400'), profit: usd('50'), pricePaid: 0.5 })
    expect(recordOf([...past].reverse(), HALF_PAST_NOON)).toEqual(record)
  })

  test('sees the last 30 days apart', () => {
    const past = [closed('100', '-100', 31), closed('100', '20', 30), closed('100', '20', 1)]
    expect(recordOf(past, HALF_PAST_NOON).recentReturn).toBeCloseTo(0.2, 9)
  })

  test('takes the deepest fall from a peak, over all that was staked', () => {
    const past = [closed('100', '60', 9), closed('100', '-50', 8), closed('100', '-30', 7), closed('100', '90', 6)]
    expect(recordOf(past, HALF_PAST_NOON).drawdown).toBeCloseTo(0.2, 9)
  })

  test('counts weeks, not markets, as kept without a loss', () => {
    const past = [closed('1', '5', 14), closed('1', '-4', 14), closed('1', '-1', 7), closed('1', '1', 0)]
    expect(recordOf(past, HALF_PAST_NOON).consistency).toBeCloseTo(2 / 3, 9)
  })

  test.each([
    ['one market', [closed('100', '50', 1)]],
    ['the same return each time', [closed('100', '50', 2), closed('10', '5', 1)]],
  ])('of %s has no Sharpe ratio', (_, past) => {
    expect(recordOf(past, HALF_PAST_NOON).sharpe).toBe(0)
  })

  test('has a Sharpe ratio of mean over deviation', () => {
    expect(recordOf([closed('100', '100', 2), closed('100', '0', 1)], HALF_PAST_NOON).sharpe).toBeCloseTo(
      Math.SQRT1_2,
      9,
    )
  })
})

describe('quality', () => {
  test('is high of a long good record, low of a losing one, and nothing of none', () => {
    expect(qualityOf(GOOD_RECORD).score).toBeGreaterThanOrEqual(90)
    expect(qualityOf(POOR_RECORD).score).toBeLessThan(10)
    expect(qualityOf(recordOf([], HALF_PAST_NOON)).score).toBe(0)
  })

  test('of the same figures is the lower the shorter the record', () => {
    const scores = [0, 5, 30, 300, 3_000].map(resolved => {
      const won = Math.round(resolved * 0.65)
      return qualityOf({ ...GOOD_RECORD, resolved, won }).score
    })
    expect(scores).toEqual([...scores].sort((one, other) => one - other))
    expect(scores[0]).toBe(0)
    expect(new Set(scores).size).toBe(scores.length)
  })

  test('believes half of what thirty markets show', () => {
    expect(belief({ ...GOOD_RECORD, resolved: 30 })).toBe(0.5)
    expect(belief({ ...GOOD_RECORD, resolved: 0 })).toBe(0)
  })

  test('lies in 0 to 100, is the sum of its parts, and says of each part what it was found from', () => {
    fc.assert(
      fc.property(fc.array(anyClosed, { maxLength: 40 }), past => {
        const { score, parts } = qualityOf(recordOf(past, HALF_PAST_NOON))
        expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true)
        expect(Math.abs(parts.reduce((sum, part) => sum + part.points, 0) - score)).toBeLessThanOrEqual(0.5000001)
        for (const part of parts) {
          expect(part.points >= 0 && part.points <= part.of).toBe(true)
          expect(part.reason).not.toMatch(/NaN|Infinity|^$/)
        }
        expect(parts.reduce((sum, part) => sum + part.of, 0)).toBe(100)
      }),
    )
  })

  test.each([
    ['more profit', { profit: usd('6000') }, { profit: usd('12000') }],
    ['a better Sharpe ratio', { sharpe: 0.01 }, { sharpe: 0.15 }],
    ['winning more often than the prices say', { won: 156 }, { won: 190 }],
    ['steadier weeks', { consistency: 0.4 }, { consistency: 0.8 }],
    ['a better month', { recentReturn: 0 }, { recentReturn: 0.15 }],
    ['a shallower fall', { drawdown: 0.3 }, { drawdown: 0 }],
  ])('counts %s for the whale', (_, worse, better) => {
    expect(qualityOf({ ...GOOD_RECORD, ...worse }).score).toBeLessThan(qualityOf({ ...GOOD_RECORD, ...better }).score)
  })
})
