import type { Instant, PersonId } from '../units/ids.ts'

/**
 * Which account new orders go to, and whether a person is asked first.
 *
 * This version has the first state only; what would arm the others is refused in words, and nothing here can hold a key.
 *
 *   paper { approvals off | on } ─▶ (arming) ─▶ approval | live        not in this version
 */
export type Mode = {
  readonly kind: 'paper'
  /** Whether every trade waits for a person, as a rehearsal of APPROVAL. */
  readonly approvals: boolean
  readonly since: Instant
  readonly by: PersonId | 'default'
}

/** What a person may ask for. */
export type ModeWish =
  | { readonly kind: 'paper'; readonly approvals: boolean }
  | { readonly kind: 'approval' }
  | { readonly kind: 'live' }

/** Why a wish cannot be had, all the reasons together; empty where it can. */
export function modeFaults(wish: ModeWish): readonly string[] {
  if (wish.kind === 'paper') return []
  const name = wish.kind.toUpperCase()
  return [`Cannot switch to ${name}: this version of Remora trades on paper only`]
}
