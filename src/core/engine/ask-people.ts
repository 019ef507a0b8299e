import { averagePrice, bestAsk, type OrderBook, walk } from '../market/book.ts'
import { AGAIN_WAIT_MS, boundFor, personsNeeded, ROUNDS_MAX } from '../order/approval.ts'
import type { OrderIntent } from '../order/order.ts'
import { type Candidate, clear, type Quote } from '../risk/gates.ts'
import type { Refusal, RefusalCode } from '../risk/refusals.ts'
import { later } from '../units/ids.ts'
import { greatest, least, NO_USD, notional, type Price, plus, type Usd } from '../units/money.ts'
import type { Bound, Signal } from '../whale/signal.ts'
import { candidateOf, RESERVE_FIXED, type Terms } from './candidate.ts'
import type { Deciding } from './deciding.ts'
import type { Exposure, FactOf } from './fact.ts'

/** What a book says no to that would say yes at another price: people are then asked about that one. */
const ONLY_THE_PRICE: ReadonlySet<RefusalCode> = new Set(['BOOK_EMPTY', 'APPROVAL_BOUND_EXCEEDED'])

/** Whether what was approved cannot be had, and nothing else is in the way. */
export function isBeyondBound(bound: Bound | undefined, refused: readonly Refusal[]): boolean {
  return bound !== undefined && refused.every(({ code }) => ONLY_THE_PRICE.has(code))
}

/**
 * Asks people about a trade as the book is now: not "the trade", but at most this price, at most these dollars, until then. The
 * price is the one that was seen and a little beyond it, so that a yes is to what was shown; `again` says why an earlier card is
 * void, and the amount that a person had chosen on it is kept. What every gate would refuse is refused, and nobody is asked.
 */
export function askPeople(
  deciding: Deciding,
  signal: Signal,
  quote: Quote,
  again: FactOf<'approvalAsked'>['again'],
): void {
  const { state, at, conclude } = deciding
  const { limits } = state
  const before = signal.stage.kind === 'quoting' ? signal.stage : undefined
  const round = before?.round ?? 1
  const wish = before?.bound?.wish
  const terms: Terms = { bound: undefined, ceiling: undefined, wasAsked: again !== undefined, wish }
  const asked = withinSight(deciding, signal, quote, terms)
  const answer = clear(asked)
  const isEndless = round > ROUNDS_MAX
  if ('refused' in answer || asked.order === undefined || isEndless) {
    const endless = { code: 'APPROVAL_BOUND_EXCEEDED', detail: 'the price keeps running away' } as const
    conclude({
      kind: 'signalRefused',
      signal: signal.id,
      refusals: 'refused' in answer ? answer.refused : [endless],
    })
    return
  }
  const { intent, met } = asked.order
  const { limit, size, side } = intent
  const most = side === 'buy' ? asked.order.reserve : notional(size, limit, 'down')
  const waitMs = again === undefined ? limits.approvalWaitMs : Math.min(limits.approvalWaitMs, AGAIN_WAIT_MS)
  const bound = withWish({ side, limit, size, dollars: most, expiresAt: later(at, waitMs) }, wish)
  const dollars = side === 'buy' ? bound.dollars : NO_USD
  const expected = averagePrice(walk(quote.book, side, size, limit), side) ?? limit
  conclude({
    kind: 'approvalAsked',
    signal: signal.id,
    round,
    bound,
    stake: asked.stake,
    expected,
    persons: personsNeeded(limits, dollars),
    met,
    after: exposureAfter(asked, dollars),
    ...(again === undefined ? {} : { again }),
  })
}

/** The bound with what a person wants to spend, and never for more than that. */
function withWish(bound: Bound, wish: Usd | undefined): Bound {
  if (wish === undefined) return bound
  return wish < bound.dollars ? boundFor(bound, wish, RESERVE_FIXED) : { ...bound, wish }
}

/** The same trade no dearer than the book shows it, and a little beyond. An exit keeps its own limit: leaving late costs more. */
function withinSight(deciding: Deciding, signal: Signal, quote: Quote, terms: Terms): Candidate {
  const first = candidateOf(deciding, signal, quote, terms)
  if (first.order === undefined || signal.side === 'sell') return first
  const seen = worstPrice(quote.book, first.order.intent)
  const ceiling = least(first.order.intent.limit, plus(seen, deciding.state.limits.approvalSlipMax))
  return candidateOf(deciding, signal, quote, { ...terms, ceiling: greatest(seen, ceiling) })
}

/** The last price that an order would take, where it is met at all. */
function worstPrice(book: OrderBook, { side, size, limit }: OrderIntent): Price {
  return walk(book, side, size, limit).levels.at(-1)?.price ?? bestAsk(book) ?? limit
}

function exposureAfter({ standing }: Candidate, dollars: Usd): Exposure {
  const { equity, exposure } = standing
  return {
    equity,
    all: plus(exposure.all, dollars),
    market: plus(exposure.market, dollars),
    category: plus(exposure.category, dollars),
  }
}
