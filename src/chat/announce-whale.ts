import type { FactOf } from '../core/engine/fact.ts'
import { PLAIN_SETTINGS } from '../core/whale/whale.ts'
import type { Said, Telling } from './announce-words.ts'
import { personText, whaleHandle } from './format.ts'
import { reply } from './reply.ts'
import { changesText } from './whale-settings.ts'

export function whaleLine(fact: FactOf<'whaleFollowed'> | FactOf<'whaleUnfollowed'>, telling: Telling): Said {
  const by = personText(fact.by.person)
  const name = fact.kind === 'whaleFollowed' ? fact.name : (telling.context.notebook.whales.get(fact.whale) ?? '')
  const whale = whaleHandle(name, fact.whale)
  return {
    level: 'info',
    event: 'whales',
    reply: reply(fact.kind === 'whaleFollowed' ? `Following ${whale}, by ${by}` : `${whale} unfollowed by ${by}`),
  }
}

/** What a person changed of one whale: what it was, and what it is. */
export function whaleSetLine(fact: FactOf<'whaleSet'>, { at, facts, context }: Telling): Said {
  const followed = facts.find(
    (each): each is FactOf<'whaleFollowed'> => each.kind === 'whaleFollowed' && each.whale === fact.whale,
  )
  const name = followed?.name ?? context.notebook.whales.get(fact.whale) ?? ''
  const known = followed === undefined ? context.notebook.settings.get(fact.whale) : undefined
  const changed = changesText(known ?? PLAIN_SETTINGS, fact.settings, at)
  const said = changed === '' ? 'set as it was' : changed
  return {
    level: 'info',
    event: 'whales',
    reply: reply(`${whaleHandle(name, fact.whale)}: ${said}, by ${personText(fact.by.person)}`),
  }
}
