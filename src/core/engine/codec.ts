import { assert } from '../units/brand.ts'
import type { Effect } from './effect.ts'
import type { Entry } from './entry.ts'
import type { Fact } from './fact.ts'
import type { Input } from './input.ts'
import type { EngineState } from './state.ts'

/** Text that is not what `encode` writes, or not of the shape that was asked for: a torn or a foreign file. */
export class UnreadableText extends Error {
  override readonly name = 'UnreadableText'
}

/**
 * JSON in one spelling, so that the same value has the same bytes: keys in order, no spaces, nothing for `undefined`
 * properties. Everything that JSON lacks is a text: `"12n"` a bigint, `"~NaN"` a number, and a list that begins with
 * `"~map"` or `"~set"` is one. A text that could be taken for any of these gets a `~` in front, so no text of a stranger,
 * whatever it says, is ever read back as something else.
 */
export function encode(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(isMistakable(value) ? `~${value}` : value)
    case 'bigint':
      return `"${value}n"`
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? `${value}` : `"~${Object.is(value, -0) ? '-0' : value}"`
    case 'boolean':
      return value ? 'true' : 'false'
    case 'undefined':
      return '"~undefined"'
    default:
      assert(typeof value === 'object', 'what is recorded is plain data')
      return encodeObject(value)
  }
}

/** The value that `encode` wrote. Throws `UnreadableText`. */
export function decode(text: string): unknown {
  try {
    return revive(JSON.parse(text))
  } catch (cause) {
    if (cause instanceof UnreadableText) throw cause
    throw new UnreadableText('the text is not JSON', { cause })
  }
}

function encodeObject(value: object | null): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return encodeList(value)
  if (value instanceof Map) return encodeMap(value)
  if (value instanceof Set) return encodeSet(value)
  return encodeRecord(value as Readonly<Record<string, unknown>>)
}

function encodeList(list: readonly unknown[]): string {
  let text = '['
  for (let index = 0; index < list.length; index += 1) text += index === 0 ? encode(list[0]) : `,${encode(list[index])}`
  return `${text}]`
}

/** In the order of insertion, which for some maps says what is oldest. */
function encodeMap(map: ReadonlyMap<unknown, unknown>): string {
  let text = '["~map"'
  for (const [key, value] of map) text += `,${encode(key)},${encode(value)}`
  return `${text}]`
}

function encodeSet(set: ReadonlySet<unknown>): string {
  let text = '["~set"'
  for (const value of set) text += `,${encode(value)}`
  return `${text}]`
}

function encodeRecord(record: Readonly<Record<string, unknown>>): string {
  let text = ''
  for (const key of Object.keys(record).sort()) {
    const value = record[key]
    if (value !== undefined) text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${encode(value)}`
  }
  return text === '' ? '{}' : `${text}}`
}

const TILDE = 126
const LETTER_N = 110
const BIGINT = /^-?\d+n$/

function isMistakable(text: string): boolean {
  return text.charCodeAt(0) === TILDE || isBigint(text)
}

function isBigint(text: string): boolean {
  return text.charCodeAt(text.length - 1) === LETTER_N && BIGINT.test(text)
}

/** Puts back in place what JSON lacks. The parsed value is ours alone, so it may be changed. */
function revive(value: unknown): unknown {
  if (typeof value === 'string') return reviveText(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return reviveList(value)
  const record = value as Record<string, unknown>
  for (const key of Object.keys(record)) {
    const before = record[key]
    const after = revive(before)
    if (after !== before) record[key] = after
  }
  return record
}

function reviveText(text: string): unknown {
  if (text.charCodeAt(0) === TILDE) return reviveTilde(text.slice(1))
  return isBigint(text) ? BigInt(text.slice(0, -1)) : text
}

function reviveTilde(text: string): unknown {
  if (isMistakable(text)) return text
  switch (text) {
    case 'undefined':
      return undefined
    case '-0':
      return -0
    case 'NaN':
    case 'Infinity':
    case '-Infinity':
      return Number(text)
    default:
      throw new UnreadableText('there is a mark that means nothing')
  }
}

function reviveList(list: unknown[]): unknown {
  const [mark] = list
  if (mark === '~map') return reviveMap(list)
  if (mark === '~set') return new Set(list.slice(1).map(revive))
  for (let index = 0; index < list.length; index += 1) list[index] = revive(list[index])
  return list
}

function reviveMap(list: readonly unknown[]): Map<unknown, unknown> {
  if (list.length % 2 === 0) throw new UnreadableText('a map has a value for every key')
  const map = new Map<unknown, unknown>()
  for (let index = 1; index < list.length; index += 2) map.set(revive(list[index]), revive(list[index + 1]))
  return map
}

export function encodeInput(input: Input): string {
  return encode(input)
}

export function decodeInput(text: string): Input {
  return asInput(decode(text))
}

export function encodeFacts(facts: readonly Fact[]): string {
  return encode(facts)
}

export function decodeFacts(text: string): readonly Fact[] {
  return asFacts(decode(text))
}

export function encodeEffects(effects: readonly Effect[]): string {
  return encode(effects)
}

export function decodeEffects(text: string): readonly Effect[] {
  return asEffects(decode(text))
}

/** A whole entry on one line, for journals that are files. */
export function encodeEntry({ seq, term, input, facts, effects, engine }: Entry): string {
  return encode({ seq, term, input, facts, effects, engine })
}

export function decodeEntry(text: string): Entry {
  const entry = decode(text)
  if (typeof entry !== 'object' || entry === null) throw new UnreadableText('an entry is a record')
  const { seq, term, input, facts, effects, engine } = entry as Readonly<Record<string, unknown>>
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(term)) throw new UnreadableText('an entry has a number')
  if (typeof engine !== 'string') throw new UnreadableText('an entry names its engine')
  return {
    seq: Number(seq),
    term: Number(term),
    input: asInput(input),
    facts: asFacts(facts),
    effects: asEffects(effects),
    engine,
  }
}

export function encodeState(state: EngineState): string {
  return encode(state)
}

/** The state with real maps and sets, and nothing shared with any other: whoever gets it may fold on. */
export function decodeState(text: string): EngineState {
  const state = decode(text)
  const accounts = typeof state === 'object' && state !== null ? Reflect.get(state, 'accounts') : undefined
  if (!(accounts instanceof Map)) throw new UnreadableText('a state has accounts')
  return state as EngineState
}

type Kinded = { readonly kind: string }

/**
 * How a kind of fact that is no longer written becomes one that is. A kind never changes its meaning: what changes gets a
 * new name, and the old one a line here, so that every journal ever written can be folded.
 */
const UPCASTS: ReadonlyMap<string, (old: Kinded) => Fact> = new Map()

function asInput(value: unknown): Input {
  if (!hasKind(value)) throw new UnreadableText('an input has a kind')
  return value as unknown as Input
}

function asFacts(value: unknown): readonly Fact[] {
  return kinded(value, 'a fact has a kind').map(fact => UPCASTS.get(fact.kind)?.(fact) ?? (fact as unknown as Fact))
}

function asEffects(value: unknown): readonly Effect[] {
  return kinded(value, 'an effect has a kind') as unknown as readonly Effect[]
}

function kinded(value: unknown, rule: string): readonly Kinded[] {
  if (!Array.isArray(value) || !value.every(hasKind)) throw new UnreadableText(rule)
  return value
}

function hasKind(value: unknown): value is Kinded {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'kind') === 'string'
}
