import { MILLION, millionths, type Price, type Shares, type Usd } from '../../core/units/money.ts'

/** Decimals that are looked at; what a double can say lies within them. */
const DECIMALS_MAX = 18

/**
 * A recorded decimal in millionths, to the nearest: recordings went through floats, whose noise (0.07 kept as
 * 0.06999999999999999, 0.32 as 0.3200000190) lies under half a millionth to either side, and rounding one way would move
 * such a price off the grid it was traded on. Takes an exponent (`1e-05`); anything but a decimal is `undefined`.
 */
export function recordedMillionths(value: unknown): bigint | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string') return undefined
  const plain = withoutExponent(text)
  if (plain === undefined) return undefined
  const seventh = plain.split('.')[1]?.[6] ?? '0'
  const isAway = seventh >= '5'
  return millionths(plain, isAway === plain.startsWith('-') ? 'down' : 'up')
}

/** A price strictly inside 0 and 1, or `undefined`. */
export function recordedPrice(value: unknown): Price | undefined {
  const amount = recordedMillionths(value)
  return amount !== undefined && amount > 0n && amount < MILLION ? (amount as Price) : undefined
}

/** Some shares, more than none, or `undefined`. */
export function recordedSize(value: unknown): Shares | undefined {
  const amount = recordedMillionths(value)
  return amount !== undefined && amount > 0n ? (amount as Shares) : undefined
}

/** Dollars, more than none, or `undefined`. */
export function recordedUsd(value: unknown): Usd | undefined {
  const amount = recordedMillionths(value)
  return amount !== undefined && amount > 0n ? (amount as Usd) : undefined
}

const NUMBER = /^(-?)(\d{1,40})(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,2}))?$/

function withoutExponent(text: string): string | undefined {
  const parts = NUMBER.exec(text)
  if (parts === null) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
  const point = whole.length + Number(exponent)
  const digits = (point < 0 ? '0'.repeat(-point) : '') + (whole + fraction).padEnd(Math.max(point, 0), '0')
  const before = digits.slice(0, Math.max(point, 0)).replace(/^0+(?=\d)/, '')
  const after = digits.slice(Math.max(point, 0), Math.max(point, 0) + DECIMALS_MAX)
  return `${sign}${before === '' ? '0' : before}${after === '' ? '' : `.${after}`}`
}
