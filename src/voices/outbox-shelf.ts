import type { Reply } from '../chat/reply.ts'
import type { Instant } from '../core/units/ids.ts'
import type { ChatMemory, Posted } from '../ports/chat-memory.ts'
import { isOpen } from './outbox-queue.ts'
import type { Place, SurfaceName } from './surface.ts'

/** Which message stands where for what, in memory for the hand and in the database for the next process. */
export type Shelf = {
  /** Whether this was the first time. */
  readonly load: () => Promise<boolean>
  /** The message that stands there; not one that may be on its way. */
  readonly find: (place: Place, subject: string) => Posted | undefined
  /** Before a card is sent: should the answer be lost with the process, the next one asks for it by its nonce. */
  readonly intend: (place: Place, subject: string, shown: Shown) => Promise<void>
  readonly put: (place: Place, subject: string, message: string, shown: Shown) => void
  readonly drop: (place: Place, subject: string) => void
  readonly open: () => readonly Posted[]
}

/** What a message shows, since when, and under which nonce it was sent. */
export type Shown = {
  readonly nonce: string
  readonly version: number
  readonly reply: Reply
  readonly at: Instant
}

/** More messages than anybody scrolls back to; the oldest are left as they are. */
const SHELF_MAX = 20_000

export function createShelf(
  surface: SurfaceName,
  options: {
    readonly memory: Pick<ChatMemory, 'keep' | 'forget' | 'posted'>
    readonly note: (what: string, error: unknown) => void
  },
): Shelf {
  const posted = new Map<string, Posted>()
  let isLoaded = false
  const set = (key: string, one: Posted): void => {
    posted.delete(key)
    posted.set(key, one)
    const [oldest] = posted.keys()
    if (posted.size > SHELF_MAX && oldest !== undefined) posted.delete(oldest)
  }
  const postedOf = (place: Place, subject: string, message: string, { nonce, version, reply, at }: Shown): Posted => {
    const { id, purpose } = place
    return { surface, place: id, purpose, subject, message, nonce, version, at, isOpen: isOpen({ reply }) }
  }
  /** A message whose place is forgotten costs an edit after a restart, and nothing that is decided. */
  const later = (writing: Promise<void>): void => {
    writing.catch(error => options.note('where a message stands could not be kept', error))
  }
  return {
    load: async () => {
      if (isLoaded) return false
      for (const one of await options.memory.posted(surface)) {
        const key = keyOf({ id: one.place, purpose: one.purpose }, one.subject)
        if (!posted.has(key)) set(key, one)
      }
      isLoaded = true
      return true
    },
    find: (place, subject) => {
      const one = posted.get(keyOf(place, subject))
      return one?.message === '' ? undefined : one
    },
    intend: async (place, subject, shown) => {
      const one = postedOf(place, subject, '', shown)
      set(keyOf(place, subject), one)
      await options.memory.keep(one).catch(error => options.note('a card on its way could not be kept', error))
    },
    put: (place, subject, message, shown) => {
      const one = postedOf(place, subject, message, shown)
      set(keyOf(place, subject), one)
      later(options.memory.keep(one))
    },
    drop: (place, subject) => {
      posted.delete(keyOf(place, subject))
      later(options.memory.forget({ surface, place: place.id, purpose: place.purpose, subject }))
    },
    open: () => [...posted.values()].filter(one => one.isOpen),
  }
}

function keyOf(place: { readonly id: string; readonly purpose: string }, subject: string): string {
  return `${place.id} ${place.purpose} ${subject}`
}
