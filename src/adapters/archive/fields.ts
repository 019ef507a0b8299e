import type { Side } from '../../core/market/market.ts'
import {
  type ConditionId,
  conditionId,
  type Instant,
  instant,
  type TokenId,
  tokenId,
  type WhaleAddress,
  whaleAddress,
} from '../../core/units/ids.ts'
import { type Place, RecordingError } from './recording-error.ts'

/** One object of a recording, not looked into yet. */
export type Fields = Readonly<Record<string, unknown>>

/** The object in a line. Throws a `RecordingError`. */
export function fieldsIn(text: string, at: Place): Fields {
  return asFields(parsed(text, at), at)
}

export function asFields(value: unknown, at: Place): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new RecordingError('an object was expected', at)
}

/** The value in a text of JSON. Throws a `RecordingError`. */
export function parsed(text: string, at: { readonly file: string; readonly line?: number }): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RecordingError('this is not JSON', at, cause)
  }
}

export function textIn(fields: Fields, name: string, at: Place): string {
  const value = fields[name]
  if (typeof value === 'string') return value
  throw new RecordingError(`${name} must be text`, at)
}

/** The text, or nothing where the recording has none. */
export function textOrNone(fields: Fields, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : ''
}

export function conditionIn(fields: Fields, name: string, at: Place): ConditionId {
  return known(conditionId(textIn(fields, name, at)), `${name} must be a condition id`, at)
}

export function asToken(value: unknown, name: string, at: Place): TokenId {
  return known(typeof value === 'string' ? tokenId(value) : undefined, `${name} must be a token id`, at)
}

export function walletIn(fields: Fields, name: string, at: Place): WhaleAddress {
  return known(whaleAddress(textIn(fields, name, at)), `${name} must be a wallet address`, at)
}

/** Which way a trade went, in the venue's capitals. */
export function sideIn(fields: Fields, at: Place): Side {
  if (fields.side === 'BUY') return 'buy'
  if (fields.side === 'SELL') return 'sell'
  throw new RecordingError('side must be BUY or SELL', at)
}

/** An instant in milliseconds. */
export function millisecondsIn(fields: Fields, name: string, at: Place): Instant {
  return known(asInstant(fields[name]), `${name} must be milliseconds since 1970`, at)
}

/** Seconds since 1970, as a number or its text. */
export function secondsIn(value: unknown, name: string, at: Place): Instant {
  const seconds = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value
  const ms = typeof seconds === 'number' ? seconds * 1000 : undefined
  return known(asInstant(ms), `${name} must be seconds since 1970`, at)
}

const TIME = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(?:Z|\+00:00)?$/

/** A time in UTC such as `2026-01-31 23:59:59`, with or without `T`, fractions and zone. */
export function timeIn(value: unknown, name: string, at: Place): Instant {
  const parts = typeof value === 'string' ? TIME.exec(value) : null
  const ms = parts === null ? undefined : Date.parse(`${parts[1]}T${parts[2]}Z`)
  return known(asInstant(ms), `${name} must be a time in UTC such as 2026-01-31 23:59:59`, at)
}

const LAST_MS = 8_640_000_000_000_000

export function asInstant(value: unknown): Instant | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > LAST_MS) return undefined
  return instant(value)
}

export function known<T>(value: T | undefined, rule: string, at: Place): T {
  if (value === undefined) throw new RecordingError(rule, at)
  return value
}
