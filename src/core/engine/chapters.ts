import type { PositionFacts } from '../ledger/position.ts'
import type { Fill } from '../order/order.ts'
import type { RefusalCode } from '../risk/refusals.ts'
import type { Stake } from '../sizing/stake.ts'
import type { Instant, PersonId } from '../units/ids.ts'
import { NO_SHARES, NO_USD, type Price, plus, priceOf, type Shares, type Usd } from '../units/money.ts'
import type { Bound, Signal } from '../whale/signal.ts'
import type { WhaleTrade } from '../whale/trade.ts'
import type { Seen } from './fact.ts'

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
  /** Further pieces of the trade, told after it was heard of. */
  | { readonly kind: 'joined'; readonly pieces: number; readonly size: Shares }
  /** Another source told the opposite bet on the same deal. */
  | { readonly kind: 'contradicted'; readonly trade: WhaleTrade }
  | { readonly kind: 'quoted'; readonly round: number }
  | {
      readonly kind: 'weighed'
      readonly seen: Seen
      readonly market: PositionFacts
      readonly stake: Stake | undefined
      readonly weights: readonly Weight[]
    }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] }
  /** A card, by its version: who is asked what, and for a later version why, and whose press it was. */
  | {
      readonly kind: 'asked'
      readonly round: number
      readonly bound: Bound
      readonly expected: Price
      readonly persons: number
      readonly again: 'moved' | 'amount' | undefined
      readonly by: PersonId | undefined
    }
  /** A yes that was not the last that is needed. */
  | { readonly kind: 'voted'; readonly by: PersonId; readonly surface: string }
  /** `dollars` where it is not what the card said. */
  | { readonly kind: 'approved'; readonly by: PersonId; readonly surface: string; readonly dollars: Usd | undefined }
  /** `vetoed`: who had said yes before. */
  | {
      readonly kind: 'declined'
      readonly by: PersonId
      readonly surface: string
      readonly why: string
      readonly vetoed: PersonId | undefined
    }
  /** The reason of a no, given after it. */
  | { readonly kind: 'reasoned'; readonly by: PersonId; readonly surface: string; readonly why: string }
  /** A press that came to nothing: too late, to an older version, or for an amount that cannot be. */
  | {
      readonly kind: 'unheard'
      readonly press: string
      readonly by: PersonId
      readonly surface: string
      readonly why: string
    }
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

/** One member of a union at a time without the place in the journal, which is the same for all. */
export type Happening = Chapter extends infer One ? (One extends Chapter ? Omit<One, 'seq' | 'at'> : never) : never

/** In the order of the journal, with neighbours of one kind told as one: fills of one entry, pieces, probes, profits. */
export function merged(chapters: readonly Chapter[]): readonly Chapter[] {
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
  if (last.kind === 'joined' && next.kind === 'joined') {
    return { ...next, pieces: last.pieces + next.pieces, size: plus(last.size, next.size) }
  }
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

/** Fills as one: their size, what a share cost on average, and their fees. There is at least one. */
export function filledChapter(fills: readonly Fill[]): Extract<Happening, { readonly kind: 'filled' }> {
  const size = fills.reduce((sum, fill) => plus(sum, fill.size), NO_SHARES)
  const notional = fills.reduce((sum, fill) => plus(sum, fill.notional), NO_USD)
  const fee = fills.reduce((sum, fill) => plus(sum, fill.fee), NO_USD)
  return { kind: 'filled', fills: fills.length, size, average: priceOf(notional, size, 'up'), notional, fee }
}
