import type { Prepare } from '../core/engine/deciding.ts'
import type { Effect } from '../core/engine/effect.ts'
import { step } from '../core/engine/engine.ts'
import type { Entry } from '../core/engine/entry.ts'
import { ENGINE_VERSION, type EngineState, type StateView } from '../core/engine/state.ts'
import type { Journal } from '../ports/journal.ts'
import type { Intake } from './intake.ts'

export type LoopOptions = {
  readonly state: EngineState
  /** The last entry that is on record. */
  readonly seq: number
  readonly term: number
  readonly intake: Intake
  readonly journal: Journal
  readonly prepare: Prepare
  /** Starts effects; called only with what is committed. */
  readonly dispatch: (effects: readonly Effect[]) => void
  /** The readers of the one stream of facts: tables, announcements, log and metrics. */
  readonly readers: readonly ((entries: readonly Entry[]) => void)[]
  /** Entries between two snapshots. */
  readonly snapshotEvery?: number
}

/** The engine in motion: takes inputs, decides, records, and only then lets anything happen. */
export type Loop = {
  /** Runs until the signal aborts. Throws when an entry cannot be recorded or a rule of the engine is broken: then the process must end. */
  readonly run: (signal: AbortSignal) => Promise<void>
  /** One round: whatever waits, up to a batch. False when nothing did. */
  readonly turn: () => Promise<boolean>
  readonly state: StateView
  readonly seq: () => number
  /** When the last round ended, for the watchdog. */
  readonly rounds: () => number
}

/** Inputs that are stepped through before one append makes them all durable. */
const BATCH_MAX = 64
/** A state holds up to 20,000 known deals; saving it this seldom keeps the cost far under that of the entries themselves. */
const SNAPSHOT_EVERY = 5_000

export function createLoop(options: LoopOptions): Loop {
  const { state, intake, journal, term, prepare, snapshotEvery = SNAPSHOT_EVERY } = options
  let { seq } = options
  let snapshotAt = seq
  let rounds = 0

  const turn = async (): Promise<boolean> => {
    const batch = intake.take(BATCH_MAX)
    if (batch.length === 0) return false
    const entries: Entry[] = []
    const settled: (() => void)[] = []
    for (const taken of batch) {
      const { facts, effects } = step(state, taken.input, prepare)
      settled.push(() => taken.settle(facts))
      if (facts.length === 0 && effects.length === 0) continue
      seq += 1
      entries.push({ seq, term, input: taken.input, facts, effects, engine: ENGINE_VERSION })
    }
    try {
      if (entries.length > 0) await journal.append(entries)
    } catch (error) {
      for (const taken of batch) taken.fail(error)
      throw error
    }
    for (const entry of entries) options.dispatch(entry.effects)
    for (const settle of settled) settle()
    if (entries.length > 0) for (const read of options.readers) read(entries)
    if (seq - snapshotAt >= snapshotEvery) await snapshot()
    rounds += 1
    return true
  }
  const snapshot = async (): Promise<void> => {
    snapshotAt = seq
    await journal.saveSnapshot({ seq, engine: ENGINE_VERSION, state })
  }

  return {
    state,
    seq: () => seq,
    rounds: () => rounds,
    turn,
    run: async signal => {
      while (!signal.aborted) {
        await intake.ready(signal)
        while (await turn()) {
          // Whatever waits goes first, also when the end has been asked for: what came in is not lost.
        }
      }
      await snapshot()
    },
  }
}
