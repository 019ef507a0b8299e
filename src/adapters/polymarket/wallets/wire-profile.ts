import { z } from 'zod'
import { type Instant, instant, type WhaleAddress, whaleAddress } from '../../../core/units/ids.ts'
import type { Profile } from '../../../ports/feeds.ts'
import { bounded, type Fault, faultOf, flag, isFault, text } from '../wire.ts'

const profileShape = z.object({
  name: text,
  pseudonym: text,
  displayUsernamePublic: flag,
  bio: text,
  proxyWallet: text,
  createdAt: text,
  verifiedBadge: flag,
})

const searchShape = z.object({ profiles: z.array(z.unknown()).nullish() })

/** A profile found by name, with the name that it shows in public; `undefined` where it shows none. */
type Found = { readonly profile: Profile; readonly publicName: string | undefined }

/** A wallet's profile. The wallet is the one that trades where the profile names it, since a signer may be asked for as well. */
export function readProfile(answer: unknown, asked: WhaleAddress): Profile | Fault {
  const found = readFound(answer, asked)
  return isFault(found) ? found : found.profile
}

/** The profiles of a search; a row that cannot be read, or names no wallet, is a fault in its place. */
export function readSearched(answer: unknown): readonly (Found | Fault)[] | Fault {
  const read = searchShape.safeParse(answer)
  return read.success ? (read.data.profiles ?? []).map(row => readFound(row, undefined)) : faultOf(read.error)
}

function readFound(row: unknown, asked: WhaleAddress | undefined): Found | Fault {
  const read = profileShape.safeParse(row)
  if (!read.success) return faultOf(read.error)
  const told = read.data
  const whale = whaleAddress(told.proxyWallet ?? '') ?? asked
  if (whale === undefined) return { fault: 'the wallet is no address' }
  const publicName = told.displayUsernamePublic === false ? undefined : bounded(told.name) || undefined
  const pseudonym = bounded(told.pseudonym)
  const profile: Profile = {
    whale,
    name: publicName ?? pseudonym,
    pseudonym,
    bio: bounded(told.bio),
    joinedAt: dateOf(told.createdAt),
    isVerified: told.verifiedBadge ?? false,
  }
  return { profile, publicName }
}

function dateOf(iso: string | null | undefined): Instant | undefined {
  const ms = iso == null ? Number.NaN : Date.parse(iso)
  return ms >= 0 ? instant(ms) : undefined
}
