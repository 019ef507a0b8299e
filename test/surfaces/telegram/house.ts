import { afterEach } from 'vitest'
import link from '../../../commands/link.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { scrub } from '../../../src/adapters/system/log.ts'
import type { Command } from '../../../src/chat/command.ts'
import type { Desk } from '../../../src/chat/desk.ts'
import { pressCodec } from '../../../src/chat/press-codec.ts'
import { type Reply, reply } from '../../../src/chat/reply.ts'
import { createRouter } from '../../../src/chat/router.ts'
import { accountKey } from '../../../src/core/engine/state.ts'
import { later, type PersonId } from '../../../src/core/units/ids.ts'
import { seeded } from '../../../src/core/units/seeded.ts'
import type { ChatMemory } from '../../../src/ports/chat-memory.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import { openTelegram, type TelegramOptions, type TelegramSurface } from '../../../src/surfaces/telegram/surface.ts'
import type { Timings } from '../../../src/surfaces/telegram/timings.ts'
import { createEars, type Heard, lineOf } from '../../../src/voices/ears.ts'
import { createOutbox, type Outbox } from '../../../src/voices/outbox.ts'
import type { Fate, Parcel } from '../../../src/voices/outbox-parcel.ts'
import { createPairing } from '../../../src/voices/pairing.ts'
import { directory, type Person as Known } from '../../../src/voices/people.ts'
import type { Place, SurfaceStatus } from '../../../src/voices/surface.ts'
import { createChanges, until } from '../../stand-ins/telegram/changes.ts'
import type { ChatMessage } from '../../stand-ins/telegram/message.ts'
import type { Person } from '../../stand-ins/telegram/person.ts'
import { startTelegram, type Telegram, type TelegramOptions as World } from '../../stand-ins/telegram/telegram.ts'
import { memoryOfChats } from '../../support/chat-memory.ts'
import { commandsOf } from './house-commands.ts'
import { mortal } from './mortal-memory.ts'

/** A bot with everything real around the surface but what its commands would do, and a Telegram of its own on the other side. */

export const ANN = 42
export const BEN = 43
export const EVE = 66
export const TEAM = -1_001_234_567_890
export const TOPICS = { approvals: 7, risk: 9 }

export const PEOPLE: readonly Known[] = [
  { id: 'ann' as PersonId, access: 'owner', accounts: { telegram: [String(ANN)] } },
  { id: 'ben' as PersonId, access: 'viewer', accounts: { telegram: [String(BEN)] } },
]

/** What the commands of these tests have done. */
export type Deeds = {
  /** Lines as they were carried out, oldest first, with who said them and by which press. */
  readonly done: { readonly what: string; readonly by: string; readonly press: string }[]
  /** By the process's own clock. */
  stoppedAt: number | undefined
  /** What was not obeyed, and why. */
  readonly turnedAway: { readonly heard: Heard; readonly line: string; readonly why: string }[]
  /** Lets the slow ones go on. */
  release: () => void
}

export type House = {
  readonly telegram: Telegram
  readonly ann: Person
  readonly ben: Person
  readonly deeds: Deeds
  readonly surface: TelegramSurface
  readonly outbox: Outbox
  readonly memory: ChatMemory
  readonly notes: readonly string[]
  readonly statuses: readonly { readonly status: SurfaceStatus; readonly why: string }[]
  readonly observed: readonly { readonly what: string; readonly ms: number }[]
  /** Posts a card into a private chat, or wherever it is said, and gives it as it stands there. */
  readonly card: (wish?: { place?: Place; reply?: Reply; subject?: string }) => Promise<ChatMessage>
  /** Hands a message to the outbox, and gives what becomes of it. */
  readonly post: (reply: Reply, wish?: Partial<Parcel>) => Promise<Fate>
  readonly codec: TelegramOptions['codec']
  /** The same as the world's, and looks as well whenever something happens on this side. */
  readonly until: Telegram['until']
  /** Letters that wait to be settled. */
  readonly open: () => number
  /** Puts the clock of this side forward. */
  readonly ahead: (ms: number) => void
  /** Ends the process, politely or not: what is under way then never comes to its end. */
  readonly leave: () => Promise<void>
  readonly kill: () => void
}

export type HouseOptions = {
  readonly memory?: ChatMemory
  readonly telegram?: Telegram
  /** The id of the group, or the usual one. */
  readonly group?: boolean | number
  /** The port at which Telegram is reached, where it is not its own. */
  readonly port?: number
  readonly timings?: Partial<Timings>
  /** Whether the outbox keeps the pace of the real chats. */
  readonly isPaced?: boolean
  readonly deeds?: Deeds
  readonly keys?: readonly Uint8Array[]
  /** The program's own commands and a desk for them, in place of those of these tests. */
  readonly real?: { readonly commands: readonly Command[]; readonly desk: Desk }
}

/** A machine that is busy with other tests must not run into a deadline that no test is about. */
export const QUICK: Partial<Timings> = {
  pollSeconds: 1,
  graceMs: 1_000,
  callMs: 5_000,
  backoffFirstMs: 20,
  backoffMaxMs: 100,
  conflictMs: 40,
  keepMs: 50,
  leaveMs: 200,
}
const KEY = Buffer.alloc(32, 7)
/** The waits between tries are drawn from it. */
export const SEED = 'telegram 1'

export function newDeeds(): Deeds {
  return { done: [], stoppedAt: undefined, turnedAway: [], release: () => undefined }
}

/** Opens houses, and closes whatever a test has opened. */
export function useHouses() {
  const open: { readonly end: () => Promise<void> }[] = []
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.end()
  })
  return {
    world: async (options: World = {}): Promise<Telegram> => {
      const telegram = await startTelegram(options)
      open.push({ end: telegram.stop })
      return telegram
    },
    house: async (options: HouseOptions = {}): Promise<House> => {
      const { telegram = await startTelegram() } = options
      if (options.telegram === undefined) open.push({ end: telegram.stop })
      const built = build(telegram, options)
      open.push({ end: built.leave })
      return built
    },
  }
}

/** A person is made once for each world: a second one of the same number would have an empty chat. */
const made = new WeakMap<Telegram, Map<number, Person>>()

export function personIn(telegram: Telegram, id: number, name: string): Person {
  const people = made.get(telegram) ?? new Map<number, Person>()
  made.set(telegram, people)
  const known = people.get(id) ?? telegram.person({ id, name })
  people.set(id, known)
  return known
}

/** The machine's clock, which a test may put forward. */
function movableClock(): Clock & { readonly ahead: (ms: number) => void } {
  let aheadMs = 0
  return {
    now: () => later(systemClock.now(), aheadMs),
    sleep: systemClock.sleep,
    ahead: ms => {
      aheadMs += ms
    },
  }
}

function build(telegram: Telegram, options: HouseOptions): House {
  const clock = movableClock()
  const changes = createChanges()
  const { deeds = newDeeds(), memory = memoryOfChats(clock.now), keys = [KEY] } = options
  const links = new Map<string, PersonId>()
  const people = directory(PEOPLE, () => ({ links }))
  const draw = seeded(SEED)
  const pairing = createPairing(() => draw.whole(1_000_000))
  const pair: Desk['pair'] = ({ person }) => pairing.issue(person, clock.now())
  const commands = options.real?.commands ?? [...commandsOf(deeds, changes.tell), link]
  const router = createRouter({
    commands,
    desk: options.real?.desk ?? ({ pair } as Desk),
    report: ({ error }) => note('a command failed', error),
  })
  const turnAway = (heard: Heard, _: unknown, why: string): void => {
    deeds.turnedAway.push({ heard, line: lineOf(heard), why })
  }
  const ears = createEars({
    router,
    people,
    pairing,
    now: clock.now,
    turnAway,
    link: async (heard, person) => {
      links.set(accountKey(heard.surface, heard.account), person.id)
      return undefined
    },
  })
  const notes: string[] = []
  const note = (what: string, error?: unknown): void => {
    notes.push(error instanceof Error ? `${what}: ${error.message} ${error.stack} ${String(error.cause)}` : what)
    changes.tell()
  }
  const statuses: { status: SurfaceStatus; why: string }[] = []
  const observed: { what: string; ms: number }[] = []
  const codec = pressCodec(keys)
  const ending = new AbortController()
  let isDead = false
  const open = new Set<string>()
  const surface = openTelegram({
    token: telegram.token,
    api: options.port === undefined ? telegram.api.apiRoot : `http://127.0.0.1:${options.port}`,
    group: groupOf(options.group),
    topics: TOPICS,
    ears,
    codec,
    commands,
    people,
    offer: (parcel: Parcel) => outbox.offer(parcel),
    memory: mortal(memory, open, () => isDead, changes.tell),
    clock,
    note,
    changed: view => {
      statuses.push(view)
      changes.tell()
    },
    observe: (what, ms) => {
      observed.push({ what, ms })
      changes.tell()
    },
    timings: { ...QUICK, ...options.timings },
    chance: draw.next,
  })
  const sender =
    options.isPaced === true ? surface.sender : { ...surface.sender, pace: () => ({ most: 1_000, perMs: 1_000 }) }
  const outbox = createOutbox({ sender, memory, clock, note, closed: why => note('closed', why) })
  const runs = Promise.all([surface.run(ending.signal), outbox.run(ending.signal)])
  let version = 0
  const post = (said: Reply, wish: Partial<Parcel> = {}): Promise<Fate> =>
    new Promise(resolve => {
      version += 1
      const id = `card ${version}`
      const rest = { priority: 'action', isSilent: false, calls: [], version } as const
      outbox.offer({ place: own(ANN), id, reply: said, ...rest, ...wish, done: resolve })
    })
  return {
    telegram,
    ann: personIn(telegram, ANN, 'Ann'),
    ben: personIn(telegram, BEN, 'Ben'),
    deeds,
    surface,
    outbox,
    memory,
    notes,
    statuses,
    observed,
    codec,
    until: async (look, withinMs = 5_000) => {
      const seen = () => look(telegram)
      try {
        return await Promise.any([
          telegram.until(look, withinMs),
          until(changes, seen, withinMs, () => notes.join('\n')),
        ])
      } catch (error) {
        throw error instanceof AggregateError ? new Error(error.errors.join('\n')) : error
      }
    },
    ahead: clock.ahead,
    open: () => open.size,
    card: async ({ place = own(ANN), reply: said = aCard(), subject = 'signal:a7' } = {}) => {
      const chat = Number(place.id.split('/')[0])
      const before = telegram.latest(chat)?.id
      void post(said, { place, subject })
      return telegram.until(() => {
        const latest = telegram.latest(chat)
        return latest?.id !== before && latest
      })
    },
    post,
    leave: async () => {
      deeds.release()
      ending.abort()
      await runs
    },
    kill: () => {
      isDead = true
      ending.abort()
    },
  }
}

function groupOf(group: boolean | number = false): string | undefined {
  if (typeof group === 'number') return String(group)
  return group ? String(TEAM) : undefined
}

export function own(account: number): Place {
  return { surface: 'telegram', id: String(account), purpose: 'approvals', person: 'ann' as PersonId }
}

export function inTopic(topic: number): Place {
  return { surface: 'telegram', id: `${TEAM}/${topic}`, purpose: 'approvals', person: undefined }
}

export function aCard(title = 'PAPER · BUY Yes ≤63.4¢ $40'): Reply {
  const asks = { title: 'How much for a7?', label: 'Dollars, at most', example: '40' }
  return reply(title)
    .press('Approve $40', 'approve a7 $40 card:1', { style: 'good' })
    .press('Other amount', 'approve a7 card:1 amount:', { asks })
    .press('Reject', 'reject a7', { style: 'danger', isBelow: true })
    .press('Why', 'why a7')
    .press('Stop', 'stop')
}

/** Whether anything that a house has said of itself holds its token, as it is or as a log would leave it. */
export function leaks({
  notes,
  statuses,
  telegram,
}: Pick<House, 'notes' | 'statuses' | 'telegram'>): readonly string[] {
  const secret = telegram.token.split(':')[1] ?? ''
  const said = [...notes, ...statuses.map(({ why }) => why)]
  return said.filter(one => one.includes(secret) || scrub(one) !== one)
}
