import { type SignalId, signalIdOf } from '../units/ids.ts'
import { mulDiv, NO_SHARES, type Price, plus } from '../units/money.ts'
import type { WhaleTrade } from './trade.ts'

/** Trades whose pieces are remembered. A piece that comes after this many others is told as a trade that grew from nothing known. */
const KEPT_MAX = 5_000

/**
 * Puts together what one wallet's order was filled in within one transaction, as the pieces come. The name of a piece tells it from
 * the others of its trade (a log's index, or size and price where there is nothing better), so that a repeated one counts once.
 */
export class Pieces {
  readonly #kept = new Map<SignalId, Map<string, WhaleTrade>>()

  /** The trade as far as it is known with this piece; `undefined` where the piece was told before. */
  add(piece: WhaleTrade, name: string): WhaleTrade | undefined {
    const id = signalIdOf(piece)
    const known = this.#kept.get(id)
    if (known === undefined) {
      this.#kept.set(id, new Map([[name, piece]]))
      const [oldest] = this.#kept.keys()
      if (this.#kept.size > KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest)
      return piece
    }
    if (known.has(name)) return undefined
    known.set(name, piece)
    return whole([...known.values()])
  }
}

/**
 * Pieces of one trade as one: sizes summed, the average price rounded against whoever copies it (up for a buy, down for a sell),
 * the earliest time; all else as in the first. `undefined` for no pieces.
 */
export function whole(pieces: readonly WhaleTrade[]): WhaleTrade | undefined {
  const [first] = pieces
  if (first === undefined || pieces.length === 1) return first
  const size = pieces.reduce((sum, piece) => plus(sum, piece.size), NO_SHARES)
  const paid = pieces.reduce((sum, piece) => sum + BigInt(piece.size) * piece.price, 0n)
  const price = mulDiv(paid, 1n, size, first.side === 'buy' ? 'up' : 'down') as Price
  const happenedAt = pieces.reduce(
    (least, piece) => (piece.happenedAt < least ? piece.happenedAt : least),
    first.happenedAt,
  )
  return { ...first, size, price, happenedAt }
}
