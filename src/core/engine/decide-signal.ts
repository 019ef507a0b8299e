import type { PositionFacts } from '../ledger/position.ts'
import { bestAsk, bestBid } from '../market/book.ts'
import { type Market, outcomeOf } from '../market/market.ts'
import { clear } from '../risk/gates.ts'
import { NO_USD, ZERO } from '../units/money.ts'
import type { Bound, Signal, Stage } from '../whale/signal.ts'
import { askPeople, isBeyondBound } from './ask-people.ts'
import { candidateOf } from './candidate.ts'
import type { Deciding } from './deciding.ts'
import type { InputOf } from './input.ts'

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
    if (isBeyondBound(stage.bound, answer.refused)) askPeople(deciding, signal, quote, 'moved')
    else conclude({ kind: 'signalRefused', signal: signal.id, refusals: answer.refused })
    return
  }
  const reserve = candidate.order?.reserve ?? NO_USD
  const needsPerson = state.mode.approvals && stage.bound === undefined && signal.origin.kind === 'whale'
  if (needsPerson) {
    askPeople(deciding, signal, quote, undefined)
    return
  }
  const { id, payload } = deciding.prepare(answer.cleared, at)
  const mark = bestBid(quote.book) ?? ZERO
  conclude({ kind: 'orderPlanned', intent: answer.cleared, id, payload, reserve, market, mark, at })
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
