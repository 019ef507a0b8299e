import { type Instant, instant, type TokenId } from '../../../core/units/ids.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { FeedState } from '../../../ports/feeds.ts'
import {
  type MarketEnding,
  type MarketSession,
  openMarketSession,
  type SessionHeard,
  type SessionWaits,
} from './market-socket.ts'
import type { TokenMirror } from './mirror-token.ts'

export type GroupWaits = SessionWaits & {
  /** A connection is replaced when it is this old, for this one is known to fall silent while it stays open. */
  readonly renewAfterMs: number
  /** What a new connection has to bring the books before the old one is let go all the same. */
  readonly overlapMs: number
  /** Silence on what is watched that makes a difference from HTTP a frozen connection, and not one lost frame. */
  readonly frozenAfterMs: number
  readonly backoffFirstMs: number
  readonly backoffMaxMs: number
  readonly goodAfterMs: number
}

export type GroupHeard = SessionHeard & {
  readonly ended: (ending: MarketEnding, retryMs: number) => void
}

/** Up to `GROUP_TOKENS_MAX` tokens and the connection that tells their books, held open for as long as there are any. */
export type MarketGroup = {
  readonly tokens: ReadonlySet<TokenId>
  readonly add: (token: TokenId) => void
  readonly remove: (token: TokenId) => void
  readonly mirror: (token: TokenId) => TokenMirror | undefined
  /** Has the token's book sent anew, or the connection made anew where it says nothing at all. */
  readonly distrust: (token: TokenId, now: Instant) => void
  readonly tick: (now: Instant) => void
  /** Whether the connection has just shown that it lives. */
  readonly isAlive: (now: Instant, withinMs: number) => boolean
  readonly heardAt: () => Instant | undefined
  readonly state: () => FeedState
  readonly close: () => void
}

/** Ids for one connection. Above 500 the exchange sends no books on subscribing; others who run this keep to 200. */
export const GROUP_TOKENS_MAX = 200
const RENEWAL_SPREAD = 0.1

/**
 * ```
 * connecting ─ a book is told ─▶ live ─ renewal: the next opens beside it, and takes over with its books
 *     ▲                           │
 *     │                           ├─ frozen ─▶ stale ─┐
 *     └───────── backoff ◀────────┴─ closed ─▶ down ──┘    both are left by the first book of the next connection
 * ```
 */
export function marketGroup(
  url: string,
  waits: GroupWaits,
  clock: Clock,
  chance: () => number,
  heard: GroupHeard,
): MarketGroup {
  const tokens = new Set<TokenId>()
  let current: MarketSession | undefined
  let next: MarketSession | undefined
  let state: FeedState = { status: 'connecting', since: clock.now(), why: 'no book has been told yet' }
  let failures = 0
  let retryAt: Instant = clock.now()
  let renewAt: Instant = clock.now()

  const become = (status: FeedState['status'], why?: string): void => {
    if (status !== state.status || why !== state.why)
      state = { status, since: clock.now(), ...(why !== undefined && { why }) }
  }
  /** Spread over the last part of the wait, so that connections which ended together do not come back together. */
  const soon = (ms: number, spread = 0.5): Instant =>
    instant(Math.round(clock.now() + ms * (1 - spread + chance() * spread)))

  const open = (): MarketSession => {
    if (state.status === 'connecting') become('connecting', 'the connection is being made')
    const session = openMarketSession(url, waits, clock, heard)
    session.watch([...tokens])
    return session
  }

  /** Once a tick and not with each token, so that many that come together are one message. */
  const follow = (session: MarketSession): void => {
    session.watch([...tokens])
    session.unwatch([...session.mirrors.keys()].filter(token => !tokens.has(token)))
  }

  const ended = (session: MarketSession, ending: MarketEnding, now: Instant): void => {
    const openedAt = session.openedAt()
    const isGood = openedAt !== undefined && session.toldAt() !== undefined && now - openedAt >= waits.goodAfterMs
    failures = isGood ? 1 : failures + 1
    const waitMs = Math.min(waits.backoffMaxMs, waits.backoffFirstMs * 2 ** Math.min(failures - 1, 16))
    // One that was let go for being slow would be slow again at once.
    retryAt = soon(ending.kind === 'slow' ? waits.backoffMaxMs : waitMs)
    become(ending.kind === 'frozen' ? 'stale' : 'down', ending.why)
    heard.ended(ending, retryAt - now)
  }

  const takeOver = (old: MarketSession, now: Instant): void => {
    current = next
    next = undefined
    renewAt = soon(waits.renewAfterMs, RENEWAL_SPREAD)
    for (const [token, mirror] of current?.mirrors ?? []) {
      const proven = old.mirrors.get(token)
      if (proven !== undefined) mirror.inherit(proven, now)
    }
    old.end({ kind: 'over', why: 'another connection has taken over' })
  }

  /** Whether the next connection has every book that the present one has. */
  const isWhole = (present: MarketSession, coming: MarketSession): boolean =>
    [...present.mirrors].every(([token, mirror]) => !mirror.hasBook() || coming.mirrors.get(token)?.hasBook() === true)

  const renewal = (present: MarketSession, now: Instant): void => {
    if (next === undefined) {
      if (now < renewAt) return
      next = open()
      renewAt = instant(now + waits.overlapMs)
      return
    }
    follow(next)
    next.tick(now)
    const ending = next.ended()
    const isLate = now >= renewAt
    const isOpen = next.openedAt() !== undefined && ending === undefined
    if (isOpen && (isWhole(present, next) || (isLate && next.toldAt() !== undefined))) {
      takeOver(present, now)
    } else if (ending !== undefined || isLate) {
      const failed = ending ?? { kind: 'frozen', why: 'the next connection told no book' }
      next.end(failed)
      next = undefined
      renewAt = soon(waits.backoffMaxMs)
      heard.ended(failed, renewAt - now)
    }
  }

  const tick = (now: Instant): void => {
    if (tokens.size === 0) {
      close()
      return
    }
    if (current === undefined && now >= retryAt) {
      current = open()
      renewAt = soon(waits.renewAfterMs, RENEWAL_SPREAD)
    }
    if (current === undefined) return
    follow(current)
    current.tick(now)
    const ending = current.ended()
    if (ending !== undefined) {
      const old = current
      current = undefined
      ended(old, ending, now)
      if (next !== undefined && next.toldAt() !== undefined) takeOver(old, now)
      else next?.end(ending)
      next = undefined
    }
    if (current === undefined) return
    if (current.toldAt() !== undefined && current.ended() === undefined) become('live')
    renewal(current, now)
  }

  const close = (): void => {
    for (const session of [current, next]) session?.end({ kind: 'over', why: 'it is not needed any more' })
    current = undefined
    next = undefined
    if (tokens.size === 0) become('connecting', 'no book is asked for')
  }

  return {
    tokens,
    add: token => void tokens.add(token),
    remove: token => void tokens.delete(token),
    mirror: token => current?.mirrors.get(token),
    distrust: (token, now) => {
      const since = current?.toldAt() ?? current?.openedAt()
      if (current === undefined || since === undefined) return
      if (now - since < waits.frozenAfterMs) current.renew(token)
      else
        current.end({
          kind: 'frozen',
          why: `the connection is open and told nothing for ${Math.round((now - since) / 1_000)} s while books changed`,
        })
    },
    tick,
    isAlive: (now, withinMs) => {
      const at = current?.heardAt()
      return at !== undefined && current?.ended() === undefined && now - at <= withinMs
    },
    heardAt: () => current?.heardAt(),
    state: () => state,
    close,
  }
}
