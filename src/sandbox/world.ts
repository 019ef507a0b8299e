import type { MarketVersion } from './market-ids.ts'

/** Which of the two tokens of a market: 0 is the first ("Yes"), 1 the second. */
export type TokenIndex = 0 | 1

export type Side = 'BUY' | 'SELL'

/** What never changes about one market. Times are in the world's own milliseconds, prices in dollars a share. */
export type Listing = {
  readonly number: number
  readonly id: string
  readonly conditionId: string
  readonly questionId: string
  readonly tokens: readonly [string, string]
  readonly version: MarketVersion
  readonly outcomes: readonly [string, string]
  readonly title: string
  readonly slug: string
  readonly category: string
  readonly negativeRisk: boolean
  readonly feeRate: number
  readonly minSize: number
  readonly opensAt: number
  readonly closesAt: number
  /** When the winner is known to everyone: a little after trading closes. */
  readonly resolvesAt: number
}

/** `[price, shares]`. */
export type Level = readonly [number, number]

/** One token's resting orders, best first on both sides. The wire has them the other way round. */
export type Book = { readonly tick: number; readonly bids: readonly Level[]; readonly asks: readonly Level[] }

/** Somebody with a wallet, as the venue shows them. */
export type Trader = { readonly address: string; readonly name: string; readonly pseudonym: string }

/** One order of one wallet that was executed. A match has one taker and one or more makers under one transaction. */
export type Execution = {
  readonly kind: 'trade'
  readonly at: number
  readonly market: Listing
  /** Unique within its market; orders what happened in the same millisecond. */
  readonly index: number
  readonly transaction: string
  readonly trader: Trader
  readonly isTaker: boolean
  readonly token: TokenIndex
  readonly side: Side
  readonly price: number
  readonly size: number
  readonly fee: number
}

/** Shares of a resolved market turned into money: `payout` dollars a share, which may be nothing. */
export type Redemption = {
  readonly kind: 'redemption'
  readonly at: number
  readonly market: Listing
  readonly index: number
  readonly transaction: string
  readonly trader: Trader
  readonly token: TokenIndex
  readonly size: number
  readonly payout: number
}

/** As many shares of both tokens turned back into that many dollars. */
export type Merge = {
  readonly kind: 'merge'
  readonly at: number
  readonly market: Listing
  readonly index: number
  readonly transaction: string
  readonly trader: Trader
  readonly size: number
}

/** Shares sent to another wallet, for nothing that anybody can see. */
export type Transfer = {
  readonly kind: 'transfer'
  readonly at: number
  readonly market: Listing
  readonly index: number
  readonly transaction: string
  readonly trader: Trader
  readonly to: string
  readonly token: TokenIndex
  readonly size: number
}

/** Shares that left a wallet without an order. */
export type Departure = Merge | Redemption | Transfer

/** One line of a wallet's or a market's past. No two of a market share an index. */
export type Entry = Execution | Departure

/** The world's time against the wall clock: `speed` world milliseconds pass in one of ours. */
export type WorldClock = {
  readonly speed: number
  readonly worldTime: (wallMs: number) => number
  readonly wallTime: (worldMs: number) => number
}

/**
 * Everything the stand-in can be asked, seeded or recorded. All of it is a question about a moment; nothing is kept
 * here that a restart would lose.
 */
export type World = {
  readonly clock: WorldClock
  readonly traders: readonly Trader[]
  /** Nothing is before this. */
  readonly beginsAt: number
  /** How far back trades are told, and positions by their last change. */
  readonly tradeMemoryMs: number
  readonly positionMemoryMs: number
  /** Numbers of the markets that opened by `to` and whose last redemption is not before `from`; or only a wallet's. */
  readonly numbersBetween: (from: number, to: number, wallet?: string) => readonly number[]
  readonly marketByNumber: (number: number) => Listing | undefined
  readonly marketByCondition: (conditionId: string) => Listing | undefined
  readonly marketByToken: (tokenId: string) => { readonly market: Listing; readonly token: TokenIndex } | undefined
  readonly marketById: (id: string) => Listing | undefined
  readonly marketBySlug: (slug: string) => Listing | undefined
  /** The token's book at that moment, if the market trades then. */
  readonly bookAt: (market: Listing, token: TokenIndex, at: number) => Book | undefined
  /** A number that differs whenever the book may. Cheap, so that a quiet book costs nothing to watch. */
  readonly bookVersion: (market: Listing, at: number) => number
  /** Middle of the book, or the last one known. */
  readonly midAt: (market: Listing, token: TokenIndex, at: number) => number
  /** What was executed after `from` and up to `to`, oldest first. */
  readonly executions: (market: Listing, from: number, to: number, wallet?: string) => readonly Execution[]
  /** What left wallets without an order after `from` and up to `to`, oldest first. */
  readonly departures: (market: Listing, from: number, to: number, wallet?: string) => readonly Departure[]
  /** The known traders who may have done something in this market; no other known one has. */
  readonly tradersIn: (market: Listing) => readonly Trader[]
  /** When the transaction of this hash happened, if it is one of this world's. May name a moment for a hash that is not. */
  readonly momentOf: (transaction: string) => number | undefined
  /** What the chain's hashes are drawn from: another world, another chain. A whole number below 2^32. */
  readonly chainKey: number
  /** Dollars a share of each token pays. Meant for moments from `resolvesAt` on. */
  readonly payouts: (market: Listing) => readonly [number, number]
  readonly traderByAddress: (address: string) => Trader | undefined
  /** Whether this wallet's past is told in full, rather than for its last hour. */
  readonly isKnown: (address: string) => boolean
}

/** The same book seen from the other token: every bid for one is an offer of the other at one dollar less the price. */
export function mirrored(book: Book): Book {
  const flip = ([price, size]: Level): Level => [rounded(1 - price), size]
  return { tick: book.tick, bids: book.asks.map(flip), asks: book.bids.map(flip) }
}

/** Taker fee in dollars: `size · rate · p · (1 − p)`, to five decimals, as the venue charges it. */
export function takerFee(size: number, price: number, rate: number): number {
  return Math.round(size * rate * price * (1 - price) * 100_000) / 100_000
}

/** A sum of decimals without the dust that binary fractions leave, at the venue's six places. */
export function rounded(value: number): number {
  return Math.round(value * 1_000_000) / 1_000_000
}

/** The part of a fee that goes back to makers, by category, as the venue publishes it. */
export function rebateRate(category: string): number {
  return category === 'crypto' ? 0.2 : category === 'sports' ? 0.15 : 0.25
}
