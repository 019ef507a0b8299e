import type { Clock } from '../../ports/clock.ts'

/** When the next IDENTIFY may go out. After 1,000 in a day Discord takes the token away, and every client that begins anew costs one. */
export type IdentifyBudget = {
  readonly waitMs: () => number
  /** Waits for its turn and counts it. Rejects when the signal aborts before. */
  readonly take: (signal: AbortSignal) => Promise<void>
}

const DAY_MS = 86_400_000
/** So many in a day are more than any good day needs. */
const ALARM = 50
/** Up to so many in the last day, so many times the usual wait: less than 400 in a day, whatever happens. */
const SPACINGS: readonly (readonly [upTo: number, times: number])[] = [
  [20, 1],
  [100, 12],
  [300, 60],
]
const LAST_SPACING = 180

export function identifyBudget(clock: Clock, identifyMs: number, note: (what: string) => void): IdentifyBudget {
  let taken: number[] = []
  const waitMs = (): number => {
    const now = clock.now()
    taken = taken.filter(at => now - at < DAY_MS)
    const times = SPACINGS.find(([upTo]) => taken.length < upTo)?.[1] ?? LAST_SPACING
    return Math.max(0, (taken.at(-1) ?? Number.NEGATIVE_INFINITY) + times * identifyMs - now)
  }
  return {
    waitMs,
    take: async signal => {
      for (let left = waitMs(); left > 0 && !signal.aborted; left = waitMs()) await clock.sleep(left, signal)
      if (signal.aborted) throw new Error('the connection ended before it could identify')
      taken.push(clock.now())
      if (taken.length === ALARM) note(`Discord's gateway had to be told who we are ${ALARM} times in a day`)
    },
  }
}
