import type { Instant } from '../../core/units/ids.ts'
import type { Clock } from '../../ports/clock.ts'
import type { SurfaceStatus } from '../../voices/surface.ts'
import { type CallFault, wordsOf } from './errors.ts'
import type { Timings } from './timings.ts'

export type View = { readonly status: SurfaceStatus; readonly since: number; readonly why: string }

/**
 * How the surface is doing, by its polls:
 *
 *   connecting ──▶ live ◀──▶ down          any ──▶ closed, for good
 *
 * It is live while polls succeed, and down after a while without one. It is down as well while another program polls with the same
 * token, though some polls succeed: what that one is told, we are not.
 */
export type Standing = {
  readonly view: () => View
  readonly polled: () => void
  readonly failed: (fault: CallFault) => void
  /** The token is not known any more. */
  readonly close: () => void
  /** Looks on until the signal aborts: a poll that hangs says nothing. */
  readonly run: (signal: AbortSignal) => Promise<void>
}

export type StandingOptions = {
  readonly clock: Clock
  readonly timings: Pick<Timings, 'downMs' | 'conflictWindowMs'>
  readonly changed: (view: { readonly status: SurfaceStatus; readonly why: string }) => void
}

/** One is what a quick restart meets: the poll of the process before lingers. */
const CONFLICTS_MAX = 4
const HIJACKED =
  'another program polls with the same token and takes what is said here. If that is no second copy of this bot, the token is stolen: revoke it at @BotFather'
const CLOSED = 'Telegram does not know the token any more: it was revoked, or never right'

export function createStanding({ clock, timings, changed }: StandingOptions): Standing {
  let view: View = { status: 'connecting', since: clock.now(), why: 'starting' }
  let polledAt = clock.now()
  let conflicts: readonly Instant[] = []
  let lastFault: CallFault = 'timeout'

  const become = (status: SurfaceStatus, why: string): void => {
    if (view.status === 'closed' || (view.status === status && view.why === why)) return
    const since = view.status === status ? view.since : clock.now()
    view = { status, since, why }
    changed({ status, why })
  }
  const isShared = (): boolean => {
    conflicts = conflicts.filter(at => clock.now() - at < timings.conflictWindowMs)
    return conflicts.length >= CONFLICTS_MAX
  }
  const look = (): void => {
    if (isShared()) become('down', HIJACKED)
    else if (clock.now() - polledAt >= timings.downMs) become('down', `no poll has succeeded: ${wordsOf(lastFault)}`)
  }

  return {
    view: () => view,
    polled: () => {
      polledAt = clock.now()
      if (!isShared()) become('live', '')
    },
    failed: fault => {
      lastFault = fault
      if (fault === 'conflict') conflicts = [...conflicts.slice(1 - CONFLICTS_MAX), clock.now()]
      look()
    },
    close: () => become('closed', CLOSED),
    run: async signal => {
      while (!signal.aborted) {
        await clock.sleep(Math.max(1, timings.downMs - (clock.now() - polledAt)), signal)
        if (signal.aborted) return
        look()
        if (clock.now() - polledAt >= timings.downMs) await clock.sleep(timings.downMs, signal)
      }
    },
  }
}
