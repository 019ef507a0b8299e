import { type WhaleAddress, whaleAddress } from '../core/units/ids.ts'
import { millionths, type Usd } from '../core/units/money.ts'
import { age, clean } from './format.ts'
import { UserError } from './user-error.ts'

/** How a surface offers an option. */
export type OptionKind = 'text' | 'choice' | 'dollars' | 'percent' | 'whole' | 'wallet' | 'flag'

/** One thing that a command asks for. `read` gives the value of what was typed, or throws a `UserError`. */
export type Option<Value, Needed extends boolean = boolean> = {
  readonly kind: OptionKind
  readonly about: string
  readonly isNeeded: Needed
  /** Only buttons say it, by its name: it is not offered, and no word that is typed falls into it. */
  readonly isCarried: boolean
  /** What may be chosen; empty where anything of the kind may be said. */
  readonly choices: readonly string[]
  readonly read: (text: string) => Value
}

export type Options = Readonly<Record<string, Option<unknown>>>

/** What people are offered, in the order in which it is typed. */
export function offeredOf(options: Options): readonly (readonly [name: string, option: Option<unknown>])[] {
  return Object.entries(options).filter(([, option]) => !option.isCarried)
}

/** What `run` sees of its options: values, and `undefined` where an optional one was not given. */
export type Values<Asked extends Options> = {
  readonly [Name in keyof Asked]: Asked[Name] extends Option<infer Value, infer Needed>
    ? Needed extends true
      ? Value
      : Value | undefined
    : never
}

/** The longest text that is taken, in UTF-16 units: a reason, a phrase, a piece of a title. */
export const TEXT_MAX = 200

function needed<Value>(
  kind: OptionKind,
  about: string,
  read: (text: string) => Value,
  choices: readonly string[] = [],
): Option<Value, true> {
  return { kind, about, isNeeded: true, isCarried: false, choices, read }
}

/** The same option, which may be left out. */
export function optional<Value>(option: Option<Value>): Option<Value, false> {
  return { ...option, isNeeded: false }
}

/** The same option, which only a button carries. */
export function carried<Value>(option: Option<Value>): Option<Value, false> {
  return { ...option, isNeeded: false, isCarried: true }
}

/** Any words, on one line, with nothing unseen in them. */
export function text(about: string): Option<string, true> {
  return needed('text', about, typed => {
    if (typed.length > TEXT_MAX) throw new UserError(`At most ${TEXT_MAX} characters.`)
    const words = clean(typed, TEXT_MAX)
    if (words === '') throw new UserError('Some words are needed here.')
    return words
  })
}

export function choice<const Choice extends string>(about: string, choices: readonly Choice[]): Option<Choice, true> {
  const read = (typed: string): Choice => {
    const said = typed.trim().toLowerCase()
    const found = choices.find(each => each.toLowerCase() === said)
    if (found === undefined) throw new UserError(`One of ${choices.join(', ')}; not ${quoted(typed)}.`)
    return found
  }
  return needed('choice', about, read, choices)
}

const DOLLARS = /^\$?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,6})?$/

/** An amount over nothing: `40`, `$1,234.50`. */
export function dollars(about: string): Option<Usd, true> {
  return needed('dollars', about, readDollars)
}

export function readDollars(typed: string): Usd {
  const said = typed.trim()
  const amount = DOLLARS.test(said) ? millionths(said.replace(/[$,]/g, ''), 'down') : undefined
  if (amount === undefined) throw new UserError(`Dollars look like 40 or $1,234.50; not ${quoted(typed)}.`)
  return amount as Usd
}

const PERCENT = /^(\d{1,3}(?:\.\d{1,4})?) ?%?$/

/** A part of the whole, over 0 to 100 %, as a ratio. A bare number under 1 could mean either, and is asked back. */
export function percent(about: string): Option<number, true> {
  return needed('percent', about, typed => {
    const said = typed.trim()
    const number = Number(PERCENT.exec(said)?.[1] ?? 'none')
    if (!(number > 0 && number <= 100))
      throw new UserError(`A part is over 0 % and at most 100 %; not ${quoted(typed)}.`)
    if (number < 1 && !said.endsWith('%'))
      throw new UserError(`Write ${said}% or ${number * 100}%: ${said} could be both.`)
    return Math.round(number * 10_000) / 1_000_000
  })
}

export function whole(about: string, range: { readonly min: number; readonly max: number }): Option<number, true> {
  return needed('whole', about, typed => {
    const said = typed.trim()
    const number = /^\d{1,9}$/.test(said) ? Number(said) : Number.NaN
    if (number >= range.min && number <= range.max) return number
    throw new UserError(`A whole number from ${range.min} to ${range.max}; not ${quoted(typed)}.`)
  })
}

export function wallet(about: string): Option<WhaleAddress, true> {
  return needed('wallet', about, typed => {
    const address = whaleAddress(typed.trim())
    if (address === undefined) throw new UserError(`A wallet is 0x and 40 hex digits; not ${quoted(typed)}.`)
    return address
  })
}

/**
 * Whom a person means: a wallet, the shortened one that lists show, or a name. A link to a profile is read as what it leads to,
 * since that is what a phone copies.
 */
export type Who =
  | { readonly kind: 'wallet'; readonly whale: WhaleAddress }
  | { readonly kind: 'short'; readonly head: string; readonly tail: string }
  | { readonly kind: 'name'; readonly name: string }

/** The venue's names are far shorter. */
const NAME_MAX = 100
const PROFILE_LINK = /^(?:https?:\/\/)?(?:www\.)?polymarket\.com\/(?:profile\/@?|@)([^/?#\s]+)\S*$/i
const SHORT_WALLET = /^(0x[0-9a-f]{4})(?:…|\.{2,3})([0-9a-f]{4})$/

export function who(about: string): Option<Who, true> {
  return needed('text', about, typed => {
    const said = PROFILE_LINK.exec(typed.trim())?.[1] ?? typed.trim().replace(/^@/, '')
    const whale = whaleAddress(said)
    if (whale !== undefined) return { kind: 'wallet', whale }
    const [, head, tail] = SHORT_WALLET.exec(said.toLowerCase()) ?? []
    if (head !== undefined && tail !== undefined) return { kind: 'short', head, tail }
    if (/^0x[0-9a-f]{8,}$/i.test(said))
      throw new UserError(`A wallet is 0x and 40 hex digits, and that has ${said.length - 2}: ${quoted(typed)}.`)
    const name = said.length > NAME_MAX ? '' : clean(said, NAME_MAX)
    if (name === '') throw new UserError(`A wallet (0x and 40 hex digits) or a name; not ${quoted(typed)}.`)
    return { kind: 'name', name }
  })
}

const LENGTHS_MS: Readonly<Record<string, number>> = { m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** A length of time with its unit, `30m`, `2h`, `1d`, in milliseconds within the range. Throws a `UserError`. */
export function readDuration(typed: string, range: { readonly min: number; readonly max: number }): number {
  const [, number = '', unit = ''] = /^(\d{1,4}(?:\.\d)?) ?(m|min|h|d)$/.exec(typed.trim().toLowerCase()) ?? []
  const length = number === '' ? Number.NaN : Math.round(Number(number) * (LENGTHS_MS[unit] ?? 0))
  if (length >= range.min && length <= range.max) return length
  throw new UserError(
    `A length of time looks like 30m, 2h or 1d, from ${age(range.min)} to ${age(range.max)}; not ${quoted(typed)}.`,
  )
}

/** On or off. */
export function flag(about: string): Option<boolean, true> {
  const read = (typed: string): boolean => {
    const said = typed.trim().toLowerCase()
    if (['on', 'yes', 'true'].includes(said)) return true
    if (['off', 'no', 'false'].includes(said)) return false
    throw new UserError(`on or off; not ${quoted(typed)}.`)
  }
  return needed('flag', about, read, ['on', 'off'])
}

/** What somebody typed, safe to show back. */
export function quoted(typed: string): string {
  return `"${clean(typed, 40)}"`
}
