import { type OrderBook, walk } from '../../core/market/book.ts'
import { isOnGrid, type Market, outcomeOf, type Side, takerFee } from '../../core/market/market.ts'
import type { Fill, OrderIntent } from '../../core/order/order.ts'
import type { FillId, Instant, OrderId } from '../../core/units/ids.ts'
import { minus, NO_SHARES, NO_USD, notional, type Price, plus, type Shares, type Usd } from '../../core/units/money.ts'

/** What an account has at the venue: what an order must be backed by. */
export type Backing = { readonly cash: Usd; readonly held: Shares }

/** Why the venue does not take an order, in the words a venue uses; `undefined` where it does. */
export function rejection(intent: OrderIntent, market: Market, backing: Backing): string | undefined {
  const { limit, size, side, token } = intent
  if (outcomeOf(market, token) === undefined) return 'the token does not belong to the market'
  if (market.status !== 'open') return 'the market does not take orders'
  if (!isOnGrid(limit, market.tick)) return 'the price breaks the minimum tick size rule'
  if (size < market.sizeMin) return 'the size is lower than the minimum'
  if (side === 'sell') return size > backing.held ? 'not enough balance: the shares are not held' : undefined
  const most = plus(notional(size, limit, 'up'), takerFee(size, limit, market.feeRate))
  return most > backing.cash ? 'not enough balance' : undefined
}

/** How much of each level of a book snapshot this account has taken already: what is gone cannot be had twice. */
export type Taken = ReadonlyMap<Price, Shares>

/** The book without what was taken of it before. */
export function without(book: OrderBook, taken: Taken): OrderBook {
  if (taken.size === 0) return book
  const left = (levels: OrderBook['asks']): OrderBook['asks'] =>
    levels
      .map(level => ({ price: level.price, size: minus(level.size, taken.get(level.price) ?? NO_SHARES) }))
      .filter(level => level.size > NO_SHARES)
  return { ...book, asks: left(book.asks), bids: left(book.bids) }
}

/**
 * How an order that takes meets a book: level by level from the best, up to its limit, each level a fill with its own fee.
 * All or none takes nothing unless the book has the whole of it.
 */
export function meet(intent: OrderIntent, id: OrderId, book: OrderBook, feeRate: Price, at: Instant): readonly Fill[] {
  const met = walk(book, intent.side, intent.size, intent.limit)
  if (intent.lifetime === 'allOrNone' && met.left > NO_SHARES) return []
  return met.levels.map((level, index) => ({
    id: `${id}/${index + 1}` as FillId,
    price: level.price,
    size: level.size,
    notional: notional(level.size, level.price, roundingOf(intent.side)),
    fee: takerFee(level.size, level.price, feeRate),
    happenedAt: at,
  }))
}

/**
 * How an order that rests is met: when the book comes to cross it, at its own price and without a fee, for as much as crosses.
 * `number` is that of its next fill.
 */
export function meetResting(
  intent: OrderIntent,
  id: OrderId,
  open: Shares,
  number: number,
  book: OrderBook,
  at: Instant,
): Fill | undefined {
  const { size } = walk(book, intent.side, open, intent.limit)
  if (size === NO_SHARES) return undefined
  const paid = notional(size, intent.limit, roundingOf(intent.side))
  return { id: `${id}/${number}` as FillId, price: intent.limit, size, notional: paid, fee: NO_USD, happenedAt: at }
}

function roundingOf(side: Side): 'up' | 'down' {
  return side === 'buy' ? 'up' : 'down'
}
