import {
  isLooser,
  LIMIT_NAMES,
  LIMIT_RULES,
  type LimitName,
  type Limits,
  limitFault,
  PRESETS,
  type Preset,
} from '../core/risk/limits.ts'
import { millionths, type Price, type Usd } from '../core/units/money.ts'
import { age, cents, dollars, percent } from './format.ts'
import { nearest } from './nearest.ts'
import { quoted, readDollars } from './option.ts'
import { UserError } from './user-error.ts'

type Value = Limits[LimitName]

export const PRESET_NAMES = ['conservative', 'standard', 'aggressive'] as const satisfies readonly Preset[]

/** The limit that was meant, whatever its capitals. Throws a `UserError`, with the nearest name, for none. */
export function readLimitName(typed: string): LimitName {
  const found = LIMIT_NAMES.find(name => name.toLowerCase() === typed.trim().toLowerCase())
  if (found !== undefined) return found
  const meant = nearest(typed.trim(), LIMIT_NAMES)
  throw new UserError(`There is no limit ${quoted(typed)}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`)
}

/** A value for this limit in the words of its unit. Throws a `UserError` for one that is not, or outside its range. */
export function readLimit(name: LimitName, typed: string): Value {
  const said = typed.trim().toLowerCase()
  const value = READERS[LIMIT_RULES[name].unit](said)
  if (value === undefined)
    throw new UserError(`${name} is set like ${EXAMPLES[LIMIT_RULES[name].unit]}; not ${quoted(typed)}.`)
  if (limitFault(name, value) !== undefined)
    throw new UserError(`${name} lies in ${rangeText(name)}; not ${quoted(typed)}.`)
  return value
}

type Unit = (typeof LIMIT_RULES)[LimitName]['unit']

const EXAMPLES: Readonly<Record<Unit, string>> = {
  usd: '250 or $1,250.50',
  price: '3c, 3¢ or 0.03',
  ratio: '5% or 0.05',
  count: '12',
  points: '75',
  ms: '60s, 5m or 1h',
  sizing: 'kelly, simple or mirror',
}

const READERS: Readonly<Record<Unit, (said: string) => Value | undefined>> = {
  usd: said => readDollars(said),
  price: readPrice,
  ratio: readRatio,
  count: readWhole,
  points: readWhole,
  ms: readMs,
  sizing: said => (said === 'kelly' || said === 'simple' || said === 'mirror' ? said : undefined),
}

function readPrice(said: string): Price | undefined {
  const inCents = /^(\d{1,3}(?:\.\d{1,4})?) ?[c¢]$/.exec(said)?.[1]
  if (inCents !== undefined) return ((millionths(inCents, 'down') ?? 0n) / 100n) as Price
  return /^\d\.\d{1,6}$/.test(said) ? (millionths(said, 'down') as Price | undefined) : undefined
}

function readRatio(said: string): number | undefined {
  const inPercent = /^(\d{1,3}(?:\.\d{1,4})?) ?%$/.exec(said)?.[1]
  if (inPercent !== undefined) return Math.round(Number(inPercent) * 10_000) / 1_000_000
  return /^(?:0|1|[01]\.\d{1,6})$/.test(said) ? Number(said) : undefined
}

function readWhole(said: string): number | undefined {
  return /^\d{1,9}$/.test(said) ? Number(said) : undefined
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 }

/** A length of time always carries its unit: 60 could be seconds or milliseconds, and the wrong one is a thousandfold wrong. */
function readMs(said: string): number | undefined {
  const [, number, unit] = /^(\d{1,6}(?:\.\d{1,3})?) ?(s|m|min|h)$/.exec(said) ?? []
  return number === undefined || unit === undefined ? undefined : Math.round(Number(number) * (UNITS_MS[unit] ?? 0))
}

export function showLimit(name: LimitName, value: Value): string {
  switch (LIMIT_RULES[name].unit) {
    case 'usd':
      return dollars(value as Usd)
    case 'price':
      return cents(value as Price)
    case 'ratio':
      return percent(Number(value), 4)
    case 'ms':
      return age(Number(value))
    default:
      return String(value)
  }
}

/** From where to where it may be set, in its own unit. */
export function rangeText(name: LimitName): string {
  const { unit, min, max } = LIMIT_RULES[name]
  if (unit === 'sizing') return EXAMPLES.sizing
  const isAmount = unit === 'usd' || unit === 'price'
  const show = (bound: number): string =>
    showLimit(name, isAmount ? (BigInt(Math.round(bound * 1_000_000)) as Usd) : bound)
  return `${show(min)} to ${show(max)}`
}

/** The limits that a preset would loosen, as things stand. */
export function loosenedBy(preset: Preset, now: Limits): readonly LimitName[] {
  return LIMIT_NAMES.filter(name => isLooser(name, now[name], PRESETS[preset][name]))
}

export function isLoosening(name: LimitName, before: Value, after: Value): boolean {
  return isLooser(name, before, after)
}

export function phraseFor(what: string): string {
  return `I ACCEPT ${what}`
}

/** Throws a `UserError` that says what to type unless it was typed: more risk is never one careless press. */
export function needPhrase(typed: string | undefined, what: string, looser: readonly LimitName[]): void {
  const phrase = phraseFor(what)
  if (typed?.trim().replace(/\s+/g, ' ') === phrase) return
  throw new UserError(`That loosens ${looser.join(', ')}. To do it, add phrase:"${phrase}" exactly so.`)
}

/** Every limit with its value, its range and what it means. */
export function limitRows(limits: Limits): readonly (readonly string[])[] {
  return LIMIT_NAMES.map(name => [name, showLimit(name, limits[name]), rangeText(name), LIMIT_RULES[name].meaning])
}
