import type { OrderBook } from '../../core/market/book.ts'
import type { Market } from '../../core/market/market.ts'
import type { Payout } from '../../core/order/answer.ts'
import { unreachable } from '../../core/units/brand.ts'
import type { ConditionId, Instant, TokenId } from '../../core/units/ids.ts'
import type { Archived } from '../../ports/archive.ts'
import type { MarketData } from '../../ports/feeds.ts'

/** Markets that are remembered after their end: whoever holds a position asks within the next few. */
const RESOLVED_MAX = 2_000
/** Markets and books that are remembered at all; the ones told longest ago go first. */
const MARKETS_MAX = 20_000
const BOOKS_MAX = 2 * MARKETS_MAX

/** The market data of a recording as far as it was told, and nothing that comes later. */
export function archiveData(): MarketData & { readonly take: (event: Archived) => void } {
  const markets = new Map<ConditionId, Market>()
  const books = new Map<TokenId, OrderBook>()
  const resolved = new Map<ConditionId, readonly Payout[]>()
  const paid = new Set<TokenId>()
  let now: number = 0

  const forget = (condition: ConditionId): void => {
    const tokens = [...(markets.get(condition)?.outcomes ?? []), ...(resolved.get(condition) ?? [])]
    for (const { token } of tokens) {
      books.delete(token)
      paid.delete(token)
    }
    markets.delete(condition)
    resolved.delete(condition)
  }

  const take = (event: Archived): void => {
    now = Math.max(now, event.at)
    switch (event.kind) {
      case 'market':
        keepLatest(markets, event.market.condition, event.market)
        if (markets.size > MARKETS_MAX) forget(oldestOf(markets))
        return
      case 'book':
        if (paid.has(event.book.token)) return
        keepLatest(books, event.book.token, event.book)
        if (books.size > BOOKS_MAX) books.delete(oldestOf(books))
        return
      case 'resolution':
        keepLatest(resolved, event.condition, event.payouts)
        for (const { token } of event.payouts) {
          books.delete(token)
          paid.add(token)
        }
        if (resolved.size > RESOLVED_MAX) forget(oldestOf(resolved))
        return
      case 'trade':
        return
      default:
        unreachable(event)
    }
  }

  return {
    take,
    market: async (condition, signal) => {
      signal.throwIfAborted()
      const market = markets.get(condition)
      if (market === undefined) return undefined
      const isOver = resolved.has(condition) || hasClosed(market, now)
      return isOver ? { ...market, status: 'closed' } : market
    },
    book: async (token, signal) => {
      signal.throwIfAborted()
      return books.get(token)
    },
    payouts: async (condition, signal) => {
      signal.throwIfAborted()
      return resolved.get(condition)
    },
  }
}

function hasClosed(market: Market, now: number): boolean {
  const closesAt: Instant | undefined = market.closesAt
  return closesAt !== undefined && now >= closesAt
}

/** Sets it and makes it the youngest, since a map keeps the order in which its keys came. */
function keepLatest<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key)
  map.set(key, value)
}

function oldestOf<K>(map: ReadonlyMap<K, unknown>): K {
  for (const key of map.keys()) return key
  throw new RangeError('there is nothing to forget')
}
