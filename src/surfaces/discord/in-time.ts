import type { Clock } from '../../ports/clock.ts'

/** What comes of the work, or nothing after so long; the work goes on, and the wait does not. */
export async function inTime<Done>(work: Promise<Done>, ms: number, clock: Clock): Promise<Done | undefined> {
  const over = new AbortController()
  try {
    return await Promise.race([work, clock.sleep(ms, over.signal).then(() => undefined)])
  } finally {
    over.abort()
  }
}
