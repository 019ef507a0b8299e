import type { ConditionId, TokenId } from '../../core/units/ids.ts'
import type { Clock } from '../../ports/clock.ts'
import { FeedError } from '../../ports/feeds.ts'
import { HttpError, jsonOverHttp, type RateLimit } from '../system/http.ts'
import type { Usage } from '../system/sent-window.ts'
import { type Fault, isFault } from './wire.ts'
import { readPage, readRows } from './wire-data.ts'

/** Where each service of Polymarket answers: the real ones, or a stand-in's. No trailing slash. */
export type Hosts = {
  readonly gamma: string
  readonly data: string
  readonly clob: string
  readonly marketSocket: string
  readonly activitySocket: string
}

/** The public hosts, as documented in November 2026. */
export const REAL_HOSTS: Hosts = {
  gamma: 'https://gamma-api.polymarket.com',
  data: 'https://data-api.polymarket.com',
  clob: 'https://clob.polymarket.com',
  marketSocket: 'wss://ws-subscriptions-clob.polymarket.com/ws/market',
  activitySocket: 'wss://ws-live-data.polymarket.com',
}

/** A thing worth counting that is no failure: an unknown field, a garbage frame, a reconnect. */
export type Note = (happening: { readonly kind: string; readonly [field: string]: unknown }) => void

/** A list is the same key repeated, as Gamma wants it. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** `isWhole` is false where a bound ended the reading and not the service. */
export type Pages = { readonly rows: readonly unknown[]; readonly isWhole: boolean }

/** Polymarket's public questions, asked within its limits. Everything throws a `FeedError`. */
export type PolymarketClient = {
  readonly hosts: Hosts
  readonly note: Note
  readonly get: (service: Service, path: string, query: Query, signal: AbortSignal) => Promise<unknown>
  /** A list of the Data API to its end, or to `rowsMax` rows. */
  readonly pages: (path: string, query: Query, rowsMax: number, signal: AbortSignal) => Promise<Pages>
  /** The books of many tokens in one question, as they come; at most 500. */
  readonly books: (tokens: readonly TokenId[], signal: AbortSignal) => Promise<unknown>
  /** What was asked in the last 10 s and at most in any, by group of paths (`data/v2/trades`, `data`, `all`). */
  readonly usage: () => readonly Usage[]
}

export type Service = 'gamma' | 'data' | 'clob'

export type ClientOptions = {
  readonly clock: Clock
  readonly hosts?: Hosts
  readonly chance?: () => number
  readonly note?: Note
  /** For one answer; a list of several pages has this for each. */
  readonly deadlineMs?: number
  readonly attemptMs?: number
}

/** Requests in 10 s from one address, as published in November 2026. Beyond it requests are slowed before they are refused. */
const PER_WINDOW: Readonly<Record<string, number>> = {
  all: 15_000,
  gamma: 4_000,
  'gamma/markets': 300,
  'gamma/events': 500,
  'gamma/public-search': 350,
  data: 800,
  'data/v2/trades': 300,
  'data/v2/positions': 200,
  'data/v2/activity': 200,
  'data/v2/status': 100,
  clob: 9_000,
  'clob/book': 1_500,
  'clob/books': 500,
}
const WINDOW_MS = 10_000
const LIMITS: Readonly<Record<string, RateLimit>> = Object.fromEntries(
  Object.entries(PER_WINDOW).map(([group, most]) => [group, { most, perMs: WINDOW_MS }]),
)

/** The most rows of one page, for every list of the Data API. */
export const PAGE_ROWS_MAX = 1_000
/** A service that gives a few rows a page must not be asked for ever. */
const PAGES_MAX = 50
const BOOKS_MAX = 500
/**
 * Answers that are kept for a while by their whole address (trades 300 s, activity 15 s), whatever a request says of caches. A
 * parameter that nobody reads makes each question a new one.
 */
const CACHED_PATHS = new Set(['/v2/trades', '/v2/activity'])

export function polymarketClient(options: ClientOptions): PolymarketClient {
  const hosts = options.hosts ?? REAL_HOSTS
  const http = jsonOverHttp({
    clock: options.clock,
    limits: LIMITS,
    ...(options.chance && { chance: options.chance }),
    ...(options.deadlineMs !== undefined && { deadlineMs: options.deadlineMs }),
    ...(options.attemptMs !== undefined && { attemptMs: options.attemptMs }),
  })
  let asked = 0

  const fresh = (path: string, query: Query): Query => {
    if (!CACHED_PATHS.has(path) || '_' in query) return query
    asked += 1
    return { ...query, _: `${options.clock.now()}-${asked}` }
  }

  const get: PolymarketClient['get'] = (service, path, query, signal) =>
    http.get({
      source: service,
      url: addressOf(hosts[service], path, fresh(path, query)),
      groups: [`${service}${path}`, service, 'all'],
      signal,
    })

  return {
    hosts,
    note: options.note ?? (() => {}),
    get,
    pages: (path, query, rowsMax, signal) =>
      readPages(get, path, fresh(path, { ...query, limit: Math.min(rowsMax, PAGE_ROWS_MAX) }), rowsMax, signal),
    books: async (tokens, signal) => {
      if (tokens.length > BOOKS_MAX) throw new FeedError('clob', `only ${BOOKS_MAX} books can be asked for at once`)
      return http.post({
        source: 'clob',
        url: addressOf(hosts.clob, '/books', {}),
        groups: ['clob/books', 'clob', 'all'],
        body: tokens.map(token => ({ token_id: token })),
        isRead: true,
        signal,
      })
    },
    usage: http.usage,
  }
}

/** Follows the cursors with the filters unchanged: a cursor belongs to the question that gave it. */
async function readPages(
  get: PolymarketClient['get'],
  path: string,
  query: Query,
  rowsMax: number,
  signal: AbortSignal,
): Promise<Pages> {
  const rows: unknown[] = []
  const seen = new Set<string>()
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = readPage(await get('data', path, { ...query, cursor }, signal))
    if (isFault(answer)) throw new FeedError('data', `${path} did not answer with a page: ${answer.fault}`)
    rows.push(...answer.rows)
    cursor = answer.next
    if (cursor === undefined) return { rows: rows.slice(0, rowsMax), isWhole: rows.length <= rowsMax }
    if (rows.length >= rowsMax) return { rows: rows.slice(0, rowsMax), isWhole: false }
    if (seen.has(cursor)) throw new FeedError('data', `${path} leads from one page to the same page`)
    seen.add(cursor)
  }
  return { rows, isWhole: false }
}

function addressOf(host: string, path: string, query: Query): URL {
  const url = new URL(`${host}${path}`)
  for (const [name, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? value : [value]
    for (const one of values) if (one !== undefined) url.searchParams.append(name, String(one))
  }
  return url
}

/** The answer, or `undefined` where a service says that there is none and means it: a 404 in the words of that question. */
export async function unlessAbsent(answer: Promise<unknown>, words: RegExp): Promise<unknown> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof HttpError && error.status === 404 && words.test(error.body)) return undefined
    throw error
  }
}

/** A short id of 62 digits (v2) as the Data API takes it: filled up to 64 on the right. */
export function paddedCondition(condition: ConditionId): string {
  return condition.padEnd(66, '0')
}

/** The rows that can be read. Where none can, the service has changed its words, and an empty past would be a wrong answer. */
export function rowsOf<T>(
  client: PolymarketClient,
  where: string,
  rows: readonly unknown[],
  read: (row: unknown) => T | Fault,
): readonly T[] {
  const { taken, faults } = readRows(rows, read)
  const [fault] = faults
  if (fault === undefined) return taken
  client.note({ kind: 'rowsRefused', where, rows: faults.length, first: fault.fault })
  if (taken.length === 0) throw new FeedError('data', `no row of ${where} can be read: ${fault.fault}`)
  return taken
}
