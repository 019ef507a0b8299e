import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { commands } from '../../commands/index.ts'
import { archiveWriter } from '../adapters/archive/write.ts'
import { type Hosts, polymarketClient, REAL_HOSTS } from '../adapters/polymarket/client.ts'
import { polymarketData } from '../adapters/polymarket/feeds.ts'
import { polymarketHistory } from '../adapters/polymarket/history.ts'
import { polymarketFeed } from '../adapters/polymarket/streams.ts'
import { openDatabase } from '../adapters/prisma/client.ts'
import { prismaJournal } from '../adapters/prisma/journal.ts'
import { startProjector } from '../adapters/prisma/projector.ts'
import { prismaRecords } from '../adapters/prisma/queries.ts'
import { openTables } from '../adapters/prisma/tables.ts'
import { inFile } from '../adapters/simulated/record.ts'
import { prepare, simulatedVenue } from '../adapters/simulated/venue.ts'
import { systemClock } from '../adapters/system/clock.ts'
import type { Config } from '../adapters/system/config.ts'
import { lockFolder } from '../adapters/system/lock.ts'
import type { Log } from '../adapters/system/log.ts'
import { observeEntries } from '../adapters/system/observe.ts'
import { schedule } from '../adapters/system/schedule.ts'
import type { FeedView, Health } from '../chat/desk.ts'
import { createRouter, type Router } from '../chat/router.ts'
import type { Instruction } from '../core/engine/input.ts'
import { PRESETS } from '../core/risk/limits.ts'
import { type Instant, later, type PersonId } from '../core/units/ids.ts'
import { seeded } from '../core/units/seeded.ts'
import type { Clock } from '../ports/clock.ts'
import type { FeedState, MarketData } from '../ports/feeds.ts'
import type { Journal } from '../ports/journal.ts'
import { type AnnouncerDesk, createAnnouncer } from './announcer.ts'
import { createDesk } from './desk.ts'
import { createDispatcher } from './dispatch.ts'
import { createIntake } from './intake.ts'
import { createLoop } from './loop.ts'
import { Meter } from './meter.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import { recover } from './recover.ts'
import { forkSandbox } from './sandbox-child.ts'
import { type Service, supervise } from './supervisor.ts'
import { createSweeps } from './sweeps.ts'

/** A live run that is up: what surfaces talk to, and how it ends. */
export type LiveRun = {
  readonly router: Router
  readonly announcer: AnnouncerDesk
  readonly isSimulated: boolean
  /** What a person should know at the start, one line each. */
  readonly greeting: readonly string[]
  /** Resolves when the run has ended in order; rejects when it had to end. */
  readonly ended: Promise<void>
}

/** How many of the simulated market's leaders a first start follows, so that there is something to see. */
const LEADERS = 8
/** Effects under way are given this long to end before the rest of the shutdown. */
const DRAIN_MS = 3_000
const VENUE_LATENCY_MS = [40, 160] as const
const FEED_DELAY_MS = 20

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
  const recovered = await recover(journal)
  const { state } = recovered
  const isSimulated = config.market === 'sandbox'
  const sandbox = isSimulated ? await forkSandbox(entry, config.sandbox) : undefined
  const hosts: Hosts = sandbox?.hosts ?? { ...REAL_HOSTS, ...config.hosts }

  const meter = new Meter()
  const note = (what: string, error?: unknown): void => {
    const message = error instanceof Error ? error.message : String(error ?? '')
    meter.problem(clock.now(), message === '' ? what : `${what}: ${message}`)
    log.warn({ err: message }, what)
  }
  const chance = seeded(`live ${startedAt}`)
  const client = polymarketClient({
    clock,
    hosts,
    chance: chance.fork('http').next,
    note: happening => log.debug(happening, 'polymarket'),
  })
  const archive = config.record === undefined ? undefined : archiveWriter(config.record)
  const { data, trade: recordTrade } = recorded(polymarketData(client, clock), clock, archive)
  const history = polymarketHistory(client)
  const feed = polymarketFeed(client, clock)
  const venue = simulatedVenue({
    account: 'paper',
    data,
    clock,
    memory: inFile(join(config.dataDir, 'paper-venue.jsonl')),
    deposit: config.deposit,
    latencyMs: () => chance.between(...VENUE_LATENCY_MS),
  })

  const ending = new AbortController()
  const intake = createIntake(clock)
  const announcer = createAnnouncer(state, isSimulated, error => note('a surface', error))
  const tables = openTables(database.connection)
  const projector = await startProjector(tables, { onFailure: error => note('the tables', error) })
  const dispatcher = createDispatcher({
    clock,
    intake,
    data,
    history,
    venues: new Map([['paper', venue]]),
    state: () => state,
    signal: ending.signal,
    note,
  })
  const loop = createLoop({
    state,
    seq: recovered.seq,
    term: recovered.term,
    intake,
    journal: metered(journal, meter),
    prepare,
    dispatch: dispatcher.start,
    readers: [projector.offer, announcer.read, entries => observeEntries(log, entries)],
  })

  const feeds = new Map<string, FeedView>()
  const seeFeed = (name: string, seen: FeedState): void => {
    feeds.set(name, {
      name,
      status: seen.status,
      since: seen.since,
      why: seen.why ?? '',
      lastAt: feeds.get(name)?.lastAt,
    })
    if (seen.status === 'down' || seen.status === 'stale') note(`the feed ${name} is ${seen.status}`, seen.why)
  }
  const sweeps = createSweeps({ clock, intake, state, data, feed, history, venue, signal: ending.signal, note })
  const sweepTrades = async (): Promise<void> => {
    const isWhole = await sweeps.trades()
    if (ending.signal.aborted) return
    const since = clock.now()
    const why = 'not every wallet was answered for'
    seeFeed('sweep', isWhole ? { status: 'live', since } : { status: 'stale', since, why })
  }

  const health = async (): Promise<Health> => ({
    startedAt,
    feeds: [...feeds.values()],
    seq: loop.seq(),
    tablesSeq: projector.reached(),
    queued: intake.size(),
    ...meter.appends(),
    rssBytes: process.memoryUsage.rss(),
    database: database.file,
    problems: meter.problems(),
  })
  const desk = createDesk({
    clock,
    state,
    intake,
    records: prismaRecords(database),
    history,
    isSimulated,
    feeds: () => [...feeds.values()],
    health,
    signal: ending.signal,
  })
  const router = createRouter({
    commands,
    desk,
    report: fault => note(`the command ${fault.command} failed (${fault.reference})`, fault.error),
  })

  const watch: Service = {
    name: 'activity',
    isEssential: false,
    run: signal =>
      feed.watch(
        whale => state.whales.has(whale),
        trade => {
          const seen = feeds.get('activity')
          if (seen !== undefined) feeds.set('activity', { ...seen, lastAt: clock.now() })
          recordTrade(trade)
          intake.offer({ kind: 'whaleTraded', trade })
        },
        seen => seeFeed('activity', seen),
        signal,
      ),
  }
  const engine: Service = { name: 'engine', isEssential: true, run: signal => loop.run(signal) }
  const market: Service = {
    name: 'simulated market',
    isEssential: true,
    run: async signal => {
      if (sandbox === undefined) return
      const why = await Promise.race([sandbox.ended, aborted(signal)])
      if (why !== undefined) throw new Error(why)
    },
  }

  intake.offer({ kind: 'started', deposit: config.deposit, limits: PRESETS[config.preset] })
  const running = supervise(sandbox === undefined ? [engine, watch] : [engine, watch, market], {
    clock,
    chance: chance.fork('supervisor'),
    signal: ending.signal,
    note,
  })
  const calendar = [
    schedule('the hour', '0 0 * * * *', () => intake.offer({ kind: 'clockTurned' }), note),
    schedule('trades', '*/15 * * * * *', sweepTrades, note),
    schedule('marks', '*/15 * * * * *', sweeps.marks, note),
    schedule('books', '*/10 * * * * *', sweeps.books, note),
    schedule('resolutions', '*/20 * * * * *', sweeps.resolutions, note),
    schedule('records', '0 10 0 * * *', sweeps.records, note),
  ]

  const follow = async (): Promise<void> => {
    const isFirst = state.whales.size === 0
    const leaders = isSimulated && isFirst ? await history.leaders(LEADERS, ending.signal) : []
    for (const whale of [...config.follow, ...leaders]) {
      if (state.whales.has(whale)) continue
      const name = (await history.name(whale, ending.signal).catch(() => undefined)) ?? ''
      const asker = { person: 'start' as PersonId, surface: 'start', press: `start ${startedAt} ${whale}` }
      const instruction: Instruction = { kind: 'follow', whale, name, record: undefined }
      await intake.ask({ kind: 'instructed', asker, instruction })
    }
    await sweepTrades()
  }
  const following = follow().catch(error => {
    if (!ending.signal.aborted) note('following at the start', error)
  })

  const shutDown = async (): Promise<void> => {
    // No new round begins; one under way may be asking a dead host wallet by wallet, and ends when the run does.
    const stopped = Promise.all(calendar.map(one => one.stop()))
    const until = later(clock.now(), DRAIN_MS)
    while (dispatcher.active() > 0 && clock.now() < until) await clock.sleep(20)
    await clock.sleep(FEED_DELAY_MS)
    ending.abort()
    await stopped
    await running.catch(() => undefined)
    // Closed before those who ask are waited for: with the loop gone nobody would answer them.
    intake.close(new Error('Remora is shutting down'))
    await following
    await projector.drain().catch(error => note('the tables at the end', error))
    await projector.close()
    venue.close()
    await archive?.close().catch(error => note('the recording', error))
    await database.close()
    sandbox?.stop()
    unlock()
  }
  const ended = (async () => {
    try {
      await Promise.race([running, aborted(stop)])
    } finally {
      await shutDown()
    }
    await running
  })()
  // Whoever starts the run awaits this later; until then a failure must not count as unhandled.
  ended.catch(() => undefined)

  return { router, announcer, isSimulated, greeting: greetingOf(config, recovered.folded, state.now), ended }
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

function recorded(data: MarketData, clock: Clock, archive: ReturnType<typeof archiveWriter> | undefined): Recorder {
  if (archive === undefined) return { data, trade: () => undefined }
  return createRecorder(data, clock, archive.write)
}

async function aborted(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  return undefined
}

/** The journal with a watch on how long its appends take. */
function metered(journal: Journal, meter: Meter): Journal {
  return {
    ...journal,
    append: async entries => {
      const from = performance.now()
      await journal.append(entries)
      meter.append(performance.now() - from)
    },
  }
}
