import { createHash } from 'node:crypto'
import { ADDRESS, Refused } from '../request.ts'
import type { World } from '../world.ts'

/** Reads the Data API's parameters, in either spelling, and refuses in its words. */
export type DataQuery = {
  readonly text: (name: string) => string | undefined
  readonly all: (name: string) => readonly string[]
  readonly whole: (name: string, fallback: number, low: number, high: number) => number
  readonly amount: (name: string, fallback: number) => number
  readonly flag: (name: string, fallback: boolean) => boolean
  readonly oneOf: <T extends string>(name: string, values: readonly T[], fallback: T) => T
  readonly list: (name: string) => readonly string[] | undefined
  readonly wallet: (name: string) => string | undefined
  /** The position a cursor holds, provided that it was given out for these very filters. */
  readonly cursor: () => readonly number[] | undefined
  readonly cursorFor: (place: readonly number[]) => string
}

const LIST_MAX = 20
/**
 * What makes a question another question. A cursor is only good for the one it came from; dummy parameters do not
 * count.
 */
const FILTERS = new Set([
  ...['user', 'taker_only', 'filter_type', 'filter_amount', 'start', 'end', 'condition', 'condition_id', 'event_id'],
  ...['side', 'type', 'sort_by', 'sort_direction', 'status', 'title', 'time_period', 'category'],
])
/** Wallets of the exchange itself: asking for their trades is refused. */
const PROTOCOL_CONTRACTS = new Set([
  '0xe111180000d2663c0091e4f400237545b87b996b',
  '0xe2222d279d744050d28e00520010520000310f59',
  '0xe3333700ca9d93003f00f0f71f8515005f6c00aa',
])

export function dataQuery(path: string, given: URLSearchParams): DataQuery {
  const values = new Map<string, string[]>()
  for (const [name, value] of given) {
    const plain = name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
    values.set(plain, [...(values.get(plain) ?? []), value])
  }
  if (values.has('offset')) throw invalid('offset', 'offset is not supported; use cursor')
  const text = (name: string): string | undefined => values.get(name)?.[0]
  const fingerprint = fingerprintOf(path, values)

  const number = (name: string): number | undefined => {
    const value = text(name)
    if (value === undefined) return undefined
    if (value.trim() === '' || !Number.isFinite(Number(value))) throw invalid(name, `${name} must be a number`)
    return Number(value)
  }

  return {
    text,
    all: name => values.get(name) ?? [],
    whole: (name, fallback, low, high) => {
      const value = number(name) ?? fallback
      if (Number.isInteger(value) && value >= low && value <= high) return value
      throw invalid(name, `${name} must be a whole number from ${low} to ${high}`)
    },
    amount: (name, fallback) => {
      const value = number(name) ?? fallback
      if (value < 0) throw invalid(name, `${name} must not be negative`)
      return value
    },
    flag: (name, fallback) => {
      const value = text(name) ?? String(fallback)
      if (value !== 'true' && value !== 'false') throw invalid(name, `${name} must be true or false`)
      return value === 'true'
    },
    oneOf: (name, allowed, fallback) => {
      const value = text(name)
      if (value === undefined) return fallback
      const found = allowed.find(one => one.toLowerCase() === value.toLowerCase())
      if (found === undefined) throw invalid(name, `${name} must be one of ${allowed.join(', ')}`)
      return found
    },
    list: name => {
      const items = text(name)?.split(',')
      if (items !== undefined && items.length > LIST_MAX)
        throw invalid(name, `${name} takes at most ${LIST_MAX} values`)
      return items
    },
    wallet: name => {
      const value = text(name)?.toLowerCase()
      if (value === undefined || value.includes(',')) return value
      if (!ADDRESS.test(value)) throw invalid(name, `${name} must be an address`)
      if (PROTOCOL_CONTRACTS.has(value)) throw invalid(name, `${name} must not be a protocol contract`)
      return value
    },
    cursor: () => {
      const value = text('cursor')
      return value === undefined ? undefined : placeIn(value, fingerprint)
    },
    cursorFor: place => Buffer.from(JSON.stringify([fingerprint, ...place])).toString('base64url'),
  }
}

export function invalid(parameter: string, error: string): Refused {
  return new Refused(400, {
    error,
    code: 'invalid_request',
    retryable: false,
    trace_id: `sandbox-${parameter}`,
    parameter,
  })
}

export function notFound(error: string): Refused {
  return new Refused(404, { error, code: 'not_found', retryable: false, trace_id: 'sandbox-not-found' })
}

function placeIn(cursor: string, fingerprint: string): readonly number[] {
  const parts = parsed(Buffer.from(cursor, 'base64url').toString('utf8'))
  if (!Array.isArray(parts) || parts[0] !== fingerprint)
    throw invalid('cursor', 'cursor does not belong to these filters')
  const place = parts.slice(1)
  if (!place.every(part => typeof part === 'number')) throw invalid('cursor', 'cursor is malformed')
  return place
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('cursor', 'cursor is malformed')
  }
}

function fingerprintOf(path: string, values: ReadonlyMap<string, readonly string[]>): string {
  const filters = [...values].filter(([name]) => FILTERS.has(name)).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([path, filters]))
    .digest('hex')
    .slice(0, 12)
}

/** The markets a query names by condition or event id. Unknown ones name nothing. */
export function marketsNamed(world: World, query: DataQuery): readonly number[] | undefined {
  const conditions = query.list('condition') ?? query.list('condition_id')
  const ids = query.list('event_id')
  if (conditions === undefined && ids === undefined) return undefined
  const wanted = new Set(ids)
  const named = (conditions ?? []).flatMap(condition => world.marketByCondition(condition.toLowerCase()) ?? [])
  const byId = [...wanted].flatMap(id => world.marketById(id) ?? [])
  if (conditions === undefined) return byId.map(market => market.number)
  return named.filter(market => ids === undefined || wanted.has(market.id)).map(market => market.number)
}

export function neededWallet(query: DataQuery): string {
  const wallet = query.wallet('user')
  if (wallet === undefined) throw invalid('user', 'user is required')
  return wallet
}

/** A page of rows as every list of this host comes. `offset` is there for show. */
export function envelope(data: readonly object[], limit: number, next: string | null): object {
  return { data, pagination: { limit, offset: 0, has_more: next !== null, next_cursor: next } }
}
