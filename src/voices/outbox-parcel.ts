import type { Reply } from '../chat/reply.ts'
import type { Instant } from '../core/units/ids.ts'
import type { Place } from './surface.ts'

/** From most to least urgent. What waits for a person, and the answer to one, come before what only tells. */
export const PRIORITIES = ['page', 'answer', 'action', 'update', 'outcome', 'info', 'digest'] as const
export type Priority = (typeof PRIORITIES)[number]

/** One message on its way to one place. */
export type Parcel = {
  readonly place: Place
  /** The same for every try; at most 25 letters. */
  readonly id: string
  readonly priority: Priority
  readonly reply: Reply
  readonly isSilent: boolean
  readonly calls: readonly string[]
  /** The number of the entry that it shows: an older one never takes the place of a newer. */
  readonly version: number
  /** What it is about; the message there that has the same purpose and subject is edited. */
  readonly subject?: string | undefined
  /** Not sent where there is no message that it could bring up to date. */
  readonly isUpdate?: boolean
  readonly expiresAt?: Instant | undefined
  /** An earlier process may have sent it already, under the same id. */
  readonly mayHaveArrived?: boolean
  /** Keeps it in sight at the top of its place, where a surface can. */
  readonly isPinned?: boolean
  /** Hears once what became of it. */
  readonly done?: ((fate: Fate) => void) | undefined
}

/** Sent or edited; not needed any more; expired before it could be sent; named in a list; or the surface would not have it. */
export type Fate = 'delivered' | 'superseded' | 'expired' | 'listed' | 'failed'

export type OutboxCounts = Readonly<Record<Fate, number>> & { readonly repeated: number; readonly limited: number }
