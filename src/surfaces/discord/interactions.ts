import { InteractionResponseType } from 'discord.js'
import type { Command } from '../../chat/command.ts'
import type { PressCodec } from '../../chat/press-codec.ts'
import { type Reply, reply } from '../../chat/reply.ts'
import { unreachable } from '../../core/units/brand.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Ears, Heard } from '../../voices/ears.ts'
import { type Acknowledge, type Acknowledgement, DEFER_REPLY, DEFER_UPDATE, saying } from './acknowledge.ts'
import type { Answers } from './answers.ts'
import { type Arrived, readArrived } from './arrived.ts'
import { formOf } from './form.ts'
import { latenessOf } from './freshness.ts'
import { inTime } from './in-time.ts'
import { discordModal } from './modal.ts'
import { payloadOf } from './payload.ts'
import { discordMessage } from './render.ts'
import { type Wish, wishOf } from './wish.ts'

export type Suggest = (
  command: string,
  option: string,
  typed: string,
) => readonly { readonly name: string; readonly value: string }[]

export type InteractionsOptions = {
  readonly guild: string
  /** The ids of the channels in which people may speak. */
  readonly channels: readonly string[]
  readonly ears: Ears
  readonly codec: PressCodec
  readonly commands: readonly Command[]
  readonly suggest: Suggest
  /** Whether somebody is on the list, for what shows something before any command is heard. */
  readonly isKnown: (account: string) => boolean
  readonly acknowledge: Acknowledge
  readonly answers: Answers
  readonly clock: Clock
  readonly note: (what: string, error?: unknown) => void
  readonly observe: (what: 'acknowledged' | 'late' | 'pressed', ms: number) => void
}

export type Interactions = {
  /** Takes an interaction as it came. Returns at once and never throws. */
  readonly take: (raw: unknown) => void
  /** Resolves when everything that was taken has been answered. */
  readonly settled: () => Promise<void>
}

/** Interactions whose ids are remembered: a gateway that resumes may tell of one again. */
const SEEN_MAX = 2_000
/** More at once than all the people of a desk could press. */
const IN_FLIGHT_MAX = 200
const SUGGESTIONS_MAX = 25
/** An interaction can be answered for fifteen minutes; whoever has waited for so long gets at least this. */
const ANSWER_MS = 5 * 60_000

const NOT_HERE = reply('I do not listen here.', 'warn').text('Say it in one of the channels that I was given.')
const NOT_MINE = reply('That button is none of mine, or not any more. Nothing was done.', 'warn')
  .text('Nothing was done.')
  .press('Pending', 'pending')
const BEFORE_THE_KEYS = reply('This card is from before the keys changed.', 'warn')
  .text('Nothing was done. Here is what waits.')
  .press('Pending', 'pending')
const TOO_MUCH = reply('Too much is asked at once.', 'warn').text('Nothing was done: say it again in a moment.')
const NO_FORM = reply('The form could not be shown.', 'warn').text('Nothing was done: it can be typed as a command.')
const TAKES_LONG = reply('That takes longer than anything should.', 'warn')
  .text('It may or may not have been done: look before you ask again.')
  .press('Status', 'status')
const STOPPING = reply('STOPPING…', 'danger')

/** What people type and press, from Discord to the ears and back. Nothing is waited for before the first answer is on its way. */
export function createInteractions(options: InteractionsOptions): Interactions {
  const { ears, codec, commands, acknowledge, answers, clock, note, observe } = options
  const seen = new Set<string>()
  const inFlight = new Set<Promise<void>>()

  const isNew = (id: string): boolean => {
    if (seen.has(id)) return false
    seen.add(id)
    const [oldest] = seen
    if (seen.size > SEEN_MAX && oldest !== undefined) seen.delete(oldest)
    return true
  }
  const atOnce = (said: Reply) => saying(payloadOf(discordMessage({ reply: said, codec })).body ?? {})
  const say = async (arrived: Arrived, said: Reply): Promise<void> => {
    await acknowledge(arrived, atOnce(said))
  }
  const hear = async (arrived: Arrived, said: Heard['said'], late: string | undefined): Promise<Reply> => {
    const { account, name, id } = arrived
    const heard = ears.hear({ surface: 'discord', account, name, id, said, late })
    return (await inTime(heard, ANSWER_MS, clock)) ?? TAKES_LONG
  }

  /** In force before Discord has heard anything, and said before it is all done. */
  const stop = async (arrived: Arrived, said: Heard['said'], since: number): Promise<void> => {
    const heard = hear(arrived, said, undefined)
    const answered = acknowledge(arrived, atOnce(STOPPING)).then(first => {
      observe('acknowledged', performance.now() - since)
      return first
    })
    const [told, first] = await Promise.all([heard, answered])
    if (first.kind !== 'late') await answers.fill(arrived, told)
  }

  const obey = async (arrived: Arrived, { said, isLoud }: Said, since: number): Promise<void> => {
    let isAnnounced = isLoud
    let first = await acknowledge(arrived, isLoud ? DEFER_REPLY : DEFER_UPDATE)
    if (first.kind === 'refused' && !isLoud) {
      // The message of the button is gone, so the answer needs a place of its own.
      isAnnounced = true
      first = await acknowledge(arrived, DEFER_REPLY)
    }
    observe('acknowledged', performance.now() - since)
    const late = latenessOf(arrived.doneAt, clock.now(), first)
    if (late !== undefined) observe('late', Math.max(0, clock.now() - arrived.doneAt))
    const told = await hear(arrived, said, late)
    // Discord has closed this interaction: there is nowhere to answer.
    if (first.kind === 'late') return
    await (isAnnounced ? answers.fill(arrived, told) : answers.add(arrived, told))
  }

  const ask = async (arrived: Arrived, line: string, label: string): Promise<void> => {
    const data = discordModal({ line, form: formOf(line, label, commands) }, codec)
    const first = await acknowledge(arrived, { type: InteractionResponseType.Modal, data })
    if (first.kind === 'refused') await refusedForm(arrived, first)
  }
  const refusedForm = async (arrived: Arrived, { why }: Acknowledgement): Promise<void> => {
    note(`a form was not shown: ${why}`)
    await say(arrived, NO_FORM)
  }

  const offer = async (arrived: Arrived, { command, option, text }: Typing): Promise<void> => {
    const name = commands.find(each => each.name === command || each.also.includes(command))?.name ?? command
    const isFor = isHere(arrived, options) && options.isKnown(arrived.account)
    const choices = isFor ? suggested(options, name, option, text) : []
    await acknowledge(arrived, {
      type: InteractionResponseType.ApplicationCommandAutocompleteResult,
      data: { choices },
    })
  }

  const handle = async (arrived: Arrived, wish: Wish, since: number): Promise<void> => {
    if (wish.kind === 'typing') return offer(arrived, wish)
    // Whoever may stop may do so anywhere in the server: this is no moment for looking up a channel.
    if (wish.kind === 'said' && wish.isStop && arrived.guild === options.guild) return stop(arrived, wish.said, since)
    if (!isHere(arrived, options)) {
      note('somebody speaks to the bot in a channel that is not its own')
      return say(arrived, NOT_HERE)
    }
    if (inFlight.size >= IN_FLIGHT_MAX) {
      note('too many interactions at once')
      return say(arrived, TOO_MUCH)
    }
    switch (wish.kind) {
      case 'said':
        return obey(arrived, wish, since)
      case 'asks':
        return ask(arrived, wish.line, wish.label)
      case 'foreign':
        note('a button was pressed that is not ours')
        return say(arrived, NOT_MINE)
      case 'old':
        return say(arrived, BEFORE_THE_KEYS)
      default:
        return unreachable(wish)
    }
  }

  const run = async (raw: unknown): Promise<void> => {
    const since = performance.now()
    const arrived = readArrived(raw)
    if (arrived === undefined) return note('an interaction could not be read')
    if (!isNew(arrived.id)) return
    await handle(arrived, wishOf(arrived, ears, codec), since)
    observe('pressed', performance.now() - since)
  }
  return {
    take: raw => {
      const running = run(raw)
        .catch((error: unknown) => note('an interaction was not answered', error))
        .finally(() => inFlight.delete(running))
      inFlight.add(running)
    },
    settled: async () => {
      await Promise.allSettled([...inFlight])
    },
  }
}

type Said = Extract<Wish, { readonly kind: 'said' }>
type Typing = Extract<Wish, { readonly kind: 'typing' }>

function isHere({ guild, channel }: Arrived, { guild: ours, channels }: InteractionsOptions): boolean {
  return guild === ours && channel !== undefined && channels.includes(channel)
}

/** Whatever comes of it, Discord waits for an answer. */
function suggested({ suggest, note }: InteractionsOptions, command: string, option: string, text: string) {
  try {
    return suggest(command, option, text).slice(0, SUGGESTIONS_MAX)
  } catch (error) {
    note('nothing could be suggested', error)
    return []
  }
}
