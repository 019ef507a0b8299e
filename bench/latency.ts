import { prepare } from '../src/adapters/simulated/venue.ts'
import { systemClock } from '../src/adapters/system/clock.ts'
import { emptyState } from '../src/core/engine/state.ts'
import type { Instant, PersonId } from '../src/core/units/ids.ts'
import type { MarketData } from '../src/ports/feeds.ts'
import type { Journal } from '../src/ports/journal.ts'
import { createDispatcher } from '../src/run/dispatch.ts'
import { createIntake } from '../src/run/intake.ts'
import { createLoop } from '../src/run/loop.ts'
import { DEPOSIT, ROOMY, STRONG, TOLD_AFTER_MS, tradeNumber, whaleNumber } from './made-market.ts'
import { grouped, quantile } from './measure.ts'
import type { Part, Row } from './row.ts'
import { withJournal } from './scratch.ts'

const WARM_UPS = 100
const TRADES = 1_000

/** From a trade that comes in to the question that it leads to, through everything between: intake, loop, disk, dispatcher. */
export const latency: Part = () =>
  withJournal(async journal => {
    const seen: Seen = { committed: 0, asked: 0 }
    const run = start(watched(journal, seen), seen)
    await run.open()
    const commits: number[] = []
    const effects: number[] = []
    for (let trade = 0; trade < WARM_UPS + TRADES; trade += 1) {
      const from = performance.now()
      seen.committed = 0
      await run.tell(trade)
      if (trade < WARM_UPS) continue
      commits.push(seen.committed - from)
      effects.push(seen.asked - from)
    }
    await run.stop()
    return [rowOf('trade in, until it is on disk', commits), rowOf('trade in, until its effect begins', effects)]
  })

/** When the first append since the trade ended, and when the market was asked for. */
type Seen = { committed: number; asked: number }

function rowOf(what: string, times: readonly number[]): Row {
  return {
    what: `${what}: p50 / p99`,
    figure: `${quantile(times, 0.5).toFixed(2)} / ${quantile(times, 0.99).toFixed(2)} ms`,
    spread: `at most ${Math.max(...times).toFixed(1)} ms, ${grouped(times.length)} trades`,
  }
}

function watched(journal: Journal, seen: Seen): Journal {
  return {
    ...journal,
    append: async entries => {
      await journal.append(entries)
      if (seen.committed === 0) seen.committed = performance.now()
    },
  }
}

function start(journal: Journal, seen: Seen) {
  const end = new AbortController()
  const intake = createIntake(systemClock)
  const state = emptyState()
  let settled: (() => void) | undefined
  /** A market that is not there: the trade is then refused, and comes to its end. */
  const data: MarketData = {
    market: async () => {
      seen.asked = performance.now()
      return undefined
    },
    book: async () => undefined,
    payouts: async () => undefined,
  }
  const dispatcher = createDispatcher({
    clock: systemClock,
    intake,
    data,
    history: {
      record: async () => STRONG,
      profile: async () => undefined,
      named: async () => [],
      leaders: async () => [],
    },
    venues: new Map(),
    state: () => state,
    signal: end.signal,
    note: () => undefined,
  })
  const loop = createLoop({
    state,
    seq: 0,
    term: 1,
    intake,
    journal,
    prepare,
    dispatch: dispatcher.start,
    readers: [
      entries => {
        if (entries.some(entry => entry.facts.some(fact => fact.kind === 'signalRefused'))) settled?.()
      },
    ],
  })
  const running = loop.run(end.signal)
  return {
    open: async () => {
      intake.offer({ kind: 'started', deposit: DEPOSIT, limits: ROOMY })
      intake.offer({ kind: 'booksReported', account: 'paper', turn: 0, books: { cash: DEPOSIT, positions: [] } })
      const asker = { person: 'bench' as PersonId, surface: 'bench', press: 'follow' }
      const instruction = { kind: 'follow', whale: whaleNumber(0), name: '', record: STRONG } as const
      await intake.ask({ kind: 'instructed', asker, instruction })
    },
    /** Offers a trade and waits until all that it leads to is over. */
    tell: async (number: number) => {
      const over = new Promise<void>(resolve => {
        settled = resolve
      })
      const trade = tradeNumber(number, 0, number, 'buy', (Date.now() + TOLD_AFTER_MS) as Instant)
      intake.offer({ kind: 'whaleTraded', trade })
      await over
    },
    stop: async () => {
      end.abort()
      await running
    },
  }
}
