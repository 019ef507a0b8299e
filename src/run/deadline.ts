import type { Clock } from '../ports/clock.ts'

/**
 * Runs a question to the world with a deadline of the run's own clock. The signal it is given aborts at the deadline or when the
 * run ends; nothing of it outlives the answer.
 */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  parent: AbortSignal,
  question: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController()
  const abort = (): void => own.abort(parent.reason)
  if (parent.aborted) abort()
  parent.addEventListener('abort', abort)
  const done = new AbortController()
  const late = clock.sleep(ms, done.signal).then(() => {
    if (!done.signal.aborted) own.abort(new DeadlineError(ms))
  })
  try {
    return await question(own.signal)
  } finally {
    parent.removeEventListener('abort', abort)
    done.abort()
    await late
  }
}

/** Nobody answered in time, which says nothing about whether it was done. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'

  constructor(ms: number) {
    super(`no answer within ${Math.round(ms / 1000)} s`)
  }
}
