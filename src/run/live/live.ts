import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { commands } from '../../../commands/index.ts'
import { prismaChatMemory } from '../../adapters/prisma/chat-memory.ts'
import { openDatabase } from '../../adapters/prisma/client.ts'
import { prismaJournal } from '../../adapters/prisma/journal.ts'
import { startProjector } from '../../adapters/prisma/projector.ts'
import { prismaRecords } from '../../adapters/prisma/queries.ts'
import { openTables } from '../../adapters/prisma/tables.ts'
import { inFile } from '../../adapters/simulated/record.ts'
import { prepare, simulatedVenue } from '../../adapters/simulated/venue.ts'
import { systemClock } from '../../adapters/system/clock.ts'
import type { Config } from '../../adapters/system/config.ts'
import { lockFolder } from '../../adapters/system/lock.ts'
import type { Log } from '../../adapters/system/log.ts'
import { observeEntries } from '../../adapters/system/observe.ts'
import type { Desk, FeedView, Health, PersonView } from '../../chat/desk.ts'
import { createRouter, type Router } from '../../chat/router.ts'
import { PRESETS } from '../../core/risk/limits.ts'
import type { Instant, PersonId } from '../../core/units/ids.ts'
import { seeded } from '../../core/units/seeded.ts'
import { createPairing } from '../../voices/pairing.ts'
import { type Directory, directory, type Person } from '../../voices/people.ts'
import { SURFACES } from '../../voices/surface.ts'
import { createDispatcher } from '../dispatch.ts'
import { openEyes } from '../eyes/eyes.ts'
import { createIntake } from '../intake.ts'
import { createLoop } from '../loop.ts'
import { recover } from '../recover.ts'
import { type Service, supervise } from '../supervisor.ts'
import { type AnnouncerDesk, createAnnouncer } from './announcer.ts'
import { createDesk } from './desk.ts'
import { openDrawing } from './draw-child.ts'
import { openHalt, stopFound } from './halt.ts'
import { shutDown } from './live-end.ts'
import { booksIn, feedView, metered } from './live-health.ts'
import { openMarket } from './live-market.ts'
import { aborted, followAtStart, lastAsLongAs, type Note, startCalendar } from './live-services.ts'
import { Meter } from './meter.ts'
import { createSweeps } from './sweeps.ts'
import { sixDigits } from './voices/hearing.ts'
import { NO_VOICES, openVoices } from './voices/voices.ts'

/** A live run that is up: what surfaces talk to, and how it ends. */
export type LiveRun = {
  readonly router: Router
  readonly announcer: AnnouncerDesk
  readonly isSimulated: boolean
  /** Whose word it is at the console: the first owner of the list, so that one person is one person. */
  readonly owner: PersonId
  readonly desk: Desk
  /** What a person should know at the start, one line each. */
  readonly greeting: readonly string[]
  /** Resolves when the run has ended in order; rejects when it had to end. */
  readonly ended: Promise<void>
}

const VENUE_LATENCY_MS = [40, 160] as const

/**
 * Wires and starts the live run: real feeds or the sandbox, the simulated venue, SQLite, schedules. There is one way to start and
 * it is recovery. Throws a `JournalError`, a `LockedError` or a `FeedError` with a sentence that says what to do.
 */
export async function startLive(config: Config, log: Log, entry: string, stop: AbortSignal): Promise<LiveRun> {
  const clock = systemClock
  const startedAt = clock.now()
  mkdirSync(config.dataDir, { recursive: true })
  const unlock = lockFolder(join(config.dataDir, 'remora.lock'))
  const database = await openDatabase(config.databaseUrl)
  const journal = await prismaJournal(database.connection)
  const { state, seq, term, folded } = await recover(journal)

  const meter = new Meter()
  const note: Note = (what, error) => {
    const message = error instanceof Error ? error.message : String(error ?? '')
    meter.problem(clock.now(), message === '' ? what : `${what}: ${message}`)
    log.warn({ err: message }, what)
  }
  const chance = seeded(`live ${startedAt}`)
  const market = await openMarket(config, entry, { clock, chance: chance.fork('http'), log })
  const { data, history, isSimulated } = market
  const venue = simulatedVenue({
    account: 'paper',
    data,
    clock,
    memory: inFile(join(config.dataDir, 'paper-venue.jsonl')),
    deposit: config.deposit,
    latencyMs: () => chance.between(...VENUE_LATENCY_MS),
  })

  const ending = new AbortController()
  const { signal } = ending
  const intake = createIntake(clock)
  const announcer = createAnnouncer(state, isSimulated, error => note('a surface', error))
  const projector = await startProjector(openTables(database.connection), {
    onFailure: error => note('the tables', error),
  })
  const venues = new Map([['paper', venue]] as const)
  const halt = openHalt(join(config.dataDir, 'HALT'), note)
  const dispatcher = createDispatcher({
    clock,
    intake,
    data,
    history,
    venues,
    state: () => state,
    isHalted: halt.isSet,
    signal,
    note,
  })
  const eyes = openEyes({ clock, chance: chance.fork('eyes'), state, intake, market, signal, note })
  const loop = createLoop({
    state,
    seq,
    term,
    intake,
    journal: eyes.timed(metered(journal, meter)),
    prepare,
    dispatch: dispatcher.start,
    readers: [
      projector.offer,
      announcer.read,
      eyes.read,
      entries => voices.read(entries),
      entries => observeEntries(log, entries),
    ],
  })
  let voices = NO_VOICES

  const sweeps = createSweeps({ clock, intake, state, data, history, venue, signal, note })
  const health = async (): Promise<Health> => ({
    startedAt,
    feeds: feeds(),
    seq: loop.seq(),
    tablesSeq: projector.reached(),
    queued: intake.size(),
    ...meter.appends(),
    rssBytes: process.memoryUsage.rss(),
    database: database.file,
    problems: meter.problems(),
    requests: market.usage(),
    books: booksIn(market.sockets()),
    surfaces: voices.health(),
    ownPart: eyes.ownPart().flatMap(({ source, p50Ms, p99Ms }) => {
      return p50Ms === undefined || p99Ms === undefined ? [] : [{ source, p50Ms, p99Ms }]
    }),
  })
  const feeds = (): readonly FeedView[] => eyes.views().map(feedView)
  const records = prismaRecords(database)
  const people = directory(config.people, () => state)
  const pairing = createPairing(sixDigits)
  const desk = createDesk({
    clock,
    state,
    intake,
    records,
    history,
    data: market.data,
    isSimulated,
    dataDir: config.dataDir,
    feeds,
    health,
    people: () => people.all.map(person => personView(person, people)),
    pairing,
    halt,
    pages: () => voices.pages(),
    draw: openDrawing(entry),
    note,
    signal,
  })
  const router = createRouter({
    commands,
    desk,
    report: fault => note(`the command ${fault.command} failed (${fault.reference})`, fault.error),
    turnAway: ({ surface, person, press }, line, why) =>
      intake.offer({ kind: 'turnedAway', surface, account: person, person, press, line, why }),
  })

  intake.offer({ kind: 'started', deposit: config.deposit, limits: PRESETS[config.preset] })
  if (halt.found !== undefined) intake.offer(stopFound(halt.found, startedAt))
  const memory = prismaChatMemory(database.connection, clock.now)
  voices = await openVoices({
    config,
    clock,
    state,
    desk,
    router,
    commands,
    announcer,
    intake,
    memory,
    people,
    pairing,
    seq: loop.seq,
    note,
    signal,
  })
  const services: readonly Service[] = [
    { name: 'engine', isEssential: true, run: until => loop.run(until) },
    ...eyes.services,
    ...voices.services,
    { name: 'market socket', isEssential: false, run: market.mirror },
    { name: 'simulated market', isEssential: true, run: until => lastAsLongAs(market, until) },
  ]
  const running = supervise(services, { clock, chance: chance.fork('supervisor'), signal, note })
  const calendar = startCalendar(intake, sweeps, eyes, note)
  const following = followAtStart({ config, market, state, intake, startedAt }, signal)
    .then(async () => {
      await eyes.round()
    })
    .catch(error => {
      if (!signal.aborted) note('following at the start', error)
    })

  const ended = (async () => {
    try {
      await Promise.race([running, aborted(stop)])
    } finally {
      await shutDown({
        calendar,
        dispatcher,
        clock,
        ending,
        running,
        intake,
        following,
        eyes,
        projector,
        market,
        venue,
        voices,
        database,
        unlock,
        note,
      })
    }
    await running
  })()
  // Whoever starts the run awaits this later; until then a failure must not count as unhandled.
  ended.catch(() => undefined)

  const owner = config.people.find(person => person.access === 'owner')?.id ?? ('owner' as PersonId)
  return { router, announcer, isSimulated, owner, desk, greeting: greetingOf(config, folded, state.now), ended }
}

function personView({ id: person, access }: Person, people: Directory): PersonView {
  const accounts = SURFACES.flatMap(name => people.accounts(person, name).map(account => `${name}:${account}`))
  return { person, access, accounts }
}

function greetingOf(config: Config, folded: number, last: Instant): readonly string[] {
  const market =
    config.market === 'sandbox'
      ? 'SIMULATED MARKET: a made-up world on this machine. Set REMORA_MARKET=polymarket for the real one.'
      : 'Market data of Polymarket.'
  const past =
    last === 0
      ? 'A first start.'
      : `Going on from ${new Date(last).toISOString()} (${folded} entries since the last snapshot).`
  return [market, 'PAPER: no real money, no key.', past, `Data in ${config.dataDir}`]
}
