import { type Instant, later } from '../units/ids.ts'
import { estimate, fraction, NO_USD, type Price, plus, type Usd } from '../units/money.ts'

/** One market that a whale has finished with, won or lost. */
export type ClosedPosition = {
  /** What was paid for it, fees included. */
  readonly cost: Usd
  /** What it brought beyond the cost; negative for a loss. */
  readonly profit: Usd
  /** The average price paid for a share. */
  readonly price: Price
  readonly closedAt: Instant
}

/** A whale's past in the numbers that decisions use. All but the sums are estimates. */
export type WhaleRecord = {
  readonly asOf: Instant
  readonly resolved: number
  readonly won: number
  readonly cost: Usd
  readonly profit: Usd
  /** The mean price paid, 0 to 1: what the market thought the whale's chances were. */
  readonly pricePaid: number
  /** Mean return of a market over its standard deviation; 0 with fewer than two. */
  readonly sharpe: number
  /** Profit over cost in the last 30 days; 0 without trades. */
  readonly recentReturn: number
  /** The largest fall of cumulative profit from its peak, over all that was staked; 0 to 1. */
  readonly drawdown: number
  /** The share of weeks with a market closed that ended without a loss; 0 to 1. */
  readonly consistency: number
}

const RECENT_MS = 30 * 86_400_000
const WEEK_MS = 7 * 86_400_000

/** Sums up closed positions, in any order. The bound on how many is the caller's. */
export function recordOf(closed: readonly ClosedPosition[], asOf: Instant): WhaleRecord {
  const inOrder = [...closed].sort((one, other) => one.closedAt - other.closedAt)
  const returns = inOrder.map(position => fraction(position.profit, position.cost))
  const cost = total(inOrder.map(position => position.cost))
  const recent = inOrder.filter(position => later(position.closedAt, RECENT_MS) >= asOf)
  return {
    asOf,
    resolved: inOrder.length,
    won: inOrder.filter(position => position.profit > NO_USD).length,
    cost,
    profit: total(inOrder.map(position => position.profit)),
    pricePaid: mean(inOrder.map(position => estimate(position.price))),
    sharpe: sharpeOf(returns),
    recentReturn: fraction(
      total(recent.map(position => position.profit)),
      total(recent.map(position => position.cost)),
    ),
    drawdown: drawdownOf(inOrder, cost),
    consistency: consistencyOf(inOrder),
  }
}

function total(amounts: readonly Usd[]): Usd {
  return amounts.reduce((sum, amount) => plus(sum, amount), NO_USD)
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

function sharpeOf(returns: readonly number[]): number {
  if (returns.length < 2) return 0
  const average = mean(returns)
  const variance = returns.reduce((sum, value) => sum + (value - average) * (value - average), 0) / (returns.length - 1)
  return variance === 0 ? 0 : average / Math.sqrt(variance)
}

function drawdownOf(inOrder: readonly ClosedPosition[], cost: Usd): number {
  let sum = NO_USD
  let peak = NO_USD
  let deepest = NO_USD
  for (const position of inOrder) {
    sum = plus(sum, position.profit)
    if (sum > peak) peak = sum
    const fall = (peak - sum) as Usd
    if (fall > deepest) deepest = fall
  }
  return Math.min(1, fraction(deepest, cost))
}

function consistencyOf(inOrder: readonly ClosedPosition[]): number {
  const weeks = new Map<number, Usd>()
  for (const position of inOrder) {
    const week = Math.floor(position.closedAt / WEEK_MS)
    weeks.set(week, plus(weeks.get(week) ?? NO_USD, position.profit))
  }
  const good = [...weeks.values()].filter(profit => profit >= NO_USD).length
  return weeks.size === 0 ? 0 : good / weeks.size
}
