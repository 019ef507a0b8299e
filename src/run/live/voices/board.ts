import { boardReply, boardSignature } from '../../../chat/board.ts'
import type { Desk } from '../../../chat/desk.ts'
import { UserError } from '../../../chat/user-error.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Parcel } from '../../../voices/outbox-parcel.ts'
import type { Place } from '../../../voices/surface.ts'

/** An edit a quarter of a minute at most, and one every ten minutes that says it is alive. */
const LOOK_MS = 15_000
const ALIVE_MS = 10 * 60_000

/** Keeps the pinned board of each place up to date, by edits that make no sound. */
export async function keepBoard(
  parts: {
    readonly desk: Pick<Desk, 'status' | 'now'>
    readonly clock: Clock
    readonly places: () => readonly Place[]
    readonly offer: (parcel: Parcel) => void
  },
  signal: AbortSignal,
): Promise<void> {
  const { desk, clock } = parts
  let shown = ''
  let shownAt = 0
  while (!signal.aborted) {
    const reply = boardNow(desk)
    const signature = reply === undefined ? shown : boardSignature(reply)
    if (reply !== undefined && (signature !== shown || clock.now() - shownAt >= ALIVE_MS)) {
      shown = signature
      shownAt = clock.now()
      for (const place of parts.places()) {
        const id = `board ${clock.now().toString(36)}`
        // Boards follow the clock and not the record: the numbers of a later life must not be lower than those of this one.
        const version = clock.now()
        parts.offer({
          place,
          id,
          priority: 'update',
          reply,
          isSilent: true,
          calls: [],
          version,
          subject: 'board',
          isPinned: true,
        })
      }
    }
    await clock.sleep(LOOK_MS, signal)
  }
}

/** Nothing in the first moments, before there is an account to show. */
function boardNow(desk: Pick<Desk, 'status' | 'now'>) {
  try {
    return boardReply(desk.status(), desk.now())
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
