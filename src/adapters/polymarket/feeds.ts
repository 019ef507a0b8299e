import type { OrderBook } from '../../core/market/book.ts'
import type { Market } from '../../core/market/market.ts'
import type { Payout } from '../../core/order/answer.ts'
import type { ConditionId, Instant, TokenId } from '../../core/units/ids.ts'
import type { Price, Shares } from '../../core/units/money.ts'
import type { Clock } from '../../ports/clock.ts'
import { FeedError, type MarketData } from '../../ports/feeds.ts'
import { HttpError } from '../system/http.ts'
import { type PolymarketClient, paddedCondition, unlessAbsent } from './client.ts'
import { type Fault, isFault } from './wire.ts'
import { type ReadGrid, readBook, readTokenOf } from './wire-clob.ts'
import { type Resolution, readResolution, readRows } from './wire-data.ts'
import { type GammaMarket, isResolved, marketOf, payoutsOf, readGammaMarket } from './wire-gamma.ts'

/** What was told of a token's orders, and when the question was asked or the frame came, on our own clock. */
type Grid = { readonly tick: Price | undefined; readonly sizeMin: Shares | undefined; readonly at: Instant }

/** Markets and books over HTTP, and what a socket beside it needs to tell it. */
export type PolymarketData = MarketData & {
  /** The books of up to 500 tokens in one question. A token without a book is missing; one whose book cannot be used is a fault. */
  readonly books: (tokens: readonly TokenId[], signal: AbortSignal) => Promise<ReadonlyMap<TokenId, OrderBook | Fault>>
  /** Takes the grid that a frame told just now; what it leaves out stays as it was. */
  readonly learnGrid: (token: TokenId, grid: ReadGrid) => void
  /** Asks for the market anew the next time. */
  readonly forget: (condition: ConditionId) => void
}

/** Metadata moves slowly, but a market must not look open for long after it has closed. */
const MARKET_TTL_MS = 15_000
/** A tick changes near the ends of the price range; after this long without a book the metadata is the younger source. */
const GRID_TTL_MS = 600_000
/** Markets that are looked at within one TTL; beyond it the oldest are asked for again. */
const KEPT_MAX = 2_000

/** Polymarket's markets and books over HTTP. */
export function polymarketData(client: PolymarketClient, clock: Clock): PolymarketData {
  const markets = recent<ConditionId, Market>(MARKET_TTL_MS, KEPT_MAX, clock)
  const grids = recent<TokenId, Grid>(GRID_TTL_MS, KEPT_MAX, clock)

  /** An answer is no younger than its question: what a frame told while it was on its way stays. */
  const learn = (token: TokenId, { tick, sizeMin }: ReadGrid, at: Instant): void => {
    const known = grids.get(token)
    if (known !== undefined && known.at > at) return
    grids.set(token, { tick: tick ?? known?.tick, sizeMin: sizeMin ?? known?.sizeMin, at })
  }

  const take = (answer: unknown, token: TokenId, askedAt: Instant): OrderBook | Fault => {
    const read = readBook(answer, token)
    if (isFault(read)) return read
    if (read.unknown.length > 0) client.note({ kind: 'unknownFields', where: 'book', fields: read.unknown })
    learn(token, read, askedAt)
    return read.book
  }

  return {
    learnGrid: (token, grid) => learn(token, grid, clock.now()),
    forget: markets.delete,

    market: async (condition, signal) => {
      const market = markets.get(condition) ?? (await askMarket(client, condition, signal))
      if (market === undefined) return undefined
      if (markets.get(condition) === undefined) markets.set(condition, market)
      return onGrid(market, [grids.get(market.outcomes[0].token), grids.get(market.outcomes[1].token)])
    },

    book: async (token, signal) => {
      const askedAt = clock.now()
      const question = client.get('clob', '/book', { token_id: token }, signal)
      const answer = await unlessAbsent(question, /no orderbook/i)
      if (answer === undefined) return undefined
      const book = take(answer, token, askedAt)
      if (isFault(book)) throw new FeedError('clob', `the book of token ${token} cannot be used: ${book.fault}`)
      return book
    },

    books: async (tokens, signal) => {
      const askedAt = clock.now()
      const answer = await client.books(tokens, signal)
      if (!Array.isArray(answer)) throw new FeedError('clob', '/books did not answer with a list')
      const asked = new Set(tokens)
      const books = new Map<TokenId, OrderBook | Fault>()
      for (const row of answer.slice(0, tokens.length)) {
        const token = readTokenOf(row)
        if (token !== undefined && asked.has(token)) books.set(token, take(row, token, askedAt))
      }
      return books
    },

    payouts: async (condition, signal) => {
      const row = await askGamma(client, condition, true, signal)
      const payouts = row === undefined ? undefined : payoutsOf(row)
      if (row === undefined || payouts === undefined) return undefined
      const oracle = await askResolution(client, condition, signal)
      if (stands(row, payouts, oracle)) return payouts
      if (oracle?.isResolved) client.note({ kind: 'payoutsDisagree', condition })
      return undefined
    },
  }
}

/** The market as the exchange takes orders for it now. Both tokens of a market share one grid, so the younger book decides. */
function onGrid(market: Market, grids: readonly (Grid | undefined)[]): Market {
  const byAge = grids.flatMap(grid => grid ?? []).sort((one, other) => other.at - one.at)
  const tick = byAge.find(grid => grid.tick !== undefined)?.tick
  const sizeMin = byAge.find(grid => grid.sizeMin !== undefined)?.sizeMin
  return { ...market, tick: tick ?? market.tick, sizeMin: sizeMin ?? market.sizeMin }
}

async function askMarket(
  client: PolymarketClient,
  condition: ConditionId,
  signal: AbortSignal,
): Promise<Market | undefined> {
  const row = (await askGamma(client, condition, false, signal)) ?? (await askGamma(client, condition, true, signal))
  if (row === undefined) return undefined
  const market = marketOf(row)
  if (isFault(market))
    throw new FeedError('gamma', `market ${condition} cannot be traded here: ${market.fault}`, { isFinal: true })
  return market
}

/**
 * One market by its id. Gamma leaves closed markets out unless they are asked for, and has answered a filter it does not
 * know with any markets at all, so only a row with this very id counts.
 */
async function askGamma(
  client: PolymarketClient,
  condition: ConditionId,
  closed: boolean,
  signal: AbortSignal,
): Promise<GammaMarket | undefined> {
  const query = { condition_ids: [condition], closed, include_tag: true, limit: 5 }
  const answer = await client.get('gamma', '/markets', query, signal)
  if (!Array.isArray(answer)) throw new FeedError('gamma', '/markets did not answer with a list')
  const { taken, faults } = readRows(answer, readGammaMarket)
  const row = taken.find(market => market.conditionId.toLowerCase() === condition)
  const [fault] = faults
  if (row === undefined && fault !== undefined)
    throw new FeedError('gamma', `market ${condition} cannot be read: ${fault.fault}`)
  return row
}

/** The oracle's side of it; `undefined` where the Data API does not answer or does not know it. */
async function askResolution(
  client: PolymarketClient,
  condition: ConditionId,
  signal: AbortSignal,
): Promise<Resolution | undefined> {
  const padded = paddedCondition(condition)
  try {
    const { rows } = await client.pages('/v2/resolutions', { condition: padded }, 10, signal)
    return readRows(rows, readResolution).taken.find(row => row.condition.padEnd(66, '0') === padded)
  } catch (error) {
    if (!(error instanceof FeedError) || (error instanceof HttpError && error.kind === 'aborted')) throw error
    client.note({ kind: 'resolutionUnanswered', condition })
    return undefined
  }
}

/**
 * Whether both sources agree. Without the oracle's word Gamma must itself say that the market is resolved; with it, the oracle must
 * not still be deliberating, and what it says that each outcome pays must be what Gamma says. Money is paid out on this.
 */
function stands(row: GammaMarket, payouts: readonly [Payout, Payout], oracle: Resolution | undefined): boolean {
  if (oracle === undefined) return isResolved(row)
  if (!oracle.isResolved) return false
  if (oracle.prices === undefined) return isResolved(row)
  return oracle.prices[0] === payouts[0].price && oracle.prices[1] === payouts[1].price
}

/** A map that forgets: by age, and the oldest beyond `most`. */
function recent<Key, Value>(ttlMs: number, most: number, clock: Clock) {
  const kept = new Map<Key, { readonly value: Value; readonly at: Instant }>()
  return {
    get: (key: Key): Value | undefined => {
      const one = kept.get(key)
      return one !== undefined && clock.now() - one.at < ttlMs ? one.value : undefined
    },
    set: (key: Key, value: Value): void => {
      kept.delete(key)
      kept.set(key, { value, at: clock.now() })
      const [oldest] = kept.keys()
      if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    },
    delete: (key: Key): void => void kept.delete(key),
  }
}
