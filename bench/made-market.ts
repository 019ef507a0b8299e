import type { OrderBook } from '../src/core/market/book.ts'
import type { Market, Side } from '../src/core/market/market.ts'
import type { Limits } from '../src/core/risk/limits.ts'
import { PRESETS } from '../src/core/risk/limits.ts'
import type { ConditionId, Instant, TokenId, WhaleAddress } from '../src/core/units/ids.ts'
import { type Price, price, shares, type Usd, usd } from '../src/core/units/money.ts'
import type { WhaleRecord } from '../src/core/whale/record.ts'
import type { WhaleTrade } from '../src/core/whale/trade.ts'

/** Markets, books, whales and trades by number, as long as the real ones and of no meaning. */

export const NOON = 1_795_262_400_000 as Instant
export const DEPOSIT: Usd = usd('100000000')

/** The standard limits, but for those on how much may be open or lost at once: ten thousand positions are to fit. */
export const ROOMY: Limits = {
  ...PRESETS.standard,
  stakeMin: usd('10'),
  stakeMax: usd('50'),
  exposurePctMax: 1,
  marketPctMax: 1,
  categoryPctMax: 1,
  positionsMax: 1_000_000,
  dailyLossMax: DEPOSIT,
  dailyLossPctMax: 1,
  hourlyLossMax: DEPOSIT,
  lossesInARowMax: 1_000_000,
  drawdownPctMax: 1,
  // Every purchase is a decision: joining is cheaper, and would flatter the figures.
  burstMs: 0,
}

/** A past that passes every gate. */
export const STRONG: WhaleRecord = {
  asOf: NOON,
  resolved: 300,
  won: 198,
  cost: usd('400000'),
  profit: usd('80000'),
  pricePaid: 0.52,
  sharpe: 0.2,
  recentReturn: 0.18,
  drawdown: 0.04,
  consistency: 0.9,
}

export function whaleNumber(number: number): WhaleAddress {
  return `0x${scattered(number, 40)}` as WhaleAddress
}

export function tokenNumber(number: number): TokenId {
  return `71321045679252212594638385532706912${String(number).padStart(41, '0')}` as TokenId
}

export function conditionNumber(number: number): ConditionId {
  return `0x${scattered(number, 64)}` as ConditionId
}

/** Hex digits that differ from the first on, as those of hashes do. */
function scattered(number: number, digits: number): string {
  return (
    (Math.imul(number + 1, 0x9e3779b1) >>> 0)
      .toString(16)
      .padStart(8, '0')
      .padEnd(digits - 8, 'c') + hex(number)
  )
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0')
}

const HALF = price('0.5')
const THEIRS = shares('1250.5')
/** How long after it happened a trade is told. */
export const TOLD_AFTER_MS = 1_200

export function tradeNumber(number: number, whale: number, token: number, side: Side, at: Instant): WhaleTrade {
  return {
    transaction: `0x${scattered(number, 64)}`,
    whale: whaleNumber(whale),
    name: `whale-${whale}`,
    token: tokenNumber(token),
    condition: conditionNumber(token),
    side,
    price: HALF,
    size: THEIRS,
    title: `Will the lighthouse number ${token} be painted before the end of the year?`,
    outcome: 'Yes',
    happenedAt: (at - TOLD_AFTER_MS) as Instant,
    source: 'activity',
  }
}

const TICK = price('0.01')
const SIZE_MIN = shares('5')
const FEE_RATE = price('0.03')
const LIQUIDITY = usd('85000')

export function marketOf(token: number): Market {
  return {
    condition: conditionNumber(token),
    title: `Will the lighthouse number ${token} be painted before the end of the year?`,
    slug: `lighthouse-${token}-painted`,
    category: `category ${token % 12}`,
    outcomes: [
      { token: tokenNumber(token), name: 'Yes' },
      { token: tokenNumber(token + 50_000_000), name: 'No' },
    ],
    status: 'open',
    tick: TICK,
    sizeMin: SIZE_MIN,
    feeRate: FEE_RATE,
    closesAt: undefined,
    liquidity: LIQUIDITY,
    isNegRisk: false,
  }
}

const CENT = 10_000n
/** What rests at each level of a side, from the best price on. */
const RESTING = ['350.25', '475.5', '600', '725.75', '850', '975.25', '1100.5', '1225'].map(shares)

export function bookOf(token: number, bid: Price, ask: Price, happenedAt: Instant): OrderBook {
  const levels = (best: Price, step: bigint) =>
    RESTING.map((size, depth) => ({ price: (best + step * BigInt(depth)) as Price, size }))
  return { token: tokenNumber(token), bids: levels(bid, -CENT), asks: levels(ask, CENT), happenedAt }
}
