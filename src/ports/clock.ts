import type { Instant } from '../core/units/ids.ts'

/** Time, as the run has it: the machine's own, or one that jumps to whatever is next. */
export type Clock = {
  readonly now: () => Instant
  /** Resolves after `ms`, or at once when the signal aborts: a wait is never an error. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}
