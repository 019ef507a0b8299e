import type { Clock } from '../../ports/clock.ts'
import type { Timings } from './timings.ts'

/** Tells a connection that works from one that only looks so: a socket can be open for hours with nobody at its other end. */
export type Watchdog = {
  readonly ready: () => void
  /** A heartbeat was acknowledged. */
  readonly alive: () => void
  readonly lost: () => void
  /** `away`: not ready for longer than a reconnect takes. `dead`: it has to begin anew. */
  readonly look: () => 'fine' | 'away' | 'dead'
}

export function createWatchdog(clock: Pick<Clock, 'now'>, { watchdogMs, lookMs, downMs }: Timings): Watchdog {
  let isReady = false
  let signAt: number = clock.now()
  let lookedAt: number = clock.now()
  return {
    ready: () => {
      isReady = true
      signAt = clock.now()
    },
    alive: () => {
      if (isReady) signAt = clock.now()
    },
    lost: () => {
      // Every try to come back ends in a further loss; it is away since the first.
      if (isReady) signAt = clock.now()
      isReady = false
    },
    look: () => {
      const now = clock.now()
      // The machine slept. The session may still be resumed, with all that was said meanwhile, and gets its time for that.
      if (now - lookedAt > watchdogMs / 2 + 2 * lookMs) signAt = now
      lookedAt = now
      if (now - signAt > watchdogMs) return 'dead'
      return !isReady && now - signAt > downMs ? 'away' : 'fine'
    },
  }
}
