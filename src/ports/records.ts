import type { Noted } from '../core/engine/explain.ts'
import type { Side } from '../core/market/market.ts'
import type { Account, OrderStatus } from '../core/order/order.ts'
import type {
  ConditionId,
  Day,
  Hour,
  Instant,
  OrderId,
  OrderKey,
  SignalId,
  TokenId,
  WhaleAddress,
} from '../core/units/ids.ts'
import type { Price, Shares, Usd } from '../core/units/money.ts'
import type { Verdict } from '../core/whale/signal.ts'

/** What was, as the tables keep it: projections of the journal that may trail it by a moment. */
export type Records = {
  /** The facts of one signal, oldest first, by the short name that people type; `undefined` where there is none. */
  readonly story: (short: string) => Promise<Story | undefined>
  /** The newest signals first. */
  readonly signals: (most: number) => Promise<readonly SignalRecord[]>
  /** The newest orders first. */
  readonly orders: (most: number) => Promise<readonly OrderRecord[]>
  /** The trades that people were first asked about since an instant, the newest first. */
  readonly asked: (since: Instant, most: number) => Promise<readonly AskedRecord[]>
  /** The newest days first. */
  readonly profitByDay: (account: Account, most: number) => Promise<readonly DayRecord[]>
  /** The most profitable first; `undefined` is what no whale caused. */
  readonly profitByWhale: (account: Account, most: number) => Promise<readonly WhaleProfit[]>
  /** The newest hours, the oldest of them first. Hours in which nothing ran are missing. */
  readonly equityByHour: (account: Account, hours: number) => Promise<readonly EquityHour[]>
}

export type Story = {
  readonly signal: SignalId
  readonly facts: readonly Noted[]
}

export type SignalRecord = {
  readonly id: SignalId
  readonly short: string
  readonly whale: WhaleAddress | undefined
  readonly title: string
  readonly outcome: string
  readonly side: Side
  readonly price: Price
  readonly size: Shares
  readonly openedAt: Instant
  readonly verdict: Verdict | undefined
  readonly why: string
}

/** A trade that waited for people: its first card, and what became of it. */
export type AskedRecord = {
  readonly id: SignalId
  readonly short: string
  readonly condition: ConditionId
  readonly token: TokenId
  readonly title: string
  readonly outcome: string
  readonly side: Side
  readonly size: Shares
  readonly limit: Price
  /** What a share was expected to cost, or to bring, when people were asked. */
  readonly expected: Price
  readonly askedAt: Instant
  /** The last word of a person; nothing where nobody decided. A yes that was stopped by a no is a no. */
  readonly answer: 'yes' | 'no' | undefined
  /** When a person first decided. */
  readonly answeredAt: Instant | undefined
  /** What became of it; nothing while it is on its way. */
  readonly verdict: Verdict | undefined
  /** Why not, in the person's words or ours. */
  readonly why: string
}

export type OrderRecord = {
  readonly key: OrderKey
  readonly id: OrderId
  readonly short: string
  readonly account: Account
  readonly token: TokenId
  readonly title: string
  readonly outcome: string
  readonly side: Side
  readonly limit: Price
  readonly size: Shares
  readonly filled: Shares
  /** What changed hands, before fees. */
  readonly notional: Usd
  readonly fee: Usd
  readonly status: OrderStatus
  readonly plannedAt: Instant
}

export type DayRecord = { readonly day: Day; readonly profit: Usd; readonly fees: Usd; readonly fills: number }

/** What an account was worth when the hour began; in its first hour, what was paid in. */
export type EquityHour = { readonly hour: Hour; readonly equity: Usd }

export type WhaleProfit = {
  readonly whale: WhaleAddress | undefined
  readonly name: string
  readonly profit: Usd
  readonly fees: Usd
}
