import { type Instant, instant, type PersonId, type WhaleAddress, whaleAddress } from '../core/units/ids.ts'
import { MILLION, mulDiv, type Price, type Shares, type Usd } from '../core/units/money.ts'

const CENT = 10_000n

/** `$1,234.50`, `-$3.20`. To the nearest cent; what rounds to nothing carries no sign. */
export function dollars(amount: Usd): string {
  const size = amount < 0n ? -BigInt(amount) : BigInt(amount)
  const hundredths = (size + CENT / 2n) / CENT
  const text = `$${grouped(hundredths / 100n)}.${(hundredths % 100n).toString().padStart(2, '0')}`
  return amount < 0n && hundredths > 0n ? `-${text}` : text
}

/** The same for a change, where a gain says so: `+$12.00`, `-$3.20`, `$0.00`. */
export function signedDollars(amount: Usd): string {
  const text = dollars(amount)
  return amount >= CENT / 2n ? `+${text}` : text
}

/** A price in cents, `62.4¢`: one decimal, or two where the grid is that fine. */
export function cents(price: Price): string {
  const hundredths = mulDiv(BigInt(price) + 50n, 1n, 100n, 'down')
  const tenths = hundredths % 10n === 0n
  const digits = tenths ? hundredths / 10n : hundredths
  const places = tenths ? 1 : 2
  const scale = tenths ? 10n : 100n
  return `${digits / scale}.${(digits % scale).toString().padStart(places, '0')}¢`
}

/** A difference of estimated prices in dollars a share: `+2.1¢`. */
export function signedCents(difference: number): string {
  return `${difference >= 0 ? '+' : '-'}${(Math.abs(difference) * 100).toFixed(1)}¢`
}

/** A ratio as a percentage, `4.2 %`, with at most so many decimals. */
export function percent(ratio: number, places = 1): string {
  return `${Number((ratio * 100).toFixed(places))} %`
}

/** Shares with at most two decimals: `1,204.5`. Cut and not rounded, so that no more is shown than is held. */
export function shareCount(size: Shares): string {
  const hundredths = BigInt(size) / CENT
  const fractionPart = (hundredths % 100n).toString().padStart(2, '0').replace(/0+$/, '')
  return `${grouped(hundredths / 100n)}${fractionPart === '' ? '' : `.${fractionPart}`}`
}

/** The part of an amount that a ratio in millionths names, as text for people: `50 %`. */
export function partText(part: bigint): string {
  return percent(Number(part) / Number(MILLION))
}

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** How long, in at most two units: `4 s`, `90 s`, `12 min`, `3 h 5 min`, `18 d`. Negative lengths count as none. */
export function age(ms: number): string {
  const length = Math.max(0, ms)
  if (length < SECOND_MS) return `${Math.round(length)} ms`
  if (length < 2 * MINUTE_MS) return `${Math.round(length / SECOND_MS)} s`
  if (length < HOUR_MS) return `${Math.floor(length / MINUTE_MS)} min`
  if (length < 2 * DAY_MS) {
    const minutes = Math.floor((length % HOUR_MS) / MINUTE_MS)
    return `${Math.floor(length / HOUR_MS)} h${minutes === 0 ? '' : ` ${minutes} min`}`
  }
  return `${Math.floor(length / DAY_MS)} d`
}

/** A time of day in UTC: `14:03:20Z`. */
export function clock(at: Instant): string {
  return `${new Date(at).toISOString().slice(11, 19)}Z`
}

/** A day and a time in UTC: `2026-10-02 14:03Z`. */
export function moment(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}Z`
}

export function dayText(day: number): string {
  return new Date(instant(day * DAY_MS)).toISOString().slice(0, 10)
}

/** `0x1234…abcd`: enough to compare with, not to copy. */
export function shortAddress(address: WhaleAddress): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`
}

/** A whale's name as people see it, or its address where the name says nothing: an address for a name says no more. */
export function whaleText(name: string, address: WhaleAddress): string {
  const shown = clean(name, NAME_GRAPHEMES)
  return shown === '' || whaleAddress(name.trim()) !== undefined ? shortAddress(address) : shown
}

/** A whale's name with its short address, for a line that must not be taken for another of that name. */
export function whaleHandle(name: string, address: WhaleAddress): string {
  const short = shortAddress(address)
  const shown = whaleText(name, address)
  return shown === short ? short : `${shown} (${short})`
}

export function personText(person: PersonId | 'default'): string {
  return clean(person, NAME_GRAPHEMES)
}

/** `1 order`, `2 orders`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

export function sentence(text: string): string {
  const trimmed = text.trim()
  if (trimmed === '') return ''
  const upper = `${trimmed[0]?.toUpperCase() ?? ''}${trimmed.slice(1)}`
  return /[.!?…]$/.test(upper) ? upper : `${upper}.`
}

const TITLE_GRAPHEMES = 90
export const NAME_GRAPHEMES = 30
/** Far beyond what is shown; keeps a megabyte of a title from costing anything. */
const RAW_MAX = 2_000
const ESCAPES = /\p{Cc}\[[0-9;?]*[ -/]*[@-~]/gu
/**
 * What no title needs: control and format characters (zero width, bidirectional, tags), private and unassigned ones, halves of
 * pairs, variation selectors, and the letters that draw nothing.
 */
const UNSEEN = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * The one sanitiser for strangers' words, titles of markets and names of whales: one line, nothing unseen, no escape sequence,
 * two combining marks a letter, at most `most` graphemes. What a surface's own markup would read (`@`, `<`, backticks) is that
 * surface's to neutralise.
 */
export function clean(text: string, most = TITLE_GRAPHEMES): string {
  const seen = visible(visible(text.slice(0, RAW_MAX)).normalize('NFKC')).normalize('NFKC')
  return shorten(seen.replace(/(\p{M}{2})\p{M}+/gu, '$1'), most)
}

/** One line of text without controls; for our own words, and for what was cleaned already. */
export function visible(text: string): string {
  return text.replace(ESCAPES, '').replace(/\s+/gu, ' ').replace(UNSEEN, '').replace(/ {2,}/g, ' ').trim()
}

/** Cut to so many graphemes, the last of them `…` where something is missing. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  const parts = [...graphemes.segment(text)].map(({ segment }) => segment)
  if (parts.length <= most) return text
  return most <= 0
    ? ''
    : `${parts
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}

function grouped(whole: bigint): string {
  return whole.toString().replace(/\B(?=(\d{3})+$)/g, ',')
}
