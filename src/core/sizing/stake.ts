import type { Market } from '../market/market.ts'
import type { Limits } from '../risk/limits.ts'
import {
  estimate,
  fraction,
  greatest,
  least,
  minus,
  NO_USD,
  type Price,
  scaled,
  type Usd,
  usd,
} from '../units/money.ts'
import { belief } from '../whale/quality.ts'
import type { Whale } from '../whale/whale.ts'
import { chanceOf, kellyFraction } from './kelly.ts'

/** One step of sizing: what it multiplied by, and why. */
export type Factor = { readonly name: string; readonly ratio: number; readonly reason: string }

/** A ceiling that cut the stake. */
export type Cap = { readonly name: string; readonly amount: Usd }

/** What to stake, and the whole way there. */
export type Stake = {
  readonly amount: Usd
  readonly base: Usd
  /** The chance that was believed and the cost of a share that it was held against, 0 to 1. */
  readonly chance: number
  readonly cost: number
  readonly factors: readonly Factor[]
  readonly caps: readonly Cap[]
  /** 0 to 100. */
  readonly confidence: number
}

/** All that a stake is found from: the whale, the market, and how our own books stand. */
export type Weighing = {
  readonly limits: Limits
  readonly whale: Whale | undefined
  readonly whalePrice: Price
  readonly whaleNotional: Usd
  readonly market: Market
  readonly spread: Price | undefined
  /** What a share is expected to cost, fee and slippage included. */
  readonly cost: Price
  readonly msToClose: number | undefined
  readonly equity: Usd
  /** Fall from the peak and from the day's opening, 0 to 1. */
  readonly drawdown: number
  readonly dailyLoss: number
  /** How far prices moved in the market lately, as a ratio; unknown to most sources. */
  readonly volatility: number | undefined
  readonly positions: number
  /** What a person wants to stake; it takes the place of the first four steps, and of none of the limits. */
  readonly wish?: Usd | undefined
  readonly exposure: { readonly all: Usd; readonly market: Usd; readonly category: Usd }
}

/**
 * The stake in five steps: base (Kelly) × whale × market × risk × portfolio, then the caps. Each step says why.
 * A whale of no record has no edge over the price, and without an edge there is no stake. The simple formula and the whale's
 * own size are taken as they are: only what fits the portfolio and the caps holds them down.
 */
export function weigh(weighing: Weighing): Stake {
  const { whale, equity } = weighing
  const chance = chanceOf(whale?.record, estimate(weighing.whalePrice), weighing.market.category)
  const cost = Math.min(0.999, Math.max(0.001, estimate(weighing.cost)))
  const base = weighing.wish ?? baseOf(weighing, chance, cost)
  const steps = weighing.wish === undefined ? stepsOf(weighing) : []
  const before = steps.reduce((amount, factor) => scaled(amount, factor.ratio), base)
  const portfolio = portfolioFactor(weighing, before)
  const wanted = scaled(before, portfolio.ratio)
  const caps = capsOf(weighing).filter(cap => cap.amount < wanted)
  const amount = greatest(NO_USD, least(wanted, ...caps.map(cap => cap.amount)))
  return {
    amount,
    base,
    chance,
    cost,
    factors: [...steps, portfolio],
    caps,
    confidence: confidenceOf(whale, chance - cost, equity),
  }
}

function stepsOf(weighing: Weighing): readonly Factor[] {
  const { limits, whale } = weighing
  const judged = limits.sizing === 'kelly' ? [whaleFactor(whale), marketFactor(weighing), riskFactor(weighing)] : []
  return [...judged, ...weightFactor(weighing)]
}

const SIMPLE_CAP = usd('100')
const SIMPLE_BASE = 0.05

function baseOf(weighing: Weighing, chance: number, cost: number): Usd {
  const { limits, whale, equity } = weighing
  switch (limits.sizing) {
    case 'mirror':
      return weighing.whaleNotional
    case 'simple': {
      const quality = (whale?.quality?.score ?? 0) / 100
      return least(scaled(scaled(equity, SIMPLE_BASE), quality), SIMPLE_CAP)
    }
    case 'kelly':
      return scaled(equity, Math.min(limits.basePositionPct, kellyFraction(chance, cost) * limits.kellyFraction))
  }
}

/**
 * 0.5 to 2: mostly quality and Sharpe, nudged by how often it wins more than its prices said, and how steadily.
 * The line through the published examples: (quality 95, Sharpe 4.5) 1.8, (65, 2.0) 1.3, (45, 0.5) 1.0.
 */
export function whaleFactor(whale: Pick<Whale, 'quality' | 'record'> | undefined): Factor {
  const score = whale?.quality?.score ?? 0
  const record = whale?.record
  const sharpe = Math.min(5, Math.max(0, record?.sharpe ?? 0))
  const beat = record === undefined || record.resolved === 0 ? 0 : record.won / record.resolved - record.pricePaid
  const nudge = record === undefined ? 0 : within(beat, -0.1, 0.1) * belief(record)
  const ratio = within(0.5167 + 0.01 * score + 0.0667 * sharpe + nudge, 0.5, 2)
  return { name: 'whale', ratio: cut(ratio), reason: `quality ${score}, Sharpe ${sharpe.toFixed(2)}` }
}

/** 0.5 to 1.5. Published examples: ($100k, 1 %) 1.2, ($25k, 3 %) 0.7, ($5k, 8 %) 0.5. */
export function marketFactor(weighing: Pick<Weighing, 'market' | 'spread' | 'msToClose'>): Factor {
  const liquidity = estimate(weighing.market.liquidity)
  const spread = weighing.spread === undefined ? 0.1 : estimate(weighing.spread)
  const hours = weighing.msToClose === undefined ? 24 : weighing.msToClose / 3_600_000
  const byLiquidity = along(liquidity, [0, 0.5], [5_000, 0.75], [25_000, 0.9], [100_000, 1.2], [500_000, 1.5])
  const bySpread = along(spread, [0.01, 1], [0.03, 0.78], [0.08, 0.62], [0.2, 0.3])
  const byTime = along(hours, [0, 0.8], [1, 0.9], [24, 1])
  const ratio = within(byLiquidity * bySpread * byTime, 0.5, 1.5)
  const reason = `$${Math.round(liquidity)} resting, spread ${(spread * 100).toFixed(1)}¢, ${hours.toFixed(1)} h left`
  return { name: 'market', ratio: cut(ratio), reason }
}

/** 0 to 1. Published examples: drawdown 15 % 0.85, daily loss 10 % 0.80, volatility 60 % 0.70. */
export function riskFactor(
  weighing: Pick<Weighing, 'drawdown' | 'dailyLoss' | 'volatility' | 'positions' | 'limits'>,
): Factor {
  const { drawdown, dailyLoss, volatility, positions, limits } = weighing
  const parts: readonly (readonly [number, string])[] = [
    [drawdown > 0.1 ? 1 - drawdown : 1, `drawdown ${(drawdown * 100).toFixed(1)} %`],
    [dailyLoss > 0.05 ? 1 - 2 * dailyLoss : 1, `daily loss ${(dailyLoss * 100).toFixed(1)} %`],
    [
      volatility !== undefined && volatility > 0.3 ? 1 - volatility / 2 : 1,
      `volatility ${((volatility ?? 0) * 100).toFixed(0)} %`,
    ],
    [positions > limits.positionsMax * 0.8 ? 0.9 : 1, `${positions} positions`],
  ]
  const acting = parts.filter(([ratio]) => ratio < 1)
  const ratio = within(
    acting.reduce((product, [part]) => product * part, 1),
    0,
    1,
  )
  return {
    name: 'risk',
    ratio: cut(ratio),
    reason: acting.length === 0 ? 'nothing in the way' : acting.map(([, why]) => why).join(', '),
  }
}

/** 0 to 1: what of the wish fits under the limits on exposure and the number of positions. */
export function portfolioFactor(
  weighing: Pick<Weighing, 'limits' | 'equity' | 'exposure' | 'positions'>,
  wish: Usd,
): Factor {
  const { limits, equity, exposure, positions } = weighing
  if (wish <= NO_USD) return { name: 'portfolio', ratio: 1, reason: 'nothing to place' }
  if (positions >= limits.positionsMax) return { name: 'portfolio', ratio: 0, reason: `${positions} positions already` }
  const rooms: readonly (readonly [Usd, string])[] = [
    [minus(scaled(equity, limits.exposurePctMax), exposure.all), 'room in all'],
    [minus(scaled(equity, limits.marketPctMax), exposure.market), 'room in this market'],
    [minus(scaled(equity, limits.categoryPctMax), exposure.category), 'room in this category'],
  ]
  const [room, name] = rooms.reduce((tightest, next) => (next[0] < tightest[0] ? next : tightest))
  if (room <= NO_USD) return { name: 'portfolio', ratio: 0, reason: `no ${name}` }
  if (room >= wish) return { name: 'portfolio', ratio: 1, reason: 'fits' }
  return { name: 'portfolio', ratio: cut(fraction(room, wish)), reason: `${name} is short` }
}

/** What a person gave the whale's trades, where it changes anything. */
function weightFactor({ whale, limits }: Weighing): readonly Factor[] {
  const weight = whale?.settings.weight ?? 1
  if (weight === 1 || limits.sizing === 'mirror') return []
  return [{ name: 'weight', ratio: cut(weight), reason: 'as set for this whale' }]
}

function capsOf({ limits, equity, whale }: Weighing): readonly Cap[] {
  const cap = whale?.settings.stakeMax
  return [
    ...(cap === undefined ? [] : [{ name: 'cap of this whale', amount: cap }]),
    { name: 'largest stake', amount: limits.stakeMax },
    { name: 'part of equity in one position', amount: scaled(equity, limits.positionPctMax) },
  ]
}

/** 0 to 100: the whale's quality, how long its record is, and how much of an edge is left at our price. */
function confidenceOf(whale: Whale | undefined, edge: number, equity: Usd): number {
  if (whale?.record === undefined || equity <= NO_USD) return 0
  const quality = (whale.quality?.score ?? 0) * 0.6
  const length = belief(whale.record) * 20
  const left = within(edge / 0.05, 0, 1) * 20
  return Math.round(quality + length + left)
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}

/** Two decimals are as much as an estimate deserves, and read the same everywhere. */
function cut(ratio: number): number {
  return Math.floor(ratio * 100 + 1e-9) / 100
}

/** Straight lines between points, level outside them. The points are in rising order. */
function along(at: number, ...points: readonly (readonly [number, number])[]): number {
  let before: readonly [number, number] | undefined
  for (const point of points) {
    if (at <= point[0]) {
      if (before === undefined) return point[1]
      return before[1] + ((at - before[0]) / (point[0] - before[0])) * (point[1] - before[1])
    }
    before = point
  }
  return before?.[1] ?? 1
}
