import { z } from 'zod'
import type { Side } from '../../core/market/market.ts'
import { conditionId, type Instant, instant, tokenId, type WhaleAddress, whaleAddress } from '../../core/units/ids.ts'
import { MILLION, millionths, type Price, type Shares, type Usd } from '../../core/units/money.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'

/** Why a row is not taken: a sentence for a log, never the row's own text. */
export type Fault = { readonly fault: string }

/** An amount as the services write it: a JSON number here, decimal text there. */
export const amount = z.union([z.number(), z.string()])
/** Text that may be missing. */
export const text = z.string().nullish()
export const flag = z.boolean().nullish()

/** Longer titles and names are a mistake or an attack: they are journaled and shown in chats. */
const TEXT_MAX = 300
/** 1e11 seconds are the year 5138 and 1e11 milliseconds 1973: no instant of this venue is near either. */
const SECONDS_BELOW = 1e11
const MS_BELOW = 1e14
/** `outcome_index` where the service does not know it. */
const OUTCOME_UNKNOWN = 999

const SCIENTIFIC = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/

export function isFault(value: unknown): value is Fault {
  return typeof value === 'object' && value !== null && 'fault' in value
}

/** The first thing that a schema found wrong, by field. */
export function faultOf(error: z.ZodError): Fault {
  const issue = error.issues[0]
  return { fault: issue === undefined ? 'not the expected shape' : `${issue.path.join('.')}: ${issue.message}` }
}

/** The fields of a row that these words do not know yet: the first sign that a service changed its shape. */
export function unknownFields(row: unknown, known: ReadonlySet<string>): readonly string[] {
  return typeof row === 'object' && row !== null ? Object.keys(row).filter(field => !known.has(field)) : []
}

/**
 * Millionths of a JSON number or of decimal text, to the nearest; `undefined` for what is no number.
 *
 * Nearest and not against us, because what lies beyond six decimals is no amount: the chain counts in millionths, and the services
 * divide and add in floating point (2.8000000000000003 for 2.8, 0.9300000035 for 13.285715 / 14.285715). Any one direction would
 * turn that noise into a millionth that nobody traded. Amounts *we* derive from it are rounded against us, later.
 * A number is read by its shortest decimal text, exponents included (1e-7).
 */
export function nearestMillionths(value: number | string): bigint | undefined {
  const parts = SCIENTIFIC.exec(String(value))
  if (parts === null) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
  const shift = Number(exponent)
  const digits = shift < 0 ? whole.padStart(whole.length - shift, '0') + fraction : whole + fraction.padEnd(shift, '0')
  const point = shift < 0 ? whole.length : whole.length + shift
  const head = digits.slice(0, point).replace(/^0+(?=\d)/, '')
  const tail = digits.slice(point).padEnd(7, '0')
  const cut = millionths(`${head}.${tail.slice(0, 6)}`, 'down')
  if (cut === undefined) return undefined
  const nearest = tail.charAt(6) >= '5' ? cut + 1n : cut
  return sign === '-' ? -nearest : nearest
}

/** Dollars, of any sign. */
export function usdOf(value: number | string | null | undefined): Usd | undefined {
  return value == null ? undefined : (nearestMillionths(value) as Usd | undefined)
}

/** Shares, at least 0. */
export function sharesOf(value: number | string | null | undefined): Shares | undefined {
  const size = value == null ? undefined : nearestMillionths(value)
  return size === undefined || size < 0n ? undefined : (size as Shares)
}

/** A price of 0 to 1. Only a payout or an average of the past may be either end. */
export function anyPriceOf(value: number | string | null | undefined): Price | undefined {
  const price = value == null ? undefined : nearestMillionths(value)
  return price === undefined || price < 0n || price > MILLION ? undefined : (price as Price)
}

/** A price that can be traded at: strictly inside 0 and 1, after rounding. */
export function tradedPriceOf(value: number | string): Price | undefined {
  const price = anyPriceOf(value)
  return price === undefined || price === 0n || price === MILLION ? undefined : price
}

/** An instant of epoch seconds or milliseconds, told apart by magnitude: the services mix them, sometimes in one message. */
export function instantOf(value: number | string | null | undefined): Instant | undefined {
  const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !(number > 0) || number >= MS_BELOW) return undefined
  return instant(Math.floor(number < SECONDS_BELOW ? number * 1_000 : number))
}

/** A stranger's words as they are, but never longer than can be kept; not cut inside a character. */
export function bounded(words: string | null | undefined): string {
  if (words == null) return ''
  if (words.length <= TEXT_MAX) return words
  const end = /[\ud800-\udbff]/.test(words.charAt(TEXT_MAX - 1)) ? TEXT_MAX - 1 : TEXT_MAX
  return words.slice(0, end)
}

/** What both the Data API and the activity socket say of a trade, under one set of names. */
export type ToldTrade = {
  readonly wallet: string
  readonly name: string | null | undefined
  readonly pseudonym: string | null | undefined
  readonly token: string
  readonly condition: string
  readonly side: 'BUY' | 'SELL'
  readonly price: number | string
  readonly size: number | string
  readonly timestamp: number | string
  readonly transaction: string
  readonly title: string | null | undefined
  readonly outcome: string | null | undefined
  readonly outcomeIndex: number | null | undefined
}

/** Our word for a told trade, or why it is none: half a trade must never be copied. */
export function whaleTradeOf(told: ToldTrade, source: 'activity' | 'sweep'): WhaleTrade | Fault {
  const whale = whaleAddress(told.wallet)
  const token = tokenId(told.token)
  const condition = conditionId(told.condition)
  const transaction = transactionOf(told.transaction)
  const price = tradedPriceOf(told.price)
  const size = sharesOf(told.size)
  const happenedAt = instantOf(told.timestamp)
  if (whale === undefined) return { fault: 'the wallet is no address' }
  if (token === undefined) return { fault: 'the token is no token id' }
  if (condition === undefined) return { fault: 'the market is no condition id' }
  if (transaction === undefined) return { fault: 'the transaction is no hash' }
  if (price === undefined) return { fault: 'the price is not inside 0 and 1' }
  if (size === undefined || size === 0n) return { fault: 'the size is not positive' }
  if (happenedAt === undefined) return { fault: 'the time is none' }
  return {
    transaction,
    whale,
    name: nameOf(told, whale),
    token,
    condition,
    side: sideOf(told.side),
    price,
    size,
    title: bounded(told.title),
    outcome: outcomeNameOf(told),
    happenedAt,
    source,
  }
}

/** In one spelling, since the hash identifies the trade whichever source tells it. */
function transactionOf(hash: string): string | undefined {
  return /^0x[0-9a-fA-F]{64}$/.test(hash) ? hash.toLowerCase() : undefined
}

function sideOf(side: 'BUY' | 'SELL'): Side {
  return side === 'BUY' ? 'buy' : 'sell'
}

function nameOf(told: ToldTrade, whale: WhaleAddress): string {
  return bounded(told.name) || bounded(told.pseudonym) || whale
}

/** The token decides what was bought; the outcome's name is only shown, and its index is not needed for anything else. */
function outcomeNameOf(told: ToldTrade): string {
  const name = bounded(told.outcome)
  if (name !== '') return name
  return told.outcomeIndex == null || told.outcomeIndex === OUTCOME_UNKNOWN
    ? 'unknown'
    : `outcome ${told.outcomeIndex + 1}`
}
