import { type Ask, Refusal, remember } from './wire.ts'

/** So many in any stretch of so many milliseconds. */
export type RateLimit = { readonly count: number; readonly windowMs: number }

/** What is counted, and how much of it there may be. */
export type RateLimits = {
  readonly privateChat: RateLimit
  readonly group: RateLimit
  /** Edits in a group, counted apart from what is sent there. */
  readonly groupEdits: RateLimit
  /** All that is sent, wherever to. */
  readonly everywhere: RateLimit
}

/** Wide enough that only a test which narrows them meets them. */
export const GENEROUS_LIMITS: RateLimits = {
  privateChat: { count: 300, windowMs: 1_000 },
  group: { count: 6_000, windowMs: 60_000 },
  groupEdits: { count: 6_000, windowMs: 60_000 },
  everywhere: { count: 1_000, windowMs: 1_000 },
}
/** What the FAQ for bots says of the real one, and what grammY's documentation says of edits. */
export const REAL_LIMITS: RateLimits = {
  privateChat: { count: 1, windowMs: 1_000 },
  group: { count: 20, windowMs: 60_000 },
  groupEdits: { count: 20, windowMs: 60_000 },
  everywhere: { count: 30, windowMs: 1_000 },
}

/** A call that came too soon. */
export type Limited = {
  readonly method: string
  readonly chatId: number
  readonly limit: keyof RateLimits
  readonly retryAfterSeconds: number
  readonly at: number
}

/** Counts what was sent. */
export type RateLimiter = {
  /** Asserts that there is room for a call. What it returns takes the room, once the call was carried out. */
  readonly admit: (ask: Ask, chatId: number, isGroup: boolean, limits: RateLimits) => () => void
  readonly limited: readonly Limited[]
}

const LIMITED_MAX = 2_000

/** A limiter that has seen nothing. */
export function createRateLimiter(now: () => number): RateLimiter {
  const taken = new Map<string, number[]>()
  const limited: Limited[] = []
  return {
    limited,
    admit: (ask, chatId, isGroup, limits) => {
      const buckets = bucketsOf(ask.method, isGroup)
      for (const name of buckets) {
        const { count, windowMs } = limits[name]
        const key = keyOf(name, chatId)
        const recent = (taken.get(key) ?? []).filter(at => now() - at < windowMs)
        taken.set(key, recent)
        const oldest = recent.at(-count)
        if (oldest === undefined) continue
        const retryAfterSeconds = Math.max(1, Math.ceil((oldest + windowMs - now()) / 1_000))
        remember(limited, { method: ask.method, chatId, limit: name, retryAfterSeconds, at: now() }, LIMITED_MAX)
        throw tooManyRequests(retryAfterSeconds)
      }
      return () => {
        for (const name of buckets) taken.get(keyOf(name, chatId))?.push(now())
      }
    },
  }
}

/** 429, with the seconds to wait in both places where clients look. */
export function tooManyRequests(retryAfterSeconds: number): Refusal {
  return new Refusal(429, `Too Many Requests: retry after ${retryAfterSeconds}`, { retry_after: retryAfterSeconds })
}

function bucketsOf(method: string, isGroup: boolean): readonly (keyof RateLimits)[] {
  if (method.startsWith('edit')) return isGroup ? ['groupEdits'] : ['privateChat']
  if (!method.startsWith('send') || method === 'sendChatAction') return []
  return [isGroup ? 'group' : 'privateChat', 'everywhere']
}

function keyOf(name: keyof RateLimits, chatId: number): string {
  return name === 'everywhere' ? name : `${name} ${chatId}`
}
