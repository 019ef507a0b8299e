import { drawdown, lossSince } from '../ledger/performance.ts'
import { averagePrice, bestAsk, bestBid, LEVELS_MAX, spread, walk } from '../market/book.ts'
import { type Market, takerFee, toGrid } from '../market/market.ts'
import { SIZE_STEP } from '../order/approval.ts'
import type { OrderIntent } from '../order/order.ts'
import type { Candidate, Quote, Standing } from '../risk/gates.ts'
import { tradingState } from '../risk/holds.ts'
import { type Stake, weigh } from '../sizing/stake.ts'
import { orderKeyOf, type TokenId } from '../units/ids.ts'
import {
  floorTo,
  fraction,
  greatest,
  least,
  MILLION,
  minus,
  mulDiv,
  NO_SHARES,
  NO_USD,
  notional,
  ONE,
  type Price,
  plus,
  price,
  type Shares,
  scaled,
  sharesFor,
  type Usd,
  ZERO,
} from '../units/money.ts'
import type { Bound, Signal } from '../whale/signal.ts'
import type { Deciding } from './deciding.ts'
import { type AccountBooks, booksOf, equityOf, freeCash, type StateView, type View } from './state.ts'

/** The part of what an order sets aside that does not grow with its size: each level of the book rounds by itself. */
export const RESERVE_FIXED = BigInt(2 * LEVELS_MAX) as Usd
/** How far under the best bid an exit still sells: leaving late costs more than leaving cheap. */
export const EXIT_SLIP = price('0.05')

/** What a candidate is held to besides the limits. */
export type Terms = {
  readonly bound: Bound | undefined
  /** No dearer than this; a card names it before anybody has said yes to it. */
  readonly ceiling: Price | undefined
  readonly wasAsked: boolean
  /** What a person wants to spend. */
  readonly wish: Usd | undefined
}

/** The terms that a signal has come to: those of the card that was approved. */
export function termsOf({ stage }: Pick<Signal, 'stage'>): Terms {
  const bound = stage.kind === 'quoting' ? stage.bound : undefined
  const ceiling = bound?.side === 'buy' ? bound.limit : undefined
  return { bound, ceiling, wasAsked: bound !== undefined, wish: bound?.wish }
}

/** Everything the gates may ask, as far as it is known by now. */
export function candidateOf(
  { state, at }: Pick<Deciding, 'state' | 'at'>,
  signal: Signal,
  quote: Quote | undefined,
  terms: Terms = termsOf(signal),
): Candidate {
  const { bound, ceiling, wasAsked, wish } = terms
  const books = booksOf(state, signal.account)
  const whale = signal.origin.kind === 'whale' ? state.whales.get(signal.origin.trade.whale) : undefined
  const category = quote?.market.category ?? ''
  const opening = tokensOpening(state, books)
  const standing: Standing = {
    equity: equityOf(books),
    free: freeCash(books),
    positions: books.positions.size + opening.size,
    holdsToken: books.positions.has(signal.token) || opening.has(signal.token),
    exposure: {
      all: books.exposed,
      market: books.exposedByMarket.get(signal.condition) ?? NO_USD,
      category: books.exposedByCategory.get(category) ?? NO_USD,
    },
  }
  const { limits } = state
  const exit = signal.side === 'sell' ? exitOf({ state }, signal) : NO_SHARES
  const base = {
    at,
    limits,
    trading: tradingState(state.holds.values()),
    signal,
    whale,
    standing,
    exit,
    quote,
    bound,
    wasAsked,
  }
  if (quote === undefined) return { ...base, stake: undefined, order: undefined }
  if (signal.side === 'sell') return { ...base, stake: undefined, order: exitOrder(signal, exit, quote, bound) }

  const limit = entryLimit(signal, quote.market, limits.priceMoveMax, ceiling)
  const worst = withFee(limit, quote.market)
  const { performance } = books
  const equity = standing.equity
  const stake = weigh({
    limits,
    whale,
    whalePrice: priceOfWhale(signal) ?? limit,
    whaleNotional: wishOf(signal, worst),
    market: quote.market,
    spread: spread(quote.book),
    cost: withFee(
      expectedPrice(quote, limit, least(limits.stakeMax, scaled(equity, limits.positionPctMax))),
      quote.market,
    ),
    msToClose: quote.market.closesAt === undefined ? undefined : Math.max(0, quote.market.closesAt - at),
    equity,
    drawdown: drawdown(performance, equity),
    dailyLoss: fraction(lossSince(performance.dayOpen, equity), greatest(performance.dayOpen, 1n as Usd)),
    volatility: undefined,
    positions: standing.holdsToken ? 0 : standing.positions,
    exposure: standing.exposure,
    wish,
  })
  return { ...base, stake, order: entryOrder(signal, stake, limit, worst, quote, bound) }
}

/** Tokens that orders on their way will open a position in: a limit is held to what would be, as exposure is. */
function tokensOpening(state: StateView, books: View<AccountBooks>): ReadonlySet<TokenId> {
  const tokens = new Set<TokenId>()
  for (const key of state.openOrders) {
    const intent = state.orders.get(key)?.intent
    if (intent?.side !== 'buy' || intent.account !== books.account || books.positions.has(intent.token)) continue
    tokens.add(intent.token)
  }
  return tokens
}

/** Shares of a token that sales on their way may still take. */
function sharesLeaving(state: StateView, { account, token }: Pick<Signal, 'account' | 'token'>): Shares {
  let sum = NO_SHARES
  for (const key of state.openOrders) {
    const order = state.orders.get(key)
    if (order?.intent.side !== 'sell' || order.intent.account !== account || order.intent.token !== token) continue
    sum = plus(sum, minus(order.intent.size, order.filled))
  }
  return sum
}

/** What a share costs a taker at this price. Asserts nothing: at the very edge it is a whole dollar. */
function withFee(at: Price, market: Market): Price {
  return least(plus(at, takerFee(MILLION as Shares, at, market.feeRate) as bigint as Price), ONE)
}

/** What a share would cost on average if as much were bought as ever could be: the slippage to expect, at its worst. */
function expectedPrice(quote: Quote, limit: Price, most: Usd): Price {
  const ask = bestAsk(quote.book)
  if (ask === undefined || most <= NO_USD) return limit
  return averagePrice(walk(quote.book, 'buy', sharesFor(most, ask), limit), 'buy') ?? limit
}

/** What a mirrored trade may cost: the whale's own shares at the worst price that we accept. */
function wishOf(signal: Signal, cost: Price): Usd {
  return signal.origin.kind === 'whale' ? notional(signal.origin.trade.size, cost, 'up') : NO_USD
}

function priceOfWhale(signal: Signal): Price | undefined {
  return signal.origin.kind === 'whale' ? signal.origin.trade.price : undefined
}

/** The dearest acceptable price: so far above the whale's, on the grid, and never above what a card names. */
function entryLimit(signal: Signal, market: Market, moveMax: Price, ceiling: Price | undefined): Price {
  const wish = plus(priceOfWhale(signal) ?? ZERO, moveMax)
  const limit = toGrid(least(wish, minus(ONE, market.tick)), market.tick, 'down')
  return ceiling === undefined ? limit : least(limit, toGrid(ceiling, market.tick, 'down'))
}

function entryOrder(
  signal: Signal,
  stake: Stake,
  limit: Price,
  worst: Price,
  quote: Quote,
  bound: Bound | undefined,
): Candidate['order'] {
  const affordable = floorTo(sharesFor(stake.amount, worst), SIZE_STEP)
  const size = bound === undefined ? affordable : least(affordable, bound.size)
  if (size <= NO_SHARES) return undefined
  const { feeRate } = quote.market
  // A fee is largest at the price nearest a half.
  const dearest = least(limit, (MILLION / 2n) as Price)
  const reserve = plus(plus(notional(size, limit, 'up'), takerFee(size, dearest, feeRate)), RESERVE_FIXED)
  const met = walk(quote.book, 'buy', size, limit).size
  return { intent: intentOf(signal, limit, size, feeRate), reserve, met }
}

/** Shares to sell: our part of what the whale gives up, or a person's part of the position; in steps the venue takes, and never twice. */
function exitOf({ state }: Pick<Deciding, 'state'>, signal: Signal): Shares {
  const held = booksOf(state, signal.account).positions.get(signal.token)
  if (held === undefined) return NO_SHARES
  const left = greatest(NO_SHARES, minus(held.shares, sharesLeaving(state, signal)))
  if (signal.origin.kind === 'person') {
    return floorTo(least(mulDiv(held.shares, signal.origin.part, MILLION, 'down') as Shares, left), SIZE_STEP)
  }
  return floorTo(least(signal.exit, left), SIZE_STEP)
}

/** An exit under the best bid by so much at most, and never under what a person approved. */
function exitOrder(signal: Signal, exit: Shares, quote: Quote, bound: Bound | undefined): Candidate['order'] {
  const bid = bestBid(quote.book)
  if (exit === NO_SHARES || bid === undefined) return undefined
  const worst = greatest(minus(bid, EXIT_SLIP), bound?.limit ?? ZERO)
  const limit = toGrid(worst, quote.market.tick, 'up')
  const met = walk(quote.book, 'sell', exit, limit).size
  return { intent: intentOf(signal, limit, exit, quote.market.feeRate), reserve: NO_USD, met }
}

function intentOf(signal: Signal, limit: Price, size: Shares, feeRate: Price): OrderIntent {
  const { id, account, condition, token, side } = signal
  return { key: orderKeyOf(id, 1), signal: id, account, condition, token, side, limit, size, lifetime: 'kill', feeRate }
}
