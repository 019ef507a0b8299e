import { announcements } from '../../chat/announce.ts'
import type { Announcement } from '../../chat/announce-words.ts'
import { emptyNotebook, note, noteState } from '../../chat/notebook.ts'
import type { Entry } from '../../core/engine/entry.ts'
import { booksOf, equityOf, type StateView } from '../../core/engine/state.ts'

/** Turns what is on record into words, and hands them to every surface that listens. */
export type AnnouncerDesk = {
  readonly read: (entries: readonly Entry[]) => void
  /** Until the function that it gives back is called. */
  readonly listen: (hear: (announcement: Announcement) => void) => () => void
}

/** A surface that fails does not keep the others from hearing; `report` is told. */
export function createAnnouncer(
  state: StateView,
  isSimulated: boolean,
  report: (error: unknown) => void,
): AnnouncerDesk {
  const notebook = emptyNotebook()
  noteState(notebook, state)
  const listeners = new Set<(announcement: Announcement) => void>()
  const tell = (announcement: Announcement): void => {
    for (const hear of listeners) {
      try {
        hear(announcement)
      } catch (error) {
        report(error)
      }
    }
  }
  return {
    read: entries => {
      for (const entry of entries) {
        const context = { isSimulated, equity: equityOf(booksOf(state, 'paper')), notebook }
        for (const said of announcements({ seq: entry.seq, at: entry.input.at, facts: entry.facts }, context))
          tell(said)
        note(notebook, entry.facts)
      }
    },
    listen: hear => {
      listeners.add(hear)
      return () => listeners.delete(hear)
    },
  }
}
