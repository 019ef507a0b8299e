import { drawdown, lossSince } from '../ledger/performance.ts'
import { exitSize, type PositionFacts } from '../ledger/position.ts'
import { averagePrice, bestAsk, bestBid, LEVELS_MAX, spread, walk } from '../market/book.ts'
import { type Market, outcomeOf, takerFee, toGrid } from '../market/market.ts'
import type { Account, OrderIntent } from '../order/order.ts'
import { type Candidate, clear, type Quote, refusals, type Standing } from '../risk/gates.ts'
import { tradingState } from '../risk/holds.ts'
import type { Refusal } from '../risk/refusals.ts'
import { type Stake, weigh } from '../sizing/stake.ts'
import { later, orderKeyOf, type SignalId, shortOf, signalIdOf } from '../units/ids.ts'
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
  shares,
  sharesFor,
  type Usd,
  ZERO,
} from '../units/money.ts'
import type { Bound, Signal, Stage } from '../whale/signal.ts'
import type { WhaleTrade } from '../whale/trade.ts'
import type { Deciding } from './deciding.ts'
import type { InputOf } from './input.ts'
import { booksOf, equityOf, freeCash, leavingKey, SIGNALS_MAX } from './state.ts'

/** The venue takes sizes of two decimals. */
const SIZE_STEP = shares('0.01')
/** How far under the best bid an exit still sells: leaving late costs more than leaving cheap. */
const EXIT_SLIP = price('0.05')

/** A whale's trade, told by some source: opened as a signal once, refused at once where that can be said, else quoted. */
export function decideTrade(deciding: Deciding, trade: WhaleTrade): void {
  const { state, at, conclude } = deciding
  const id = signalIdOf(trade)
  if (!state.whales.has(trade.whale) || state.known.has(id) || trade.happenedAt <= state.forgottenAt) return
  const account: Account = 'paper'
  const held = booksOf(state, account).positions.get(trade.token)
  const isExit = trade.side === 'sell'
  const leaving = state.leaving.get(leavingKey(account, trade.token, trade.whale)) ?? NO_SHARES
  const exit = isExit && held !== undefined ? exitSize(held, trade.whale, trade.size, leaving) : NO_SHARES
  const signal: Signal = {
    id,
    short: shortOf(id),
    origin: { kind: 'whale', trade },
    account,
    condition: trade.condition,
    token: trade.token,
    side: trade.side,
    openedAt: at,
    exit,
    stage: { kind: 'quoting', round: 1, bound: undefined, approvedBy: undefined },
  }
  conclude({ kind: 'signalOpened', signal })
  if (isExit) leave(deciding, trade, held !== undefined)
  const early = earlyRefusals(deciding, signal)
  if (early.length > 0) conclude({ kind: 'signalRefused', signal: id, refusals: early })
  else ask(deciding, signal, 1, undefined, undefined)
}

/** What can be said before any book is asked for. A flood is refused here, so that what is on its way stays bounded. */
function earlyRefusals(deciding: Deciding, signal: Signal): readonly Refusal[] {
  if (deciding.state.signals.size <= SIGNALS_MAX) return refusals(candidateOf(deciding, signal, undefined))
  return [{ code: 'TOO_MANY_SIGNALS', detail: `${SIGNALS_MAX} are on their way` }]
}

/** A whale that sells gives up what we followed, and takes back what still waits for a person. */
function leave({ state, conclude }: Deciding, trade: WhaleTrade, isHeld: boolean): void {
  if (isHeld) {
    conclude({ kind: 'whaleSold', account: 'paper', token: trade.token, whale: trade.whale, size: trade.size })
  }
  for (const id of [...(state.waiting.get(trade.token) ?? [])]) {
    const origin = state.signals.get(id)?.origin
    const isOwn = origin?.kind === 'whale' && origin.trade.whale === trade.whale && origin.trade.side === 'buy'
    if (isOwn) conclude({ kind: 'signalWithdrawn', signal: id, why: 'the whale sold before anyone decided' })
  }
}

/** Asks for a book that is fresh now. */
export function ask(
  { conclude }: Deciding,
  signal: Pick<Signal, 'id' | 'condition' | 'token'>,
  round: number,
  bound: Bound | undefined,
  approvedBy: Extract<Stage, { kind: 'quoting' }>['approvedBy'],
): void {
  const { id, condition, token } = signal
  conclude({ kind: 'quoteAsked', signal: id, condition, token, round, bound, approvedBy })
}

export function decideQuoteFailure({ state, conclude }: Deciding, input: InputOf<'quoteFailed'>): void {
  if (quotingStage(state.signals.get(input.signal), input.round) === undefined) return
  const refused = [{ code: 'QUOTE_UNAVAILABLE' as const, detail: input.why }]
  conclude({ kind: 'signalRefused', signal: input.signal, refusals: refused })
}

/** The book is here: weigh, ask every gate, and then refuse, ask a person, or plan the order. */
export function decideQuote(deciding: Deciding, input: InputOf<'quoteArrived'>): void {
  const { state, at, conclude } = deciding
  const signal = state.signals.get(input.signal)
  const stage = quotingStage(signal, input.round)
  if (signal === undefined || stage === undefined) return
  const { quote } = input
  const candidate = candidateOf(deciding, signal, quote)
  const market = factsOf(signal, quote.market)
  conclude({
    kind: 'signalWeighed',
    signal: signal.id,
    seen: {
      bid: bestBid(quote.book),
      ask: bestAsk(quote.book),
      liquidity: quote.market.liquidity,
      bookAgeMs: at - quote.book.happenedAt,
    },
    stake: candidate.stake,
    market,
  })
  const answer = clear(candidate)
  if ('refused' in answer) {
    conclude({ kind: 'signalRefused', signal: signal.id, refusals: answer.refused })
    return
  }
  const reserve = candidate.order?.reserve ?? NO_USD
  const needsPerson = state.mode.approvals && stage.bound === undefined && signal.origin.kind === 'whale'
  if (needsPerson) {
    const { limit, size, side } = answer.cleared
    const expected = averagePrice(walk(quote.book, side, size, limit), side) ?? limit
    const dollars = side === 'buy' ? reserve : notional(size, limit, 'down')
    const bound = { side, limit, size, dollars, expiresAt: later(at, state.limits.approvalWaitMs) }
    const { round } = input
    conclude({ kind: 'approvalAsked', signal: signal.id, round, bound, stake: candidate.stake, expected })
    return
  }
  const { id, payload } = deciding.prepare(answer.cleared, at)
  const mark = bestBid(quote.book) ?? ZERO
  conclude({ kind: 'orderPlanned', intent: answer.cleared, id, payload, reserve, market, mark, at })
}

export function expireApproval(
  { state, at, conclude }: Deciding,
  timer: { readonly signal: SignalId; readonly round: number },
): void {
  const signal = state.signals.get(timer.signal)
  if (signal?.stage.kind !== 'waiting' || signal.stage.round !== timer.round) return
  if (at < signal.stage.bound.expiresAt) return
  conclude({ kind: 'signalExpired', signal: signal.id, waitedMs: state.limits.approvalWaitMs })
}

type QuotingStage = Extract<Stage, { kind: 'quoting' }>

/** An answer counts once, and only the one that was asked for last. */
function quotingStage(signal: Signal | undefined, round: number): QuotingStage | undefined {
  return signal?.stage.kind === 'quoting' && signal.stage.round === round ? signal.stage : undefined
}

/** Everything the gates may ask, as far as it is known by now. */
function candidateOf({ state, at }: Deciding, signal: Signal, quote: Quote | undefined): Candidate {
  const books = booksOf(state, signal.account)
  const whale = signal.origin.kind === 'whale' ? state.whales.get(signal.origin.trade.whale) : undefined
  const bound = signal.stage.kind === 'quoting' ? signal.stage.bound : undefined
  const category = quote?.market.category ?? ''
  const standing: Standing = {
    equity: equityOf(books),
    free: freeCash(books),
    positions: books.positions.size,
    holdsToken: books.positions.has(signal.token),
    exposure: {
      all: books.exposed,
      market: books.exposedByMarket.get(signal.condition) ?? NO_USD,
      category: books.exposedByCategory.get(category) ?? NO_USD,
    },
  }
  const { limits } = state
  const exit = signal.side === 'sell' ? exitOf({ state }, signal) : NO_SHARES
  const base = { at, limits, trading: tradingState(state.holds.values()), signal, whale, standing, exit, quote, bound }
  if (quote === undefined) return { ...base, stake: undefined, order: undefined }
  if (signal.side === 'sell') return { ...base, stake: undefined, order: exitOrder(signal, exit, quote) }

  const limit = entryLimit(signal, quote.market, limits.priceMoveMax, bound)
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
  })
  return { ...base, stake, order: entryOrder(signal, stake, limit, worst, quote, bound) }
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

/** The dearest acceptable price: so far above the whale's, on the grid, and never above what a person approved. */
function entryLimit(signal: Signal, market: Market, moveMax: Price, bound: Bound | undefined): Price {
  const wish = plus(priceOfWhale(signal) ?? ZERO, moveMax)
  const limit = toGrid(least(wish, minus(ONE, market.tick)), market.tick, 'down')
  return bound === undefined ? limit : least(limit, bound.limit)
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
  // A fee is largest at the price nearest a half, and each level of the book rounds by itself.
  const dearest = least(limit, (MILLION / 2n) as Price)
  const rounding = BigInt(2 * LEVELS_MAX) as Usd
  const reserve = plus(plus(notional(size, limit, 'up'), takerFee(size, dearest, feeRate)), rounding)
  const met = walk(quote.book, 'buy', size, limit).size
  return { intent: intentOf(signal, limit, size, feeRate), reserve, met }
}

/** Shares to sell: our part of what the whale gives up, or a person's part of the position; in steps the venue takes. */
function exitOf({ state }: Pick<Deciding, 'state'>, signal: Signal): Shares {
  const held = booksOf(state, signal.account).positions.get(signal.token)
  if (held === undefined) return NO_SHARES
  if (signal.origin.kind === 'person') {
    return floorTo(mulDiv(held.shares, signal.origin.part, MILLION, 'down') as Shares, SIZE_STEP)
  }
  return floorTo(least(signal.exit, held.shares), SIZE_STEP)
}

function exitOrder(signal: Signal, exit: Shares, quote: Quote): Candidate['order'] {
  const bid = bestBid(quote.book)
  if (exit === NO_SHARES || bid === undefined) return undefined
  const limit = toGrid(greatest(minus(bid, EXIT_SLIP), quote.market.tick), quote.market.tick, 'up')
  const met = walk(quote.book, 'sell', exit, limit).size
  return { intent: intentOf(signal, limit, exit, quote.market.feeRate), reserve: NO_USD, met }
}

function intentOf(signal: Signal, limit: Price, size: Shares, feeRate: Price): OrderIntent {
  const { id, account, condition, token, side } = signal
  return { key: orderKeyOf(id, 1), signal: id, account, condition, token, side, limit, size, lifetime: 'kill', feeRate }
}

function factsOf(signal: Signal, market: Market): PositionFacts {
  return {
    account: signal.account,
    token: signal.token,
    condition: signal.condition,
    category: market.category,
    title: market.title,
    outcome: outcomeOf(market, signal.token)?.name ?? '?',
  }
}
