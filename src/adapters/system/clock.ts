import { type Instant, instant } from '../../core/units/ids.ts'
import type { Clock } from '../../ports/clock.ts'

/** The machine's own time. A wait longer than a timer can hold (24 days) is cut there. */
export const systemClock: Clock = {
  now: () => instant(Date.now()),
  sleep: (ms, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) {
        resolve()
        return
      }
      const timer = setTimeout(done, Math.min(Math.max(0, ms), TIMER_MAX_MS))
      function done(): void {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      signal?.addEventListener('abort', done)
    }),
}

const TIMER_MAX_MS = 2_147_483_647

/** A clock whose time stands still until it is told to jump to the next wait that is due. */
export type JumpingClock = Clock & {
  /** Ends the wait that is due first and moves the time there; false when nobody waits. Ties go by who waited first. */
  readonly jump: () => boolean
  /** When the next wait is due. */
  readonly next: () => Instant | undefined
  /** Moves the time on, ending no wait. Never backwards. */
  readonly set: (to: Instant) => void
}

type Wait = { readonly due: number; readonly serial: number; readonly wake: () => void; isOver: boolean }

export function jumpingClock(start: Instant): JumpingClock {
  let now = start
  let serial = 0
  const waits: Wait[] = []
  const next = (): Wait | undefined => {
    while (waits[0]?.isOver) take(waits)
    return waits[0]
  }
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise(resolve => {
        if (signal?.aborted) {
          resolve()
          return
        }
        const onAbort = (): void => {
          wait.isOver = true
          resolve()
        }
        // A signal that lives long must not gather the listeners of waits that are over.
        const wake = (): void => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        }
        const wait: Wait = { due: now + Math.max(0, ms), serial: serial++, wake, isOver: false }
        signal?.addEventListener('abort', onAbort, { once: true })
        push(waits, wait)
      }),
    jump: () => {
      const wait = next()
      if (wait === undefined) return false
      take(waits)
      wait.isOver = true
      if (wait.due > now) now = instant(Math.ceil(wait.due))
      wait.wake()
      return true
    },
    next: () => {
      const wait = next()
      return wait === undefined ? undefined : instant(Math.ceil(wait.due))
    },
    set: to => {
      if (to > now) now = to
    },
  }
}

/** A binary heap by due time, then by who came first, so that the order of equals never depends on the engine. */
function push(heap: Wait[], wait: Wait): void {
  let at = heap.length
  heap.push(wait)
  while (at > 0) {
    const above = (at - 1) >> 1
    const parent = heap[above]
    if (parent === undefined || isBefore(parent, wait)) break
    heap[at] = parent
    heap[above] = wait
    at = above
  }
}

function take(heap: Wait[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let at = 0
  for (;;) {
    const left = heap[2 * at + 1]
    const right = heap[2 * at + 2]
    if (left === undefined) break
    const useRight = right !== undefined && isBefore(right, left)
    const child = useRight ? right : left
    if (isBefore(last, child)) break
    heap[at] = child
    at = useRight ? 2 * at + 2 : 2 * at + 1
  }
  heap[at] = last
}

function isBefore(one: Wait, other: Wait): boolean {
  return one.due < other.due || (one.due === other.due && one.serial < other.serial)
}
