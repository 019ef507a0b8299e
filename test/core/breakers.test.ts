import { describe, expect, test } from 'vitest'
import {
  drawdown,
  lossSince,
  newPerformance,
  type Performance,
  withClosed,
  withEquity,
} from '../../src/core/ledger/performance.ts'
import { BREAKERS, dailyLossMax, measure } from '../../src/core/risk/breakers.ts'
import { dueHolds, type Hold, type Holder, tradingState } from '../../src/core/risk/holds.ts'
import { type Limits, PRESETS } from '../../src/core/risk/limits.ts'
import { dayOf, hourOf, type Instant, instant, later } from '../../src/core/units/ids.ts'
import { decimal, usd } from '../../src/core/units/money.ts'
import { HALF_PAST_NOON } from '../support/made.ts'

const NEXT_MIDNIGHT = Date.UTC(2026, 6, 16)
const NEXT_HOUR = Date.UTC(2026, 6, 15, 13)
/** So wide that each test opens only the breaker it is about. */
const WIDE: Limits = {
  ...PRESETS.standard,
  hourlyLossMax: usd('100000'),
  dailyLossMax: usd('100000'),
  dailyLossPctMax: 0.5,
  drawdownPctMax: 0.9,
  lossesInARowMax: 100,
}

function opened(equity: string): Performance {
  return newPerformance(usd(equity), dayOf(HALF_PAST_NOON), hourOf(HALF_PAST_NOON))
}

function opening(performance: Performance, equity: string, limits: Partial<Limits>) {
  return measure(performance, usd(equity), { ...WIDE, ...limits }, HALF_PAST_NOON)
}

describe('the daily loss', () => {
  test.each([
    ['9500.01', false],
    ['9500', true],
    ['9499.99', true],
  ])('from $10,000 down to $%s opens: %s', (equity, opens) => {
    const limits = { dailyLossMax: usd('500'), dailyLossPctMax: 0.5 }
    expect(opening(opened('10000'), equity, limits).map(each => each.by)).toEqual(opens ? ['daily-loss'] : [])
  })

  test.each([
    ['5 % of a small account, long before $500', '2000', '1900.01', '1900'],
    ['$500 of a large one, long before 5 %', '50000', '49500.01', '49500'],
    ['both at once', '10000', '9500.01', '9500'],
  ])('counts whichever is first: %s', (_, dayOpen, still, opens) => {
    const limits = { dailyLossMax: usd('500'), dailyLossPctMax: 0.05 }
    expect(opening(opened(dayOpen), still, limits)).toEqual([])
    expect(opening(opened(dayOpen), opens, limits)).toHaveLength(1)
  })

  test('halts until the next midnight in UTC, and says what was lost and what may be', () => {
    const [found] = opening(opened('10000'), '9400', { dailyLossMax: usd('500') })
    expect(found).toMatchObject({ effect: 'halt', until: NEXT_MIDNIGHT, since: HALF_PAST_NOON })
    expect(found?.why).toContain('$600')
    expect(found?.why).toContain('$500')
  })

  test('of an account without money is no loss', () => {
    expect(opening(opened('0'), '0', {})).toEqual([])
    expect(decimal(dailyLossMax(opened('10000'), PRESETS.standard))).toBe('500')
    expect(decimal(dailyLossMax(opened('2000'), PRESETS.standard))).toBe('100')
  })
})

describe('the hourly loss', () => {
  test.each([
    ['9800.01', false],
    ['9800', true],
  ])('from $10,000 down to $%s opens: %s, until the next hour', (equity, opens) => {
    const found = opening(opened('10000'), equity, { hourlyLossMax: usd('200') })
    expect(found.map(each => [each.by, each.until])).toEqual(opens ? [['hourly-loss', NEXT_HOUR]] : [])
  })
})

describe('losses in a row', () => {
  const afterLosses = (count: number) =>
    Array.from({ length: count }).reduce<Performance>(
      performance => withClosed(performance, usd('-1')),
      opened('10000'),
    )

  test.each([
    [4, false],
    [5, true],
    [6, true],
  ])('%s of them open: %s, until a hand releases it', (count, opens) => {
    const found = opening(afterLosses(count), '10000', { lossesInARowMax: 5 })
    expect(found.map(each => [each.by, each.until])).toEqual(opens ? [['losing-streak', 'released by hand']] : [])
  })

  test('a win ends the streak, and nothing gained counts as lost', () => {
    expect(withClosed(afterLosses(4), usd('0.000001')).lossesInARow).toBe(0)
    expect(withClosed(afterLosses(4), usd('0'))).toMatchObject({ lossesInARow: 5, lost: 5, won: 0 })
  })
})

describe('the drawdown', () => {
  test.each([
    ['10200.01', false],
    ['10200', true],
  ])('from a peak of $12,000 down to $%s opens: %s, until a hand releases it', (equity, opens) => {
    const peaked = withEquity(opened('10000'), usd('12000'))
    const found = opening(peaked, equity, { drawdownPctMax: 0.15 })
    expect(found.map(each => [each.by, each.until])).toEqual(opens ? [['drawdown', 'released by hand']] : [])
  })

  test('is measured from the highest equity, which only rises', () => {
    const peaked = withEquity(withEquity(opened('10000'), usd('12000')), usd('11000'))
    expect(drawdown(peaked, usd('9000'))).toBe(0.25)
    expect(drawdown(peaked, usd('13000'))).toBe(0)
    expect(drawdown(opened('0'), usd('0'))).toBe(0)
    expect(lossSince(usd('100'), usd('130'))).toBe(0n)
  })
})

test('all breakers that are over their limit are told at once, each halting', () => {
  const tight = { hourlyLossMax: usd('1'), dailyLossMax: usd('1'), drawdownPctMax: 0.01, lossesInARowMax: 1 }
  const found = opening(withClosed(opened('10000'), usd('-1')), '5000', tight)
  expect(found.map(each => each.by).sort()).toEqual([...BREAKERS].sort())
  expect(found.every(each => each.effect === 'halt')).toBe(true)
})

describe('holds', () => {
  const hold = (by: Holder, effect: Hold['effect'], until: Hold['until'] = 'released by hand'): Hold => {
    return { by, effect, since: HALF_PAST_NOON, until, why: 'a test' }
  }

  test.each([
    ['none', [], 'active'],
    ['one that reduces', [hold('operator', 'reduce')], 'reducing'],
    ['one that halts', [hold('operator', 'halt')], 'halted'],
    ['both, in either order', [hold('operator', 'reduce'), hold('drawdown', 'halt')], 'halted'],
    ['both, in the other order', [hold('drawdown', 'halt'), hold('operator', 'reduce')], 'halted'],
  ])('%s: trading is read from them', (_, holds, state) => {
    expect(tradingState(holds)).toBe(state)
  })

  test('are due at their instant and not before; those for a hand never are', () => {
    const until = instant(NEXT_HOUR)
    const holds = [
      hold('hourly-loss', 'halt', until),
      hold('operator', 'halt'),
      hold('recovery', 'halt', 'released when settled'),
    ]
    const due = (at: Instant) => dueHolds(holds, at).map(each => each.by)
    expect(due(later(until, -1))).toEqual([])
    expect(due(until)).toEqual(['hourly-loss'])
    expect(due(later(until, 1_000_000_000))).toEqual(['hourly-loss'])
  })
})
