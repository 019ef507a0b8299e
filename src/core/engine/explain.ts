import type { PositionFacts } from '../ledger/position.ts'
import { REFUSALS } from '../risk/refusals.ts'
import type { Stake } from '../sizing/stake.ts'
import type { Instant, SignalId } from '../units/ids.ts'
import { NO_USD, plus, scaled } from '../units/money.ts'
import type { Signal, Verdict } from '../whale/signal.ts'
import { type Chapter, filledChapter, type Happening, merged, type Weight } from './chapters.ts'
import { type Fact, type FactOf, signalOf } from './fact.ts'

/** A fact with its place in the journal. */
export type Noted = { readonly seq: number; readonly at: Instant; readonly fact: Fact }

/** The whole story of one signal, in the order of the journal. */
export type Story = {
  readonly signal: Signal | undefined
  readonly market: PositionFacts | undefined
  readonly verdict: Verdict | undefined
  readonly chapters: readonly Chapter[]
}

/**
 * Tells a signal's story from facts: its own, and after its first fill those of the position it went into. Facts of other signals
 * are passed over, so that the caller may hand in more than it must. They are in the order of the journal.
 */
export function explain(id: SignalId, facts: readonly Noted[]): Story {
  const own = facts.filter(({ fact }) => signalOf(fact) === id)
  const signal = own.map(({ fact }) => (fact.kind === 'signalOpened' ? fact.signal : undefined)).find(isThere)
  const market = own.map(({ fact }) => (fact.kind === 'signalWeighed' ? fact.market : undefined)).find(isThere)
  const chapters = merged([...own.flatMap(chapterOf), ...afterwards(signal, own, facts)])
  return { signal, market, verdict: own.map(({ fact }) => verdictOf(fact)).find(isThere), chapters }
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined
}

export function verdictOf(fact: Fact): Verdict | undefined {
  switch (fact.kind) {
    case 'signalCopied':
      return 'copied'
    case 'signalRefused':
      return 'refused'
    case 'signalDeclined':
      return 'declined'
    case 'signalExpired':
      return 'expired'
    case 'signalWithdrawn':
      return 'withdrawn'
    default:
      return undefined
  }
}

/** The stake's way from the base through every factor to what the caps left, as `weigh` went it. */
export function weightsOf(stake: Stake): readonly Weight[] {
  const believed = `chance ${percent(stake.chance)} against a cost of ${percent(stake.cost)}`
  const weights: Weight[] = [{ name: 'base', ratio: undefined, after: stake.base, reason: believed }]
  let amount = stake.base
  for (const { name, ratio, reason } of stake.factors) {
    amount = scaled(amount, ratio)
    weights.push({ name, ratio, after: amount, reason })
  }
  for (const cap of stake.caps) {
    if (cap.amount < amount) amount = cap.amount
    weights.push({ name: 'cap', ratio: undefined, after: amount, reason: cap.name })
  }
  return weights
}

function chapterOf({ seq, at, fact }: Noted): readonly Chapter[] {
  const told = tell(fact)
  return told === undefined ? [] : [{ seq, at, ...told }]
}

function tell(fact: Fact): Happening | undefined {
  switch (fact.kind) {
    case 'signalOpened':
      return { kind: 'opened', signal: fact.signal }
    case 'tradeJoined':
      return { kind: 'joined', pieces: 1, size: fact.trade.size }
    case 'tradeContradicted':
      return { kind: 'contradicted', trade: fact.trade }
    case 'quoteAsked':
      return fact.round === 1 ? undefined : { kind: 'quoted', round: fact.round }
    case 'signalWeighed': {
      const { seen, market, stake } = fact
      return { kind: 'weighed', seen, market, stake, weights: stake === undefined ? [] : weightsOf(stake) }
    }
    case 'signalRefused':
      return { kind: 'refused', reasons: fact.refusals.map(each => ({ ...each, sentence: REFUSALS[each.code] })) }
    case 'approvalAsked':
      return askedChapter(fact)
    case 'approvalVoted':
      return { kind: 'voted', by: fact.by.person, surface: fact.by.surface }
    case 'approvalGiven':
      return { kind: 'approved', by: fact.by.person, surface: fact.by.surface, dollars: fact.bound?.dollars }
    case 'signalDeclined': {
      const { by, why, vetoed } = fact
      return { kind: 'declined', by: by.person, surface: by.surface, why, vetoed }
    }
    case 'declineExplained':
      return { kind: 'reasoned', by: fact.by.person, surface: fact.by.surface, why: fact.why }
    case 'instructionRefused': {
      const { instruction, by, why } = fact
      return { kind: 'unheard', press: instruction, by: by.person, surface: by.surface, why }
    }
    case 'signalExpired':
      return { kind: 'expired', waitedMs: fact.waitedMs }
    case 'signalWithdrawn':
      return { kind: 'withdrawn', why: fact.why }
    case 'orderPlanned': {
      const { side, limit, size } = fact.intent
      return { kind: 'sent', side, limit, size, reserve: fact.reserve }
    }
    case 'orderBecameUncertain':
      return { kind: 'uncertain', why: fact.why }
    case 'orderProbed':
      return { kind: 'probed', times: 1 }
    case 'orderRested':
      return { kind: 'rested' }
    case 'cancelAsked':
      return { kind: 'cancelling' }
    case 'orderFilled':
      return filledChapter([fact.fill])
    case 'orderClosed':
      return { kind: 'ended', status: fact.status, why: fact.why }
    case 'signalCopied':
      return { kind: 'copied', size: fact.size, average: fact.average }
    default:
      return undefined
  }
}

function askedChapter(fact: FactOf<'approvalAsked'>): Happening {
  const { round, bound, expected, persons = 1, again, by } = fact
  return { kind: 'asked', round, bound, expected, persons, again, by: by?.person }
}

/** What became of the position after this signal's first fill, until it was closed: payouts, profit, the end. */
function afterwards(signal: Signal | undefined, own: readonly Noted[], facts: readonly Noted[]): readonly Chapter[] {
  const first = own.find(({ fact }) => fact.kind === 'orderFilled')
  if (signal === undefined || first === undefined) return []
  const chapters: Chapter[] = []
  for (const { seq, at, fact } of facts) {
    if (seq < first.seq || !('account' in fact) || fact.account !== signal.account) continue
    if (fact.kind === 'marketSettled' && fact.condition === signal.condition) {
      const payout = fact.payouts.find(each => each.token === signal.token)?.price
      if (payout !== undefined) chapters.push({ seq, at, kind: 'settled', payout })
    }
    // A purchase's fee is booked as a loss at once; it is told with the fill already.
    const isFee = fact.kind === 'profitRealised' && plus(fact.profit, fact.fee) === NO_USD
    if (fact.kind === 'profitRealised' && fact.token === signal.token && !isFee) {
      chapters.push({ seq, at, kind: 'realised', profit: fact.profit, fee: fact.fee })
    }
    if (fact.kind !== 'positionClosed' || fact.token !== signal.token) continue
    chapters.push({ seq, at, kind: 'closed', profit: fact.profit })
    break
  }
  return chapters
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`
}
