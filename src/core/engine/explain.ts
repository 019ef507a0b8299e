import type { PositionFacts } from '../ledger/position.ts'
import type { Fill } from '../order/order.ts'
import { REFUSALS, type RefusalCode } from '../risk/refusals.ts'
import type { Stake } from '../sizing/stake.ts'
import type { Instant, PersonId, SignalId } from '../units/ids.ts'
import { NO_SHARES, NO_USD, type Price, plus, priceOf, type Shares, scaled, type Usd } from '../units/money.ts'
import type { Bound, Signal, Verdict } from '../whale/signal.ts'
import { type Fact, type Seen, signalOf } from './fact.ts'

/** A fact with its place in the journal. */
export type Noted = { readonly seq: number; readonly at: Instant; readonly fact: Fact }

/** One refusal as a person reads it. */
export type Reason = { readonly code: RefusalCode; readonly sentence: string; readonly detail: string }

/** One step of sizing: what it multiplied by (nothing for the base and for caps), and the stake after it. */
export type Weight = {
  readonly name: string
  readonly ratio: number | undefined
  readonly after: Usd
  readonly reason: string
}

/** What happened to a signal, one thing at a time. */
export type Chapter = { readonly seq: number; readonly at: Instant } & (
  | { readonly kind: 'opened'; readonly signal: Signal }
  | { readonly kind: 'quoted'; readonly round: number }
  | {
      readonly kind: 'weighed'
      readonly seen: Seen
      readonly market: PositionFacts
      readonly stake: Stake | undefined
      readonly weights: readonly Weight[]
    }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] }
  | { readonly kind: 'asked'; readonly bound: Bound; readonly expected: Price }
  | { readonly kind: 'approved'; readonly by: PersonId; readonly surface: string }
  | { readonly kind: 'declined'; readonly by: PersonId; readonly surface: string; readonly why: string }
  | { readonly kind: 'expired'; readonly waitedMs: number }
  | { readonly kind: 'withdrawn'; readonly why: string }
  | {
      readonly kind: 'sent'
      readonly side: Signal['side']
      readonly limit: Price
      readonly size: Shares
      readonly reserve: Usd
    }
  | { readonly kind: 'uncertain'; readonly why: string }
  /** Asked about, so often. */
  | { readonly kind: 'probed'; readonly times: number }
  | { readonly kind: 'rested' }
  | { readonly kind: 'cancelling' }
  | {
      readonly kind: 'filled'
      readonly fills: number
      readonly size: Shares
      readonly average: Price
      readonly notional: Usd
      readonly fee: Usd
    }
  | { readonly kind: 'ended'; readonly status: 'filled' | 'cancelled' | 'expired' | 'rejected'; readonly why: string }
  | { readonly kind: 'copied'; readonly size: Shares; readonly average: Price }
  | { readonly kind: 'settled'; readonly payout: Price }
  | { readonly kind: 'realised'; readonly profit: Usd; readonly fee: Usd }
  | { readonly kind: 'closed'; readonly profit: Usd }
)

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

/** One member of a union at a time without the place in the journal, which is the same for all. */
type Happening = Chapter extends infer One ? (One extends Chapter ? Omit<One, 'seq' | 'at'> : never) : never

function tell(fact: Fact): Happening | undefined {
  switch (fact.kind) {
    case 'signalOpened':
      return { kind: 'opened', signal: fact.signal }
    case 'quoteAsked':
      return fact.round === 1 ? undefined : { kind: 'quoted', round: fact.round }
    case 'signalWeighed': {
      const { seen, market, stake } = fact
      return { kind: 'weighed', seen, market, stake, weights: stake === undefined ? [] : weightsOf(stake) }
    }
    case 'signalRefused':
      return { kind: 'refused', reasons: fact.refusals.map(each => ({ ...each, sentence: REFUSALS[each.code] })) }
    case 'approvalAsked':
      return { kind: 'asked', bound: fact.bound, expected: fact.expected }
    case 'approvalGiven':
      return { kind: 'approved', by: fact.by.person, surface: fact.by.surface }
    case 'signalDeclined':
      return { kind: 'declined', by: fact.by.person, surface: fact.by.surface, why: fact.why }
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

/** Fills as one: their size, what a share cost on average, and their fees. There is at least one. */
export function filledChapter(fills: readonly Fill[]): Extract<Happening, { readonly kind: 'filled' }> {
  const size = fills.reduce((sum, fill) => plus(sum, fill.size), NO_SHARES)
  const notional = fills.reduce((sum, fill) => plus(sum, fill.notional), NO_USD)
  const fee = fills.reduce((sum, fill) => plus(sum, fill.fee), NO_USD)
  return { kind: 'filled', fills: fills.length, size, average: priceOf(notional, size, 'up'), notional, fee }
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

/** In the order of the journal, with neighbours of one kind told as one: fills of one entry, probes, profits. */
function merged(chapters: readonly Chapter[]): readonly Chapter[] {
  const inOrder = [...chapters].sort((one, other) => one.seq - other.seq)
  const told: Chapter[] = []
  for (const next of inOrder) {
    const last = told.at(-1)
    const both = last === undefined ? undefined : together(last, next)
    if (both === undefined) told.push(next)
    else told[told.length - 1] = both
  }
  return told
}

function together(last: Chapter, next: Chapter): Chapter | undefined {
  if (last.kind === 'probed' && next.kind === 'probed') return { ...next, times: last.times + 1 }
  if (last.kind === 'realised' && next.kind === 'realised' && last.seq === next.seq) {
    return { ...next, profit: plus(last.profit, next.profit), fee: plus(last.fee, next.fee) }
  }
  if (last.kind !== 'filled' || next.kind !== 'filled' || last.seq !== next.seq) return undefined
  const size = plus(last.size, next.size)
  const notional = plus(last.notional, next.notional)
  return {
    ...next,
    fills: last.fills + next.fills,
    size,
    average: priceOf(notional, size, 'up'),
    notional,
    fee: plus(last.fee, next.fee),
  }
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`
}
