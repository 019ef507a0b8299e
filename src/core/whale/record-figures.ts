import { dayOf, type Instant } from '../units/ids.ts'
import { fraction, minus, NO_USD, plus, type Usd } from '../units/money.ts'

/** What the figures of a record are found from, oldest first. */
type Ended = { readonly cost: Usd; readonly profit: Usd; readonly closedAt: Instant }

const WEEK_MS = 7 * 86_400_000

/** Mean over standard deviation (of a sample, n − 1); 0 with fewer than two or where all are alike. */
export function sharpeOf(returns: readonly number[]): number {
  if (returns.length < 2) return 0
  const average = returns.reduce((sum, value) => sum + value, 0) / returns.length
  const squares = returns.reduce((sum, value) => sum + (value - average) * (value - average), 0)
  const variance = squares / (returns.length - 1)
  return variance === 0 ? 0 : average / Math.sqrt(variance)
}

/**
 * The Sharpe ratio of days: of each UTC day on which a market closed, its profit on what had been staked on what closed. Not
 * annualised, since days without a closing are not days without risk. `undefined` without a day.
 */
export function dailySharpeOf(
  inOrder: readonly Ended[],
): { readonly sharpe: number; readonly days: number } | undefined {
  const days = new Map<number, { cost: Usd; profit: Usd }>()
  for (const { cost, profit, closedAt } of inOrder) {
    const day = days.get(dayOf(closedAt)) ?? { cost: NO_USD, profit: NO_USD }
    days.set(dayOf(closedAt), { cost: plus(day.cost, cost), profit: plus(day.profit, profit) })
  }
  if (days.size === 0) return undefined
  return { sharpe: sharpeOf([...days.values()].map(day => fraction(day.profit, day.cost))), days: days.size }
}

/** The largest fall of cumulative profit from its peak, which begins at nothing, over all that was staked; 0 to 1. */
export function drawdownOf(inOrder: readonly Ended[], cost: Usd): number {
  let sum = NO_USD
  let peak = NO_USD
  let deepest = NO_USD
  for (const { profit } of inOrder) {
    sum = plus(sum, profit)
    if (sum > peak) peak = sum
    const fall = minus(peak, sum)
    if (fall > deepest) deepest = fall
  }
  return Math.min(1, fraction(deepest, cost))
}

/** The share of weeks with a closing that ended without a loss; 0 without a week. */
export function consistencyOf(inOrder: readonly Ended[]): number {
  const weeks = new Map<number, Usd>()
  for (const { profit, closedAt } of inOrder) {
    const week = Math.floor(closedAt / WEEK_MS)
    weeks.set(week, plus(weeks.get(week) ?? NO_USD, profit))
  }
  const good = [...weeks.values()].filter(profit => profit >= NO_USD).length
  return weeks.size === 0 ? 0 : good / weeks.size
}

/**
 * How many stakes of one size say as much as these: `(Σ c)² ÷ Σ c²` for the costs `c`, 1 to their number. A return weighted by
 * dollars is that of the few largest stakes, and three hundred crumbs beside one great bet are one observation.
 * `undefined` where nothing was paid. Source: L. Kish (1965), "Survey Sampling", 11.7.
 */
export function effectiveOf(costs: readonly Usd[]): number | undefined {
  const sum = costs.reduce((total, cost) => total + BigInt(cost), 0n)
  const squares = costs.reduce((total, cost) => total + BigInt(cost) * BigInt(cost), 0n)
  return squares === 0n ? undefined : Number((sum * sum * 1_000n) / squares) / 1_000
}
