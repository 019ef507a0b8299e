import { decodeEntry, decodeState, encodeEntry, encodeState } from '../../core/engine/codec.ts'
import type { Entry } from '../../core/engine/entry.ts'
import { ENGINE_VERSION } from '../../core/engine/state.ts'
import { assert } from '../../core/units/brand.ts'
import { type Journal, JournalError } from '../../ports/journal.ts'

/** What becomes of an append: a disk may take it, lose it, or take it and never say so. */
export type AppendFate = 'ok' | 'lost' | 'failed-after-commit'

export type MemoryJournalOptions = {
  /** Asked before each append. */
  readonly fault?: (entries: readonly Entry[]) => AppendFate
}

type SavedState = { readonly seq: number; readonly engine: string; readonly state: string }

/** Snapshots that are kept, as the database keeps them. */
const SNAPSHOTS_KEPT = 3

/**
 * A journal that outlives a simulated process and nothing else. Entries and snapshots are kept as text, so that recovery folds
 * exactly what a disk would give back and shares nothing with the state that was lost.
 */
export function memoryJournal({ fault = () => 'ok' }: MemoryJournalOptions = {}): Journal {
  const lines: string[] = []
  let snapshots: readonly SavedState[] = []
  return {
    append: async entries => {
      for (const [index, entry] of entries.entries()) {
        assert(entry.seq === lines.length + 1 + index, 'an entry has the number after the one before')
      }
      const fate = fault(entries)
      if (fate !== 'lost') lines.push(...entries.map(encodeEntry))
      if (fate !== 'ok')
        throw new JournalError(`the append was ${fate}`, 'Start again: recovery reads what is on record.')
    },
    readFrom: async function* (seq) {
      for (const line of lines.slice(seq - 1)) yield decodeEntry(line)
    },
    saveSnapshot: async ({ seq, engine, state }) => {
      const others = snapshots.filter(snapshot => snapshot.seq !== seq)
      snapshots = [{ seq, engine, state: encodeState(state) }, ...others].slice(0, SNAPSHOTS_KEPT)
    },
    latestSnapshot: async () => {
      const found = snapshots.find(({ seq, engine }) => engine === ENGINE_VERSION && seq <= lines.length)
      return found === undefined ? undefined : { ...found, state: decodeState(found.state) }
    },
    close: async () => {},
  }
}
