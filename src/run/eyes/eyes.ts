import type { Entry } from '../../core/engine/entry.ts'
import type { StateView } from '../../core/engine/state.ts'
import type { SourceName } from '../../core/risk/sight.ts'
import type { Seeded } from '../../core/units/seeded.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'
import type { Clock } from '../../ports/clock.ts'
import type { TradeStream } from '../../ports/feeds.ts'
import type { Journal } from '../../ports/journal.ts'
import type { Intake } from '../intake.ts'
import type { LiveMarket } from '../live/live-market.ts'
import type { Note } from '../live/live-services.ts'
import type { Service } from '../supervisor.ts'
import { type ExitsSweep, sweepDepartures, sweepHoldings } from './exits-sweep.ts'
import { FeedBoard, type SourceView } from './feed-board.ts'
import { OwnPart, type OwnPartView } from './own-part.ts'
import { createReconciler } from './reconciler.ts'
import { followedIn, watchedIn } from './watched.ts'

/** All that sees what whales do: the streams, the rounds that find what they missed, and how well each of them sees. */
export type Eyes = {
  /** One for each source; a failed one is started again. */
  readonly services: readonly Service[]
  /** A reader of the journal: hears who is followed. */
  readonly read: (entries: readonly Entry[]) => void
  /** The journal with a watch on how long our own part took: from a frame's arrival until its signal is on record. */
  readonly timed: (journal: Journal) => Journal
  /** Asks everybody once; gives whether all answered. */
  readonly round: () => Promise<boolean>
  /** What left the wallets that we hold copies of, and what they still hold. */
  readonly exits: () => Promise<void>
  readonly views: () => readonly SourceView[]
  readonly ownPart: () => readonly OwnPartView[]
  /** Resolves when nothing is waited for any more, soon after the signal aborts. */
  readonly ended: () => Promise<void>
}

export type EyesParts = {
  readonly clock: Clock
  readonly chance: Seeded
  readonly state: StateView
  readonly intake: Intake
  readonly market: Pick<LiveMarket, 'streams' | 'activity'>
  readonly signal: AbortSignal
  readonly note: Note
}

export function openEyes(parts: EyesParts): Eyes {
  const { clock, chance, state, intake, market, signal, note } = parts
  const watched = watchedIn(state)
  const ownPart = new OwnPart()
  const board: FeedBoard = new FeedBoard({ clock, note, catchUp: () => reconciler.round(), signal })
  board.onChange((source, status, why) => intake.offer({ kind: 'sourceSeen', source, status, why }))

  const hear = (source: SourceName, trade: WhaleTrade): void => {
    board.heard(source, trade)
    intake.offer({ kind: 'whaleTraded', trade })
  }
  const reconciler = createReconciler({
    clock,
    chance: chance.fork('reconciler').next,
    activity: market.activity,
    state: followedIn(state),
    hear: trade => hear('sweep', trade),
    mark: (from, behind) => intake.offer({ kind: 'tradesSwept', from, behind }),
    // With one stream away the other may be missing trades unnoticed, so the rounds look more often.
    isQuick: () => board.views().some(({ name, status }) => name !== 'sweep' && status !== 'live'),
    report: seen => board.see('sweep', seen),
    note,
    signal,
  })

  const listen = (stream: TradeStream): Service => ({
    name: stream.name,
    isEssential: false,
    run: until =>
      stream.watch(
        watched,
        (trade, receivedMs) => {
          // What left without an order is held back on purpose, and what is from before the following is nothing to us.
          const followedAt = state.whales.get(trade.whale)?.followedAt ?? Number.POSITIVE_INFINITY
          if (trade.how === undefined && trade.happenedAt >= followedAt) ownPart.started(trade, stream.name, receivedMs)
          hear(stream.name, trade)
        },
        seen => board.see(stream.name, seen),
        until,
      ),
  })
  const sweep: ExitsSweep = { clock, activity: market.activity, state, intake, signal, note }

  return {
    services: [
      ...market.streams.map(listen),
      { name: 'sweep', isEssential: false, run: until => reconciler.run(until) },
    ],
    read: entries => {
      watched.read(entries)
      for (const { facts } of entries) {
        for (const fact of facts) if (fact.kind === 'whaleUnfollowed') reconciler.forget(fact.whale)
      }
    },
    timed: journal => ({
      ...journal,
      append: async entries => {
        await journal.append(entries)
        for (const { facts } of entries) {
          for (const fact of facts) if (fact.kind === 'signalOpened') ownPart.signalled(fact.signal.id)
        }
      },
    }),
    round: reconciler.round,
    exits: async () => {
      await sweepDepartures(sweep)
      await sweepHoldings(sweep)
    },
    views: () => board.views(),
    ownPart: () => ownPart.views(),
    ended: () => board.ended(),
  }
}
