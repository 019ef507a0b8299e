import type { OrderBook } from '../core/market/book.ts'
import type { Market } from '../core/market/market.ts'
import type { Payout } from '../core/order/answer.ts'
import type { StreamName } from '../core/risk/sight.ts'
import type { ConditionId, Instant, TokenId, WhaleAddress } from '../core/units/ids.ts'
import type { Shares } from '../core/units/money.ts'
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

/** The wallets that are followed, as they are now. A source that filters by wallet is told when they change. */
export type Watched = {
  readonly has: (whale: WhaleAddress) => boolean
  readonly all: () => readonly WhaleAddress[]
  /** Calls back after every change until the signal aborts. */
  readonly onChange: (changed: () => void, signal: AbortSignal) => void
}

/** Takes what a source told. `receivedMs` is `performance.now()` at the arrival of the frame, so that our own part of the way is known. */
export type Hear = (trade: WhaleTrade, receivedMs: number) => void

/**
 * A source that tells trades as they happen. The same trade may be told more than once, and larger each time as more of its pieces
 * become known; what is told late, or never, the reconciler finds.
 */
export type TradeStream = {
  readonly name: StreamName
  /** Reconnects by itself until the signal aborts. `report` hears how the stream is doing. */
  readonly watch: (
    watched: Watched,
    hear: Hear,
    report: (state: FeedState) => void,
    signal: AbortSignal,
  ) => Promise<void>
}

/** What can be asked of a wallet afterwards: the second truth behind every stream. Everything throws a `FeedError`. */
export type WhaleActivity = {
  /** Every trade of one wallet since an instant, maker and taker, whole, oldest first. */
  readonly since: (whale: WhaleAddress, since: Instant, signal: AbortSignal) => Promise<readonly WhaleTrade[]>
  /** Shares that left the wallet without an order since an instant (`how` says in which way), oldest first. */
  readonly departures: (whale: WhaleAddress, since: Instant, signal: AbortSignal) => Promise<readonly WhaleTrade[]>
  /** What the wallet holds now of the tokens of these markets; a token that is not named is not held. */
  readonly holdings: (
    whale: WhaleAddress,
    conditions: readonly ConditionId[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<TokenId, Shares>>
  /** How far the service is behind the chain, in milliseconds; `undefined` where it does not say. */
  readonly lagMs: (signal: AbortSignal) => Promise<number | undefined>
}

/** Who a wallet is, in strangers' words. */
export type Profile = {
  readonly whale: WhaleAddress
  /** The public name, else the pseudonym, else empty. */
  readonly name: string
  readonly pseudonym: string
  readonly bio: string
  readonly joinedAt: Instant | undefined
  readonly isVerified: boolean
}

/** A ranking that wallets can be found in. */
export type Ranking = {
  readonly period: 'day' | 'week' | 'month' | 'all'
  /** A category of the venue; all of them where it is not given. */
  readonly category?: string
  readonly most: number
}

/** What is known of a wallet's past, and who it is. Everything throws a `FeedError`. */
export type WhaleHistory = {
  readonly record: (whale: WhaleAddress, at: Instant, signal: AbortSignal) => Promise<WhaleRecord>
  /** `undefined` where the wallet has none. */
  readonly profile: (whale: WhaleAddress, signal: AbortSignal) => Promise<Profile | undefined>
  /** The wallets whose public name is this one, letter case aside. Names need not be unique: a person must confirm which is meant. */
  readonly named: (name: string, signal: AbortSignal) => Promise<readonly Profile[]>
  /** The wallets that lead the public ranking, best first. */
  readonly leaders: (ranking: Ranking, signal: AbortSignal) => Promise<readonly WhaleAddress[]>
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
