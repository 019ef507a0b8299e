import type { Instant } from '../units/ids.ts'
import { estimate, fraction, greatest, least, NO_USD, type Price, plus, type Usd } from '../units/money.ts'
import { type CategoryRecord, categoriesOf } from './categories.ts'
import { consistencyOf, dailySharpeOf, drawdownOf, effectiveOf, sharpeOf } from './record-figures.ts'

/** One market that a whale has finished with, won or lost. */
export type ClosedPosition = {
  /** What was paid for it, fees included. */
  readonly cost: Usd
  /** What it brought beyond the cost; negative for a loss. */
  readonly profit: Usd
  /** The average price paid for a share. */
  readonly price: Price
  readonly closedAt: Instant
  /** When the first share was bought, where the source says it. */
  readonly openedAt?: Instant | undefined
  /** The venue's word for what the market is about, where it is known. */
  readonly category?: string | undefined
  /** What was traded in the market in all its life, where it is known. */
  readonly volume?: Usd | undefined
}

/** What a whale still holds, valued as the service values it. */
export type OpenHoldings = { readonly count: number; readonly cost: Usd; readonly profit: Usd }

/** What the service itself says of a wallet's whole past: a check on what was summed up here from its positions. */
export type ServiceRecord = {
  readonly markets: number | undefined
  readonly realised: Usd | undefined
  readonly volume: Usd | undefined
}

/**
 * A whale's past in the numbers that decisions use. All but the sums are estimates.
 *
 * A field that its source cannot give is `undefined`, as it is in the records of old journals, and never a zero: a zero is a
 * measurement.
 */
export type WhaleRecord = {
  readonly asOf: Instant
  readonly resolved: number
  readonly won: number
  /** All that was paid; `undefined` where a source tells only wins and losses. */
  readonly cost?: Usd | undefined
  readonly profit: Usd
  /** The mean price paid, 0 to 1: what the market thought the whale's chances were. */
  readonly pricePaid: number
  /** Mean return of a market over its standard deviation; 0 with fewer than two. */
  readonly sharpe?: number | undefined
  /** Profit over cost in the last 30 days; 0 without trades. */
  readonly recentReturn?: number | undefined
  /** The largest fall of cumulative profit from its peak, over all that was staked; 0 to 1. */
  readonly drawdown?: number | undefined
  /** The share of weeks with a market closed that ended without a loss; 0 to 1. */
  readonly consistency?: number | undefined
  /** As many markets of one size as say as much as these of many sizes; 1 to `resolved`. See `effectiveOf`. */
  readonly effective?: number | undefined
  /** Mean over deviation of the profits of UTC days on what was staked, not annualised, and how many days had a closing. */
  readonly daily?: { readonly sharpe: number; readonly days: number } | undefined
  /** Half of the markets were held for less than this, from the first purchase to the end. */
  readonly medianHoldMs?: number | undefined
  /** Half of the markets cost less than this. */
  readonly medianCost?: Usd | undefined
  /** The share of what was paid that went at prices over 0.95 or under 0.05; 0 to 1. */
  readonly extremeShare?: number | undefined
  /** The share of the newest purchases, by dollars, in which the whale took what was on offer; 0 to 1. */
  readonly takerShare?: number | undefined
  /** The share of what was paid, where a market's volume is known, that went to markets large enough for a copy; 0 to 1. */
  readonly liquidShare?: number | undefined
  readonly open?: OpenHoldings | undefined
  /** At most `CATEGORIES_MAX`, the largest first. */
  readonly categories?: readonly CategoryRecord[] | undefined
  readonly service?: ServiceRecord | undefined
}

/** What became of our copies of one whale's trades. */
export type OwnRecord = {
  readonly copies: number
  /** Copies that are finished, and what was staked on them and won by them. */
  readonly closed: number
  readonly staked: Usd
  readonly profit: Usd
}

/** What a record has besides the finished positions. */
export type RecordParts = Pick<WhaleRecord, 'open' | 'takerShare' | 'service'>

const RECENT_MS = 30 * 86_400_000
/** Beyond these a share costs next to what it pays or next to nothing: there is little to win, or it is a lottery ticket. */
const EXTREME_HIGH = 950_000n
const EXTREME_LOW = 50_000n
/**
 * A market that traded less than this in all its life had no room for a copy: twenty of the smallest stakes. Whether there is
 * room at the moment of a trade is for the gates, which see its book.
 */
export const LIQUID_VOLUME = 1_000_000_000n as Usd

/** Sums up finished positions, in any order. The bound on how many is the caller's. */
export function recordOf(closed: readonly ClosedPosition[], asOf: Instant, parts: RecordParts = {}): WhaleRecord {
  const inOrder = [...closed].sort((one, other) => one.closedAt - other.closedAt)
  const cost = costOf(inOrder)
  const recent = inOrder.filter(position => position.closedAt + RECENT_MS >= asOf)
  return {
    asOf,
    resolved: inOrder.length,
    won: inOrder.filter(position => position.profit > NO_USD).length,
    cost,
    profit: profitOf(inOrder),
    pricePaid: meanPriceOf(inOrder),
    sharpe: sharpeOf(inOrder.map(position => fraction(position.profit, position.cost))),
    recentReturn: fraction(profitOf(recent), costOf(recent)),
    drawdown: drawdownOf(inOrder, cost),
    consistency: consistencyOf(inOrder),
    effective: effectiveOf(inOrder.map(position => position.cost)),
    daily: dailySharpeOf(inOrder),
    medianHoldMs: middle(inOrder.flatMap(holdMs)),
    medianCost: middle(inOrder.map(position => position.cost)),
    extremeShare: shareOf(inOrder, ({ price }) => price > EXTREME_HIGH || price < EXTREME_LOW),
    liquidShare: shareOf(
      inOrder.filter(position => position.volume !== undefined),
      ({ volume }) => (volume ?? NO_USD) >= LIQUID_VOLUME,
    ),
    categories: categoriesOf(inOrder),
    ...parts,
  }
}

/**
 * Profit over cost, with what is still held where it stands at a loss: a loss that is not sold is a loss, a gain that is not sold is
 * not yet one. `undefined` where nothing was paid or the cost is not known.
 */
export function returnOf(record: Pick<WhaleRecord, 'cost' | 'profit' | 'open'>): number | undefined {
  const { open } = record
  const loss = least(NO_USD, open?.profit ?? NO_USD)
  const held = loss < NO_USD ? (open?.cost ?? NO_USD) : NO_USD
  const cost = record.cost === undefined ? NO_USD : plus(record.cost, greatest(NO_USD, held))
  return cost <= NO_USD ? undefined : fraction(plus(record.profit, loss), cost)
}

/**
 * The share of a whale's purchases that a copy could have followed: takers' in markets that are large enough. The two are measured
 * on different trades and multiplied as if one said nothing of the other. `undefined` where neither is known.
 */
export function copyableOf(record: WhaleRecord): number | undefined {
  const { takerShare, liquidShare } = record
  return takerShare === undefined ? liquidShare : takerShare * (liquidShare ?? 1)
}

function profitOf(positions: readonly ClosedPosition[]): Usd {
  return positions.reduce((sum, { profit }) => plus(sum, profit), NO_USD)
}

function costOf(positions: readonly ClosedPosition[]): Usd {
  return positions.reduce((sum, { cost }) => plus(sum, cost), NO_USD)
}

function meanPriceOf(positions: readonly ClosedPosition[]): number {
  return positions.reduce((sum, { price }) => sum + estimate(price), 0) / Math.max(1, positions.length)
}

function shareOf(
  positions: readonly ClosedPosition[],
  isOne: (position: ClosedPosition) => boolean,
): number | undefined {
  const all = costOf(positions)
  return all <= NO_USD ? undefined : fraction(costOf(positions.filter(isOne)), all)
}

function holdMs({ openedAt, closedAt }: ClosedPosition): readonly number[] {
  return openedAt === undefined || openedAt > closedAt ? [] : [closedAt - openedAt]
}

/** The lower of the two middle ones where there are two. */
function middle<T extends number | bigint>(values: readonly T[]): T | undefined {
  const sorted = [...values].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0))
  return sorted[Math.floor((sorted.length - 1) / 2)]
}
