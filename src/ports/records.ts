import type { Noted } from '../core/engine/explain.ts'
import type { Side } from '../core/market/market.ts'
import type { Account, OrderStatus } from '../core/order/order.ts'
import type { Day, Hour, Instant, OrderId, OrderKey, SignalId, TokenId, WhaleAddress } from '../core/units/ids.ts'
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
