import { setMaxListeners } from 'node:events'
import { Telegraf } from 'telegraf'
import type { Command } from '../../chat/command.ts'
import type { Purpose } from '../../chat/notice/events.ts'
import type { PressCodec } from '../../chat/press-codec.ts'
import type { ChatMemory } from '../../ports/chat-memory.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Ears } from '../../voices/ears.ts'
import type { Parcel } from '../../voices/outbox-parcel.ts'
import type { Directory } from '../../voices/people.ts'
import type { Place, Sender, SurfaceStatus } from '../../voices/surface.ts'
import { acknowledger } from './acknowledgement.ts'
import { createAnswers } from './answers.ts'
import { createApi } from './api.ts'
import { createChats } from './chats.ts'
import { createDispatcher } from './dispatcher.ts'
import { createHearing } from './hearing.ts'
import { createIdentity } from './identity.ts'
import { createIntake } from './intake.ts'
import { createLetters } from './letters.ts'
import { poll } from './poller.ts'
import { createPresses } from './presses.ts'
import { createPrompts } from './prompts.ts'
import { createRecent } from './recent.ts'
import { createSender } from './sender.ts'
import { createSpeech } from './speech.ts'
import { createStanding, type View } from './standing.ts'
import { createStops } from './stops.ts'
import { createStrangers } from './strangers.ts'
import { TIMINGS, type Timings } from './timings.ts'

export type TelegramOptions = {
  readonly token: string
  readonly api: string
  readonly group: string | undefined
  readonly topics: Readonly<Partial<Record<Purpose, number>>>
  readonly ears: Ears
  readonly codec: PressCodec
  readonly commands: readonly Command[]
  readonly people: Directory
  /** Whatever is said to a chat goes through the one queue of that chat. */
  readonly offer: (parcel: Parcel) => void
  readonly memory: ChatMemory
  readonly clock: Clock
  /** Problems, for people and the log; nothing secret is in them. */
  readonly note: (what: string, error?: unknown) => void
  readonly changed: (view: { readonly status: SurfaceStatus; readonly why: string }) => void
  readonly observe?: (what: 'acknowledged' | 'late' | 'pressed', ms: number) => void
  readonly timings?: Partial<Timings>
  /** A number from 0 to 1, for the waits between tries. */
  readonly chance?: () => number
}

export type TelegramSurface = {
  readonly sender: Sender
  /** The private chat of each account of a person, and the group's topics where there is a group. */
  readonly places: (purpose: Purpose) => readonly Place[]
  /** Hears until the signal aborts; it rejects for nothing that Telegram, the network or the database do. */
  readonly run: (signal: AbortSignal) => Promise<void>
  readonly view: () => View
}

/** Telegram, through telegraf's router and client, and a loop of our own around them. */
export function openTelegram(options: TelegramOptions): TelegramSurface {
  const { token, ears, codec, commands, people, offer, memory, clock, note } = options
  const timings: Timings = { ...TIMINGS, ...options.timings }
  const observe = options.observe ?? (() => undefined)
  let signal = new AbortController().signal

  const bot = new Telegraf(token, {
    handlerTimeout: Number.POSITIVE_INFINITY,
    telegram: { apiRoot: options.api, webhookReply: false },
  })
  const standing = createStanding({ clock, timings, changed: options.changed })
  const api = createApi({ telegram: bot.telegram, clock, closed: standing.close })
  const chats = createChats({ ...options, refusedMs: timings.refusedMs })
  const identity = createIdentity({ token, bot, api, commands, memory, clock, timings, note })
  const prompts = createPrompts(timings.promptMs)
  const recent = createRecent()
  const sender = createSender({ api, chats, codec, prompts, recent, clock, timings, note })
  const answers = createAnswers({ offer, chats, prompts, clock, promptMs: timings.promptMs })
  const acknowledge = acknowledger({ api, clock, timings, signal: () => signal, observe })

  const hearing = createHearing({
    ears,
    commands,
    clock,
    lateMs: timings.lateMs,
    settle: number => letters.settle(number),
  })
  const presses = createPresses({
    codec,
    people,
    hearing,
    answers,
    recent,
    acknowledge,
    clock,
    observe: ms => observe('pressed', ms),
    note,
  })
  const stops = createStops({
    ears,
    codec,
    people,
    chats,
    name: identity.name,
    answer: (saying, said) =>
      saying.kind === 'pressed' ? presses.stopped(saying, said) : said.then(each => answers.answer(saying, each)),
    note,
  })
  const speech = createSpeech({ hearing, answers, prompts, identity, clock })
  const letters = createLetters({
    memory,
    clock,
    dispatch: createDispatcher({ bot, stops, speech, presses, answers, acknowledge, note }),
    loadMore: () => Promise.all([chats.load(), identity.load()]).then(() => undefined),
    note,
  })
  const strangers = createStrangers({ codec, hearing, answers, acknowledge, clock, name: identity.name, note })
  const intake = createIntake({
    chats,
    people,
    stops,
    strangers,
    speech,
    letters,
    clock,
    keepMs: timings.keepMs,
    note,
  })

  return {
    sender,
    places: chats.places,
    view: standing.view,
    run: async ended => {
      const ending = new AbortController()
      const end = (): void => ending.abort()
      if (ended.aborted) end()
      ended.addEventListener('abort', end, { once: true })
      const until = ending.signal
      // Every call that is under way listens to it, and there may be hundreds.
      setMaxListeners(0, until)
      signal = until
      const began = letters.load().catch(error => note('what was left to answer could not be read', error))
      await Promise.race([began, clock.sleep(timings.keepMs, until)])
      const chance = options.chance ?? Math.random
      await Promise.all([
        poll({ api, intake, letters, standing, clock, timings, chance, note }, until),
        identity.run(until),
        standing.run(until),
      ])
      const left = new AbortController()
      await Promise.race([letters.idle(), clock.sleep(timings.leaveMs, left.signal)])
      left.abort()
    },
  }
}
