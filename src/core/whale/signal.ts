import type { Side } from '../market/market.ts'
import type { Account } from '../order/order.ts'
import type { Stake } from '../sizing/stake.ts'
import type { ConditionId, Instant, OrderKey, PersonId, SignalId, TokenId } from '../units/ids.ts'
import type { Price, Shares, Usd } from '../units/money.ts'
import type { WhaleTrade } from './trade.ts'

/** Whose wish it is: a whale's trade, or a person closing a position (`part` in millionths of it). */
export type Origin =
  | { readonly kind: 'whale'; readonly trade: WhaleTrade }
  | { readonly kind: 'person'; readonly by: PersonId; readonly part: bigint; readonly why: string }

/** What a person says yes to: not "the trade", but at most this price, at most this many dollars, until then. */
export type Bound = {
  readonly side: Side
  readonly limit: Price
  readonly size: Shares
  /** The most it can cost, fee included; for a sale the least it can bring. */
  readonly dollars: Usd
  readonly expiresAt: Instant
  /** What a person wanted to spend, where it was not what had been weighed. Every limit holds against it. */
  readonly wish?: Usd | undefined
}

/*
 *                 ╭──────────── the price has moved: asked again ───────────╮
 *                 ▼                                                         │
 *  quoting ─▶ waiting (votes) ─▶ quoting (again, under the bound) ──────────┴─▶ ordered ─▶ a verdict, and gone from the state
 *     ╲────────────────────────────────────────────────────────────────────────╱
 *  Every stage may end in a verdict: copied, refused, declined, expired or withdrawn.
 */
export type Stage =
  | {
      readonly kind: 'quoting'
      readonly round: number
      readonly bound: Bound | undefined
      readonly approvedBy: PersonId | undefined
    }
  | {
      readonly kind: 'waiting'
      /** The version of the card: a press on an older one says yes to something else. */
      readonly round: number
      readonly bound: Bound
      readonly stake: Stake | undefined
      /** How many people have to say yes, and who has. */
      readonly persons: number
      readonly votes: readonly PersonId[]
    }
  | { readonly kind: 'ordered'; readonly order: OrderKey }

/** A wish to trade on its way to exactly one verdict. */
export type Signal = {
  readonly id: SignalId
  /** What people type for it. */
  readonly short: string
  readonly origin: Origin
  readonly account: Account
  readonly condition: ConditionId
  readonly token: TokenId
  readonly side: Side
  readonly openedAt: Instant
  /** Shares of ours that a whale's sale asks us to sell, found when it was heard of; nothing for an entry. */
  readonly exit: Shares
  readonly stage: Stage
}

export type Verdict = 'copied' | 'refused' | 'declined' | 'expired' | 'withdrawn'
