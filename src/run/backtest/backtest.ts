import { setMaxListeners } from 'node:events'
import { inMemory } from '../../adapters/simulated/record.ts'
import { prepare, simulatedVenue } from '../../adapters/simulated/venue.ts'
import { jumpingClock } from '../../adapters/system/clock.ts'
import { type EngineState, emptyState } from '../../core/engine/state.ts'
import type { Limits } from '../../core/risk/limits.ts'
import { type Instant, later, type PersonId, type TokenId } from '../../core/units/ids.ts'
import { type Usd, ZERO } from '../../core/units/money.ts'
import type { Archived, Recording } from '../../ports/archive.ts'
import type { MarketData } from '../../ports/feeds.ts'
import type { Journal } from '../../ports/journal.ts'
import { createDispatcher } from '../dispatch.ts'
import { createIntake, type Intake } from '../intake.ts'
import { createLoop } from '../loop.ts'
import { OwnHistory } from './own-history.ts'
import { type Summary, Tally } from './tally.ts'
import { type VirtualRun, virtualRun } from './virtual.ts'

export type BacktestOptions = {
  readonly recording: Recording
  /** The market data port over what the recording has told so far. */
  readonly data: MarketData & { readonly take: (event: Archived) => void }
  readonly journal: Journal
  readonly limits: Limits
  readonly deposit: Usd
  /** What an order takes to the venue and back. */
  readonly latencyMs: number
  /** Hears how many events have been told. */
  readonly progress: (done: number) => void
}

/** After the last event orders, cards and payouts still come to their end. */
const AFTERWARDS_MS = 5 * 60_000
const MARKS_EVERY_MS = 15_000
/** The account is open this long before the first event, so that its books have been compared by then. */
const WARM_UP_MS = 60_000
const PROGRESS_EVERY = 500

/**
 * Trades a recording as if it were now: the same engine, loop and simulated venue as PAPER, on a clock that jumps from event to
 * event. What a whale is worth is known only from what the recording has told of it so far.
 */
export async function backtest(options: BacktestOptions): Promise<Summary> {
  const { recording, data, journal } = options
  const tally = new Tally()
  const end = new AbortController()
  setMaxListeners(0, end.signal)
  let run: Run | undefined
  let done = 0
  for await (const event of recording.events()) {
    run ??= await begin(options, tally, event.at, end.signal)
    await run.advance(event.at)
    data.take(event)
    await tell(run, event, options)
    done += 1
    if (done % PROGRESS_EVERY === 0) options.progress(done)
  }
  if (run !== undefined) await run.advance(later(run.now(), AFTERWARDS_MS))
  end.abort()
  options.progress(done)
  await journal.close()
  return tally.summary(run?.state, recording)
}

type Run = VirtualRun & {
  readonly state: EngineState
  readonly intake: Intake
  readonly history: OwnHistory
  readonly tally: Tally
  readonly now: () => Instant
  /** When positions are marked again. */
  marksAt: number
}

/** An account opened at the first instant of the recording, following every wallet in it. */
async function begin(options: BacktestOptions, tally: Tally, at: Instant, signal: AbortSignal): Promise<Run> {
  const { recording, data, journal, deposit, limits, latencyMs } = options
  const clock = jumpingClock(later(at, -WARM_UP_MS))
  const intake = createIntake(clock)
  const state = emptyState()
  const history = new OwnHistory()
  const venue = simulatedVenue({
    account: 'paper',
    data,
    clock,
    memory: inMemory(),
    deposit,
    latencyMs: () => latencyMs / 2,
  })
  const dispatcher = createDispatcher({
    clock,
    intake,
    data,
    history: {
      record: async (whale, now) => history.recordOf(whale, now),
      profile: async () => undefined,
      named: async () => [],
      leaders: async () => [],
    },
    venues: new Map([['paper', venue]]),
    state: () => state,
    signal,
    note: what => tally.note(what),
  })
  const loop = createLoop({
    state,
    seq: 0,
    term: 1,
    intake,
    journal,
    prepare,
    dispatch: dispatcher.start,
    readers: [entries => tally.take(entries)],
  })
  const run = { state, intake, history, tally, now: clock.now, marksAt: 0, ...virtualRun(clock, intake, loop) }
  intake.offer({ kind: 'started', deposit, limits })
  for (const whale of recording.whales) {
    const asker = { person: 'backtest' as PersonId, surface: 'backtest', press: `follow ${whale}` }
    const record = history.recordOf(whale, at)
    intake.offer({ kind: 'instructed', asker, instruction: { kind: 'follow', whale, name: '', record } })
  }
  await run.settle()
  return run
}

/** What an event of the recording is to the engine. */
async function tell(run: Run, event: Archived, { data }: BacktestOptions): Promise<void> {
  const { intake, history, state } = run
  switch (event.kind) {
    case 'market':
      return
    case 'trade':
      run.tally.heard(event.trade)
      history.take(event.trade)
      intake.offer({ kind: 'whaleTraded', trade: event.trade })
      break
    case 'resolution': {
      const { condition, payouts, at } = event
      intake.offer({ kind: 'marketResolved', condition, payouts })
      for (const whale of history.resolve(condition, payouts, at)) {
        intake.offer({ kind: 'whaleRecorded', whale, record: history.recordOf(whale, at) })
      }
      break
    }
    case 'book': {
      const held = state.accounts.get('paper')?.positions
      if (held?.has(event.book.token) !== true || event.at < run.marksAt) return
      run.marksAt = event.at + MARKS_EVERY_MS
      intake.offer({ kind: 'marksArrived', marks: await marksOf([...held.keys()], data) })
      break
    }
  }
  await run.settle()
}

async function marksOf(tokens: readonly TokenId[], data: MarketData) {
  const never = new AbortController().signal
  const books = await Promise.all(tokens.map(token => data.book(token, never)))
  return books.filter(book => book !== undefined).map(book => ({ token: book.token, bid: book.bids[0]?.price ?? ZERO }))
}
