import { createHash } from 'node:crypto'
import type { OrderBook } from '../../core/market/book.ts'
import type { OrderReport, VenueAnswer } from '../../core/order/answer.ts'
import type { Account, ClearedIntent, Fill, OrderIntent, PreparedOrder } from '../../core/order/order.ts'
import type { Instant, OrderId, TokenId } from '../../core/units/ids.ts'
import { decimal, minus, NO_SHARES, type Price, plus, type Shares, type Usd } from '../../core/units/money.ts'
import type { Clock } from '../../ports/clock.ts'
import type { MarketData } from '../../ports/feeds.ts'
import type { Venue } from '../../ports/venue.ts'
import { emptyExchange, enter, reportOf, type VenueRecord, venueBooks } from './exchange.ts'
import { meet, meetResting, rejection, type Taken, without } from './fills.ts'
import type { VenueMemory } from './record.ts'

/** What becomes of a request on its way: nothing, lost before the venue saw it, or its answer lost after it was carried out. */
export type Mishap = 'none' | 'lost before' | 'lost after'

export type SimulatedVenueOptions = {
  readonly account: Account
  /** The real books that orders are met with. */
  readonly data: Pick<MarketData, 'market' | 'book'>
  readonly clock: Clock
  readonly memory: VenueMemory
  /** What the account begins with; only the first opening of a memory deposits it. */
  readonly deposit: Usd
  /** Milliseconds that a request is on its way to the venue. */
  readonly latencyMs: () => number
  readonly mishap?: () => Mishap
}

/**
 * A venue that is not real: it meets orders with the real book of the instant at which they arrive, with fees, grid and minimum
 * sizes as the real one has them, and keeps books of its own. PAPER trades on it; so do backtests and the simulation.
 */
export function simulatedVenue(options: SimulatedVenueOptions): Venue & { readonly close: () => void } {
  const { data, clock, memory } = options
  const exchange = emptyExchange()
  for (const record of memory.load()) enter(exchange, record)
  const keep = (record: VenueRecord): void => {
    memory.append(record)
    enter(exchange, record)
  }
  if (memory.load().length === 0) keep({ kind: 'deposited', amount: options.deposit })
  const taken = new Map<TokenId, { readonly happenedAt: Instant; readonly sizes: Map<Price, Shares> }>()

  /** The token's book, less what this account has taken of that very snapshot. */
  const bookNow = async (token: TokenId, signal: AbortSignal): Promise<OrderBook | undefined> => {
    const book = await data.book(token, signal)
    return book === undefined ? undefined : without(book, takenOf(book))
  }
  const takenOf = (book: OrderBook): Taken => {
    const of = taken.get(book.token)
    return of?.happenedAt === book.happenedAt ? of.sizes : new Map()
  }
  const take = (book: OrderBook, fills: readonly Fill[]): void => {
    const before = taken.get(book.token)
    const sizes = before?.happenedAt === book.happenedAt ? before.sizes : new Map<Price, Shares>()
    for (const fill of fills) sizes.set(fill.price, plus(sizes.get(fill.price) ?? NO_SHARES, fill.size))
    taken.delete(book.token)
    taken.set(book.token, { happenedAt: book.happenedAt, sizes })
    if (taken.size > TOKENS_MAX) taken.delete(taken.keys().next().value as TokenId)
  }

  const execute = async (order: PreparedOrder, signal: AbortSignal): Promise<VenueAnswer> => {
    const known = reportOf(exchange, order.id)
    if (known.kind === 'found') return answerOf(known)
    const { intent } = order
    const market = await data.market(intent.condition, signal)
    if (market === undefined) return { kind: 'rejected', reason: 'there is no such market' }
    const held = exchange.held.get(intent.token) ?? NO_SHARES
    const fault = rejection(intent, market, { cash: exchange.cash, held })
    if (fault !== undefined) return { kind: 'rejected', reason: fault }
    const book = await bookNow(intent.token, signal)
    if (book === undefined) return { kind: 'rejected', reason: 'there is no book for the token' }
    // Nothing is awaited from here on: what is checked, met and kept is one moment.
    const again = reportOf(exchange, order.id)
    if (again.kind === 'found') return answerOf(again)
    const cash = rejection(intent, market, { cash: exchange.cash, held: exchange.held.get(intent.token) ?? NO_SHARES })
    if (cash !== undefined) return { kind: 'rejected', reason: cash }
    const fills = meet(intent, order.id, book, market.feeRate, clock.now())
    const status = statusAfter(intent, fills)
    keep({ kind: 'ordered', id: order.id, intent, status, fills })
    take(book, fills)
    return answerOf({ kind: 'found', status, fills })
  }

  const find = async (id: OrderId, signal: AbortSignal): Promise<OrderReport> => {
    const order = exchange.orders.get(id)
    if (order?.status === 'resting') await touch(id, order.intent, signal)
    return reportOf(exchange, id)
  }
  /** Meets an order that rests with the book as it is now. */
  const touch = async (id: OrderId, intent: OrderIntent, signal: AbortSignal): Promise<void> => {
    const book = await bookNow(intent.token, signal)
    const order = exchange.orders.get(id)
    if (book === undefined || order?.status !== 'resting') return
    const open = order.fills.reduce((left, fill) => minus(left, fill.size), intent.size)
    const fill = meetResting(intent, id, open, order.fills.length + 1, book, clock.now())
    if (fill === undefined) return
    keep({ kind: 'changed', id, status: fill.size === open ? 'filled' : 'resting', fills: [fill] })
    take(book, [fill])
  }

  return {
    account: options.account,
    prepare: (intent, at) => prepare(intent, at),
    send: async (order, signal) => {
      try {
        await clock.sleep(options.latencyMs(), signal)
        if (signal.aborted) return { kind: 'unknown', why: 'the request was given up' }
        const mishap = options.mishap?.() ?? 'none'
        if (mishap === 'lost before') return { kind: 'unknown', why: 'the request timed out' }
        const answer = await execute(order, signal)
        return mishap === 'lost after' ? { kind: 'unknown', why: 'the answer timed out' } : answer
      } catch (error) {
        return { kind: 'unknown', why: error instanceof Error ? error.message : String(error) }
      }
    },
    cancel: async (id, signal) => {
      await clock.sleep(options.latencyMs(), signal)
      if (options.mishap?.() === 'lost before') return { kind: 'unknown', why: 'the request timed out' }
      if (exchange.orders.get(id)?.status === 'resting') keep({ kind: 'changed', id, status: 'cancelled', fills: [] })
      return reportOf(exchange, id)
    },
    findOrder: async (id, signal) => {
      try {
        await clock.sleep(options.latencyMs(), signal)
        return await find(id, signal)
      } catch (error) {
        return { kind: 'unknown', why: error instanceof Error ? error.message : String(error) }
      }
    },
    redeem: async (condition, payouts, signal) => {
      await clock.sleep(options.latencyMs(), signal)
      if (!exchange.redeemed.has(condition)) keep({ kind: 'redeemed', condition, payouts })
    },
    books: async signal => {
      await clock.sleep(options.latencyMs(), signal)
      return venueBooks(exchange)
    },
    close: () => memory.close(),
  }
}

/** The most tokens whose taken levels are remembered: a snapshot lasts a second or two. */
const TOKENS_MAX = 1_000

/**
 * An order in the simulated venue's form: its id is the hash of its content, so that the same decision can only ever give the
 * same order, whoever makes it and however often.
 */
export function prepare(intent: ClearedIntent, at: Instant): PreparedOrder {
  const { key, token, side, limit, size, lifetime } = intent
  const payload = JSON.stringify({ key, token, side, limit: decimal(limit), size: decimal(size), lifetime, at })
  const id = `0x${createHash('sha256').update(payload).digest('hex')}` as OrderId
  return { key, id, intent, payload }
}

function statusAfter(intent: OrderIntent, fills: readonly Fill[]): 'resting' | 'filled' | 'cancelled' {
  const open = fills.reduce((left, fill) => minus(left, fill.size), intent.size)
  if (open === NO_SHARES) return 'filled'
  return intent.lifetime === 'rest' ? 'resting' : 'cancelled'
}

function answerOf(report: Extract<OrderReport, { kind: 'found' }>): VenueAnswer {
  const status = report.status === 'resting' || report.status === 'filled' ? report.status : 'killed'
  return { kind: 'accepted', status, fills: report.fills }
}
