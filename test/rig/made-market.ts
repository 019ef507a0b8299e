import { STRONG } from '../../bench/made-market.ts'
import type { OrderBook } from '../../src/core/market/book.ts'
import type { Market } from '../../src/core/market/market.ts'
import { type Limits, PRESETS } from '../../src/core/risk/limits.ts'
import type { ConditionId, Instant, TokenId, WhaleAddress } from '../../src/core/units/ids.ts'
import { type Price, price, shares, type Usd, usd } from '../../src/core/units/money.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import { FeedError, type MarketData, type WhaleHistory } from '../../src/ports/feeds.ts'

export const DEPOSIT: Usd = usd('100000000')

/** The standard limits, but for those on how much may be open: a hundred thousand cards are to fit. */
export const ROOMY: Limits = {
  ...PRESETS.standard,
  stakeMin: usd('10'),
  stakeMax: usd('80'),
  exposurePctMax: 1,
  marketPctMax: 0.5,
  categoryPctMax: 1,
  positionsMax: 1_000_000,
  dailyLossMax: usd('100000'),
  dailyLossPctMax: 0.5,
  hourlyLossMax: usd('100000'),
  lossesInARowMax: 100,
  drawdownPctMax: 0.9,
  approvalWaitMs: 3_600_000,
  burstMs: 0,
}

/** A market for each number, with a deep book round a half that a test may move, and whales that trade in it when told. */
export type MadeMarket = {
  readonly data: MarketData
  readonly history: WhaleHistory
  /** A trade of its own, just now. */
  readonly trade: (more?: Partial<WhaleTrade> & { readonly by?: number; readonly on?: number }) => WhaleTrade
  /** Whether the venue answers questions about books. */
  readonly setAway: (isAway: boolean) => void
  /** Where all books stand from now on, in cents: best bid and best ask. */
  readonly move: (bid: string, ask: string) => void
}

export function whaleNumber(number: number): WhaleAddress {
  return `0x1${number.toString(16).padStart(39, '0')}` as WhaleAddress
}

function tokenNumber(number: number): TokenId {
  return `7132104567925221259463838553270691${String(number).padStart(12, '0')}` as TokenId
}

function conditionNumber(number: number): ConditionId {
  return `0xc${number.toString(16).padStart(63, '0')}` as ConditionId
}

let trades = 0

export function madeMarket(): MadeMarket {
  let bid: Price = price('0.49')
  let ask: Price = price('0.51')
  let isAway = false
  const titles = new Map<string, Pick<WhaleTrade, 'title' | 'outcome'>>()
  const tokenOf = new Map<string, TokenId>()
  const bookOf = (token: TokenId): OrderBook => {
    const levels = (best: Price, step: bigint) =>
      [0n, 1n, 2n, 3n].map(depth => ({ price: (best + step * depth) as Price, size: shares('50000') }))
    return { token, bids: levels(bid, -10_000n), asks: levels(ask, 10_000n), happenedAt: Date.now() as Instant }
  }
  const marketOf = (condition: ConditionId): Market => {
    const told = titles.get(condition)
    const token = tokenOf.get(condition) ?? tokenNumber(0)
    return {
      condition,
      title: told?.title ?? 'A market',
      slug: 'a-market',
      category: 'made',
      outcomes: [
        { token, name: told?.outcome ?? 'Yes' },
        { token: `${token}9` as TokenId, name: 'No' },
      ],
      status: 'open',
      tick: price('0.01'),
      sizeMin: shares('5'),
      feeRate: price('0.03'),
      closesAt: undefined,
      liquidity: usd('85000'),
      isNegRisk: false,
    }
  }
  return {
    data: {
      market: async condition => marketOf(condition),
      book: async token => {
        if (isAway) throw new FeedError('clob', 'the book could not be had')
        return bookOf(token)
      },
      payouts: async () => undefined,
    },
    history: {
      record: async () => STRONG,
      profile: async () => undefined,
      named: async () => [],
      leaders: async () => [],
    },
    setAway: away => {
      isAway = away
    },
    move: (lower, upper) => {
      bid = price(lower)
      ask = price(upper)
    },
    trade: ({ by = 0, on, ...more } = {}) => {
      trades += 1
      const number = on ?? trades
      const trade: WhaleTrade = {
        transaction: `0xe${trades.toString(16).padStart(63, '0')}`,
        whale: whaleNumber(by),
        name: `whale-${by}`,
        token: tokenNumber(number),
        condition: conditionNumber(number),
        side: 'buy',
        price: price('0.5'),
        size: shares('1250.5'),
        title: `Will the lighthouse number ${number} be painted before the end of the year?`,
        outcome: 'Yes',
        happenedAt: Date.now() as Instant,
        source: 'activity',
        ...more,
      }
      titles.set(trade.condition, trade)
      tokenOf.set(trade.condition, trade.token)
      return trade
    },
  }
}
