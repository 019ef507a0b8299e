import type { Entry } from '../core/engine/entry.ts'
import type { EngineState } from '../core/engine/state.ts'

/** The state after the entry `seq`, so that recovery need not fold from the beginning. */
export type Snapshot = { readonly seq: number; readonly engine: string; readonly state: EngineState }

/** The memory of all that was decided. Effects start only after `append` has resolved. */
export type Journal = {
  /**
   * Makes the entries durable, all or none. Throws a `JournalError` where that cannot be said; the caller then stops, since
   * its state is ahead of what is on record, and recovery reads what is.
   */
  readonly append: (entries: readonly Entry[]) => Promise<void>
  /** Every entry from `seq` on, in order. */
  readonly readFrom: (seq: number) => AsyncIterable<Entry>
  readonly saveSnapshot: (snapshot: Snapshot) => Promise<void>
  readonly latestSnapshot: () => Promise<Snapshot | undefined>
  readonly close: () => Promise<void>
}

/** The journal could not be written or read. `advice` says in one sentence what a person can do about it. */
export class JournalError extends Error {
  override readonly name = 'JournalError'
  readonly advice: string

  constructor(message: string, advice: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.advice = advice
  }
}
