import { setMaxListeners } from 'node:events'
import { memoryJournal } from '../../adapters/memory/journal.ts'
import { inMemory } from '../../adapters/simulated/record.ts'
import { prepare, simulatedVenue } from '../../adapters/simulated/venue.ts'
import { systemClock } from '../../adapters/system/clock.ts'
import { createLog } from '../../adapters/system/log.ts'
import type { Usage } from '../../adapters/system/sent-window.ts'
import { emptyState } from '../../core/engine/state.ts'
import { type Limits, PRESETS } from '../../core/risk/limits.ts'
import type { StreamName } from '../../core/risk/sight.ts'
import { type PersonId, type WhaleAddress, whaleAddress } from '../../core/units/ids.ts'
import { usd } from '../../core/units/money.ts'
import { seeded } from '../../core/units/seeded.ts'
import type { WhaleRecord } from '../../core/whale/record.ts'
import { STRANGERS_DEFAULT } from '../../sandbox/sandbox.ts'
import { type SeededWorld, seededWorld } from '../../sandbox/seeded-world.ts'
import { createDispatcher } from '../dispatch.ts'
import { type Eyes, openEyes } from '../eyes/eyes.ts'
import type { SourceView } from '../eyes/feed-board.ts'
import type { OwnPartView } from '../eyes/own-part.ts'
import { createIntake, type Intake } from '../intake.ts'
import { type LiveMarket, marketAt } from '../live/live-market.ts'
import { forkSandbox } from '../live/sandbox-child.ts'
import { createSweeps } from '../live/sweeps.ts'
import { createLoop, type Loop } from '../loop.ts'
import { supervise } from '../supervisor.ts'
import { TrialAudit, type TrialFindings } from './trial-audit.ts'
import { createStorm } from './trial-storm.ts'
import { dealsBetween } from './trial-truth.ts'

export type TrialOptions = {
  readonly entry: string
  readonly seed: string
  readonly minutes: number
  readonly whales: number
  readonly speed: number
  /** Whether anything goes wrong. */
  readonly isStormy: boolean
  /** The one stream that is listened to; both where it is not given. */
  readonly only: StreamName | undefined
  readonly progress: (line: string) => void
  readonly signal: AbortSignal
}

export type TrialResult = {
  readonly findings: TrialFindings
  readonly sources: readonly SourceView[]
  readonly ownPart: readonly OwnPartView[]
  readonly usage: readonly Usage[]
  readonly switched: ReadonlyMap<string, number>
  readonly problems: ReadonlyMap<string, number>
}

const DEPOSIT = usd('1000000')
/** Breakers that never open: a halt would try nothing but refusals. */
const LIMITS: Limits = {
  ...PRESETS.standard,
  positionsMax: 100,
  dailyLossMax: usd('100000'),
  dailyLossPctMax: 0.5,
  hourlyLossMax: usd('100000'),
  lossesInARowMax: 100,
  drawdownPctMax: 0.9,
}
const MARKS_EVERY_MS = 15_000
const EXITS_EVERY_MS = 20_000
const PROGRESS_EVERY_MS = 30_000
/** Deals of the first moments may have been told before they were followed. */
const MARGIN_MS = 2_000
/** After the storm the rounds may need a few turns until late rows are there. */
const CALM_MS = 120_000
const CALM_ROUND_MS = 5_000
/** How far back a deal may really be that is told again. */
const EVER_MS = 3 * 3_600_000

/**
 * The whole of the eyes against the simulated market with everything going wrong: real sockets, real requests, the real engine, a
 * journal in memory. What every whale really did is known from the seed, so that nothing needs to be believed.
 */
export async function trial(options: TrialOptions): Promise<TrialResult> {
  const { entry, seed, minutes, whales, speed, isStormy, only, progress, signal } = options
  const clock = systemClock
  const sandbox = await forkSandbox(entry, { seed, speed, whales })
  const world = seededWorld({ seed, speed, strangersPerSecond: STRANGERS_DEFAULT, whales })
  const end = new AbortController()
  setMaxListeners(0, end.signal)
  const stop = (): void => end.abort()
  signal.addEventListener('abort', stop, { once: true })
  const audit = new TrialAudit(LIMITS.tradeAgeMaxMs)
  const chance = seeded(`trial ${seed}`)
  const log = createLog('error', false)
  const found = marketAt(
    { hosts: sandbox.hosts, nodes: sandbox.hosts.rpc },
    { clock, chance: chance.fork('http'), log },
  )
  const market = { ...found, streams: found.streams.filter(({ name }) => only === undefined || name === only) }
  const run = begin({ market, audit, chance, world, signal: end.signal })
  try {
    await run.followed
    const from = clock.now() + MARGIN_MS
    progress(
      `following ${world.whales.length} whales; ${isStormy ? 'faults come and go' : 'all is calm'} for ${minutes} min`,
    )
    const storm = createStorm(`${new URL(sandbox.hosts.gamma).origin}/faults`, clock, chance.fork('storm'))
    const calm = new AbortController()
    const storming = isStormy ? storm.run(AbortSignal.any([calm.signal, end.signal])) : undefined
    const until = from + minutes * 60_000
    while (clock.now() < until && !end.signal.aborted) {
      await clock.sleep(Math.min(PROGRESS_EVERY_MS, until - clock.now()), end.signal)
      progress(`${Math.round((until - clock.now()) / 1_000)} s to go: ${statusOf(run.eyes)}`)
    }
    calm.abort()
    await storming
    const addresses = new Set<string>(world.whales.map(({ address }) => address))
    const truth = dealsBetween(world, addresses, from, until)
    await settle(run.eyes, () => [...truth.keys()].every(deal => audit.knows(deal)), clock.now() + CALM_MS)
    const ever = new Set(dealsBetween(world, addresses, from - EVER_MS, clock.now()).keys())
    return {
      findings: audit.findings(truth, ever),
      sources: run.eyes.views(),
      ownPart: run.eyes.ownPart(),
      usage: market.usage(),
      switched: storm.switched(),
      problems: run.problems(),
    }
  } finally {
    end.abort()
    await run.ended
    sandbox.stop()
    signal.removeEventListener('abort', stop)
  }
}

/** Lets the rounds find what is still missing, for as long as they may take. */
async function settle(eyes: Eyes, isWhole: () => boolean, until: number): Promise<void> {
  const clock = systemClock
  do {
    await eyes.round()
    if (isWhole()) return
    await clock.sleep(CALM_ROUND_MS)
  } while (clock.now() < until)
}

function statusOf(eyes: Eyes): string {
  return eyes
    .views()
    .map(({ name, status, toldFirst, confirmed, missed }) => `${name} ${status} ${toldFirst}/${confirmed}/${missed}`)
    .join(', ')
}

type Run = {
  readonly eyes: Eyes
  readonly followed: Promise<void>
  readonly ended: Promise<void>
  readonly problems: () => ReadonlyMap<string, number>
}

/** The engine and its surroundings, as a live run wires them, without a disk and without people. */
function begin(parts: {
  readonly market: Omit<LiveMarket, 'isSimulated' | 'ended' | 'close'>
  readonly audit: TrialAudit
  readonly chance: ReturnType<typeof seeded>
  readonly world: SeededWorld
  readonly signal: AbortSignal
}): Run {
  const { market, audit, chance, world, signal } = parts
  const clock = systemClock
  const problems = new Map<string, number>()
  const note = (text: string): void => {
    const what = text.replace(/0x[0-9a-f]{40}/g, 'a wallet')
    problems.set(what, (problems.get(what) ?? 0) + 1)
  }
  const state = emptyState()
  const intake = createIntake(clock)
  const { data, history } = market
  const venue = simulatedVenue({
    account: 'paper',
    data,
    clock,
    memory: inMemory(),
    deposit: DEPOSIT,
    latencyMs: () => chance.between(20, 80),
  })
  const venues = new Map([['paper', venue]] as const)
  const dispatcher = createDispatcher({ clock, intake, data, history, venues, state: () => state, signal, note })
  const eyes = openEyes({ clock, chance: chance.fork('eyes'), state, intake, market, signal, note })
  const readers = [eyes.read, (entries: Parameters<Eyes['read']>[0]) => audit.read(entries)]
  const dispatch = dispatcher.start
  const loop: Loop = createLoop({
    state,
    seq: 0,
    term: 1,
    intake,
    journal: eyes.timed(memoryJournal()),
    prepare,
    dispatch,
    readers,
  })
  const sweeps = createSweeps({ clock, intake, state, data, history, venue, signal, note })
  const rounds = [
    every(MARKS_EVERY_MS, sweeps.marks, signal),
    every(MARKS_EVERY_MS, sweeps.resolutions, signal),
    every(EXITS_EVERY_MS, eyes.exits, signal),
  ]
  intake.offer({ kind: 'started', deposit: DEPOSIT, limits: LIMITS })
  const services = [
    { name: 'engine', isEssential: true, run: (until: AbortSignal) => loop.run(until) },
    ...eyes.services,
    { name: 'market socket', isEssential: false, run: market.mirror },
  ]
  const running = supervise(services, { clock, chance: chance.fork('supervisor'), signal, note })
  return {
    eyes,
    followed: followAll(world, intake, clock.now()),
    problems: () => problems,
    ended: (async () => {
      await running.catch(() => undefined)
      await Promise.all(rounds)
      await eyes.ended()
      venue.close()
    })(),
  }
}

async function every(ms: number, act: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await systemClock.sleep(ms, signal)
    if (!signal.aborted) await act()
  }
}

/** A past good enough to be copied, so that the trial is of more than refusals. */
function goodRecord(asOf: WhaleRecord['asOf']): WhaleRecord {
  return {
    asOf,
    resolved: 400,
    won: 270,
    cost: usd('400000'),
    profit: usd('60000'),
    pricePaid: 0.5,
    sharpe: 0.4,
    recentReturn: 0.2,
    drawdown: 0.02,
    consistency: 0.9,
  }
}

async function followAll(world: SeededWorld, intake: Intake, asOf: WhaleRecord['asOf']): Promise<void> {
  for (const { address, name } of world.whales) {
    const whale = whaleAddress(address) as WhaleAddress
    const asker = { person: 'trial' as PersonId, surface: 'trial', press: `follow ${whale}` }
    await intake.ask({
      kind: 'instructed',
      asker,
      instruction: { kind: 'follow', whale, name, record: goodRecord(asOf) },
    })
  }
}
