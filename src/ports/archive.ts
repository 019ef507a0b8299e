import type { OrderBook } from '../core/market/book.ts'
import type { Market } from '../core/market/market.ts'
import type { Payout } from '../core/order/answer.ts'
import type { ConditionId, Instant, WhaleAddress } from '../core/units/ids.ts'
import type { WhaleTrade } from '../core/whale/trade.ts'

/** One thing that a recording tells; `at` is when we would have taken it in. */
export type Archived = { readonly at: Instant } & (
  | { readonly kind: 'market'; readonly market: Market }
  | { readonly kind: 'book'; readonly book: OrderBook }
  | { readonly kind: 'trade'; readonly trade: WhaleTrade }
  | { readonly kind: 'resolution'; readonly condition: ConditionId; readonly payouts: readonly Payout[] }
)

/** Market data of the past. The same bytes give the same events, each time they are asked for. */
export type Recording = {
  readonly name: string
  /** What the reader could not use or had to assume, in words with counts. */
  readonly notes: () => readonly string[]
  /** Every wallet that trades in it, in the order of the alphabet. */
  readonly whales: readonly WhaleAddress[]
  /** How many events it tells. */
  readonly total: number
  /** In the order of `at`; at one instant markets, books, trades, resolutions; otherwise as they were recorded. */
  readonly events: () => AsyncIterable<Archived> | Iterable<Archived>
}
