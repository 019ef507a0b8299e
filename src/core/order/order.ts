import type { Side } from '../market/market.ts'
import { assert, type Brand } from '../units/brand.ts'
import type { ConditionId, FillId, Instant, OrderId, OrderKey, SignalId, TokenId } from '../units/ids.ts'
import { minus, NO_SHARES, type Price, plus, type Shares, type Usd } from '../units/money.ts'

/** Whose money: play money on the simulated venue, or real. Nothing else differs between them. */
export type Account = 'paper' | 'live'

/** How long an order lives: `kill` takes what is there at once and drops the rest, `allOrNone` takes all at once or nothing, `rest` waits in the book. */
export type Lifetime = 'kill' | 'allOrNone' | 'rest'

/** What is to be sent, settled by a decision and by nothing after it. */
export type OrderIntent = {
  readonly key: OrderKey
  readonly signal: SignalId
  readonly account: Account
  readonly condition: ConditionId
  readonly token: TokenId
  readonly side: Side
  /** The worst price that is acceptable, on the market's grid. */
  readonly limit: Price
  readonly size: Shares
  readonly lifetime: Lifetime
  /** The taker's rate at the time of decision, for what is reserved. */
  readonly feeRate: Price
}

/** An intent that passed every gate. Only `clear()` mints one, and the codec, reading back what it minted. */
export type ClearedIntent = Brand<OrderIntent, 'ClearedIntent'>

/** An order in the venue's own form. The id is known before anything is sent, so that a lost answer can be asked about. */
export type PreparedOrder = {
  readonly key: OrderKey
  readonly id: OrderId
  readonly intent: ClearedIntent
  /** The exact bytes' content, for the venue alone to read. */
  readonly payload: string
}

/** Shares that changed hands. `id` is the venue's and counts once, however often it is told. */
export type Fill = {
  readonly id: FillId
  readonly price: Price
  readonly size: Shares
  /** What changed hands before the fee. */
  readonly notional: Usd
  readonly fee: Usd
  readonly happenedAt: Instant
}

/*
 *  sent ─▶ resting ⇄ cancelling ─▶ cancelled
 *   │  ╲       ╲─▶ filled · expired
 *   │   ╲─▶ filled · cancelled (killed) · expired · rejected
 *   └─▶ uncertain ⟲ asked again ─▶ resting · filled · cancelled · expired · rejected (proved never landed)
 *
 * `sent` begins when the intent is committed, not at the socket: after a crash a sent order is uncertain.
 */
export type OrderStatus =
  | 'sent'
  | 'uncertain'
  | 'resting'
  | 'cancelling'
  | 'filled'
  | 'cancelled'
  | 'expired'
  | 'rejected'

export type Order = {
  readonly intent: ClearedIntent
  readonly id: OrderId
  readonly payload: string
  readonly status: OrderStatus
  readonly plannedAt: Instant
  readonly filled: Shares
  /** Dollars set aside for what is not yet filled; nothing for a sale. */
  readonly reserved: Usd
  /** How often its fate has been asked about. */
  readonly probes: number
  readonly fills: readonly FillId[]
}

const NEXT: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  sent: ['uncertain', 'resting', 'filled', 'cancelled', 'expired', 'rejected'],
  uncertain: ['resting', 'filled', 'cancelled', 'expired', 'rejected'],
  resting: ['cancelling', 'uncertain', 'filled', 'cancelled', 'expired'],
  cancelling: ['resting', 'uncertain', 'filled', 'cancelled', 'expired'],
  filled: [],
  cancelled: [],
  expired: [],
  rejected: [],
}

export const ORDER_STATUSES = Object.keys(NEXT) as readonly OrderStatus[]

/** The most fills of one order that are remembered: a book has at most that many levels to take. */
export const FILLS_MAX = 200

export function mayMove(from: OrderStatus, to: OrderStatus): boolean {
  return NEXT[from].includes(to)
}

export function isClosed(status: OrderStatus): boolean {
  return NEXT[status].length === 0
}

/** The order in its next status. Asserts that the machine allows the move. */
export function move(order: Order, to: OrderStatus): Order {
  assert(mayMove(order.status, to), `an order moves as drawn (${order.status} to ${to})`)
  return { ...order, status: to }
}

/**
 * Counts a fill. It may come late, to an order that was cancelled meanwhile: a match and a cancel can cross, and shares
 * that changed hands have changed hands. Asserts that no order is filled beyond its size, and that a fill counts once.
 */
export function withFill(order: Order, fill: Fill): Order {
  assert(fill.size > NO_SHARES, 'a fill has some shares')
  assert(!order.fills.includes(fill.id), 'a fill is counted once')
  assert(order.fills.length < FILLS_MAX, 'an order has a bounded number of fills')
  const filled = plus(order.filled, fill.size)
  assert(filled <= order.intent.size, 'an order is never filled beyond its size')
  return { ...order, filled, fills: [...order.fills, fill.id] }
}

/** What is still to be filled. */
export function openSize(order: Order): Shares {
  return minus(order.intent.size, order.filled)
}
