import { Routes } from 'discord.js'
import type { Command } from '../../chat/command.ts'
import { PURPOSES, type Purpose } from '../../chat/notice/events.ts'
import type { PressCodec } from '../../chat/press-codec.ts'
import type { ChatMemory } from '../../ports/chat-memory.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Ears } from '../../voices/ears.ts'
import type { Place, Sender, SurfaceStatus } from '../../voices/surface.ts'
import { acknowledger } from './acknowledge.ts'
import { answersOf } from './answers.ts'
import { badChannels } from './bad-channels.ts'
import { stayConnected } from './connection.ts'
import { identifyBudget } from './identify-budget.ts'
import { inTime } from './in-time.ts'
import { createInteractions, type Suggest } from './interactions.ts'
import { createRegistration } from './registration.ts'
import { requestError } from './request-error.ts'
import { openRequests } from './requests.ts'
import { createSelfTest } from './self-test.ts'
import { createSender } from './sender.ts'
import { type Note, sparing } from './sparing.ts'
import { type StatusView, statusBoard } from './status.ts'
import { TIMINGS, type Timings } from './timings.ts'

export type DiscordOptions = {
  readonly token: string
  /** The one server that is listened to, and its channels by what they are for. */
  readonly guild: string
  readonly channels: Readonly<Record<Purpose, string>>
  /** The role that is called with a page. */
  readonly pageRole: string | undefined
  readonly api: string
  readonly ears: Ears
  readonly codec: PressCodec
  readonly commands: readonly Command[]
  readonly suggest: Suggest
  readonly memory: Pick<ChatMemory, 'mark' | 'setMark'>
  readonly clock: Clock
  /** Hears of problems. Never given anything secret. */
  readonly note: Note
  readonly changed: (view: { status: SurfaceStatus; why: string }) => void
  /** From the arrival of a press to its acknowledgement, and to its answer; and how old one was that came too late. */
  readonly observe?: (what: 'acknowledged' | 'late' | 'pressed', ms: number) => void
  /** Whether an account is on the list: who is not gets no suggestions. Everybody does where it is not said. */
  readonly isKnown?: (account: string) => boolean
  /** Where something is kept pinned. */
  readonly pinned?: readonly Purpose[]
  readonly timings?: Partial<Timings>
  /** For waits that are not the same for everybody: a number in [0, 1). */
  readonly chance?: () => number
}

export type DiscordSurface = {
  readonly sender: Sender
  readonly places: Readonly<Record<Purpose, Place>>
  /** Logs in, works and reconnects until the signal aborts; throws only what a restart by the supervisor could mend. */
  readonly run: (signal: AbortSignal) => Promise<void>
  readonly view: () => StatusView
  /** What the self-test found wrong with channels and permissions. */
  readonly faults: () => readonly string[]
}

/** The board of `src/chat/board.ts` hangs where what is risky is told. */
const PINNED: readonly Purpose[] = ['risk']

/** Discord as a surface. Nothing happens before `run`, but what is to be said can be said without it. */
export function openDiscord(options: DiscordOptions): DiscordSurface {
  const { token, api, guild, channels, clock, codec, commands, memory, pinned = PINNED } = options
  const { observe = () => undefined, isKnown = () => true, chance = Math.random } = options
  const timings = { ...TIMINGS, ...options.timings }
  const note = sparing(options.note, clock, timings.noteMs)
  const board = statusBoard(clock, options.changed)
  const unknown = (why: string): void => board.close(`Discord does not know the token (any more): ${why}`)
  const requests = openRequests({ token, api, timings, warn: note, unknown })
  const bad = badChannels(clock, timings.badChannelMs)
  const budget = identifyBudget(clock, timings.identifyMs, note)
  const registration = createRegistration({ guild, commands, requests, memory, clock, timings, chance, note })
  const interactions = createInteractions({
    guild,
    channels: PURPOSES.map(purpose => channels[purpose]),
    ears: options.ears,
    codec,
    commands,
    suggest: options.suggest,
    isKnown,
    acknowledge: acknowledger({ requests, clock, timings }),
    answers: answersOf({ requests, codec, clock, note }),
    clock,
    note,
    observe,
  })

  const selfTest = createSelfTest({ guild, channels, pinned, clock, timings, note })

  return {
    sender: createSender({ requests, codec, pageRole: options.pageRole, board, badChannels: bad, note }),
    places: Object.fromEntries(
      PURPOSES.map(purpose => [purpose, { surface: 'discord', id: channels[purpose], purpose, person: undefined }]),
    ) as Record<Purpose, Place>,
    view: board.view,
    faults: selfTest.faults,
    run: async signal => {
      board.reopen()
      await stayConnected(
        {
          token,
          api,
          clock,
          timings,
          budget,
          board,
          chance,
          ask: async () => {
            const asked = requests.asBot('GET', Routes.gatewayBot(), {}, AbortSignal.timeout(timings.requestMs))
            await asked.catch((error: unknown) => note(`no login: ${requestError(error).message}`))
          },
          ready: (client, until) => {
            selfTest.soon(client)
            void registration.run(client.application.id, until)
          },
          changed: client => {
            bad.forgive()
            selfTest.soon(client)
          },
          interaction: interactions.take,
          trouble: note,
        },
        signal,
      )
      await inTime(interactions.settled(), timings.closeMs, clock)
      // There is nothing to be done before the process is started anew, with another token.
      if (!signal.aborted)
        await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
    },
  }
}
