import { type SignalId, signalIdOf } from '../../../core/units/ids.ts'
import { NO_SHARES, type Shares } from '../../../core/units/money.ts'
import { Pieces } from '../../../core/whale/pieces.ts'
import type { WhaleTrade } from '../../../core/whale/trade.ts'
import type { ActivityRow } from './wire-activity.ts'

/** Trades whose told size is remembered: more than `Pieces` keeps, so that a replayed row never looks like a new trade before it must. */
const TOLD_MAX = 10_000

/**
 * Makes trades of the activity socket's rows, of both types and of two connections that overlap.
 *
 * One wallet's rows of one transaction, token and side belong to one trade. Within a type, rows of different size or price are
 * pieces of it and their sizes are added; a row that is alike in both is a repetition, since a connection that is renewed, and the
 * socket itself, tell rows twice. The types are never added to each other: a taker's `orders_matched` row is its whole order, of
 * which `trades` tells the same once more (whole, or piece by piece), while a maker's fills are told by `trades` alone. So each type
 * has its own sum and the larger of the two stands. Two fills of one maker that are alike in size and price count once here; that
 * errs towards the smaller trade, and the reconciler, whose rows have no repetitions, tells the larger one.
 */
export class ActivityPieces {
  readonly #pieces = { trades: new Pieces(), orders_matched: new Pieces() }
  readonly #told = new Map<SignalId, Shares>()

  /** The trade as far as it is known with this row; `undefined` where that is no more than was told before. */
  add({ type, trade }: ActivityRow): WhaleTrade | undefined {
    const sum = this.#pieces[type].add(trade, `${trade.size}:${trade.price}`)
    if (sum === undefined) return undefined
    const id = signalIdOf(sum)
    if (sum.size <= (this.#told.get(id) ?? NO_SHARES)) return undefined
    this.#told.set(id, sum.size)
    const [oldest] = this.#told.keys()
    if (this.#told.size > TOLD_MAX && oldest !== undefined) this.#told.delete(oldest)
    return sum
  }
}
