import { exitSize, type PositionFacts } from '../ledger/position.ts'
import { averagePrice, bestAsk, bestBid, walk } from '../market/book.ts'
import { type Market, outcomeOf } from '../market/market.ts'
import type { Account } from '../order/order.ts'
import { clear, refusals } from '../risk/gates.ts'
import type { Refusal } from '../risk/refusals.ts'
import { later, type SignalId, shortOf, signalIdOf } from '../units/ids.ts'
import { NO_SHARES, NO_USD, notional, ZERO } from '../units/money.ts'
import type { Bound, Signal, Stage } from '../whale/signal.ts'
import type { WhaleTrade } from '../whale/trade.ts'
import { candidateOf } from './candidate.ts'
import type { Deciding } from './deciding.ts'
import type { InputOf } from './input.ts'
import { booksOf, leavingKey, SIGNALS_MAX } from './state.ts'

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

/** A whale that sells gives up what we followed, and takes back what is not ordered yet. */
function leave({ state, conclude }: Deciding, trade: WhaleTrade, isHeld: boolean): void {
  if (isHeld) {
    conclude({ kind: 'whaleSold', account: 'paper', token: trade.token, whale: trade.whale, size: trade.size })
  }
  for (const id of [...(state.undecided.get(trade.token) ?? [])]) {
    const origin = state.signals.get(id)?.origin
    const isOwn = origin?.kind === 'whale' && origin.trade.whale === trade.whale && origin.trade.side === 'buy'
    if (isOwn) conclude({ kind: 'signalWithdrawn', signal: id, why: 'the whale sold before it was copied' })
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
  conclude({ kind: 'signalExpired', signal: signal.id, waitedMs: at - signal.openedAt })
}

type QuotingStage = Extract<Stage, { kind: 'quoting' }>

/** An answer counts once, and only the one that was asked for last. */
function quotingStage(signal: Signal | undefined, round: number): QuotingStage | undefined {
  return signal?.stage.kind === 'quoting' && signal.stage.round === round ? signal.stage : undefined
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
