import { type ConditionId, type SignalId, signalIdOf, type TokenId } from '../../core/units/ids.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'
import type { Archived } from '../../ports/archive.ts'
import type { Clock } from '../../ports/clock.ts'
import type { MarketData } from '../../ports/feeds.ts'

/** Where a live run leaves what it was told, so that it can be traded again as a backtest. */
export type Recorder = {
  /** The same market data, with every answer that is news written down. */
  readonly data: MarketData
  readonly trade: (trade: WhaleTrade) => void
}

/** The most markets, books and trades whose last telling is remembered; beyond it the oldest is told again. */
const REMEMBERED_MAX = 2_000

/** Writes markets, books, trades and resolutions in the order in which they reached us; the same thing twice only once. */
export function createRecorder(data: MarketData, clock: Clock, write: (event: Archived) => void): Recorder {
  const told = new Map<ConditionId | TokenId | SignalId, string>()
  const isNews = (about: ConditionId | TokenId | SignalId, what: string): boolean => {
    if (told.get(about) === what) return false
    told.delete(about)
    told.set(about, what)
    const [oldest] = told.keys()
    if (told.size > REMEMBERED_MAX && oldest !== undefined) told.delete(oldest)
    return true
  }
  return {
    data: {
      market: async (condition, signal) => {
        const market = await data.market(condition, signal)
        if (market !== undefined && isNews(condition, `${market.status} ${market.liquidity} ${market.tick}`)) {
          write({ kind: 'market', at: clock.now(), market })
        }
        return market
      },
      book: async (token, signal) => {
        const book = await data.book(token, signal)
        if (book !== undefined && isNews(token, String(book.happenedAt))) write({ kind: 'book', at: clock.now(), book })
        return book
      },
      payouts: async (condition, signal) => {
        const payouts = await data.payouts(condition, signal)
        if (payouts !== undefined && isNews(condition, 'resolved')) {
          write({ kind: 'resolution', at: clock.now(), condition, payouts })
        }
        return payouts
      },
    },
    trade: trade => {
      // A recording has orders only, and each as often as it was told to have grown.
      if (trade.how !== undefined || !isNews(signalIdOf(trade), String(trade.size))) return
      write({ kind: 'trade', at: clock.now(), trade })
    },
  }
}
