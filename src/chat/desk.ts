import type { Noted } from '../core/engine/explain.ts'
import type { Fact } from '../core/engine/fact.ts'
import type { Instruction } from '../core/engine/input.ts'
import type { Position } from '../core/ledger/position.ts'
import type { Account } from '../core/order/order.ts'
import type { Hold, TradingState } from '../core/risk/holds.ts'
import type { Limits } from '../core/risk/limits.ts'
import type { Mode } from '../core/risk/mode.ts'
import type { Stake } from '../core/sizing/stake.ts'
import type { Instant, PersonId, SignalId, WhaleAddress } from '../core/units/ids.ts'
import type { Price, Shares, Usd } from '../core/units/money.ts'
import type { WhaleRecord } from '../core/whale/record.ts'
import type { Bound, Signal } from '../core/whale/signal.ts'
import type { Whale } from '../core/whale/whale.ts'

/** How far a person's word reaches: each may do what those before it may. */
export type Access = 'viewer' | 'guardian' | 'trader' | 'owner'

/** Who is talking, the same person on every surface. */
export type Actor = {
  readonly person: PersonId
  /** What to call them; shown, never interpreted. */
  readonly name: string
  readonly access: Access
  readonly surface: string
  /** Unique for each line typed and each press, so that one that is delivered twice counts once. */
  readonly press: string
}

/**
 * All that a command may touch: it asks, and it instructs. Questions that only need the present are answered at once; those
 * that need the past read the tables.
 */
export type Desk = {
  readonly now: () => Instant
  readonly status: () => Status
  readonly whales: () => readonly Whale[]
  readonly pending: () => readonly Pending[]
  readonly positions: () => readonly Position[]
  readonly limits: () => Limits
  readonly health: () => Promise<Health>
  readonly orders: (most: number) => Promise<readonly OrderRow[]>
  readonly profit: (days: number) => Promise<Profit>
  readonly story: (short: string) => Promise<Told | undefined>
  /** What a wallet is, before it is followed. Throws a `UserError` where nothing can be found out. */
  readonly look: (whale: WhaleAddress) => Promise<Look>
  /**
   * Gives an instruction to the engine and waits until it is on record; the facts are what came of it. `instructionRefused` and
   * `modeRefused` among them say why nothing did.
   */
  readonly instruct: (instruction: Instruction, actor: Actor) => Promise<readonly Fact[]>
}

export type Status = {
  /** Whether the market itself is a simulation (the sandbox), and not only the money. */
  readonly isSimulated: boolean
  readonly mode: Mode
  readonly trading: TradingState
  readonly holds: readonly Hold[]
  readonly whales: number
  readonly pending: number
  readonly openOrders: number
  readonly account: AccountView
  readonly feeds: readonly FeedView[]
}

export type AccountView = {
  readonly account: Account
  readonly deposits: Usd
  readonly equity: Usd
  readonly cash: Usd
  readonly reserved: Usd
  readonly exposed: Usd
  readonly positions: number
  /** Profit after fees that is final, and what the positions would add if sold at their marks. */
  readonly realised: Usd
  readonly open: Usd
  readonly fees: Usd
  readonly today: Usd
  readonly drawdown: number
  readonly won: number
  readonly lost: number
  readonly lossesInARow: number
}

export type FeedView = {
  readonly name: string
  readonly status: 'connecting' | 'live' | 'stale' | 'down'
  readonly since: Instant
  readonly why: string
  /** When it last told a trade. */
  readonly lastAt: Instant | undefined
}

/** A card that waits for a person. */
export type Pending = {
  readonly signal: Signal
  readonly bound: Bound
  readonly stake: Stake | undefined
  readonly title: string
  readonly outcome: string
  readonly whaleName: string
}

export type Health = {
  readonly startedAt: Instant
  readonly feeds: readonly FeedView[]
  /** The last entry on record, and how far the tables have followed. */
  readonly seq: number
  readonly tablesSeq: number
  readonly queued: number
  readonly appendP50Ms: number
  readonly appendP99Ms: number
  readonly rssBytes: number
  readonly database: string
  readonly problems: readonly { readonly at: Instant; readonly what: string }[]
}

export type OrderRow = {
  readonly short: string
  readonly title: string
  readonly outcome: string
  readonly side: 'buy' | 'sell'
  readonly status: string
  readonly limit: Price
  readonly size: Shares
  readonly filled: Shares
  readonly notional: Usd
  readonly fee: Usd
  readonly plannedAt: Instant
}

export type Profit = {
  readonly account: AccountView
  readonly days: readonly { readonly day: number; readonly profit: Usd; readonly fees: Usd; readonly fills: number }[]
  readonly whales: readonly { readonly name: string; readonly profit: Usd; readonly fees: Usd }[]
}

/** A signal's facts in the order of the journal; after its first fill also those on its token's profit, settlement and end. */
export type Told = {
  readonly signal: SignalId
  readonly facts: readonly Noted[]
}

export type Look = {
  readonly whale: WhaleAddress
  readonly name: string
  readonly record: WhaleRecord
  readonly isFollowed: boolean
}
