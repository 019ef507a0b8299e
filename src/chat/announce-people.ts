import type { FactOf } from '../core/engine/fact.ts'
import { badge, type Said, type Telling } from './announce-words.ts'
import { clean, personText, sentence } from './format.ts'
import { reply } from './reply.ts'

/** Accounts that speak for people, and presses of those who may not: many of these are one message. */
export function peopleLine(
  { context }: Telling,
  fact: FactOf<'accountLinked'> | FactOf<'accountUnlinked'> | FactOf<'pressTurnedAway'>,
): Said {
  const mark = badge(context.isSimulated)
  const account = `${clean(fact.surface, 20)} account ${clean(fact.account, 30)}`
  if (fact.kind === 'pressTurnedAway') {
    const who = fact.person === undefined ? `a stranger (${account})` : `${personText(fact.person)} (${account})`
    const said = reply(`${mark} · TURNED AWAY: ${who} — ${sentence(clean(fact.why, 120))}`, 'warn')
    return {
      level: 'info',
      event: 'people',
      group: `away:${fact.surface}:${fact.account}`,
      reply: said.rows(['Asked for', clean(fact.line, 80) || '?']),
    }
  }
  const did =
    fact.kind === 'accountLinked' ? `speaks for ${personText(fact.by.person)} now` : 'speaks for nobody any more'
  return { level: 'outcome', event: 'people', reply: reply(`${mark} · the ${account} ${did}`, 'warn') }
}
