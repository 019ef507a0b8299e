import { assert } from '../units/brand.ts'
import type { Instant, TokenId } from '../units/ids.ts'
import {
  minus,
  NO_SHARES,
  NO_USD,
  notional,
  ONE,
  type Price,
  plus,
  priceOf,
  type Shares,
  type Usd,
  ZERO,
} from '../units/money.ts'
import type { Side } from './market.ts'

export type Level = { readonly price: Price; readonly size: Shares }

/** What stands to be traded in one token at one instant, best price first on both sides. */
export type OrderBook = {
  readonly token: TokenId
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
  /** When the venue says it was so. */
  readonly happenedAt: Instant
}

/** How much of a wish the book met, at what average price, and how much of the wish is left. */
export type Walk = {
  readonly size: Shares
  /** What changed hands before fees: rounded up for a buy, down for a sell. */
  readonly notional: Usd
  readonly levels: readonly Level[]
  readonly left: Shares
}

/** The most levels of a side that are kept: a decision is explained by what it saw, and must not journal a thousand levels. */
export const LEVELS_MAX = 20

/**
 * Makes a book of what a venue says, or says why it is none: levels outside (0, 1), without size, out of order or crossed
 * are a fault of the source, and no decision is taken on them.
 */
export function orderBook(
  token: TokenId,
  bids: readonly Level[],
  asks: readonly Level[],
  happenedAt: Instant,
): OrderBook | { readonly fault: string } {
  for (const level of [...bids, ...asks]) {
    if (level.price <= ZERO || level.price >= ONE) return { fault: 'a price outside 0 to 1' }
    if (level.size <= NO_SHARES) return { fault: 'a level without size' }
  }
  if (!isSorted(bids, 'buy') || !isSorted(asks, 'sell')) return { fault: 'levels out of order' }
  const bid = bids[0]
  const ask = asks[0]
  if (bid !== undefined && ask !== undefined && bid.price >= ask.price)
    return { fault: 'the best bid is not under the best ask' }
  return { token, bids: bids.slice(0, LEVELS_MAX), asks: asks.slice(0, LEVELS_MAX), happenedAt }
}

function isSorted(levels: readonly Level[], side: Side): boolean {
  return levels.every((level, index) => {
    const before = levels[index - 1]
    return before === undefined || (side === 'buy' ? before.price > level.price : before.price < level.price)
  })
}

export function bestBid(book: OrderBook): Price | undefined {
  return book.bids[0]?.price
}

export function bestAsk(book: OrderBook): Price | undefined {
  return book.asks[0]?.price
}

/** Best ask less best bid, or `undefined` with a side empty. */
export function spread(book: OrderBook): Price | undefined {
  const bid = bestBid(book)
  const ask = bestAsk(book)
  return bid === undefined || ask === undefined ? undefined : minus(ask, bid)
}

/** Dollars that could be traded on this side (`buy` takes the asks) at `limit` or better. */
export function depth(book: OrderBook, side: Side, limit: Price): Usd {
  return within(book, side, limit).reduce((sum, level) => plus(sum, notional(level.size, level.price, 'down')), NO_USD)
}

/** Takes the book level by level, as an order that crosses it would: a buy takes asks up to `limit`, a sell bids down to it. */
export function walk(book: OrderBook, side: Side, size: Shares, limit: Price): Walk {
  assert(size > NO_SHARES, 'an order asks for some shares')
  const taken: Level[] = []
  let left = size
  let sum = NO_USD
  for (const level of within(book, side, limit)) {
    if (left === NO_SHARES) break
    const part = level.size < left ? level.size : left
    taken.push({ price: level.price, size: part })
    sum = plus(sum, notional(part, level.price, side === 'buy' ? 'up' : 'down'))
    left = minus(left, part)
  }
  return { size: minus(size, left), notional: sum, levels: taken, left }
}

/** The average price of a walk, rounded against us; `undefined` where nothing was met. */
export function averagePrice(walked: Walk, side: Side): Price | undefined {
  if (walked.size === NO_SHARES) return undefined
  return priceOf(walked.notional, walked.size, side === 'buy' ? 'up' : 'down')
}

function within(book: OrderBook, side: Side, limit: Price): readonly Level[] {
  return side === 'buy'
    ? book.asks.filter(level => level.price <= limit)
    : book.bids.filter(level => level.price >= limit)
}
