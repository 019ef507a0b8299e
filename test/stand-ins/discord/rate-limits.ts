import type { Answer } from './api-error.ts'
import { note } from './bounded.ts'

/** How many requests in how long. The first request opens the window. */
export type Allowance = { readonly requestsMax: number; readonly windowMs: number }

type Own = Allowance & { readonly scope?: 'user' | 'shared' }

/** A request that came too soon. */
export type Limited = {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly retryAfterMs: number
  readonly scope: 'user' | 'shared' | 'global'
}

/** The limits as a test sets them, and what they stopped. A clock that stands still never opens a bucket again. */
export type RateLimits = {
  /**
   * Sets the allowance of one route, as in `'POST /channels/:channel/messages'`; each channel, guild and webhook has its own bucket.
   * Throws where there is no such route. `shared` says that others filled the bucket.
   */
  readonly set: (route: string, allowance: Own) => void
  /** Sets the allowance of all routes together, those of interactions aside; `undefined` for none, as at the start. */
  readonly setGlobal: (allowance: Allowance | undefined) => void
  readonly limited: readonly Limited[]
}

/** The limits as requests meet them. */
export type RateGate = RateLimits & {
  /** Counts the request. `refusal` is there when it came too soon; `headers` belong on the answer in any case. */
  readonly take: (asked: Asked) => { readonly headers: Answer['headers']; readonly refusal?: Answer }
}

type Asked = {
  readonly method: string
  readonly path: string
  readonly route: string
  /** The ids that give the request a bucket of its own. */
  readonly major: string
  readonly isOfInteraction: boolean
}
type Bucket = { startedAt: number; used: number }
type Verdict = {
  readonly allowance: Allowance
  readonly isOver: boolean
  readonly left: number
  readonly resetMs: number
}

/** So much that nobody meets it unless a test asks for less. */
const GENEROUS: Allowance = { requestsMax: 10_000, windowMs: 1_000 }
/** Buckets that are kept; beyond it the oldest are forgotten, which only ever lets a request through. */
const BUCKETS_MAX = 10_000

/** Limits that let everything through until they are set. `routes` are all there are. */
export function rateLimits(now: () => number, routes: readonly string[]): RateGate {
  const allowances = new Map<string, Own>()
  const buckets = new Map<string, Bucket>()
  const limited: Limited[] = []
  let global: Allowance | undefined

  const count = (key: string, allowance: Allowance): Verdict => {
    const known = buckets.get(key)
    const isOpen = known !== undefined && now() < known.startedAt + allowance.windowMs
    const bucket = isOpen ? known : { startedAt: now(), used: 0 }
    if (!isOpen) {
      if (buckets.size >= BUCKETS_MAX) buckets.delete(buckets.keys().next().value ?? '')
      buckets.set(key, bucket)
    }
    const isOver = bucket.used >= allowance.requestsMax
    if (!isOver) bucket.used += 1
    const left = allowance.requestsMax - bucket.used
    return { allowance, isOver, left, resetMs: bucket.startedAt + allowance.windowMs - now() }
  }
  const stop = ({ method, path }: Asked, { resetMs }: Verdict, scope: Limited['scope']): Answer => {
    note(limited, { at: now(), method, path, retryAfterMs: resetMs, scope })
    const isGlobal = scope === 'global'
    return {
      status: 429,
      body: { message: 'You are being rate limited.', retry_after: resetMs / 1_000, global: isGlobal },
      headers: {
        'retry-after': String(Math.ceil(resetMs / 1_000)),
        'x-ratelimit-scope': scope,
        ...(isGlobal ? { 'x-ratelimit-global': 'true' } : {}),
      },
    }
  }

  return {
    limited,
    set: (route, allowance) => {
      if (!routes.includes(route)) throw new Error(`there is no route "${route}", only\n${routes.join('\n')}`)
      allowances.set(route, allowance)
    },
    setGlobal: allowance => {
      global = allowance
    },
    take: asked => {
      if (global !== undefined && !asked.isOfInteraction) {
        const verdict = count('global', global)
        if (verdict.isOver) return { headers: {}, refusal: stop(asked, verdict, 'global') }
      }
      const allowance: Own = allowances.get(asked.route) ?? GENEROUS
      const verdict = count(`${asked.route} ${asked.major}`, allowance)
      const headers = headersOf(asked.route, verdict, now())
      return verdict.isOver ? { headers, refusal: stop(asked, verdict, allowance.scope ?? 'user') } : { headers }
    },
  }
}

function headersOf(route: string, { allowance, left, resetMs }: Verdict, at: number): Record<string, string> {
  return {
    'x-ratelimit-limit': String(allowance.requestsMax),
    'x-ratelimit-remaining': String(left),
    'x-ratelimit-reset': ((at + resetMs) / 1_000).toFixed(3),
    'x-ratelimit-reset-after': (resetMs / 1_000).toFixed(3),
    'x-ratelimit-bucket': bucketName(route),
  }
}

/** A name that says nothing, as Discord's do, and is the same in every run. FNV-1a, 32 bits. */
function bucketName(route: string): string {
  let hash = 0x81_1c_9d_c5
  for (const character of route) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01_00_01_93) >>> 0
  return hash.toString(16).padStart(8, '0')
}
