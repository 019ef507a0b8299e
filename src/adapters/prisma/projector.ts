import type { Entry } from '../../core/engine/entry.ts'
import { assert } from '../../core/units/brand.ts'
import type { Tables } from './tables.ts'

/** Keeps the tables a moment behind the engine's loop, which never waits for them. */
export type Projector = {
  /** Takes note of entries that are on record, and returns at once. */
  readonly offer: (entries: readonly Entry[]) => void
  /** The last entry that the tables have. */
  readonly reached: () => number
  /** Resolves when all that was offered is in the tables; rejects with what is in the way. */
  readonly drain: () => Promise<void>
  /** Lets the work in hand end, and does no more. */
  readonly close: () => Promise<void>
}

export type ProjectorOptions = {
  /** Told of every failure. The tables then trail until a later try succeeds; trading goes on. */
  readonly onFailure: (error: unknown) => void
  /** How long to wait before another try; it doubles up to half a minute. */
  readonly retryAfterMs?: number
}

/** Entries that wait in memory; beyond that they are dropped here and read back from the journal. */
const BACKLOG_MAX = 1_000
const RETRY_AFTER_MS = 250
const RETRY_AFTER_MAX_MS = 30_000

/** Starts with what the journal has beyond the tables: after a crash they may trail it. */
export async function startProjector(tables: Tables, options: ProjectorOptions): Promise<Projector> {
  const { onFailure, retryAfterMs = RETRY_AFTER_MS } = options
  let reached = await tables.catchUp()
  let offered = reached
  let backlog: Entry[] = []
  let work: Promise<void> | undefined
  let isClosed = false
  let failures = 0
  let timer: NodeJS.Timeout | undefined

  const round = async (): Promise<void> => {
    const entries = backlog
    backlog = []
    reached = entries.length > 0 ? await tables.project(entries) : reached
    if (reached >= offered || backlog.length > 0) return
    const wanted = offered
    reached = await tables.catchUp()
    assert(reached >= wanted, 'what is offered is on record')
  }
  const go = async (): Promise<void> => {
    // The entries that were just offered are usually the first of a few: let the loop finish its turn.
    await Promise.resolve()
    while (reached < offered && !isClosed) await round()
    failures = 0
  }
  const start = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    work ??= go()
      .catch(error => {
        startAgainLater(error)
        throw error
      })
      .finally(() => {
        work = undefined
        // What was offered while the last round ended found it still at work.
        if (reached < offered && timer === undefined && !isClosed) startUnattended()
      })
    return work
  }
  const startAgainLater = (error: unknown): void => {
    failures += 1
    onFailure(error)
    if (isClosed) return
    timer = setTimeout(startUnattended, Math.min(retryAfterMs * 2 ** (failures - 1), RETRY_AFTER_MAX_MS))
    timer.unref()
  }
  /** Its failure has been told of and its next try is set, so there is nobody left to tell. */
  const startUnattended = (): void => {
    start().catch(() => undefined)
  }

  return {
    offer: entries => {
      offered = entries.at(-1)?.seq ?? offered
      if (backlog.length + entries.length <= BACKLOG_MAX) backlog.push(...entries)
      else backlog = []
      if (work === undefined && timer === undefined && !isClosed && reached < offered) startUnattended()
    },
    reached: () => reached,
    drain: async () => {
      while (reached < offered && !isClosed) await start()
    },
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      await work?.catch(() => undefined)
    },
  }
}
