import { afterEach, expect } from 'vitest'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { type Command, command } from '../../../src/chat/command.ts'
import type { Access, Desk } from '../../../src/chat/desk.ts'
import { dollars, optional, text, whole } from '../../../src/chat/option.ts'
import { pressCodec } from '../../../src/chat/press-codec.ts'
import { type Reply, reply } from '../../../src/chat/reply.ts'
import { createRouter } from '../../../src/chat/router.ts'
import type { PersonId } from '../../../src/core/units/ids.ts'
import { seeded } from '../../../src/core/units/seeded.ts'
import { type DiscordOptions, openDiscord } from '../../../src/surfaces/discord/surface.ts'
import type { Timings } from '../../../src/surfaces/discord/timings.ts'
import { createEars } from '../../../src/voices/ears.ts'
import { createOutbox } from '../../../src/voices/outbox.ts'
import type { Fate, Parcel } from '../../../src/voices/outbox-parcel.ts'
import { createPairing } from '../../../src/voices/pairing.ts'
import { directory } from '../../../src/voices/people.ts'
import type { SurfaceStatus } from '../../../src/voices/surface.ts'
import { changes } from '../../stand-ins/discord/changes.ts'
import { type Discord, startDiscord, type DiscordOptions as WorldOptions } from '../../stand-ins/discord/discord.ts'
import type { Message } from '../../stand-ins/discord/message.ts'
import type { Person } from '../../stand-ins/discord/person.ts'
import { memoryOfChats } from '../../support/chat-memory.ts'

/** The real surface against the stand-in, with real ears, a real router and a real outbox; only what commands do is the test's own. */

type Usual = 'approvals' | 'fills' | 'risk' | 'log'
const CHANNELS = ['approvals', 'fills', 'risk', 'log', 'lounge'] as const

export const ANN = '400000000000000101'
const ACCESSES = { ann: 'owner', tess: 'trader', gus: 'guardian', vic: 'viewer' } as const satisfies Record<
  string,
  Access
>
type Name = keyof typeof ACCESSES
const NAMES = Object.keys(ACCESSES) as readonly Name[]

export const KEY = Buffer.alloc(32, 7)
export const OLD_KEY = Buffer.alloc(32, 9)

/** Everything soon, so that no test has to wait for what is far away in life. */
const SOON: Partial<Timings> = {
  lookMs: 20,
  loginFirstMs: 40,
  loginMaxMs: 200,
  identifyMs: 1,
  registerFirstMs: 40,
  registerMaxMs: 200,
  selfTestMs: 5,
  closeMs: 300,
}

export type Wish = {
  readonly world?: Omit<WorldOptions<(typeof CHANNELS)[number]>, 'channels'>
  readonly timings?: Partial<Timings>
  readonly options?: Partial<DiscordOptions>
  /** Whether it is waited for until it is live; it is unless said. */
  readonly isLive?: boolean
  /** A stand-in that is there already, such as one that an earlier process has worked with. */
  readonly discord?: Discord<(typeof CHANNELS)[number]>
  /** Before the surface opens. */
  readonly before?: (discord: Discord<(typeof CHANNELS)[number]>) => void
}

export type Opened = Awaited<ReturnType<typeof opened>>

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

export async function opened(wish: Wish = {}) {
  const discord = wish.discord ?? (await startDiscord({ ...wish.world, channels: CHANNELS }))
  wish.before?.(discord)
  const notes: string[] = []
  const statuses: { readonly status: SurfaceStatus; readonly why: string }[] = []
  const observed: { readonly what: string; readonly ms: number }[] = []
  const turnedAway: string[] = []
  const done: string[] = []
  const fates: Fate[] = []
  const closed: string[] = []
  const bell = changes(() => JSON.stringify({ notes, statuses, turnedAway, done, fates, closed }, undefined, 1))
  const ring = <Thing>(list: Thing[]) => {
    return (thing: Thing) => {
      list.push(thing)
      bell.tell()
    }
  }
  const commands = commandsOf(ring(done))
  const people = directory(
    NAMES.map((name, at) => ({
      id: name as unknown as PersonId,
      access: ACCESSES[name],
      accounts: { discord: [String(BigInt(ANN) + BigInt(at))] },
    })),
    () => ({ links: new Map() }),
  )
  const router = createRouter({
    commands: commands.all,
    desk: {} as Desk,
    report: ({ command: name, error }) => ring(notes)(`fault in ${name}: ${String(error)}`),
  })
  const pairing = createPairing(() => 123_456)
  const ears = createEars({
    router,
    people,
    pairing,
    now: systemClock.now,
    turnAway: ({ account, said }, _, why) =>
      ring(turnedAway)(`${account} ${said.kind === 'line' ? said.line : said.name}: ${why}`),
    link: async () => undefined,
  })
  const memory = memoryOfChats(systemClock.now)
  const note = (what: string, error?: unknown) =>
    ring(notes)(error === undefined ? what : `${what}: ${error instanceof Error ? error.stack : String(error)}`)
  const surface = openDiscord({
    token: discord.token,
    guild: discord.guild,
    channels: discord.channels,
    pageRole: undefined,
    api: discord.api,
    ears,
    codec: pressCodec([KEY, OLD_KEY]),
    commands: commands.all,
    suggest: () => [],
    memory,
    clock: systemClock,
    note,
    changed: ring(statuses),
    observe: (what, ms) => ring(observed)({ what, ms }),
    timings: { ...SOON, ...wish.timings },
    chance: seeded('discord surface').next,
    ...wish.options,
  })
  const outbox = createOutbox({ sender: surface.sender, memory, clock: systemClock, note, closed: ring(closed) })
  const end = new AbortController()
  const running = Promise.all([surface.run(end.signal), outbox.run(end.signal)])
  const stop = async () => {
    end.abort()
    await running
  }
  closing.push(async () => {
    await stop()
    if (wish.discord === undefined) await discord.stop()
    expect(discord.failures).toEqual([])
    expect(discord.unhandled).toEqual([])
    const told = JSON.stringify([notes, statuses, closed, surface.view(), surface.faults()])
    expect(told).not.toContain(discord.token)
    expect(told).not.toContain('interaction-token')
  })
  const folk = Object.fromEntries(
    NAMES.map((name, at) => [name, discord.person({ name, id: String(BigInt(ANN) + BigInt(at)) })]),
  ) as Record<Name, Person>
  const opened = {
    discord,
    surface,
    outbox,
    memory,
    notes,
    statuses,
    observed,
    turnedAway,
    done,
    fates,
    closed,
    commands,
    ...folk,
    stranger: discord.person({ name: 'mallory' }),
    stop,
    /** The same as `discord.until`, for what the surface tells. */
    until: async <Found>(look: () => Found, withinMs = 5_000) => {
      const found = await bell.until(look, withinMs, String(look))
      // Whoever told us is in the middle of it, and gets to its end.
      await new Promise(resolve => setImmediate(resolve))
      return found
    },
    /** Waits until it is live; gives up after five seconds. */
    isLive: () => bell.until(() => surface.view().status === 'live', 5_000, 'it is live'),
    /** Sends it there, and gives it once it stands there. */
    post: async (shown: Reply, more: Partial<Parcel> & { readonly purpose?: Usual } = {}): Promise<Message> => {
      const { purpose = 'approvals', ...rest } = more
      const before = new Set(discord.messages(purpose))
      outbox.offer(parcelOf(surface.places[purpose], shown, { done: ring(fates), ...rest }))
      return discord.until(() => discord.messages(purpose).find(message => !before.has(message)))
    },
    offer: (shown: Reply, more: Partial<Parcel> & { readonly purpose?: Usual } = {}) => {
      const { purpose = 'approvals', ...rest } = more
      outbox.offer(parcelOf(surface.places[purpose], shown, { done: ring(fates), ...rest }))
    },
  }
  if (wish.isLive !== false) {
    await opened.isLive()
    await discord.until(() => discord.commands().length > 0)
  }
  return opened
}

let parcels = 0

function parcelOf(place: Parcel['place'], shown: Reply, more: Partial<Parcel>): Parcel {
  parcels += 1
  return {
    place,
    id: `parcel ${parcels}`,
    priority: 'action',
    reply: shown,
    isSilent: false,
    calls: [],
    version: parcels,
    ...more,
  }
}

/** A card such as the desk sends. */
export function card(): Reply {
  const asks = { title: 'How much for a7k2?', label: 'Dollars, at most', example: '40' }
  return reply('BUY Yes $40', 'warn')
    .rows(['Market', 'Will the Fed cut rates in December?'])
    .press('Approve $40', 'approve a7k2 card:1', { style: 'good' })
    .press('Other amount', 'approve a7k2 card:1 amount:', { asks })
    .press('Reject', 'reject a7k2', { style: 'danger', isBelow: true })
    .press('Status', 'status', { isBelow: true })
    .press('Stop', 'stop')
}

/** What can be asked in these tests. `done` hears of all that is done. */
function commandsOf(done: (what: string) => void) {
  let release: () => void = () => undefined
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  let isBreaking = false
  const all: readonly Command[] = [
    command({
      name: 'stop',
      also: ['halt'],
      summary: 'Stop all trading now.',
      access: 'guardian',
      isObeyedLate: true,
      options: { why: optional(text('Why, for the record.')) },
      run: ({ why }, { actor }) => {
        done(`stop by ${actor.person}${why === undefined ? '' : `: ${why}`}`)
        return reply('STOPPED', 'danger').press('Status', 'status')
      },
    }),
    command({
      name: 'approve',
      summary: 'Say yes to a waiting trade.',
      access: 'trader',
      options: {
        id: text('The short name on the card.'),
        amount: optional(dollars('Dollars at most.')),
        card: optional(whole('The version of the card.', { min: 1, max: 99 })),
      },
      run: ({ id, amount, card: version }, { actor }) => {
        done(`approve ${id} ${version ?? '-'} ${amount ?? '-'} by ${actor.person} (${actor.press})`)
        return reply(`Approved ${id}`, 'good').privately()
      },
    }),
    command({
      name: 'reject',
      summary: 'Say no to a waiting trade.',
      access: 'guardian',
      isObeyedLate: true,
      options: { id: text('The short name on the card.'), why: optional(text('Why.')) },
      run: ({ id }, { actor }) => {
        done(`reject ${id} by ${actor.person}`)
        return reply(`Rejected ${id}`).privately()
      },
    }),
    command({
      name: 'status',
      summary: 'How it stands.',
      access: 'viewer',
      options: {},
      run: (_, { actor }) => {
        if (isBreaking) {
          isBreaking = false
          throw new Error('a bug of the command')
        }
        done(`status by ${actor.person}`)
        return reply('PAPER · trading', 'good').rows(['Equity', '$10,042.73']).press('Pending', 'pending')
      },
    }),
    command({
      name: 'pending',
      summary: 'What waits.',
      access: 'viewer',
      options: {},
      run: () => reply('Nothing waits.'),
    }),
    command({
      name: 'close',
      summary: 'Sell a position.',
      access: 'trader',
      options: { what: text('Its name.') },
      run: ({ what }) => {
        done(`close ${what}`)
        return reply(`Closing ${what}`)
      },
    }),
    command({
      name: 'slow',
      summary: 'Answers when the test says so.',
      access: 'viewer',
      options: {},
      run: async () => {
        done('slow begins')
        await released
        return reply('At last.')
      },
    }),
  ]
  return {
    all,
    release: () => release(),
    /** `status` fails once. */
    breakNext: () => {
      isBreaking = true
    },
  }
}
