import { bestAsk, bestBid, type OrderBook, spread } from '../market/book.ts'
import { type Market, outcomeOf } from '../market/market.ts'
import type { ClearedIntent, OrderIntent } from '../order/order.ts'
import type { Stake } from '../sizing/stake.ts'
import type { Instant } from '../units/ids.ts'
import { decimal, minus, NO_SHARES, NO_USD, ONE, plus, type Shares, scaled, type Usd } from '../units/money.ts'
import type { Bound, Signal } from '../whale/signal.ts'
import type { Whale } from '../whale/whale.ts'
import type { TradingState } from './holds.ts'
import type { Limits } from './limits.ts'
import type { Refusal, RefusalCode } from './refusals.ts'

/** A book and its market as they were at one instant: what a decision saw. */
export type Quote = { readonly market: Market; readonly book: OrderBook }

/** How the account stands, beside the trade that is asked about. Exposure counts what orders in flight have set aside. */
export type Standing = {
  readonly equity: Usd
  readonly free: Usd
  readonly positions: number
  readonly holdsToken: boolean
  readonly exposure: { readonly all: Usd; readonly market: Usd; readonly category: Usd }
}

/** All that the gates may ask. A question that does not arise yet (no quote, no intent) is simply not asked. */
export type Candidate = {
  readonly at: Instant
  readonly limits: Limits
  readonly trading: TradingState
  readonly signal: Signal
  readonly whale: Whale | undefined
  readonly standing: Standing
  /** Shares of ours that the exit would sell; nothing for an entry. */
  readonly exit: Shares
  readonly quote: Quote | undefined
  readonly stake: Stake | undefined
  /** The order as it would be sent, what it would set aside, and how much of it the book shows. */
  readonly order: { readonly intent: OrderIntent; readonly reserve: Usd; readonly met: Shares } | undefined
  readonly bound: Bound | undefined
  /** Whether people were asked about it: it was young enough then, and lives as long as the card says. */
  readonly wasAsked: boolean
}

type Gate = (candidate: Candidate) => Refusal | undefined

/** A book older than this says nothing about now. */
const QUOTE_AGE_MAX_MS = 30_000
/** Clocks of two machines are allowed to differ by this much. */
const CLOCK_SKEW_MAX_MS = 5_000

/** Asks every gate, so that a refusal lists all the reasons and not only the first. */
export function refusals(candidate: Candidate): readonly Refusal[] {
  const asked = candidate.signal.side === 'buy' ? [...COMMON_GATES, ...ENTRY_GATES] : [...COMMON_GATES, ...EXIT_GATES]
  return asked.map(gate => gate(candidate)).filter(refusal => refusal !== undefined)
}

/** The only way from an intent to one that may be sent: every gate asked, none refusing. */
export function clear(
  candidate: Candidate,
): { readonly cleared: ClearedIntent } | { readonly refused: readonly Refusal[] } {
  const refused = refusals(candidate)
  if (refused.length > 0) return { refused }
  if (candidate.order === undefined) return { refused: [refuse('BOOK_EMPTY', 'there is no order to send')] }
  return { cleared: candidate.order.intent as ClearedIntent }
}

function refuse(code: RefusalCode, detail: string): Refusal {
  return { code, detail }
}

const COMMON_GATES: readonly Gate[] = [
  function halted({ trading }) {
    return trading === 'halted' ? refuse('TRADING_HALTED', 'a hold is in place') : undefined
  },
  function signalAge({ signal, limits, at, wasAsked }) {
    if (signal.origin.kind !== 'whale' || wasAsked) return undefined
    const ageMs = at - signal.origin.trade.happenedAt
    if (ageMs > limits.tradeAgeMaxMs)
      return refuse('SIGNAL_TOO_OLD', `${seconds(ageMs)} old, at most ${seconds(limits.tradeAgeMaxMs)}`)
    if (ageMs < -CLOCK_SKEW_MAX_MS) return refuse('SIGNAL_FROM_THE_FUTURE', `${seconds(-ageMs)} ahead of our clock`)
    return undefined
  },
  function followed({ signal, whale }) {
    const isWhales = signal.origin.kind === 'whale'
    return isWhales && whale === undefined
      ? refuse('WHALE_NOT_FOLLOWED', 'the wallet was unfollowed meanwhile')
      : undefined
  },
  function quoteAge({ quote, at }) {
    if (quote === undefined) return undefined
    const ageMs = at - quote.book.happenedAt
    return ageMs > QUOTE_AGE_MAX_MS ? refuse('QUOTE_TOO_OLD', `${seconds(ageMs)} old`) : undefined
  },
  function marketOpen({ quote }) {
    if (quote === undefined || quote.market.status === 'open') return undefined
    return refuse('MARKET_NOT_OPEN', `it is ${quote.market.status}`)
  },
  function token({ quote, signal }) {
    if (quote === undefined) return undefined
    const isOurs = quote.book.token === signal.token && outcomeOf(quote.market, signal.token) !== undefined
    if (isOurs) return undefined
    return refuse('MARKET_WITHOUT_TOKEN', 'the venue answered for another market')
  },
  function withinBound({ bound, order }) {
    if (bound === undefined || order === undefined) return undefined
    const isWorse = bound.side === 'buy' ? order.intent.limit > bound.limit : order.intent.limit < bound.limit
    if (isWorse)
      return refuse('APPROVAL_BOUND_EXCEEDED', `${decimal(order.intent.limit)}, approved ${decimal(bound.limit)}`)
    if (order.intent.size > bound.size) return refuse('APPROVAL_BOUND_EXCEEDED', 'it would be larger than approved')
    if (bound.side === 'sell' || order.reserve <= bound.dollars) return undefined
    return refuse(
      'APPROVAL_BOUND_EXCEEDED',
      `it may cost $${decimal(order.reserve)}, approved $${decimal(bound.dollars)}`,
    )
  },
  function approvalAge({ bound, at }) {
    // A process that was down, or a slow answer, must not act on what was said yes to long ago.
    if (bound === undefined || at < bound.expiresAt) return undefined
    return refuse('APPROVAL_EXPIRED', `${seconds(at - bound.expiresAt)} ago`)
  },
]

const ENTRY_GATES: readonly Gate[] = [
  function reducing({ trading }) {
    return trading === 'reducing' ? refuse('TRADING_REDUCING', 'a hold lets only exits through') : undefined
  },
  function enabled({ whale }) {
    return whale?.settings.isEnabled === false ? refuse('WHALE_DISABLED', 'it is shown and not copied') : undefined
  },
  function muted({ whale, at }) {
    const until = whale?.settings.mutedUntil
    return until !== undefined && at < until ? refuse('WHALE_MUTED', `for another ${seconds(until - at)}`) : undefined
  },
  function record({ whale }) {
    const isUnknown = whale !== undefined && whale.quality === undefined
    return isUnknown ? refuse('WHALE_WITHOUT_RECORD', 'its past has not been read yet') : undefined
  },
  function quality({ whale, limits }) {
    const score = whale?.quality?.score
    if (score === undefined || score >= limits.qualityMin) return undefined
    return refuse('WHALE_BELOW_QUALITY_MIN', `${score}, at least ${limits.qualityMin}`)
  },
  function closesSoon({ quote, limits, at }) {
    const closesAt = quote?.market.closesAt
    if (closesAt === undefined || closesAt - at >= limits.closesInMinMs) return undefined
    return refuse('MARKET_CLOSES_SOON', closesAt <= at ? 'its end has passed' : `in ${seconds(closesAt - at)}`)
  },
  function bookEmpty({ quote, order }) {
    if (quote === undefined) return undefined
    if (bestAsk(quote.book) === undefined) return refuse('BOOK_EMPTY', 'nobody sells')
    return order !== undefined && order.met === NO_SHARES
      ? refuse('BOOK_EMPTY', 'nobody sells within the limit')
      : undefined
  },
  function spreadWidth({ quote, limits }) {
    if (quote === undefined || bestAsk(quote.book) === undefined) return undefined
    const width = spread(quote.book)
    if (width === undefined) return refuse('SPREAD_ABOVE_MAX', 'nobody buys')
    return width > limits.spreadMax
      ? refuse('SPREAD_ABOVE_MAX', `${decimal(width)}, at most ${decimal(limits.spreadMax)}`)
      : undefined
  },
  function liquidity({ quote, limits }) {
    if (quote === undefined || quote.market.liquidity >= limits.liquidityMin) return undefined
    return refuse(
      'LIQUIDITY_BELOW_MIN',
      `$${decimal(quote.market.liquidity)}, at least $${decimal(limits.liquidityMin)}`,
    )
  },
  function moved({ quote, signal, limits }) {
    const ask = quote === undefined ? undefined : bestAsk(quote.book)
    if (ask === undefined || signal.origin.kind !== 'whale') return undefined
    const by = minus(ask, signal.origin.trade.price)
    if (by <= limits.priceMoveMax) return undefined
    return refuse('PRICE_MOVED_TOO_FAR', `${decimal(by)} above the whale's ${decimal(signal.origin.trade.price)}`)
  },
  function priceRange({ quote, limits }) {
    const ask = quote === undefined ? undefined : bestAsk(quote.book)
    if (ask === undefined) return undefined
    const isOutside = ask > limits.priceMax || ask < ONE - limits.priceMax
    return isOutside ? refuse('PRICE_OUTSIDE_RANGE', `${decimal(ask)}`) : undefined
  },
  function edge({ stake, limits }) {
    if (stake === undefined || limits.sizing === 'mirror' || stake.chance > stake.cost) return undefined
    return refuse('EDGE_NOT_POSITIVE', `believed ${percent(stake.chance)}, costs ${percent(stake.cost)}`)
  },
  function confidence({ stake, limits }) {
    if (stake === undefined || stake.confidence >= limits.confidenceMin) return undefined
    return refuse('CONFIDENCE_BELOW_MIN', `${stake.confidence}, at least ${limits.confidenceMin}`)
  },
  function room({ stake }) {
    const portfolio = stake?.factors.find(factor => factor.name === 'portfolio')
    if (stake === undefined || portfolio === undefined || portfolio.ratio > 0) return undefined
    return refuse('STAKE_WITHOUT_ROOM', portfolio.reason)
  },
  function stakeMin({ stake, limits }) {
    if (stake === undefined || stake.amount >= limits.stakeMin) return undefined
    return refuse('STAKE_BELOW_MIN', `$${decimal(stake.amount)}, at least $${decimal(limits.stakeMin)}`)
  },
  function sizeMin({ order, quote }) {
    if (order === undefined || quote === undefined || order.intent.size >= quote.market.sizeMin) return undefined
    return refuse(
      'SIZE_BELOW_MARKET_MIN',
      `${decimal(order.intent.size)} shares, at least ${decimal(quote.market.sizeMin)}`,
    )
  },
  function exposureAll({ order, standing, limits }) {
    return over(order?.reserve, standing.exposure.all, standing.equity, limits.exposurePctMax, 'EXPOSURE_ABOVE_MAX')
  },
  function exposureMarket({ order, standing, limits }) {
    return over(
      order?.reserve,
      standing.exposure.market,
      standing.equity,
      limits.marketPctMax,
      'EXPOSURE_ABOVE_MARKET_MAX',
    )
  },
  function exposureCategory({ order, standing, limits }) {
    const code = 'EXPOSURE_ABOVE_CATEGORY_MAX'
    return over(order?.reserve, standing.exposure.category, standing.equity, limits.categoryPctMax, code)
  },
  function positions({ standing, limits }) {
    if (standing.holdsToken || standing.positions < limits.positionsMax) return undefined
    return refuse('POSITIONS_AT_MAX', `${standing.positions} are open`)
  },
  function balance({ order, standing }) {
    if (order === undefined || order.reserve <= standing.free) return undefined
    return refuse('BALANCE_TOO_LOW', `needs $${decimal(order.reserve)}, free is $${decimal(standing.free)}`)
  },
]

const EXIT_GATES: readonly Gate[] = [
  function held({ exit }) {
    return exit === NO_SHARES ? refuse('EXIT_WITHOUT_POSITION', 'nothing of ours follows it') : undefined
  },
  function bids({ quote, order }) {
    if (quote === undefined) return undefined
    if (bestBid(quote.book) === undefined) return refuse('BOOK_EMPTY', 'nobody buys')
    return order !== undefined && order.met === NO_SHARES
      ? refuse('BOOK_EMPTY', 'nobody buys within the limit')
      : undefined
  },
  function exitMin({ exit, quote }) {
    if (quote === undefined || exit === NO_SHARES || exit >= quote.market.sizeMin) return undefined
    return refuse('EXIT_BELOW_MARKET_MIN', `${decimal(exit)} shares, at least ${decimal(quote.market.sizeMin)}`)
  },
]

/** Limits on exposure hold for what would be, so with the order's own worst cost. */
function over(
  reserve: Usd | undefined,
  exposed: Usd,
  equity: Usd,
  part: number,
  code: RefusalCode,
): Refusal | undefined {
  if (reserve === undefined || reserve <= NO_USD) return undefined
  const max = equity > NO_USD ? scaled(equity, part) : NO_USD
  const after = plus(exposed, reserve)
  return after > max ? refuse(code, `would be $${decimal(after)}, at most $${decimal(max)}`) : undefined
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`
}
