import type { Purpose } from '../chat/notice/events.ts'
import type { Reply } from '../chat/reply.ts'
import type { PersonId } from '../core/units/ids.ts'

/** The surfaces that people carry with them. The console is no such: whoever sits there is there. */
export type SurfaceName = 'discord' | 'telegram'

export const SURFACES: readonly SurfaceName[] = ['discord', 'telegram']

/** Somewhere that messages go: a channel, a chat, a topic of one. */
export type Place = {
  readonly surface: SurfaceName
  /** The surface's own id of it, with the topic where there is one: `42`, `-100123/7`. */
  readonly id: string
  readonly purpose: Purpose
  /** Whose place it is, where it is one person's alone. */
  readonly person: PersonId | undefined
}

/** A message on its way out. */
export type Outgoing = {
  /** The same for every try, so that a surface that can tells a repeat. At most 25 letters. */
  readonly id: string
  readonly reply: Reply
  readonly isSilent: boolean
  /** Accounts that are called by name, since it is a page for them. */
  readonly calls: readonly string[]
  /** An earlier try may have arrived. */
  readonly isRepeat: boolean
}

/**
 * Why a message was not delivered:
 * - `later`: the surface said so, and when;
 * - `unknown`: nobody knows whether it arrived;
 * - `gone`: what was to be edited, or where it was to go, is not there (any more);
 * - `refused`: it never will be taken, as it is;
 * - `closed`: the surface does not know us any more, and nothing will be taken.
 */
export type DeliveryFault =
  | { readonly kind: 'later'; readonly afterMs: number }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'closed' }

/** A message that was not delivered. `why` is ours or cleaned, and holds nothing secret. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'
  readonly fault: DeliveryFault

  constructor(fault: DeliveryFault, why: string) {
    super(why)
    this.fault = fault
  }
}

/** The way out of a surface: one attempt each, no queue and no retry of its own. Both throw a `DeliveryError`. */
export type Sender = {
  readonly surface: SurfaceName
  /** Gives the surface's id of the message. */
  readonly post: (place: Place, message: Outgoing, signal: AbortSignal) => Promise<string>
  readonly edit: (place: Place, message: string, shown: Outgoing, signal: AbortSignal) => Promise<void>
  /** Keeps a message in sight, where the surface can. */
  readonly pin?: (place: Place, message: string, signal: AbortSignal) => Promise<void>
  /** How many messages one place takes in how long, as far as that is known beforehand. */
  readonly pace: (place: Place) => { readonly most: number; readonly perMs: number }
}

/** How a surface is doing. */
export type SurfaceStatus = 'connecting' | 'live' | 'down' | 'closed'

export type SurfaceView = {
  readonly name: SurfaceName
  readonly status: SurfaceStatus
  /** When that began, and why. */
  readonly since: number
  readonly why: string
  readonly waiting: number
}
