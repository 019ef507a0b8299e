import { need, reaches } from '../src/chat/access.ts'
import { type Context, command } from '../src/chat/command.ts'
import { counted, shorten } from '../src/chat/format.ts'
import { factOf, instructed } from '../src/chat/instructing.ts'
import {
  isLoosening,
  limitRows,
  loosenedBy,
  needPhrase,
  PRESET_NAMES,
  phraseFor,
  readLimit,
  readLimitName,
  showLimit,
} from '../src/chat/limit-words.ts'
import { choice, optional, text } from '../src/chat/option.ts'
import { type Reply, reply } from '../src/chat/reply.ts'
import { UserError } from '../src/chat/user-error.ts'
import type { LimitName, Preset } from '../src/core/risk/limits.ts'

export default command({
  name: 'limits',
  summary: 'Show the limits, set one, or take a preset. Tighter is one line; looser takes an owner and a phrase.',
  access: 'viewer',
  isObeyedLate: false,
  options: {
    action: optional(choice('What to do.', ['show', 'set', 'preset'])),
    name: optional(text('The limit to set, or the preset to take.')),
    value: optional(text('The value: 250, 3c, 5%, 60s.')),
    phrase: optional(text('For a looser limit: I ACCEPT and what was said.')),
  },
  run({ action, name, value, phrase }, context) {
    if (action === 'preset') return preset(presetOf(name), phrase ?? value, context)
    if (action === 'set') return set(name, value, phrase, context)
    return reply('Limits: each trade is held to all of them').table(
      ['Limit', 'Now', 'May be', 'Meaning'],
      limitRows(context.desk.limits()),
    )
  },
})

function presetOf(name: string | undefined): Preset {
  const found = PRESET_NAMES.find(each => each === name?.toLowerCase())
  if (found === undefined) throw new UserError(`A preset is ${PRESET_NAMES.join(', ')}.`)
  return found
}

async function set(
  said: string | undefined,
  typed: string | undefined,
  phrase: string | undefined,
  context: Context,
): Promise<Reply> {
  if (said === undefined || typed === undefined)
    throw new UserError('Say which limit and what value: limits set stakeMax 250.')
  const name = readLimitName(said)
  const value = readLimit(name, typed)
  if (name === 'approvalPersons') needPeople(Number(value), context)
  const before = context.desk.limits()[name]
  const isLooser = isLoosening(name, before, value)
  need(context.actor, isLooser ? 'owner' : 'guardian', isLooser ? `Loosening ${name}` : `Changing ${name}`)
  if (isLooser && phrase === undefined) return phraseAsked(`set ${name} ${typed}`, `${name} ${typed}`, [name])
  if (isLooser) needPhrase(phrase, `${name} ${typed}`, [name])
  return changed(await instructed(context, { kind: 'setLimit', name, value }))
}

/** More yeses than there are people to say them would stop every large trade, and nobody would know why. */
function needPeople(persons: number, { desk }: Context): void {
  const able = Math.max(1, desk.people().filter(({ access }) => reaches(access, 'trader')).length)
  if (persons <= able) return
  throw new UserError(
    `${counted(able, 'person', 'people')} may approve, so ${persons} could never say yes: add traders to REMORA_PEOPLE first.`,
  )
}

async function preset(name: Preset, phrase: string | undefined, context: Context): Promise<Reply> {
  const looser = loosenedBy(name, context.desk.limits())
  need(
    context.actor,
    looser.length > 0 ? 'owner' : 'guardian',
    looser.length > 0 ? `Loosening ${looser.join(', ')}` : 'Taking a preset',
  )
  if (looser.length > 0 && phrase === undefined) return phraseAsked(`preset ${name}`, `preset ${name}`, looser)
  if (looser.length > 0) needPhrase(phrase, `preset ${name}`, looser)
  return changed(await instructed(context, { kind: 'setPreset', preset: name }))
}

/** More risk is never one careless press: it is typed, here or into what the press opens. */
function phraseAsked(line: string, what: string, looser: readonly LimitName[]): Reply {
  const phrase = phraseFor(what)
  const asks = { title: 'More risk', label: `Type: ${phrase}`, example: phrase }
  return reply(`That loosens ${shorten(looser.join(', '), 120)}, and is not done yet`, 'warn')
    .text(`To do it, press, or add phrase:"${phrase}" exactly so.`)
    .press('Type the phrase', `limits ${line} phrase:`, { asks, style: 'danger' })
    .privately()
}

function changed(facts: Awaited<ReturnType<typeof instructed>>): Reply {
  const fact = factOf(facts, 'limitsChanged')
  if (fact === undefined) return reply('Nothing changed.')
  const rows = fact.changed.map(
    name => [name, `${showLimit(name, fact.before[name])} → ${showLimit(name, fact.after[name])}`] as const,
  )
  return reply('Changed, and in force for the next decision', 'good').rows(...rows)
}
