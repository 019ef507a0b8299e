import type { Whale } from '../core/whale/whale.ts'
import type { Desk } from './desk.ts'
import { clean, whaleText } from './format.ts'
import { nearest } from './nearest.ts'
import { quoted, type Who } from './option.ts'
import { UserError } from './user-error.ts'

/** How many are named when a wish fits several. */
const NAMED_MAX = 5

/** The followed whale that is meant, or `undefined` for a wallet that is not followed. Throws a `UserError` for none, and for several. */
export function findWhale(desk: Pick<Desk, 'whales'>, who: Who): Whale | undefined {
  const followed = desk.whales()
  if (who.kind === 'wallet') return followed.find(({ address }) => address === who.whale)
  const found = followed.filter(whale => isMeant(whale, who))
  if (found.length === 1) return found[0]
  if (found.length === 0) throw new UserError(nobody(followed, who))
  const wallets = found.slice(0, NAMED_MAX).map(({ address }) => address)
  const more = found.length > NAMED_MAX ? ` and ${found.length - NAMED_MAX} more` : ''
  throw new UserError(`${quoted(saidOf(who))} fits ${found.length} whales; say which: ${wallets.join(', ')}${more}.`)
}

function isMeant({ address, name }: Whale, who: Exclude<Who, { readonly kind: 'wallet' }>): boolean {
  if (who.kind === 'short') return address.startsWith(who.head) && address.endsWith(who.tail)
  return plain(name) === plain(who.name)
}

function nobody(followed: readonly Whale[], who: Exclude<Who, { readonly kind: 'wallet' }>): string {
  const names = followed.map(({ name, address }) => whaleText(name, address))
  const meant = who.kind === 'name' ? nearest(who.name, names) : undefined
  const hint = meant === undefined ? 'Names and wallets are in `whales`.' : `Did you mean ${meant}?`
  return `No whale that is followed is called ${quoted(saidOf(who))}. ${hint}`
}

function saidOf(who: Exclude<Who, { readonly kind: 'wallet' }>): string {
  return who.kind === 'name' ? who.name : `${who.head}…${who.tail}`
}

function plain(name: string): string {
  return clean(name).toLowerCase()
}
