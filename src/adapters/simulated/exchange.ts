import type { OrderReport, VenueBooks } from '../../core/order/answer.ts'
import type { Fill, OrderIntent } from '../../core/order/order.ts'
import { assert } from '../../core/units/brand.ts'
import type { ConditionId, OrderId, TokenId } from '../../core/units/ids.ts'
import { minus, NO_SHARES, NO_USD, notional, type Price, plus, type Shares, type Usd } from '../../core/units/money.ts'

export type VenueOrderStatus = 'resting' | 'filled' | 'cancelled'

/** What happened at the venue, as its own record keeps it: an account of the world apart from our journal. */
export type VenueRecord =
  | { readonly kind: 'deposited'; readonly amount: Usd }
  | {
      readonly kind: 'ordered'
      readonly id: OrderId
      readonly intent: OrderIntent
      readonly status: VenueOrderStatus
      readonly fills: readonly Fill[]
    }
  /** An order that rested was met, or came to its end. */
  | {
      readonly kind: 'changed'
      readonly id: OrderId
      readonly status: VenueOrderStatus
      readonly fills: readonly Fill[]
    }
  | {
      readonly kind: 'redeemed'
      readonly condition: ConditionId
      readonly payouts: readonly { readonly token: TokenId; readonly price: Price }[]
    }

export type VenueOrder = {
  readonly intent: OrderIntent
  readonly status: VenueOrderStatus
  readonly fills: readonly Fill[]
}

/** The venue's books: what its records add up to. */
export type Exchange = {
  cash: Usd
  readonly held: Map<TokenId, Shares>
  readonly orders: Map<OrderId, VenueOrder>
  readonly redeemed: Set<ConditionId>
}

/** How many of the latest orders the venue can still be asked about. */
const ORDERS_MAX = 20_000

export function emptyExchange(): Exchange {
  return { cash: NO_USD, held: new Map(), orders: new Map(), redeemed: new Set() }
}

/** Takes a record into the books, in place. */
export function enter(exchange: Exchange, record: VenueRecord): void {
  switch (record.kind) {
    case 'deposited':
      exchange.cash = plus(exchange.cash, record.amount)
      return
    case 'ordered':
      assert(!exchange.orders.has(record.id), 'a venue takes an order once')
      exchange.orders.set(record.id, { intent: record.intent, status: record.status, fills: record.fills })
      for (const fill of record.fills) exchangeFill(exchange, record.intent, fill)
      forgetOldest(exchange)
      return
    case 'changed': {
      const order = exchange.orders.get(record.id)
      assert(order !== undefined, 'a venue changes an order it has')
      const fills = [...order.fills, ...record.fills]
      exchange.orders.set(record.id, { intent: order.intent, status: record.status, fills })
      for (const fill of record.fills) exchangeFill(exchange, order.intent, fill)
      return
    }
    case 'redeemed':
      exchange.redeemed.add(record.condition)
      for (const payout of record.payouts) redeemToken(exchange, payout.token, payout.price)
  }
}

export function reportOf(exchange: Exchange, id: OrderId): OrderReport {
  const order = exchange.orders.get(id)
  return order === undefined ? { kind: 'absent' } : { kind: 'found', status: order.status, fills: order.fills }
}

export function venueBooks(exchange: Exchange): VenueBooks {
  const positions = [...exchange.held].map(([token, size]) => ({ token, size }))
  return { cash: exchange.cash, positions }
}

function exchangeFill(exchange: Exchange, intent: OrderIntent, fill: Fill): void {
  const isBuy = intent.side === 'buy'
  const paid = isBuy ? plus(fill.notional, fill.fee) : minus(fill.fee, fill.notional)
  exchange.cash = minus(exchange.cash, paid)
  const before = exchange.held.get(intent.token) ?? NO_SHARES
  setHeld(exchange, intent.token, isBuy ? plus(before, fill.size) : minus(before, fill.size))
}

function redeemToken(exchange: Exchange, token: TokenId, each: Price): void {
  const size = exchange.held.get(token) ?? NO_SHARES
  exchange.cash = plus(exchange.cash, notional(size, each, 'down'))
  setHeld(exchange, token, NO_SHARES)
}

function setHeld(exchange: Exchange, token: TokenId, size: Shares): void {
  assert(size >= NO_SHARES, 'a venue never owes shares')
  if (size === NO_SHARES) exchange.held.delete(token)
  else exchange.held.set(token, size)
}

function forgetOldest(exchange: Exchange): void {
  if (exchange.orders.size <= ORDERS_MAX) return
  for (const [id, order] of exchange.orders) {
    if (order.status === 'resting') continue
    exchange.orders.delete(id)
    return
  }
}
