import { setMaxListeners } from 'node:events'
import { inMemory } from '../adapters/simulated/record.ts'
import { prepare, simulatedVenue } from '../adapters/simulated/venue.ts'
import { jumpingClock } from '../adapters/system/clock.ts'
import type { Fact } from '../core/engine/fact.ts'
import { emptyState } from '../core/engine/state.ts'
import type { Limits } from '../core/risk/limits.ts'
import { type Instant, later, type PersonId } from '../core/units/ids.ts'
import type { Usd } from '../core/units/money.ts'
import type { Archived, Recording } from '../ports/archive.ts'
import type { MarketData } from '../ports/feeds.ts'
import type { Journal } from '../ports/journal.ts'
import { createDispatcher } from './dispatch.ts'
import { createIntake } from './intake.ts'
import { createLoop } from './loop.ts'
import { OwnHistory } from './own-history.ts'
import { type Summary, Tally } from './tally.ts'
import { virtualRun } from './virtual.ts'

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

/**
 * Trades a recording as if it were now: the same engine, loop and simulated venue as PAPER, on a clock that jumps from event to
 * event. What a whale is worth is known only from what the recording has told of it so far.
 */
export async function backtest(options: BacktestOptions): Promise<Summary> {
  const { recording, data, journal } = options
  const tally = new Tally()
  const history = new OwnHistory()
  const end = new AbortController()
  setMaxListeners(0, end.signal)
  let run: ReturnType<typeof start> | undefined
  let done = 0

  const start = (at: Instant) => {
    const own = jumpingClock(at)
    const intake = createIntake(own)
    const state = emptyState()
    const venue = simulatedVenue({
      account: 'paper',
      data,
      clock: own,
      memory: inMemory(),
      deposit: options.deposit,
      latencyMs: () => options.latencyMs / 2,
    })
    const dispatcher = createDispatcher({
      clock: own,
      intake,
      data,
      history: {
        record: async (whale, now) => history.recordOf(whale, now),
        name: async () => undefined,
        leaders: async () => [],
      },
      venues: new Map([['paper', venue]]),
      state: () => state,
      signal: end.signal,
      note: what => tally.note(what),
    })
    const readers = [(entries: readonly { readonly facts: readonly Fact[] }[]) => tally.take(entries)]
    const loop = createLoop({ state, seq: 0, term: 1, intake, journal, prepare, dispatch: dispatcher.start, readers })
    intake.offer({ kind: 'started', deposit: options.deposit, limits: options.limits })
    for (const whale of recording.whales) {
      const asker = { person: 'backtest' as PersonId, surface: 'backtest', press: `follow ${whale}` }
      const record = history.recordOf(whale, at)
      intake.offer({ kind: 'instructed', asker, instruction: { kind: 'follow', whale, name: '', record } })
    }
    return { clock: own, intake, loop, state, ...virtualRun(own, intake, loop), marksAt: at as number }
  }

  for await (const event of recording.events()) {
    if (run === undefined) {
      run = start(event.at)
      await run.settle()
      await run.advance(event.at)
    }
    await run.advance(event.at)
    data.take(event)
    await tell(run, event)
    done += 1
    if (done % 500 === 0) options.progress(done)
  }
  if (run !== undefined) await run.advance(later(run.clock.now(), AFTERWARDS_MS))
  end.abort()
  options.progress(done)
  await journal.close()
  return tally.summary(run?.state, recording)

  async function tell(running: NonNullable<typeof run>, event: Archived): Promise<void> {
    const { intake, state } = running
    switch (event.kind) {
      case 'trade':
        tally.heard(event.trade)
        history.take(event.trade)
        intake.offer({ kind: 'whaleTraded', trade: event.trade })
        await running.settle()
        return
      case 'resolution': {
        const whales = history.resolve(event.condition, event.payouts, event.at)
        intake.offer({ kind: 'marketResolved', condition: event.condition, payouts: event.payouts })
        for (const whale of whales) {
          intake.offer({ kind: 'whaleRecorded', whale, record: history.recordOf(whale, event.at) })
        }
        await running.settle()
        return
      }
      case 'book': {
        const isHeld = state.accounts.get('paper')?.positions.has(event.book.token) === true
        if (!isHeld || event.at < running.marksAt) return
        running.marksAt = event.at + MARKS_EVERY_MS
        const marks = await marksOf([...(state.accounts.get('paper')?.positions.keys() ?? [])])
        intake.offer({ kind: 'marksArrived', marks })
        await running.settle()
        return
      }
      case 'market':
        return
    }
  }

  async function marksOf(tokens: readonly Parameters<MarketData['book']>[0][]) {
    const books = await Promise.all(tokens.map(token => data.book(token, end.signal)))
    return books.flatMap((book, index) => {
      const token = tokens[index]
      return token === undefined || book === undefined ? [] : [{ token, bid: book.bids[0]?.price ?? (0n as never) }]
    })
  }
}
