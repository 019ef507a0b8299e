import type { Instant } from '../core/units/ids.ts'
import type { Profile } from './desk.ts'
import { clean, moment } from './format.ts'
import type { Row } from './reply.ts'

/** As much of what strangers say of themselves as tells one from another. */
const BIO_GRAPHEMES = 120
const NAME_GRAPHEMES = 40

/** Who a wallet is, in a few lines; all of it strangers' words but the date and the badge. */
export function profileRows(profile: Profile | undefined): readonly Row[] {
  if (profile === undefined) return [['Profile', 'none: nobody has put a name to this wallet']]
  const { name, pseudonym, bio, joinedAt, isVerified } = profile
  const also = pseudonym === '' || pseudonym === name ? '' : `, pseudonym ${clean(pseudonym, NAME_GRAPHEMES)}`
  const shown = clean(name, NAME_GRAPHEMES) || 'no name'
  const who = `${shown}${also}, joined ${joinedText(joinedAt)}, ${isVerified ? 'verified' : 'not verified'}`
  const about = clean(bio, BIO_GRAPHEMES)
  return [['Profile', who], ...(about === '' ? [] : ([['Bio', about]] as const))]
}

/** A day in UTC, or `?`. */
export function joinedText(at: Instant | undefined): string {
  return at === undefined ? '?' : moment(at).slice(0, 10)
}
