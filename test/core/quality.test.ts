import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { later } from '../../src/core/units/ids.ts'
import { type Price, price, type Usd, usd } from '../../src/core/units/money.ts'
import { CATEGORIES_MAX } from '../../src/core/whale/categories.ts'
import { belief, qualityIn, qualityOf } from '../../src/core/whale/quality.ts'
import { type ClosedPosition, copyableOf, type OwnRecord, recordOf } from '../../src/core/whale/record.ts'
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
    const measured = Object.values(numbers).filter(value => value !== undefined)
    expect(measured.length).toBeGreaterThanOrEqual(9)
    expect(measured.every(value => Number(value) === 0)).toBe(true)
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

describe('what a record says besides', () => {
  test('counts markets as of one size', () => {
    const even = [1, 2, 3, 4].map(day => closed('100', '10', day))
    expect(recordOf(even, HALF_PAST_NOON).effective).toBe(4)
    expect(recordOf([closed('9999', '10', 1), closed('1', '1', 2)], HALF_PAST_NOON).effective).toBeCloseTo(1, 2)
  })

  test('takes the Sharpe ratio of days, and says of how many', () => {
    const past = [closed('100', '60', 2), closed('100', '40', 2), closed('100', '-100', 1), closed('100', '100', 1)]
    const { daily } = recordOf(past, HALF_PAST_NOON)
    expect(daily?.days).toBe(2)
    expect(daily?.sharpe).toBeCloseTo(Math.SQRT1_2, 9)
  })

  test('knows how long and how large the middle market was, and what went at extreme prices', () => {
    const at = (cost: string, days: number, price = '0.5'): ClosedPosition => {
      const position = closed(cost, '1', 1, price)
      return { ...position, openedAt: later(position.closedAt, -days * DAY_MS) }
    }
    const record = recordOf([at('10', 9, '0.96'), at('30', 1), at('60', 2, '0.95')], HALF_PAST_NOON)
    expect(record).toMatchObject({ medianHoldMs: 2 * DAY_MS, medianCost: usd('30') })
    expect(record.extremeShare).toBeCloseTo(0.1, 9)
    expect(recordOf([closed('1', '1', 1)], HALF_PAST_NOON).medianHoldMs).toBeUndefined()
  })

  test('has as liquid what is known to be, and as copyable the takers’ part of it', () => {
    const of = (cost: string, volume?: string): ClosedPosition => ({
      ...closed(cost, '1', 1),
      ...(volume !== undefined && { volume: usd(volume) }),
    })
    const record = recordOf([of('75', '1000'), of('25', '999.99'), of('500')], HALF_PAST_NOON, { takerShare: 0.4 })
    expect(record.liquidShare).toBeCloseTo(0.75, 9)
    expect(copyableOf(record)).toBeCloseTo(0.3, 9)
    expect(copyableOf(recordOf([of('1')], HALF_PAST_NOON))).toBeUndefined()
  })

  test('breaks down by category into at most as many as are listed, and loses no market of known category', () => {
    const anyNamed = fc.array(fc.record({ past: anyClosed, name: fc.integer({ min: 0, max: 40 }) }), { maxLength: 80 })
    fc.assert(
      fc.property(anyNamed, drawn => {
        const past = drawn.map(({ past, name }) => ({ ...past, category: name === 0 ? 'other' : `subject ${name}` }))
        const { categories = [], resolved, cost } = recordOf(past, HALF_PAST_NOON)
        expect(categories.length).toBeLessThanOrEqual(CATEGORIES_MAX)
        expect(new Set(categories.map(one => one.category)).size).toBe(categories.length)
        expect(categories.reduce((sum, one) => sum + one.resolved, 0)).toBe(resolved)
        expect(categories.reduce((sum, one) => sum + one.cost, 0n)).toBe(cost)
      }),
    )
    expect(recordOf([closed('1', '1', 1)], HALF_PAST_NOON).categories).toBeUndefined()
  })
})

const own = (closedCopies: number, profit: string): OwnRecord => ({
  copies: closedCopies + 5,
  closed: closedCopies,
  staked: usd('2000'),
  profit: usd(profit),
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
          expect(Math.abs(part.points) <= Math.abs(part.of) && part.points * part.of >= 0).toBe(true)
          expect(part.reason).not.toMatch(/NaN|Infinity|^$/)
        }
        expect(parts.reduce((sum, part) => sum + Math.max(0, part.of), 0)).toBe(100)
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

  test.each([
    ['makers’ purchases', { takerShare: 1 }, { takerShare: 0.2 }],
    ['markets too small', { liquidShare: 0.9 }, { liquidShare: 0.1 }],
    ['extreme prices', { extremeShare: 0.05 }, { extremeShare: 0.8 }],
    ['crumbs', { medianCost: usd('50') }, { medianCost: usd('6') }],
    ['what is held at a loss', {}, { open: { count: 9, cost: usd('50000'), profit: usd('-10000') } }],
    ['a few great stakes', { effective: 300 }, { effective: 2 }],
  ])('takes off for %s', (_, better, worse) => {
    expect(qualityOf({ ...GOOD_RECORD, ...worse }).score).toBeLessThan(qualityOf({ ...GOOD_RECORD, ...better }).score)
  })

  test('of what nobody could have copied is under every minimum, however good it is', () => {
    expect(qualityOf({ ...GOOD_RECORD, takerShare: 0 }).score).toBeLessThan(50)
  })

  test('gives nothing for a gain that is still held', () => {
    const held = { ...GOOD_RECORD, open: { count: 9, cost: usd('50000'), profit: usd('10000') } }
    expect(qualityOf(held)).toEqual(qualityOf(GOOD_RECORD))
  })

  test('falls where our own copies lost, once there are enough of them, and never rises by them', () => {
    const { score } = qualityOf(GOOD_RECORD)
    expect(qualityOf(GOOD_RECORD, own(9, '-900')).score).toBe(score)
    expect(qualityOf(GOOD_RECORD, own(100, '-200')).score).toBeLessThan(70)
    expect(qualityOf(GOOD_RECORD, own(100, '-20')).score).toBeLessThan(score)
    expect(qualityOf(GOOD_RECORD, own(100, '900')).score).toBe(score)
  })

  test('is the sum of its parts also where more is taken off than was gained', () => {
    const hopeless = { ...GOOD_RECORD, takerShare: 0, extremeShare: 1, medianCost: usd('1') }
    const { score, parts } = qualityOf(hopeless, own(200, '-1500'))
    expect(score).toBe(0)
    expect(parts.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(0, 6)
  })

  test('of a record from before most of it was kept is found from what there is', () => {
    const { asOf, resolved, won, profit, pricePaid } = GOOD_RECORD
    const { score, parts } = qualityOf({ asOf, resolved, won, profit, pricePaid })
    expect(score).toBe(14)
    expect(parts.filter(({ reason }) => reason.includes('not known'))).toHaveLength(5)
  })

  test('in a category is its own where it is long enough, and none where it is not', () => {
    const there = (resolved: number, profit: string) => ({
      ...GOOD_RECORD,
      categories: [
        {
          ...{ category: 'sports', resolved, won: resolved / 2, pricePaid: 0.52 },
          cost: usd('9000'),
          profit: usd(profit),
        },
      ],
    })
    expect(qualityIn(there(28, '900'), 'sports')).toBeUndefined()
    expect(qualityIn(there(60, '900'), 'politics')).toBeUndefined()
    const good = qualityIn(there(60, '900'), 'sports')?.score ?? 0
    expect(good).toBeGreaterThan(qualityIn(there(60, '-900'), 'sports')?.score ?? 100)
    expect(good).toBeLessThan(qualityOf(GOOD_RECORD).score)
  })
})
