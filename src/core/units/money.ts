import { assert, type Brand } from './brand.ts'

/** Dollars of collateral, in millionths. May be negative: a loss, a debit. */
export type Usd = Brand<bigint, 'Usd'>
/** Outcome tokens, in millionths of a share. */
export type Shares = Brand<bigint, 'Shares'>
/** Dollars for one share, in millionths: 0 to 1,000,000. */
export type Price = Brand<bigint, 'Price'>
/** Which way an inexact amount goes: `up` towards plus infinity, `down` towards minus infinity. Callers choose what goes against us. */
export type Rounding = 'up' | 'down'

type Amount = Usd | Shares | Price

/** One dollar, one share, or the price of certainty. */
export const MILLION = 1_000_000n
export const NO_USD = 0n as Usd
export const NO_SHARES = 0n as Shares
export const ONE = MILLION as Price
export const ZERO = 0n as Price

const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,18}))?$/

/**
 * Reads a plain decimal such as `0.52` or `-12.5` into millionths; what lies beyond six decimals is rounded.
 * Gives `undefined` for anything else (an exponent, a sign without digits, more than 15 digits before the point).
 */
export function millionths(text: string, rounding: Rounding): bigint | undefined {
  const parts = DECIMAL.exec(text)
  if (parts === null) return undefined
  const [, sign = '', whole = '0', fraction = ''] = parts
  const kept = BigInt(whole) * MILLION + BigInt(fraction.slice(0, 6).padEnd(6, '0'))
  const isExact = /^0*$/.test(fraction.slice(6))
  const isNegative = sign === '-'
  const towardsZero = isNegative ? -kept : kept
  if (isExact) return towardsZero
  if (rounding === 'up') return isNegative ? towardsZero : towardsZero + 1n
  return isNegative ? towardsZero - 1n : towardsZero
}

/** Dollars written in the program itself: `usd('500')`. Asserts that it is a decimal of at most six places. */
export function usd(text: string): Usd {
  return exact(text) as Usd
}

/** Shares written in the program itself. Asserts that it is a decimal of at most six places. */
export function shares(text: string): Shares {
  return exact(text) as Shares
}

/** A price written in the program itself. Asserts that it lies in 0 to 1. */
export function price(text: string): Price {
  const value = exact(text)
  assert(value >= 0n, 'a price is at least 0')
  assert(value <= MILLION, 'a price is at most 1')
  return value as Price
}

function exact(text: string): bigint {
  const low = millionths(text, 'down')
  assert(low !== undefined, 'an amount in the program is a plain decimal')
  assert(low === millionths(text, 'up'), 'an amount in the program has at most six decimals')
  return low
}

export function plus<T extends Amount>(left: T, right: NoInfer<T>): T {
  return (BigInt(left) + BigInt(right)) as T
}

export function minus<T extends Amount>(left: T, right: NoInfer<T>): T {
  return (BigInt(left) - BigInt(right)) as T
}

export function negated<T extends Amount>(amount: T): T {
  return -BigInt(amount) as T
}

export function least<T extends Amount>(first: T, ...others: readonly NoInfer<T>[]): T {
  return others.reduce<T>((lowest, other) => (other < lowest ? (other as T) : lowest), first)
}

export function greatest<T extends Amount>(first: T, ...others: readonly NoInfer<T>[]): T {
  return others.reduce<T>((highest, other) => (other > highest ? (other as T) : highest), first)
}

/** `amount × numerator ÷ denominator`, exactly, then rounded once. Asserts a positive denominator. */
export function mulDiv(amount: bigint, numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  assert(denominator > 0n, 'a denominator is positive')
  const product = amount * numerator
  const quotient = product / denominator
  const remainder = product % denominator
  if (remainder === 0n) return quotient
  if (rounding === 'up') return product > 0n ? quotient + 1n : quotient
  return product > 0n ? quotient : quotient - 1n
}

/** Dollars that `size` shares come to at `at`: rounded `up` for what we pay, `down` for what we get. */
export function notional(size: Shares, at: Price, rounding: Rounding): Usd {
  return mulDiv(size, at, MILLION, rounding) as Usd
}

/** The most shares that `budget` buys at `at`; never costs more than the budget. Asserts a positive price. */
export function sharesFor(budget: Usd, at: Price): Shares {
  assert(at > 0n, 'shares are bought at a positive price')
  return mulDiv(budget, MILLION, at, 'down') as Shares
}

/** Dollars for each share. Asserts some shares, and a result in 0 to 1 so that it is a price. */
export function priceOf(paid: Usd, size: Shares, rounding: Rounding): Price {
  assert(size > 0n, 'an average price is of some shares')
  const each = mulDiv(paid, MILLION, size, rounding)
  assert(each >= 0n, 'a price is at least 0')
  assert(each <= MILLION, 'a price is at most 1')
  return each as Price
}

/** `amount` cut down to a whole multiple of `step`. Asserts a positive step. */
export function floorTo<T extends Amount>(amount: T, step: NoInfer<T>): T {
  assert(step > 0n, 'a step is positive')
  return (BigInt(amount) - (((BigInt(amount) % BigInt(step)) + BigInt(step)) % BigInt(step))) as T
}

/**
 * The one way from an estimate back to money: `amount × ratio`, the ratio cut to parts per million, the amount rounded down.
 * Asserts a ratio of 0 to 2: more is a mistake in the estimate.
 */
export function scaled<T extends Usd | Shares>(amount: T, ratio: number): T {
  assert(ratio >= 0, 'a ratio is at least 0')
  assert(ratio <= 2, 'a ratio is at most 2')
  return mulDiv(amount, BigInt(Math.floor(ratio * 1_000_000)), MILLION, 'down') as T
}

/** An amount as an estimate, for chances and scores only: never turned back into money but through `scaled`. */
export function estimate(amount: Amount): number {
  return Number(amount) / 1_000_000
}

/** How much of `whole` is `part`, as an estimate; 0 where there is no whole. */
export function fraction<T extends Amount>(part: T, whole: NoInfer<T>): number {
  return whole === 0n ? 0 : Number(part) / Number(whole)
}

/** All six decimals, the shortest way: `12.5`, `-0.000001`. `millionths` reads it back. */
export function decimal(amount: Amount): string {
  const isNegative = amount < 0n
  const digits = (isNegative ? -BigInt(amount) : BigInt(amount)).toString().padStart(7, '0')
  const fractionPart = digits.slice(-6).replace(/0+$/, '')
  return `${isNegative ? '-' : ''}${digits.slice(0, -6)}${fractionPart === '' ? '' : `.${fractionPart}`}`
}
