import { InvariantError } from '../core/units/brand.ts'
import type { Seeded } from '../core/units/seeded.ts'
import type { Clock } from '../ports/clock.ts'
import { JournalError } from '../ports/journal.ts'

/** Something that runs as long as the process does. An essential one ends the process when it fails. */
export type Service = {
  readonly name: string
  readonly isEssential: boolean
  readonly run: (signal: AbortSignal) => Promise<void>
}

export type SupervisorOptions = {
  readonly clock: Clock
  readonly chance: Seeded
  readonly signal: AbortSignal
  readonly note: (service: string, error: unknown) => void
}

const RESTART_MS = 500
const RESTART_MAX_MS = 30_000
/** More failures than this within the window mean that restarting does not help. */
const FAILURES_MAX = 5
const WINDOW_MS = 5 * 60_000

/**
 * Runs services until the signal aborts, and resolves when all have ended. One that fails is started again after a growing,
 * jittered wait; an essential one, a broken rule, or too many failures reject, and the process must end.
 */
export async function supervise(services: readonly Service[], options: SupervisorOptions): Promise<void> {
  await Promise.all(services.map(service => keepRunning(service, options)))
}

async function keepRunning(service: Service, { clock, chance, signal, note }: SupervisorOptions): Promise<void> {
  const failures: number[] = []
  while (!signal.aborted) {
    try {
      await service.run(signal)
      if (signal.aborted || service.isEssential) return
    } catch (error) {
      if (signal.aborted && !isFatal(error)) return
      if (service.isEssential || isFatal(error)) throw error
      note(service.name, error)
      failures.push(clock.now())
      while ((failures[0] ?? Number.POSITIVE_INFINITY) < clock.now() - WINDOW_MS) failures.shift()
      if (failures.length > FAILURES_MAX)
        throw new Error(`${service.name} failed ${failures.length} times in five minutes`, { cause: error })
    }
    const waitMs = Math.min(RESTART_MAX_MS, RESTART_MS * 2 ** failures.length)
    await clock.sleep(waitMs * chance.between(0.5, 1), signal)
  }
}

function isFatal(error: unknown): boolean {
  return error instanceof InvariantError || error instanceof JournalError
}
