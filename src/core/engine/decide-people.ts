import { type NoticeSettings, noticeFault } from '../people/notice.ts'
import type { Deciding } from './deciding.ts'
import type { Asker, InputOf, Instruction } from './input.ts'
import { accountKey, LINKS_MAX } from './state.ts'

type Of<Kind extends Instruction['kind']> = Extract<Instruction, { readonly kind: Kind }>
/** Why it could not be done; nothing where it was. */
type WhyNot = string | undefined

/** An account speaks for one person, and a person may have several: two accounts of one person are one vote. */
export function linkAccount({ state, conclude }: Deciding, { surface, account }: Of<'linkAccount'>, by: Asker): WhyNot {
  const known = state.links.get(accountKey(surface, account))
  if (known === by.person) return 'that account is linked to you already'
  if (known !== undefined) return 'that account is linked to somebody else; it must be unlinked first'
  if (state.links.size >= LINKS_MAX) return `${LINKS_MAX} accounts are linked, which is the most`
  conclude({ kind: 'accountLinked', surface, account, by })
  return undefined
}

export function unlinkAccount(
  { state, conclude }: Deciding,
  { surface, account }: Of<'unlinkAccount'>,
  by: Asker,
): WhyNot {
  if (!state.links.has(accountKey(surface, account))) return 'that account is not linked'
  conclude({ kind: 'accountUnlinked', surface, account, by })
  return undefined
}

export function setNotice({ conclude }: Deciding, notice: NoticeSettings, by: Asker): WhyNot {
  const fault = noticeFault(notice)
  if (fault === undefined) conclude({ kind: 'noticeSet', notice, by })
  return fault
}

export function acknowledge({ at, conclude }: Deciding, page: string, by: Asker): WhyNot {
  conclude({ kind: 'pageAcknowledged', page, by, at })
  return undefined
}

/** A press that was not obeyed is on record all the same: who, where, what, and why not. */
export function decideTurnedAway({ conclude }: Deciding, input: InputOf<'turnedAway'>): void {
  const { surface, account, person, press, line, why } = input
  conclude({ kind: 'pressTurnedAway', surface, account, person, press, line, why })
}

/** With no surface that a person could be reached on nothing new is bought: nobody could stop it. */
export function decideVoices({ state, at, conclude }: Deciding, { isReached, why }: InputOf<'voicesSeen'>): void {
  const isHeld = state.holds.has('voices')
  if (isReached && isHeld) conclude({ kind: 'holdReleased', holder: 'voices', why })
  if (isReached || isHeld) return
  const hold = { by: 'voices', effect: 'reduce', since: at, until: 'released when settled', why } as const
  conclude({ kind: 'holdPlaced', hold })
}
