import type { OrderReport, Payout, VenueAnswer, VenueBooks } from '../core/order/answer.ts'
import type { Account, ClearedIntent, PreparedOrder } from '../core/order/order.ts'
import type { ConditionId, Instant, OrderId } from '../core/units/ids.ts'

/** Where orders go. PAPER and LIVE differ in which of these stands behind the port, and in nothing else. */
export type Venue = {
  readonly account: Account
  /** Pure and deterministic: the same intent and instant give the same id and payload. */
  readonly prepare: (intent: ClearedIntent, at: Instant) => PreparedOrder
  /** Sends it, once. Never throws: what cannot be told is `unknown`. */
  readonly send: (order: PreparedOrder, signal: AbortSignal) => Promise<VenueAnswer>
  /** Cancels what rests of it. Harmless if there is nothing to cancel. Never throws. */
  readonly cancel: (id: OrderId, signal: AbortSignal) => Promise<OrderReport>
  /** Its fate, by id. Never throws. */
  readonly findOrder: (id: OrderId, signal: AbortSignal) => Promise<OrderReport>
  /** Turns the tokens of a resolved market into what they pay. Safe to repeat. Throws where it could not be done. */
  readonly redeem: (condition: ConditionId, payouts: readonly Payout[], signal: AbortSignal) => Promise<void>
  /** What the venue holds for us. Throws where it could not be asked. */
  readonly books: (signal: AbortSignal) => Promise<VenueBooks>
}
