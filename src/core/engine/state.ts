import { emptyLedger, type Ledger } from '../ledger/ledger.ts'
import { newPerformance, type Performance } from '../ledger/performance.ts'
import type { Cause, Position, PositionFacts } from '../ledger/position.ts'
import type { Side } from '../market/market.ts'
import type { Payout } from '../order/answer.ts'
import { DECISIONS_MAX, type Decision } from '../order/approval.ts'
import type { Account, Order } from '../order/order.ts'
import type { NoticeSettings } from '../people/notice.ts'
import type { Hold, Holder } from '../risk/holds.ts'
import { type Limits, PRESETS } from '../risk/limits.ts'
import type { Mode } from '../risk/mode.ts'
import type { SourceName, Standing } from '../risk/sight.ts'
import { assert } from '../units/brand.ts'
import type {
  ConditionId,
  Day,
  DealKey,
  Hour,
  Instant,
  OrderKey,
  PersonId,
  SignalId,
  TokenId,
  WhaleAddress,
} from '../units/ids.ts'
import { minus, NO_USD, type Price, plus, type Shares, type Usd } from '../units/money.ts'
import type { Signal } from '../whale/signal.ts'
import type { WhaleTrade } from '../whale/trade.ts'
import type { Whale } from '../whale/whale.ts'

/** The version of what is decided and recorded, in every entry. */
export const ENGINE_VERSION = '4'

/** An order with what its fills will need to know. */
export type HeldOrder = Order & {
  readonly market: PositionFacts
  /** The best bid when it was planned: the first mark of the position that it opens. */
  readonly mark: Price
  readonly cause: Cause
  /** What changed hands so far, before fees. */
  readonly notional: Usd
}

/** One account's books. The sums beside the ledger are kept as it changes, so that no step has to add up all positions. */
export type AccountBooks = {
  readonly account: Account
  readonly ledger: Ledger
  /** Cash that orders in flight have set aside. */
  reserved: Usd
  /** What all positions would bring at their marks. */
  marked: Usd
  readonly positions: Map<TokenId, Position>
  /** Tokens held, by market: what a resolution must touch. */
  readonly tokensOf: Map<ConditionId, Set<TokenId>>
  /** Cost of positions plus what orders have set aside, in all and by market and category. */
  exposed: Usd
  readonly exposedByMarket: Map<ConditionId, Usd>
  readonly exposedByCategory: Map<string, Usd>
  performance: Performance
  /** Resolved markets whose payout the venue has not confirmed. */
  readonly redeeming: Map<ConditionId, readonly Payout[]>
  /** Grows with every order, fill and settlement: tells whether a report of the venue is from before or after. */
  turn: number
}

/** One way in which a deal was told: which token, which way, and the most that any source said of its size. */
export type Leg = {
  readonly token: TokenId
  readonly act: Side | 'left'
  readonly size: Shares
  readonly signal: SignalId
}

/** What is remembered of a deal. A person's own wish has no legs. */
export type Known = { readonly happenedAt: Instant; readonly legs: readonly Leg[] }

/** A signal that further pieces of the same purchase or sale join. */
export type Burst = { readonly signal: SignalId; readonly happenedAt: Instant; readonly isCopied: boolean }

/** All that the engine knows. Plain data, all of it bounded; only `evolve` writes it. */
export type EngineState = {
  /** The latest instant taken in. */
  now: Instant
  mode: Mode
  limits: Limits
  readonly holds: Map<Holder, Hold>
  readonly whales: Map<WhaleAddress, Whale>
  /** Who speaks as which account of a surface, by `accountKey`, beside those that the configuration names. */
  readonly links: Map<string, PersonId>
  /** What each person wants to be told. */
  readonly notices: Map<PersonId, NoticeSettings>
  /** Cards that had waited for people and wait no more, the oldest first. */
  readonly decided: Map<SignalId, Decision>
  /** Signals without a verdict yet. */
  readonly signals: Map<SignalId, Signal>
  /** Of those, the ones without an order yet, by token: a whale that leaves takes its own back. */
  readonly undecided: Map<TokenId, Set<SignalId>>
  /** Shares that exits on their way will sell, by `leavingKey`: a whale's next sale must not count them again. */
  readonly leaving: Map<string, Shares>
  /** What was told already, oldest first, so that a repeated trade is known; what fell out is behind `forgottenAt`. */
  readonly known: Map<DealKey | SignalId, Known>
  /** The latest purchases and sales, by `burstKey`: the next piece of one joins it. */
  readonly bursts: Map<string, Burst>
  /** Until when the wallets have been asked for all they did, so that a new process asks on from there. */
  readonly swept: { from: Instant; behind: ReadonlyMap<WhaleAddress, Instant> }
  /** How every source of trades is doing, in this life of the process. */
  readonly sources: Map<SourceName, Standing>
  /** A trade that happened by then may have been forgotten and is never acted on. */
  forgottenAt: Instant
  /** Orders that are not closed, and the latest that are, since a fill may come late. */
  readonly orders: Map<OrderKey, HeldOrder>
  readonly openOrders: Set<OrderKey>
  readonly closedOrders: Map<OrderKey, true>
  readonly accounts: Map<Account, AccountBooks>
}

/** The same state for those that may only read it. */
export type View<T> = T extends string | number | bigint | boolean | undefined
  ? T
  : T extends ReadonlyMap<infer Key, infer Value>
    ? ReadonlyMap<Key, View<Value>>
    : T extends ReadonlySet<infer Value>
      ? ReadonlySet<Value>
      : { readonly [Name in keyof T]: View<T[Name]> }

export type StateView = View<EngineState>

/** How many deals are remembered against repetition: days of what hundreds of whales do. A snapshot holds them all. */
export const KNOWN_MAX = 20_000
/** How many bursts are remembered: each is of use for a few seconds. */
export const BURSTS_MAX = 2_000
/** Accounts of surfaces that speak for people. */
export const LINKS_MAX = 1_000
/** How many closed orders are kept for a late fill. */
export const CLOSED_ORDERS_MAX = 1_000
/** The most signals on their way at once; more is a flood, and the rest is refused by the intake. */
export const SIGNALS_MAX = 10_000

const BEGINNING = 0 as Instant

export function accountKey(surface: string, account: string): string {
  return `${surface}:${account}`
}

export function burstKey(trade: Pick<WhaleTrade, 'whale' | 'token' | 'side'>): string {
  return `${trade.whale}:${trade.token}:${trade.side}`
}

export function leavingKey(account: Account, token: TokenId, whale: WhaleAddress): string {
  return `${account}:${token}:${whale}`
}

export function emptyState(): EngineState {
  return {
    now: BEGINNING,
    mode: { kind: 'paper', approvals: false, since: BEGINNING, by: 'default' },
    limits: PRESETS.standard,
    holds: new Map(),
    whales: new Map(),
    links: new Map(),
    notices: new Map(),
    decided: new Map(),
    signals: new Map(),
    undecided: new Map(),
    leaving: new Map(),
    known: new Map(),
    bursts: new Map(),
    swept: { from: BEGINNING, behind: new Map() },
    sources: new Map(),
    forgottenAt: BEGINNING,
    orders: new Map(),
    openOrders: new Set(),
    closedOrders: new Map(),
    accounts: new Map(),
  }
}

export function emptyBooks(account: Account, equity: Usd, day: Day, hour: Hour): AccountBooks {
  return {
    account,
    ledger: emptyLedger(),
    reserved: NO_USD,
    marked: NO_USD,
    positions: new Map(),
    tokensOf: new Map(),
    exposed: NO_USD,
    exposedByMarket: new Map(),
    exposedByCategory: new Map(),
    performance: newPerformance(equity, day, hour),
    redeeming: new Map(),
    turn: 0,
  }
}

/** Cash and what the positions would bring: what the account is worth if it were closed now. */
export function equityOf(books: View<AccountBooks>): Usd {
  return plus(books.ledger.cash, books.marked)
}

/** Cash that nothing is set aside from. */
export function freeCash(books: View<AccountBooks>): Usd {
  return minus(books.ledger.cash, books.reserved)
}

export function booksOf(state: StateView, account: Account): View<AccountBooks> {
  const books = state.accounts.get(account)
  assert(books !== undefined, 'an account is opened before it is used')
  return books
}

/**
 * What holds after every step, whatever happened. Each check costs the same however much the state holds; the sums
 * themselves are checked against the positions by the simulation's auditor.
 */
export function assertInvariants(state: StateView): void {
  for (const books of state.accounts.values()) {
    assert(books.ledger.cash >= 0n, 'cash is never negative')
    assert(books.reserved >= 0n, 'what is set aside is never negative')
    assert(books.reserved <= books.ledger.cash, 'no more cash is set aside than there is')
    assert(books.ledger.positions >= 0n, 'positions never cost less than nothing')
    assert(books.exposed === plus(books.ledger.positions, books.reserved), 'exposure is cost and what is set aside')
    assert(books.marked >= 0n, 'positions are never worth less than nothing')
  }
  assert(state.known.size <= KNOWN_MAX, 'the memory of signals is bounded')
  assert(state.bursts.size <= BURSTS_MAX, 'the memory of bursts is bounded')
  assert(state.decided.size <= DECISIONS_MAX, 'the memory of decided cards is bounded')
  assert(state.signals.size <= SIGNALS_MAX, 'signals on their way are bounded')
  assert(state.closedOrders.size <= CLOSED_ORDERS_MAX, 'closed orders are bounded')
}
