import { assert, type Brand } from './brand.ts'

/** A market's condition, `0x` and 62 or 64 hex digits, lower case. */
export type ConditionId = Brand<string, 'ConditionId'>
/** An outcome token, a decimal number as text. The one name for it: never asset id or position id. */
export type TokenId = Brand<string, 'TokenId'>
/** The wallet that trades, `0x` and 40 hex digits, lower case. */
export type WhaleAddress = Brand<string, 'WhaleAddress'>
/** One intention of a whale, however many pieces it was filled in and whichever source told it. */
export type SignalId = Brand<string, 'SignalId'>
/** Our name for an order, derived from the signal and the attempt; a venue's own id is an `OrderId`. */
export type OrderKey = Brand<string, 'OrderKey'>
export type OrderId = Brand<string, 'OrderId'>
export type FillId = Brand<string, 'FillId'>
/** A person, the same on every surface. */
export type PersonId = Brand<string, 'PersonId'>
/** Milliseconds since 1970 in UTC. Explains; never orders. */
export type Instant = Brand<number, 'Instant'>
/** A number of a UTC day or hour since 1970. */
export type Day = Brand<number, 'Day'>
export type Hour = Brand<number, 'Hour'>

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
/** The last instant a JavaScript date can hold. */
const LAST_INSTANT = 8_640_000_000_000_000

export function instant(ms: number): Instant {
  assert(Number.isInteger(ms), 'an instant is a whole number of milliseconds')
  assert(ms >= 0, 'an instant is not before 1970')
  assert(ms <= LAST_INSTANT, 'an instant is one that a date can hold')
  return ms as Instant
}

export function later(from: Instant, byMs: number): Instant {
  return instant(from + byMs)
}

export function dayOf(at: Instant): Day {
  return Math.floor(at / DAY_MS) as Day
}

export function hourOf(at: Instant): Hour {
  return Math.floor(at / HOUR_MS) as Hour
}

export function startOfDay(day: number): Instant {
  return instant(day * DAY_MS)
}

export function startOfHour(hour: number): Instant {
  return instant(hour * HOUR_MS)
}

/** A wallet address in its one spelling, or `undefined` for what is none. */
export function whaleAddress(text: string): WhaleAddress | undefined {
  return /^0x[0-9a-fA-F]{40}$/.test(text) ? (text.toLowerCase() as WhaleAddress) : undefined
}

export function conditionId(text: string): ConditionId | undefined {
  return /^0x(?:[0-9a-fA-F]{62}|[0-9a-fA-F]{64})$/.test(text) ? (text.toLowerCase() as ConditionId) : undefined
}

/** A token id: 1 to 78 decimal digits (an unsigned 256-bit number). */
export function tokenId(text: string): TokenId | undefined {
  return /^\d{1,78}$/.test(text) ? (text as TokenId) : undefined
}

/**
 * The identity of a whale's trade: everything that one order of one wallet has in common, whichever source reports it.
 * Pieces of the same order in the same transaction therefore share it, and a trade told three times is one signal.
 */
export function signalIdOf(trade: {
  readonly transaction: string
  readonly whale: WhaleAddress
  readonly token: TokenId
  readonly side: 'buy' | 'sell'
  /** Set where shares left without an order; one transaction may both sell some and merge others. */
  readonly how?: string
}): SignalId {
  const act = trade.how === undefined ? trade.side : 'left'
  return `${trade.transaction}:${trade.whale}:${trade.token}:${act}` as SignalId
}

/** One wallet's part in one market of one transaction: whatever two sources tell under the same key is told of the same moment. */
export type DealKey = Brand<string, 'DealKey'>

/** A market's id has 62 or 64 digits depending on who writes it; the first 62 are the same. */
const CONDITION_LENGTH = 64

export function dealKeyOf(trade: {
  readonly transaction: string
  readonly whale: WhaleAddress
  readonly condition: ConditionId
}): DealKey {
  return `${trade.transaction}:${trade.whale}:${trade.condition.slice(0, CONDITION_LENGTH)}` as DealKey
}

/** What a deal grew by after `told` of it was known, where that is a signal of its own. */
export function restIdOf(trade: Parameters<typeof signalIdOf>[0], told: bigint): SignalId {
  return `${signalIdOf(trade)}${REST_MARK}${told}` as SignalId
}

/** Whether a signal is of what this deal grew by. */
export function isRestOf(signal: SignalId, deal: DealKey): boolean {
  const wallet = deal.slice(0, deal.lastIndexOf(':') + 1)
  return isRest(signal) && signal.startsWith(wallet)
}

export function isRest(signal: SignalId): boolean {
  return signal.includes(REST_MARK)
}

const REST_MARK = '+'

/** A person's own wish to close is a signal too; the press that asked for it gives the identity. */
export function closingIdOf(press: string): SignalId {
  return `close:${press}` as SignalId
}

/** One order for one decision: the same signal and attempt can only ever give the same key. */
export function orderKeyOf(signal: SignalId, attempt: number): OrderKey {
  return `${signal}/${attempt}` as OrderKey
}

/**
 * What a person types for a signal: six letters and digits derived from its identity, without the ones that look alike.
 * Two signals may share one (1 in a billion); the tables then answer with the younger.
 */
export function shortOf(signal: SignalId): string {
  let high = 0x811c9dc5
  let low = 0xc9dc5811
  for (let index = 0; index < signal.length; index += 1) {
    const code = signal.charCodeAt(index)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ (code + index), 0x85ebca6b)
  }
  let rest = BigInt(high >>> 0) * 0x1_0000_0000n + BigInt(low >>> 0)
  let text = ''
  for (let letters = 0; letters < 6; letters += 1) {
    text += SHORT_LETTERS[Number(rest % 31n)]
    rest /= 31n
  }
  return text
}

const SHORT_LETTERS = '23456789abcdefghjkmnpqrstuvwxyz'
