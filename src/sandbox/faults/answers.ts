import type { ServerResponse } from 'node:http'
import type { Answer } from '../request.ts'
import { fateOf, rowNumber } from './fate.ts'
import type { Source, Switchboard } from './faults.ts'
import { LATE_SHARE, SLOW_MAX_MS, SLOW_MIN_MS } from './frames.ts'
import { type Garbage, garbageLike, withBrokenRows, withRows } from './garbage.ts'

/** What becomes of a request before its host sees it: `gone` where its connection was closed without an answer. */
export type Met =
  | { readonly kind: 'through' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'answered'; readonly status: 429 | 503; readonly body: object; readonly headers: Headers }

type Headers = Readonly<Record<string, string>>

/** What faults do to requests over HTTP, in the order in which a request meets them. */
export type AnswerFaults = {
  /** Waits, answers in place of the host, closes or lets through. */
  readonly meet: (source: Source, response: ServerResponse) => Promise<Met>
  /** The host's answer without the rows that it does not tell this time. */
  readonly withhold: (source: Source, answer: Answer) => Answer
  /** Seconds for which the edge repeats any answer. */
  readonly ageSeconds: (source: Source, method: string) => number
  /** What is sent in place of this text, and whether the connection breaks in the middle of it. */
  readonly spoil: (source: Source, text: string) => { readonly text: Garbage; readonly isCut: boolean }
}

/** How long a row stays away while `late` is on: its stamp is never older than a minute. */
export const LATE_ROW_MIN_MS = 5_000
export const LATE_ROW_MAX_MS = 60_000
export const REORDER_SPAN_SECONDS = 5
export const CACHED_SECONDS = 300
export const RETRY_AFTER_MAX_SECONDS = 5
/** Shares of the answers. */
export const GARBAGE_SHARE = 0.5
export const CUT_SHARE = 0.25
/** Share of the rows of each answer, and in how many answers running one row may be missing. */
export const MISSING_ROW_SHARE = 0.3
export const MISSES_MAX = 2
/** Missing rows that are remembered. One that was forgotten may be missing twice more, and is told after that. */
const MISSED_KEPT = 16_384
/** Requests kept waiting at once. Beyond it they are closed. */
export const WAITING_MAX = 256
/** How often a waiting request looks whether its time has come. */
const LOOK_EVERY_MS = 40
/** A half-open request is closed after this, which is longer than anybody should wait. */
const HALF_OPEN_MAX_MS = 600_000
/** Lists whose rows may be missing. The levels of a single book are no rows: a book without some is another book. */
const LISTS = ['data', 'markets', 'events']

export function answerFaults(board: Switchboard, now: () => number): AnswerFaults {
  const misses = new Map<number, number>()
  let waiting = 0

  /** Resolves with whether the connection is still there, once `isOver` or when it ends. */
  const waited = async (response: ServerResponse, isOver: () => boolean): Promise<boolean> => {
    if (waiting >= WAITING_MAX) return false
    waiting += 1
    while (!response.destroyed && !isOver()) await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS))
    waiting -= 1
    return !response.destroyed
  }

  const isMissing = (source: Source, row: number): boolean => {
    const missed = misses.get(row) ?? 0
    misses.delete(row)
    if (missed >= MISSES_MAX || !board.chanceOf(source).chance(MISSING_ROW_SHARE)) return false
    misses.set(row, missed + 1)
    for (const oldest of misses.keys()) {
      if (misses.size <= MISSED_KEPT) break
      misses.delete(oldest)
    }
    return true
  }

  const isLate = (row: object): boolean => {
    if (!('timestamp' in row)) return false
    const number = numberOf(row)
    if (fateOf(board, 'late', number) >= LATE_SHARE) return false
    const heldMs = LATE_ROW_MIN_MS + fateOf(board, 'lateFor', number) * (LATE_ROW_MAX_MS - LATE_ROW_MIN_MS)
    return now() - Number(row.timestamp) * 1000 < heldMs
  }

  return {
    meet: async (source, response) => {
      const chance = board.chanceOf(source)
      if (board.isOn(source, 'refuse')) return gone(response)
      if (board.isOn(source, 'halfOpen')) {
        const until = now() + HALF_OPEN_MAX_MS
        await waited(response, () => !board.isOn(source, 'halfOpen') || now() >= until)
        return gone(response)
      }
      if (board.isOn(source, 'slow')) {
        const until = now() + chance.between(SLOW_MIN_MS, SLOW_MAX_MS)
        if (!(await waited(response, () => !board.isOn(source, 'slow') || now() >= until))) return gone(response)
      }
      if (board.isOn(source, 'limited')) {
        const headers = { 'retry-after': String(1 + chance.whole(RETRY_AFTER_MAX_SECONDS)) }
        return { kind: 'answered', status: 429, body: failure(source, 'rate limit exceeded', 'rate_limited'), headers }
      }
      if (board.isOn(source, 'failing')) {
        const body = failure(source, 'service unavailable', 'dependency_unavailable')
        return { kind: 'answered', status: 503, body, headers: {} }
      }
      return { kind: 'through' }
    },
    withhold: (source, answer) => {
      if (answer.status !== 200 || source === 'chain') return answer
      let body = answer.body
      if (board.isOn(source, 'late')) body = withRows(body, LISTS, rows => rows.filter(row => !isLate(Object(row))))
      if (board.isOn(source, 'missing')) {
        body = withRows(body, LISTS, rows => rows.filter(row => !isMissing(source, numberOf(row))))
      }
      if (board.isOn(source, 'reorder')) body = withRows(body, LISTS, rows => shuffled(board, rows))
      return { ...answer, body }
    },
    ageSeconds: (source, method) => (method === 'GET' && board.isOn(source, 'cached') ? CACHED_SECONDS : 0),
    spoil: (source, text) => {
      const chance = board.chanceOf(source)
      const isCut = board.isOn(source, 'drop') && chance.chance(CUT_SHARE)
      if (!board.isOn(source, 'garbage') || !chance.chance(GARBAGE_SHARE)) return { text, isCut }
      const isWhole = chance.chance(0.5)
      return {
        text: isWhole ? JSON.stringify(withBrokenRows(JSON.parse(text), chance)) : garbageLike(text, chance),
        isCut,
      }
    },
  }
}

/** Closes a connection without a word. */
function gone(response: ServerResponse): Met {
  response.destroy()
  return { kind: 'gone' }
}

/** How each source words what is wrong with it. */
function failure(source: Source, error: string, code: string): object {
  if (source === 'chain') return { jsonrpc: '2.0', id: null, error: { code: -32_005, message: error } }
  return source === 'data' ? { error, code, retryable: true } : { error }
}

/** The rows in another order within each span of a few seconds. Rows without a stamp stay where they are. */
function shuffled(board: Switchboard, rows: readonly unknown[]): readonly unknown[] {
  const spans = new Map<number, unknown[]>()
  for (const row of rows) {
    const stamp = Number(Object(row).timestamp)
    if (!Number.isFinite(stamp)) return rows
    const span = Math.floor(stamp / REORDER_SPAN_SECONDS)
    const same = spans.get(span)
    if (same === undefined) spans.set(span, [row])
    else same.push(row)
  }
  const order = (row: unknown): number => fateOf(board, 'order', numberOf(row))
  return [...spans.values()].flatMap(same => same.sort((a, b) => order(a) - order(b)))
}

/** What makes a row the same row in the next answer, though a price or a stamp beside it has changed. */
const IDENTITY = ['id', 'asset_id', 'transaction_hash', 'proxy_wallet', 'condition_id', 'token_id', 'side', 'size']

function numberOf(row: unknown): number {
  return rowNumber(JSON.stringify(row, IDENTITY))
}
