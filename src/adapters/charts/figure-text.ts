import type { Instant } from '../../core/units/ids.ts'
import { decimal, type Usd, usd } from '../../core/units/money.ts'
import { MINUS } from './look.ts'
import type { Scale } from './ticks.ts'

/** From here on cents say nothing and digits take room: `$12.3M`. */
const SHORT_FROM = usd('10000000')
const money = { style: 'currency', currency: 'USD', signDisplay: 'negative' } as const
const whole = new Intl.NumberFormat('en-US', money)
const short = new Intl.NumberFormat('en-US', { ...money, notation: 'compact', maximumSignificantDigits: 4 })

/** `$1,234.50`, `-$3.20`, and from ten million on `$12.35M`. */
export function dollars(amount: Usd): string {
  const isLong = amount >= SHORT_FROM || -amount >= SHORT_FROM
  // The formatter reads decimals as exactly as they are written, which a number would not hold.
  return signed((isLong ? short : whole).format(decimal(amount) as `${number}`))
}

/** The same for a change, where a gain says so: `+$12.00`. */
export function signedDollars(amount: Usd): string {
  const text = dollars(amount)
  return text.startsWith(MINUS) || !/[1-9]/.test(text) ? text : `+${text}`
}

const SUFFIXES = ['', 'K', 'M', 'B', 'T']
/** Up to ten million the whole number is short enough for an axis. */
const WHOLE_BELOW = 1e7
const DECIMALS_MAX = 6

/** Labels for the ticks of an axis of dollars, all in one unit and with no more decimals than tell them apart: `$1.25M`. */
export function tickLabels({ low, high, step }: Scale): (value: number) => string {
  const level = Math.max(Math.abs(low), Math.abs(high))
  const thousands = level < WHOLE_BELOW ? 0 : Math.min(SUFFIXES.length - 1, Math.floor(Math.log10(level) / 3))
  const unit = 1000 ** thousands
  const needed = decimalsOf(step / unit)
  const digits = unit === 1 && needed > 0 ? Math.max(2, needed) : needed
  const format = new Intl.NumberFormat('en-US', {
    ...money,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return value => (value === 0 ? '$0' : signed(`${format.format(value / unit)}${SUFFIXES[thousands]}`))
}

function decimalsOf(step: number): number {
  for (let digits = 0; digits < DECIMALS_MAX; digits += 1) {
    const scaled = step * 10 ** digits
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return digits
  }
  return DECIMALS_MAX
}

/** A ratio as `4.2 %`, with at most so many decimals; what is beyond sense is said so. */
export function percent(ratio: number, places = 1): string {
  const value = ratio * 100
  if (Math.abs(value) >= 100_000) return value > 0 ? 'over 100,000 %' : `under ${MINUS}100,000 %`
  const format = new Intl.NumberFormat('en-US', { maximumFractionDigits: places, signDisplay: 'negative' })
  return signed(`${format.format(value)} %`)
}

function signed(text: string): string {
  return text.replace(/^-/, MINUS)
}

export function signedPercent(ratio: number, places = 1): string {
  const text = percent(ratio, places)
  return ratio > 0 && /^\d.*[1-9]/.test(text) ? `+${text}` : text
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `26 Sep`, in UTC. */
export function dayAndMonth(at: number): string {
  const date = new Date(at)
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`
}

/** `14:05`, in UTC. */
export function hourAndMinute(at: number): string {
  const date = new Date(at)
  return [date.getUTCHours(), date.getUTCMinutes()].map(part => String(part).padStart(2, '0')).join(':')
}

/** `26 Sep – 2 Oct 2026 UTC`; within one day with the hours. */
export function period(from: Instant, to: Instant): string {
  const year = (at: number): number => new Date(at).getUTCFullYear()
  const [first, last] = [dayAndMonth(from), dayAndMonth(to)]
  if (year(from) !== year(to)) return `${first} ${year(from)} – ${last} ${year(to)} UTC`
  if (first === last) return `${last} ${year(to)}, ${hourAndMinute(from)} – ${hourAndMinute(to)} UTC`
  return `${first} – ${last} ${year(to)} UTC`
}
