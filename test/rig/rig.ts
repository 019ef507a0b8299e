import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { STRONG } from '../../bench/made-market.ts'
import { commands } from '../../commands/index.ts'
import { prismaChatMemory } from '../../src/adapters/prisma/chat-memory.ts'
import { openDatabase } from '../../src/adapters/prisma/client.ts'
import { prismaJournal } from '../../src/adapters/prisma/journal.ts'
import { startProjector } from '../../src/adapters/prisma/projector.ts'
import { prismaRecords } from '../../src/adapters/prisma/queries.ts'
import { openTables } from '../../src/adapters/prisma/tables.ts'
import { inFile } from '../../src/adapters/simulated/record.ts'
import { prepare, simulatedVenue } from '../../src/adapters/simulated/venue.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { Secret } from '../../src/adapters/system/log.ts'
import { createRouter } from '../../src/chat/router.ts'
import type { Entry } from '../../src/core/engine/entry.ts'
import type { Fact } from '../../src/core/engine/fact.ts'
import type { Instruction } from '../../src/core/engine/input.ts'
import type { Limits } from '../../src/core/risk/limits.ts'
import type { PersonId } from '../../src/core/units/ids.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import { createDispatcher } from '../../src/run/dispatch.ts'
import { createIntake } from '../../src/run/intake.ts'
import { createAnnouncer } from '../../src/run/live/announcer.ts'
import { createDesk } from '../../src/run/live/desk.ts'
import { openHalt, stopFound } from '../../src/run/live/halt.ts'
import { openEars, sixDigits } from '../../src/run/live/voices/hearing.ts'
import { openVoices, type VoicesOptions } from '../../src/run/live/voices/voices.ts'
import { createLoop } from '../../src/run/loop.ts'
import { recover } from '../../src/run/recover.ts'
import type { Ears } from '../../src/voices/ears.ts'
import { createPairing } from '../../src/voices/pairing.ts'
import { directory, type Person } from '../../src/voices/people.ts'
import { type Discord, startDiscord } from '../stand-ins/discord/discord.ts'
import type { Person as DiscordPerson } from '../stand-ins/discord/person.ts'
import type { Person as TelegramPerson } from '../stand-ins/telegram/person.ts'
import { startTelegram, type Telegram } from '../stand-ins/telegram/telegram.ts'
import { DEPOSIT, type MadeMarket, madeMarket, ROOMY, whaleNumber } from './made-market.ts'

/** People of the rig, with the accounts that they have. */
export const ANN = '400000000000000001'
export const ANN_TELEGRAM = 42
export const BOB = '400000000000000002'
export const BOB_TELEGRAM = 77

const PEOPLE: readonly Person[] = [
  { id: 'ann' as PersonId, access: 'owner', accounts: { discord: [ANN], telegram: [String(ANN_TELEGRAM)] } },
  { id: 'bob' as PersonId, access: 'trader', accounts: { discord: [BOB], telegram: [String(BOB_TELEGRAM)] } },
]

export type RigWish = {
  readonly limits?: Partial<Limits>
  readonly pace?: VoicesOptions['pace']
  readonly budget?: NonNullable<VoicesOptions['budget']>
  readonly watch?: VoicesOptions['watch']
  readonly whales?: number
  /** Without them people are heard by the ears alone: what the surfaces would do in between is left out. */
  readonly hasSurfaces?: boolean
  /** What the whales are called. */
  readonly nameOf?: (whale: number) => string
}

const QUICK = { most: 1_000_000, perMs: 1_000 }

/** Both stand-ins with their people, and room for processes that come and go. */
export type Rig = {
  readonly discord: Discord
  readonly telegram: Telegram
  readonly folder: string
  /** Ann, who owns, and Bob, who trades, as they are on both. */
  readonly ann: Both
  readonly bob: Both
  readonly boot: () => Promise<Process>
  readonly end: () => Promise<void>
}

export type Both = { readonly discord: DiscordPerson; readonly telegram: TelegramPerson; readonly chat: number }

/** One life of the bot: all that a live run wires, but for the feeds, which the test plays. */
export type Process = {
  readonly market: MadeMarket
  readonly hear: (trade: WhaleTrade) => void
  /** When a stop came into force, by `performance.now()`. */
  readonly halts: readonly number[]
  /** Orders that began to be sent, and whether a stop was in force by then. */
  readonly sends: readonly { readonly wasStopped: boolean }[]
  /** What somebody says on a surface, as it comes to the ears. */
  readonly ears: Ears
  /** Something that a person at the console wants. */
  readonly instruct: (instruction: Instruction) => Promise<readonly Fact[]>
  /** What is on record since the start, or since it was emptied. */
  readonly entries: Entry[]
  readonly problems: readonly string[]
  readonly health: () => ReturnType<Awaited<ReturnType<typeof openVoices>>['health']>
  readonly state: ReturnType<typeof recover> extends Promise<infer Recovered>
    ? Recovered extends { state: infer State }
      ? State
      : never
    : never
  /** Calls back with every entry once it is on record. */
  readonly watch: (see: (entry: Entry) => void) => () => void
  readonly end: () => Promise<void>
  /** As a kill would: nothing is drained, nothing is said. */
  readonly kill: () => Promise<void>
}

export async function openRig(wish: RigWish = {}): Promise<Rig> {
  const discord = await startDiscord()
  const telegram = await startTelegram()
  const folder = mkdtempSync(join(tmpdir(), 'remora-rig-'))
  const lives: Process[] = []
  const ann = discord.person({ id: ANN, name: 'ann' })
  const bob = discord.person({ id: BOB, name: 'bob' })
  return {
    discord,
    telegram,
    folder,
    ann: { discord: ann, telegram: telegram.person({ id: ANN_TELEGRAM, name: 'Ann' }), chat: ANN_TELEGRAM },
    bob: { discord: bob, telegram: telegram.person({ id: BOB_TELEGRAM, name: 'Bob' }), chat: BOB_TELEGRAM },
    boot: async () => {
      const life = await boot(discord, telegram, folder, wish)
      lives.push(life)
      return life
    },
    end: async () => {
      for (const life of lives) await life.end()
      await discord.stop()
      await telegram.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function boot(discord: Discord, telegram: Telegram, folder: string, wish: RigWish): Promise<Process> {
  const clock = systemClock
  const database = await openDatabase(`file:${join(folder, 'remora.db')}`)
  const journal = await prismaJournal(database.connection)
  const { state, seq, term } = await recover(journal)
  const isFirst = seq === 0
  const market = madeMarket()
  const problems: string[] = []
  const note = (what: string, error?: unknown): void => {
    problems.push(error instanceof Error ? `${what}: ${error.message}` : what)
  }
  const ending = new AbortController()
  const { signal } = ending
  const intake = createIntake(clock)
  const announcer = createAnnouncer(state, true, error => note('a surface', error))
  const projector = await startProjector(openTables(database.connection), { onFailure: error => note('tables', error) })
  const venue = simulatedVenue({
    account: 'paper',
    data: market.data,
    clock,
    memory: inFile(join(folder, 'venue.jsonl')),
    deposit: DEPOSIT,
    latencyMs: () => 1,
  })
  const opened = openHalt(join(folder, 'HALT'), note)
  const halts: number[] = []
  const halt: typeof opened = {
    ...opened,
    set: (why, at) => {
      const since = opened.set(why, at)
      halts.push(performance.now())
      return since
    },
  }
  const sends: { wasStopped: boolean }[] = []
  const watched: typeof venue = {
    ...venue,
    send: (order, until) => {
      sends.push({ wasStopped: halt.isSet() })
      return venue.send(order, until)
    },
  }
  const dispatcher = createDispatcher({
    clock,
    intake,
    data: market.data,
    history: market.history,
    venues: new Map([['paper', watched]] as const),
    state: () => state,
    isHalted: halt.isSet,
    signal,
    note,
  })
  const entries: Entry[] = []
  const watchers = new Set<(entry: Entry) => void>()
  let voices: Awaited<ReturnType<typeof openVoices>> | undefined
  const loop = createLoop({
    state,
    seq,
    term,
    intake,
    journal,
    prepare,
    dispatch: dispatcher.start,
    readers: [
      projector.offer,
      announcer.read,
      read => voices?.read(read),
      read => {
        entries.push(...read)
        for (const entry of read) for (const see of watchers) see(entry)
      },
    ],
  })
  const people = directory(PEOPLE, () => state)
  const pairing = createPairing(sixDigits)
  const desk = createDesk({
    clock,
    state,
    intake,
    records: prismaRecords(database),
    history: market.history,
    data: market.data,
    isSimulated: true,
    dataDir: folder,
    feeds: () => [],
    health: () => Promise.reject(new Error('nobody asks')),
    people: () => [],
    pairing,
    halt,
    pages: () => voices?.pages() ?? [],
    draw: () => Promise.reject(new Error('nobody draws')),
    note,
    signal,
  })
  const router = createRouter({
    commands,
    desk,
    report: fault => note(`the command ${fault.command}`, fault.error),
    turnAway: ({ surface, person, press }, line, why) =>
      intake.offer({ kind: 'turnedAway', surface, account: person, person, press, line, why }),
  })
  voices = await openVoices({
    config: {
      dataDir: folder,
      discord:
        wish.hasSurfaces === false
          ? undefined
          : {
              token: new Secret(discord.token),
              guild: discord.guild,
              channels: discord.channels,
              pageRole: undefined,
              api: discord.api,
            },
      telegram:
        wish.hasSurfaces === false
          ? undefined
          : { token: new Secret(telegram.token), group: undefined, topics: {}, api: telegram.api.apiRoot },
    },
    clock,
    state,
    desk,
    router,
    commands,
    announcer,
    intake,
    memory: prismaChatMemory(database.connection, clock.now),
    people,
    pairing,
    seq: loop.seq,
    note,
    signal,
    pace: wish.pace ?? (() => QUICK),
    budget: wish.budget ?? { proposals: 1_000_000, ofOneWhale: 1_000_000 },
    ...(wish.watch === undefined ? {} : { watch: wish.watch }),
  })
  const ears = openEars({ router, people, pairing, intake, clock, note })
  let presses = 0
  const instruct = (instruction: Instruction): Promise<readonly Fact[]> => {
    presses += 1
    const asker = { person: 'ann' as PersonId, surface: 'console', press: `rig ${process.pid} ${presses}` }
    return intake.ask({ kind: 'instructed', asker, instruction })
  }
  intake.offer({ kind: 'started', deposit: DEPOSIT, limits: { ...ROOMY, ...wish.limits } })
  if (halt.found !== undefined) intake.offer(stopFound(halt.found, clock.now()))
  const running = loop.run(signal).catch(error => note('the engine', error))
  while (state.holds.has('recovery') || !state.accounts.has('paper')) await clock.sleep(1)
  const speaking = voices.services.map(service => service.run(signal).catch(error => note(service.name, error)))
  if (isFirst) {
    for (let whale = 0; whale < (wish.whales ?? 1); whale += 1) {
      const name = wish.nameOf?.(whale) ?? `whale-${whale}`
      await instruct({ kind: 'follow', whale: whaleNumber(whale), name, record: STRONG })
    }
    await instruct({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
  }
  let isOver = false
  const close = async (): Promise<void> => {
    if (isOver) return
    isOver = true
    ending.abort()
    await Promise.all([running, ...speaking, voices?.done])
    intake.close(new Error('over'))
    await projector.close()
    venue.close()
    await database.close()
  }
  return {
    market,
    halts,
    sends,
    ears,
    hear: trade => intake.offer({ kind: 'whaleTraded', trade }),
    instruct,
    entries,
    problems,
    health: () => voices?.health() ?? [],
    state,
    watch: see => {
      watchers.add(see)
      return () => watchers.delete(see)
    },
    end: async () => {
      if (!isOver) await projector.drain().catch(() => undefined)
      await close()
    },
    kill: close,
  }
}
