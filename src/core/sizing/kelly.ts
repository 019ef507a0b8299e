import { assert } from '../units/brand.ts'
import { fraction } from '../units/money.ts'
import { belief } from '../whale/quality.ts'
import type { WhaleRecord } from '../whale/record.ts'

/**
 * Fraction of the bankroll that maximises expected log growth on a binary outcome token.
 *
 * `f = (p − c) ÷ (1 − c)` for a chance of winning `p` at a cost `c` a share, both in (0, 1) and asserted so; zero where there is
 * no edge. It is `(p·b − q) ÷ b` with the odds `b = (1 − c) ÷ c`. Full Kelly takes `p` for certain: callers shrink it first.
 * Source: J. L. Kelly (1956), "A New Interpretation of Information Rate".
 */
export function kellyFraction(chance: number, cost: number): number {
  assert(chance > 0, 'a chance is over 0')
  assert(chance < 1, 'a chance is under 1')
  assert(cost > 0, 'a cost is over 0')
  assert(cost < 1, 'a cost is under 1')
  return Math.max(0, (chance - cost) / (1 - cost))
}

/** How sure we may ever be of an outcome. */
const CHANCE_MIN = 0.01
const CHANCE_MAX = 0.99
/** An edge beyond this in a record is an artefact, not skill that lasts. */
const EDGE_MAX = 0.15

/**
 * The chance that a whale's purchase at `price` comes true: the price itself, which is what the market thinks, and the whale's
 * realised edge over the prices it paid, pulled towards nothing by how short its record is.
 */
export function chanceOf(record: WhaleRecord | undefined, price: number): number {
  const edge = record === undefined ? 0 : edgeOf(record) * belief(record)
  return Math.min(CHANCE_MAX, Math.max(CHANCE_MIN, price + edge))
}

/** What a whale earned for each share it bought, in dollars: its return on cost times the price that it paid on average. */
export function edgeOf(record: WhaleRecord): number {
  const edge = fraction(record.profit, record.cost) * record.pricePaid
  return Math.min(EDGE_MAX, Math.max(-EDGE_MAX, edge))
}
