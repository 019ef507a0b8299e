import { announcements } from '../../chat/announce.ts'
import { standingCard } from '../../chat/announce-card.ts'
import type { AnnounceContext, Announcement } from '../../chat/announce-words.ts'
import { emptyNotebook, note, noteState } from '../../chat/notebook.ts'
import type { Reply } from '../../chat/reply.ts'
import type { Entry } from '../../core/engine/entry.ts'
import { booksOf, equityOf, type StateView } from '../../core/engine/state.ts'
import type { Instant } from '../../core/units/ids.ts'

/** Turns what is on record into words, and hands them to every surface that listens. */
export type AnnouncerDesk = {
  readonly read: (entries: readonly Entry[]) => void
  /** Until the function that it gives back is called. */
  readonly listen: (hear: (announcement: Announcement) => void) => () => void
  /** Tells what is not of the record: how the surfaces themselves are doing. */
  readonly say: (announcement: Announcement) => void
  /** The card of that short name as it stands now; nothing where it does not wait (any more). */
  readonly card: (short: string, at: Instant) => Reply | undefined
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
  const contextNow = (): AnnounceContext => {
    const equity = equityOf(booksOf(state, 'paper'))
    return { isSimulated, equity, limits: state.limits, notebook }
  }
  return {
    say: tell,
    card: (short, at) => standingCard({ at, facts: [], context: contextNow(), fresh: emptyNotebook() }, short)?.reply,
    read: entries => {
      for (const entry of entries) {
        const context = contextNow()
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
