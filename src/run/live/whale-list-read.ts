import type { ListedWhale } from '../../chat/desk.ts'
import { clean } from '../../chat/format.ts'
import type { Instant, WhaleAddress } from '../../core/units/ids.ts'
import { whaleAddress } from '../../core/units/ids.ts'
import { millionths, type Usd } from '../../core/units/money.ts'
import { settingsFault, type WhaleSettings } from '../../core/whale/whale.ts'

/** What a text says as a list of whales: all of it, or everything that is wrong with it. */
export type ReadList =
  | { readonly kind: 'whole'; readonly whales: readonly ListedWhale[] }
  | { readonly kind: 'faulty'; readonly faults: readonly string[] }

/** The only version there has been. */
export const LIST_VERSION = 1
/** The longest name that a venue's profile is read with; what was exported must come back in. */
const NAME_MAX = 300
/** Beyond this nobody reads on; the rest is counted no further. */
const FAULTS_MAX = 100

type Fields = Readonly<Record<string, unknown>>

/** Reads a list of at most so many whales, strictly: an unknown field is a fault, since it would be lost. */
export function readWhaleList(text: string, most: number): ReadList {
  const parsed = parse(text)
  if (typeof parsed === 'string') return { kind: 'faulty', faults: [parsed] }
  const { value } = parsed
  if (!isFields(value)) return { kind: 'faulty', faults: ['line 1: the file is no object with a version and whales'] }
  const heads = [...strangeFields(value, ['version', 'whales']), ...headFaults(value, most)]
  if (heads.length > 0 || !Array.isArray(value.whales)) return { kind: 'faulty', faults: heads }
  const whales: ListedWhale[] = []
  const faults: string[] = []
  const seen = new Set<WhaleAddress>()
  for (const [index, row] of value.whales.entries()) {
    const read = readWhale(row)
    const where = whereOf(row, index)
    if ('faults' in read) faults.push(...read.faults.map(fault => `${where}: ${fault}`))
    else if (seen.has(read.address)) faults.push(`${where}: it is listed twice`)
    else {
      seen.add(read.address)
      whales.push(read)
    }
    if (faults.length >= FAULTS_MAX) break
  }
  return faults.length > 0 ? { kind: 'faulty', faults } : { kind: 'whole', whales }
}

function headFaults({ version, whales }: Fields, most: number): readonly string[] {
  return [
    ...(version === LIST_VERSION
      ? []
      : [`version: it must be ${LIST_VERSION}, the only one this program reads; it is ${shown(version)}`]),
    ...(Array.isArray(whales) ? [] : ['whales: it must be a list']),
    ...(Array.isArray(whales) && whales.length > most
      ? [`whales: there are ${whales.length}, and at most ${most} can be followed`]
      : []),
  ]
}

function parse(text: string): { readonly value: unknown } | string {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return `line ${faultyLine(text)}: from here on it is no JSON`
  }
}

/**
 * The first line with which the text is no beginning of JSON any more; the last one where it only ends too early. Halving finds it,
 * since no token goes over the end of a line and what is wrong once stays wrong. An error names no place in most of its words.
 */
function faultyLine(text: string): number {
  const lines = text.trimEnd().split('\n')
  let good = 0
  let bad = lines.length
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (mayGoOn(lines.slice(0, middle).join('\n'))) good = middle
    else bad = middle
  }
  return bad
}

/** Whether a text is JSON, or could become it with more after it. */
function mayGoOn(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const at = /at position (\d+)/.exec(message)?.[1]
    return at === undefined ? /end of JSON input/.test(message) : Number(at) >= text.length
  }
}

/** Which of the list it is: by its wallet where it has one, else by its place. */
function whereOf(row: unknown, index: number): string {
  const address = isFields(row) && typeof row.address === 'string' ? whaleAddress(row.address) : undefined
  return address ?? `whale ${index + 1}`
}

function readWhale(row: unknown): ListedWhale | { readonly faults: readonly string[] } {
  if (!isFields(row)) return { faults: [`it is no object but ${shown(row)}`] }
  const faults = [...strangeFields(row, ['address', 'name', 'settings'])]
  const address = typeof row.address === 'string' ? whaleAddress(row.address) : undefined
  if (address === undefined) faults.push(`address: it must be 0x and 40 hex digits; it is ${shown(row.address)}`)
  const { name } = row
  const isName = typeof name === 'string' && name.length <= NAME_MAX
  if (!isName) faults.push(`name: it must be a text of at most ${NAME_MAX} characters; it is ${shown(name)}`)
  const settings = readSettings(row.settings)
  if ('faults' in settings) faults.push(...settings.faults)
  if (faults.length > 0 || address === undefined || !isName || 'faults' in settings) return { faults }
  return { address, name, settings }
}

const SETTING_FIELDS = ['isEnabled', 'mutedUntil', 'weight', 'stakeMax', 'note']

function readSettings(fields: unknown): WhaleSettings | { readonly faults: readonly string[] } {
  if (!isFields(fields)) return { faults: [`settings: it must be an object; it is ${shown(fields)}`] }
  const faults = strangeFields(fields, SETTING_FIELDS).map(fault => `settings.${fault}`)
  const wrong = (name: string, wish: string): void => {
    faults.push(`settings.${name}: it must be ${wish}; it is ${shown(fields[name])}`)
  }
  const { isEnabled, weight, note } = fields
  const mutedUntil = fields.mutedUntil === undefined ? undefined : readInstant(fields.mutedUntil)
  const stakeMax = fields.stakeMax === undefined ? undefined : readAmount(fields.stakeMax)
  if (typeof isEnabled !== 'boolean') wrong('isEnabled', 'true or false')
  if (typeof weight !== 'number') wrong('weight', 'a number')
  if (typeof note !== 'string') wrong('note', 'a text')
  if (fields.mutedUntil !== undefined && mutedUntil === undefined)
    wrong('mutedUntil', 'a time like "2026-10-02T14:00:00.000Z"')
  if (fields.stakeMax !== undefined && stakeMax === undefined) wrong('stakeMax', 'dollars as text, like "250"')
  if (typeof isEnabled !== 'boolean' || typeof weight !== 'number' || typeof note !== 'string') return { faults }
  const settings: WhaleSettings = { isEnabled, mutedUntil, weight, stakeMax, note }
  const fault = settingsFault(settings)
  if (fault !== undefined) faults.push(`settings: ${fault}`)
  return faults.length > 0 ? { faults } : settings
}

/** Only the one spelling that is written: a day or a time without its zone could mean another hour. */
function readInstant(value: unknown): Instant | undefined {
  if (typeof value !== 'string') return undefined
  const ms = Date.parse(value)
  return ms >= 0 && new Date(ms).toISOString() === value ? (ms as Instant) : undefined
}

function readAmount(value: unknown): Usd | undefined {
  if (typeof value !== 'string' || !/^\d{1,15}(?:\.\d{1,6})?$/.test(value)) return undefined
  return millionths(value, 'down') as Usd | undefined
}

function strangeFields(fields: Fields, known: readonly string[]): string[] {
  return Object.keys(fields)
    .filter(name => !known.includes(name))
    .map(name => `${clean(name, 30) || '?'}: there is no such field`)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What was found in its place, safe to show. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  return clean(JSON.stringify(value).slice(0, 200), 40)
}
