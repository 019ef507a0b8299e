import type { z } from 'zod'
import type { PersonId } from '../../core/units/ids.ts'

/** One person of the list: what to call them, how far their word reaches, and the accounts that are theirs. */
export type ListedPerson = {
  readonly id: PersonId
  readonly access: 'viewer' | 'guardian' | 'trader' | 'owner'
  readonly accounts: { readonly discord?: readonly string[]; readonly telegram?: readonly string[] }
}

/** More people than one team has; a longer list is a mistake. */
const PEOPLE_MAX = 100
const ACCESSES = ['viewer', 'guardian', 'trader', 'owner'] as const
/** Numeric ids: names change hands. */
const ACCOUNTS: Readonly<Record<string, RegExp>> = { discord: /^\d{15,21}$/, telegram: /^\d{1,20}$/ }

/** Reads `ann owner discord:400… telegram:42; bob guardian telegram:77`; every fault is told, with the person that it is about. */
export function readPeople(text: string, context: z.RefinementCtx): readonly ListedPerson[] {
  const fault = (message: string): void => context.addIssue({ code: 'custom', message })
  const entries = text
    .split(';')
    .map(entry => entry.trim())
    .filter(entry => entry !== '')
  if (entries.length > PEOPLE_MAX) fault(`has ${entries.length} people, at most ${PEOPLE_MAX}`)
  const people = entries.slice(0, PEOPLE_MAX).flatMap(entry => readPerson(entry, fault))
  for (const [what, count] of counts(
    people.flatMap(({ id, accounts }) => [`the name ${id}`, ...accountNames(accounts)]),
  )) {
    if (count > 1) fault(`has ${what} more than once: a person is one entry, and an account is one person's`)
  }
  return people
}

function readPerson(entry: string, fault: (message: string) => void): readonly ListedPerson[] {
  const [name = '', role = '', ...accounts] = entry.split(/\s+/)
  const shown = JSON.stringify(entry.slice(0, 60))
  if (!/^[A-Za-z][\w-]{0,29}$/.test(name)) {
    fault(`holds ${shown}: an entry begins with a name of letters, digits, - and _`)
    return []
  }
  const access = ACCESSES.find(each => each === role.toLowerCase())
  if (access === undefined) {
    fault(`gives ${name} the role ${JSON.stringify(role.slice(0, 20))}: it is one of ${ACCESSES.join(', ')}`)
    return []
  }
  const found: { discord: string[]; telegram: string[] } = { discord: [], telegram: [] }
  for (const account of accounts) {
    const [surface = '', id = ''] = account.split(':', 2)
    const shape = ACCOUNTS[surface]
    if (shape?.test(id) === true) found[surface === 'discord' ? 'discord' : 'telegram'].push(id)
    else
      fault(
        `gives ${name} ${JSON.stringify(account.slice(0, 40))}: an account is discord: or telegram: and a numeric id`,
      )
  }
  return [{ id: name as PersonId, access, accounts: found }]
}

function accountNames({ discord = [], telegram = [] }: ListedPerson['accounts']): readonly string[] {
  return [...discord.map(id => `discord:${id}`), ...telegram.map(id => `telegram:${id}`)]
}

function counts(words: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const word of words) found.set(word, (found.get(word) ?? 0) + 1)
  return found
}

export type TopicName = 'approvals' | 'fills' | 'risk' | 'log'

/** Reads `approvals:2,fills:3`. */
export function readTopics(text: string, context: z.RefinementCtx): Readonly<Partial<Record<TopicName, number>>> {
  const topics: Partial<Record<TopicName, number>> = {}
  for (const word of text.split(',').map(each => each.trim())) {
    const [, name, id] = /^(approvals|fills|risk|log):(\d{1,10})$/.exec(word) ?? []
    if (name === undefined) {
      const message = `holds ${JSON.stringify(word.slice(0, 40))}: a topic is approvals, fills, risk or log, a colon and its number`
      context.addIssue({ code: 'custom', message })
    } else topics[name as TopicName] = Number(id)
  }
  return topics
}
