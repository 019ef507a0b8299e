import type { Instant } from '../core/units/ids.ts'

/** What people said that must not be lost between its acknowledgement to the surface and its end. */
export type Letter = {
  readonly surface: string
  /** The surface's own id of it: the same again is the same letter. */
  readonly id: string
  readonly at: Instant
  /** As the surface needs it to go on; at most `LETTER_MAX` characters. */
  readonly text: string
}

export const LETTER_MAX = 20_000

/** A message that stands in a chat and may have to be edited later. */
export type Posted = {
  readonly surface: string
  /** Where: the surface's id of the chat, with its topic where there is one. */
  readonly place: string
  /** What it is for, and about: in each place one message for each of both. */
  readonly purpose: string
  readonly subject: string
  /** The surface's id of the message; empty while it is on its way, and nobody knows whether it arrived. */
  readonly message: string
  /** What it is sent under, so that a surface that can gives the same message for the same again. */
  readonly nonce: string
  /** The number of the entry that it shows. */
  readonly version: number
  readonly at: Instant
  /** Whether it still has presses that a later entry may void. */
  readonly isOpen: boolean
}

/** What surfaces must remember across a restart. Every write is durable when it resolves; errors are the database's own. */
export type ChatMemory = {
  /** Keeps letters that are new and gives those; one that is known is left out. All or none. */
  readonly take: (letters: readonly Letter[]) => Promise<readonly Letter[]>
  /** A letter has been answered. */
  readonly settle: (surface: string, id: string) => Promise<void>
  /** Letters that were taken and not answered, oldest first. */
  readonly unsettled: (surface: string) => Promise<readonly Letter[]>
  readonly keep: (posted: Posted) => Promise<void>
  readonly forget: (posted: Pick<Posted, 'surface' | 'place' | 'purpose' | 'subject'>) => Promise<void>
  /** The messages of a surface that are younger than some days, newest last. */
  readonly posted: (surface: string) => Promise<readonly Posted[]>
  /** Small things by name: a poll's offset, a hash of what was registered. */
  readonly mark: (name: string) => Promise<string | undefined>
  readonly setMark: (name: string, value: string) => Promise<void>
}
