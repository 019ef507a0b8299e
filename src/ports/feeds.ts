import type { OrderBook } from '../core/market/book.ts'
import type { Market } from '../core/market/market.ts'
import type { Payout } from '../core/order/answer.ts'
import type { ConditionId, Instant, TokenId, WhaleAddress } from '../core/units/ids.ts'
import type { WhaleRecord } from '../core/whale/record.ts'
import type { WhaleTrade } from '../core/whale/trade.ts'

/** Markets and books as they are now. Every call has a deadline of its own and throws a `FeedError` where there is no answer. */
export type MarketData = {
  /** `undefined` where the venue knows no such market. */
  readonly market: (condition: ConditionId, signal: AbortSignal) => Promise<Market | undefined>
  /** `undefined` where the token has no book (any more). */
  readonly book: (token: TokenId, signal: AbortSignal) => Promise<OrderBook | undefined>
  /** What each token of a resolved market pays; `undefined` while it is not resolved. */
  readonly payouts: (condition: ConditionId, signal: AbortSignal) => Promise<readonly Payout[] | undefined>
}

/** Where a whale's trades are first heard of, and where what was missed can be asked for afterwards. */
export type WhaleFeed = {
  /**
   * Trades of the wallets that `isWatched` names, as they are told; the same trade may be told more than once. Reconnects by
   * itself until the signal aborts. `report` hears how the stream is doing.
   */
  readonly watch: (
    isWatched: (whale: WhaleAddress) => boolean,
    hear: (trade: WhaleTrade) => void,
    report: (state: FeedState) => void,
    signal: AbortSignal,
  ) => Promise<void>
  /** Every trade of one wallet since an instant, oldest first. Throws a `FeedError`. */
  readonly since: (whale: WhaleAddress, since: Instant, signal: AbortSignal) => Promise<readonly WhaleTrade[]>
}

/** What is known of a wallet's past, and who it is. */
export type WhaleHistory = {
  readonly record: (whale: WhaleAddress, at: Instant, signal: AbortSignal) => Promise<WhaleRecord>
  /** The wallet's public name; `undefined` where it has none. */
  readonly name: (whale: WhaleAddress, signal: AbortSignal) => Promise<string | undefined>
  /** The wallets that lead the public ranking, best first. */
  readonly leaders: (most: number, signal: AbortSignal) => Promise<readonly WhaleAddress[]>
}

export type FeedState = {
  readonly status: 'connecting' | 'live' | 'stale' | 'down'
  readonly since: Instant
  /** One sentence where it is not live. */
  readonly why?: string
}

/** A source that did not answer, or not in its own words. `isFinal` where asking again cannot help. */
export class FeedError extends Error {
  override readonly name = 'FeedError'
  readonly source: string
  readonly isFinal: boolean

  constructor(source: string, message: string, options: { readonly isFinal?: boolean; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.source = source
    this.isFinal = options.isFinal ?? false
  }
}
