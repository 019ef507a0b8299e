import type { Clock } from '../../ports/clock.ts'
import { FeedError } from '../../ports/feeds.ts'
import { SentWindow, type Usage } from './sent-window.ts'

/** Requests that one group of paths may make in any window of `perMs`, as its owner publishes it. At least 2. */
export type RateLimit = { readonly most: number; readonly perMs: number }

export type HttpSettings = {
  readonly clock: Clock
  /** The limits that requests name in `groups`. */
  readonly limits: Readonly<Record<string, RateLimit>>
  /** A number in [0, 1) that spreads retries; a seeded one makes them repeatable. */
  readonly chance?: () => number
  /** For one call, with all its attempts and waits. */
  readonly deadlineMs?: number
  /** For one attempt, so that a lost packet leaves time for another. */
  readonly attemptMs?: number
  readonly bytesMax?: number
}

export type HttpRequest = {
  /** Who is asked, for the error: `gamma`. */
  readonly source: string
  readonly url: URL
  readonly signal: AbortSignal
  /** The limits that it counts against, the narrowest first: that one is closed when the server says "later". */
  readonly groups?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

export type Http = {
  readonly get: (request: HttpRequest) => Promise<unknown>
  /** Sends JSON. Repeated only where `isRead`: a write that was not answered may have been done. */
  readonly post: (request: HttpRequest & { readonly body: unknown; readonly isRead: boolean }) => Promise<unknown>
  /** What was really sent, repeated requests included, of the limits that were used at all. */
  readonly usage: () => readonly Usage[]
}

export type HttpFault = 'status' | 'late' | 'network' | 'not-json' | 'too-large' | 'limited' | 'aborted'

/** Why there is no answer. `isFinal` where the same question will get the same refusal. */
export class HttpError extends FeedError {
  readonly kind: HttpFault
  readonly status: number | undefined
  /** The first characters of what came with a refusing status; a stranger's text. */
  readonly body: string
  readonly retryAfterMs: number | undefined

  constructor(source: string, message: string, kind: HttpFault, more: HttpErrorFields = {}) {
    super(source, message, { isFinal: more.isFinal ?? false, cause: more.cause })
    this.kind = kind
    this.status = more.status
    this.body = more.body ?? ''
    this.retryAfterMs = more.retryAfterMs
  }
}

type HttpErrorFields = {
  readonly isFinal?: boolean
  readonly cause?: unknown
  readonly status?: number
  readonly body?: string
  readonly retryAfterMs?: number | undefined
}

type Call = HttpRequest & { readonly method: 'GET' | 'POST'; readonly body?: string; readonly isRead: boolean }
type Bucket = {
  readonly limit: RateLimit
  readonly window: SentWindow
  tokens: number
  refilledAt: number
  closedUntil: number
}

/** A decision waits for the answer, so a later one is of no use. */
const DEADLINE_MS = 10_000
const ATTEMPT_MS = 4_000
const ATTEMPTS_MAX = 4
/** A page of 1,000 rows is about 1 MB. */
const BYTES_MAX = 8 * 1_048_576
const BACKOFF_FIRST_MS = 250
const BACKOFF_MAX_MS = 5_000
/** A server that says more than this is down, and is asked again by whoever polls it. */
const RETRY_AFTER_MAX_MS = 60_000
const BODY_KEPT = 2_000
/** Statuses that may pass by themselves. 425 is an order engine that restarts. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504])
/** The part of a limit that may be spent at once; the rest comes in evenly, so no window ever holds more than the limit. */
const BURST = 0.2

/** JSON over HTTP with deadlines, bounds, published limits kept, and reads repeated. Throws an `HttpError` and nothing else. */
export function jsonOverHttp(settings: HttpSettings): Http {
  const { clock } = settings
  const chance = settings.chance ?? Math.random
  const buckets = new Map(Object.entries(settings.limits).map(([name, limit]) => [name, bucketOf(limit, clock.now())]))

  const ask = async (call: Call): Promise<unknown> => {
    const endsAt = clock.now() + (settings.deadlineMs ?? DEADLINE_MS)
    const mine = (call.groups ?? []).flatMap(name => buckets.get(name) ?? [])
    for (let attempt = 1; ; attempt += 1) {
      await takeTurn(call, mine, clock, endsAt)
      for (const { window } of mine) window.sent(clock.now())
      try {
        const leftMs = Math.min(settings.attemptMs ?? ATTEMPT_MS, endsAt - clock.now())
        return await askOnce(call, Math.max(1, leftMs), settings.bytesMax ?? BYTES_MAX, clock)
      } catch (error) {
        if (!(error instanceof HttpError)) throw error
        const narrowest = mine[0]
        if (error.retryAfterMs !== undefined && narrowest !== undefined)
          narrowest.closedUntil = clock.now() + error.retryAfterMs
        const waitMs = error.retryAfterMs ?? backoffMs(attempt, chance())
        const isLast = attempt >= ATTEMPTS_MAX || clock.now() + waitMs >= endsAt
        if (error.isFinal || !call.isRead || isLast) throw error
        await clock.sleep(waitMs, call.signal)
      }
    }
  }

  return {
    get: request => ask({ ...request, method: 'GET', isRead: true }),
    post: request => ask({ ...request, method: 'POST', body: JSON.stringify(request.body) }),
    usage: () => [...buckets].flatMap(([group, bucket]) => usageOf(group, bucket, clock.now())),
  }
}

function backoffMs(attempt: number, chance: number): number {
  return Math.round(Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (attempt - 1)) * (0.5 + chance / 2))
}

function bucketOf(limit: RateLimit, now: number): Bucket {
  return { limit, window: new SentWindow(limit.perMs), tokens: burstOf(limit), refilledAt: now, closedUntil: 0 }
}

function usageOf(group: string, { window, limit }: Bucket, now: number): readonly Usage[] {
  const peak = window.peak()
  return peak === 0 ? [] : [{ group, inWindow: window.inWindow(now), peak, limit: limit.most }]
}

function burstOf(limit: RateLimit): number {
  return Math.max(1, Math.floor(limit.most * BURST))
}

/** Waits until every limit allows one more. The turn is taken before the wait, so those who wait keep their order. */
async function takeTurn(call: Call, buckets: readonly Bucket[], clock: Clock, endsAt: number): Promise<void> {
  if (call.signal.aborted) throw aborted(call)
  const now = clock.now()
  const waitMs = Math.ceil(Math.max(0, ...buckets.map(bucket => waitOf(bucket, now))))
  if (now + waitMs >= endsAt)
    throw new HttpError(call.source, `${nameOf(call)} would go over the published limit of requests`, 'limited')
  for (const bucket of buckets) bucket.tokens -= 1
  if (waitMs > 0) await clock.sleep(waitMs, call.signal)
  if (call.signal.aborted) throw aborted(call)
}

function waitOf(bucket: Bucket, now: number): number {
  const { most, perMs } = bucket.limit
  const burst = burstOf(bucket.limit)
  const perMillisecond = Math.max(1, most - burst) / perMs
  bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.refilledAt) * perMillisecond)
  bucket.refilledAt = now
  return Math.max(bucket.closedUntil - now, (1 - bucket.tokens) / perMillisecond)
}

async function askOnce(call: Call, withinMs: number, bytesMax: number, clock: Clock): Promise<unknown> {
  const stop = new AbortController()
  const onAbort = () => stop.abort()
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    stop.abort()
  }, withinMs)
  call.signal.addEventListener('abort', onAbort, { once: true })
  try {
    const response = await fetch(call.url, {
      method: call.method,
      headers: {
        accept: 'application/json',
        ...(call.body && { 'content-type': 'application/json' }),
        ...call.headers,
      },
      ...(call.body !== undefined && { body: call.body }),
      redirect: call.isRead ? 'follow' : 'error',
      signal: stop.signal,
    })
    const text = await textOf(call, response, bytesMax)
    if (!response.ok) throw refusal(call, response, text, clock.now())
    return parsed(call, text)
  } catch (cause) {
    if (cause instanceof HttpError) throw cause
    if (call.signal.aborted) throw aborted(call)
    if (isLate) throw new HttpError(call.source, `${nameOf(call)} was not answered in ${withinMs} ms`, 'late')
    throw new HttpError(call.source, `${nameOf(call)} could not be sent or its answer broke off`, 'network', { cause })
  } finally {
    clearTimeout(timer)
    call.signal.removeEventListener('abort', onAbort)
    stop.abort()
  }
}

/** Counts what comes out of decompression, so that a small answer cannot unpack into a large one. */
async function textOf(call: Call, response: Response, bytesMax: number): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let bytes = 0
  let text = ''
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > bytesMax)
      throw new HttpError(call.source, `${nameOf(call)} was answered with over ${bytesMax} bytes`, 'too-large', {
        isFinal: true,
      })
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function parsed(call: Call, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new HttpError(call.source, `${nameOf(call)} was not answered in JSON`, 'not-json', { cause })
  }
}

function refusal(call: Call, response: Response, text: string, now: number): HttpError {
  return new HttpError(call.source, `${nameOf(call)} was answered with status ${response.status}`, 'status', {
    status: response.status,
    body: text.slice(0, BODY_KEPT),
    isFinal: !PASSING.has(response.status),
    retryAfterMs: retryAfterMs(response.headers.get('retry-after'), now),
  })
}

/** `Retry-After` is seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now
  return Number.isNaN(ms) ? undefined : Math.min(RETRY_AFTER_MAX_MS, Math.max(0, ms))
}

function aborted(call: Call): HttpError {
  return new HttpError(call.source, `${nameOf(call)} was called off`, 'aborted', { isFinal: true })
}

function nameOf(call: Call): string {
  return `${call.method} ${call.url.pathname}`
}
