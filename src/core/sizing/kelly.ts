import { assert } from '../units/brand.ts'
import { believedEdge } from '../whale/edge.ts'
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

/** How sure a record may ever make us: it moves a chance no further than this towards either end. */
const CHANCE_MIN = 0.01
const CHANCE_MAX = 0.99
/** A price is a whole number of millionths strictly inside 0 and 1, and so is every chance. */
const NEVER = 0.000001
const ALWAYS = 0.999999

/**
 * The chance that a whale's purchase at `price` comes true, strictly inside 0 and 1: the price itself, which is what the market
 * thinks, and the edge of the whale that may be believed (`believedEdge`), in the category of the market where that has a record of
 * its own. Without a record it is the price exactly.
 */
export function chanceOf(record: WhaleRecord | undefined, price: number, category?: string): number {
  const edge = record === undefined ? 0 : believedEdge(record, price, category)
  const moved = Math.min(Math.max(price, CHANCE_MAX), Math.max(Math.min(price, CHANCE_MIN), price + edge))
  return Math.min(ALWAYS, Math.max(NEVER, moved))
}
