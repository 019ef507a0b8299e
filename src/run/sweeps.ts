import type { StateView } from '../core/engine/state.ts'
import type { Instant, WhaleAddress } from '../core/units/ids.ts'
import { ZERO } from '../core/units/money.ts'
import type { Clock } from '../ports/clock.ts'
import { FeedError, type MarketData, type WhaleFeed, type WhaleHistory } from '../ports/feeds.ts'
import type { Venue } from '../ports/venue.ts'
import { withDeadline } from './deadline.ts'
import type { Intake } from './intake.ts'

export type SweepOptions = {
  readonly clock: Clock
  readonly intake: Intake
  readonly state: StateView
  readonly data: MarketData
  readonly feed: WhaleFeed
  readonly history: WhaleHistory
  readonly venue: Venue
  readonly signal: AbortSignal
  /** Hears of a question that nobody answered; the next round asks again. */
  readonly note: (what: string, error: unknown) => void
}

/** The rounds that back up every stream: what a socket may lose, a question finds. */
export type Sweeps = {
  /** Whether every wallet was answered for. */
  readonly trades: () => Promise<boolean>
  readonly marks: () => Promise<void>
  readonly resolutions: () => Promise<void>
  readonly books: () => Promise<void>
  readonly records: () => Promise<void>
}

/** How far before the last trade that was heard of a round asks again: rows arrive late and out of order. */
const OVERLAP_MS = 10 * 60_000
/**
 * The same for the first round after a start. A process that was killed again and again may have heard the newest trade on the
 * stream each time and never have asked for what it had missed before.
 */
const FIRST_OVERLAP_MS = 6 * 3_600_000
const DEADLINE_MS = 10_000

export function createSweeps(options: SweepOptions): Sweeps {
  const { clock, intake, state, data, feed, history, venue, signal, note } = options
  const within = <T>(question: (until: AbortSignal) => Promise<T>): Promise<T> =>
    withDeadline(clock, DEADLINE_MS, signal, question)
  /** One question after the other, so that a round is never a burst; what fails is left to the next. */
  const each = async <T>(all: readonly T[], what: string, ask: (one: T) => Promise<void>): Promise<boolean> => {
    let isWhole = true
    for (const one of all) {
      if (signal.aborted) return false
      try {
        await ask(one)
      } catch (error) {
        isWhole = false
        if (!signal.aborted) note(what, error)
      }
    }
    return isWhole
  }
  const account = () => state.accounts.get(venue.account)
  /**
   * From where each wallet is asked for. Only a round that was answered moves it on: a trade that the stream tells after a gap
   * says nothing of what happened in the gap.
   */
  const asked = new Map<WhaleAddress, number>()
  for (const { address, lastTradeAt } of state.whales.values()) {
    if (lastTradeAt !== undefined) asked.set(address, lastTradeAt - FIRST_OVERLAP_MS)
  }

  return {
    trades: async () => {
      for (const whale of asked.keys()) if (!state.whales.has(whale)) asked.delete(whale)
      return each([...state.whales.values()], 'trades of a whale', async whale => {
        const since = Math.max(whale.followedAt, asked.get(whale.address) ?? 0) as Instant
        const askedAt = clock.now()
        try {
          const trades = await within(until => feed.since(whale.address, since, until))
          for (const trade of trades) if (trade.happenedAt >= since) intake.offer({ kind: 'whaleTraded', trade })
          asked.set(whale.address, Math.max(since, askedAt - OVERLAP_MS))
        } catch (error) {
          // The same question would get the same refusal for ever: the gap is told of, and the next round asks for less.
          if (error instanceof FeedError && error.isFinal)
            asked.set(whale.address, Math.max(since, (whale.lastTradeAt ?? askedAt) - OVERLAP_MS))
          throw error
        }
      })
    },
    marks: async () => {
      const tokens = [...(account()?.positions.keys() ?? [])]
      const marks: { token: (typeof tokens)[number]; bid: typeof ZERO }[] = []
      await each(tokens, 'the book of a position', async token => {
        const book = await within(until => data.book(token, until))
        if (book !== undefined) marks.push({ token, bid: book.bids[0]?.price ?? ZERO })
      })
      if (marks.length > 0) intake.offer({ kind: 'marksArrived', marks })
    },
    resolutions: async () => {
      await each([...(account()?.tokensOf.keys() ?? [])], 'the resolution of a market', async condition => {
        const payouts = await within(until => data.payouts(condition, until))
        if (payouts !== undefined) intake.offer({ kind: 'marketResolved', condition, payouts })
      })
    },
    books: async () => {
      const turn = account()?.turn
      if (turn === undefined) return
      await each([turn], 'the books of the venue', async asked => {
        const books = await within(until => venue.books(until))
        intake.offer({ kind: 'booksReported', account: venue.account, turn: asked, books })
      })
    },
    records: async () => {
      await each([...state.whales.keys()], 'the record of a whale', async whale => {
        const record = await within(until => history.record(whale, clock.now(), until))
        intake.offer({ kind: 'whaleRecorded', whale, record })
      })
    },
  }
}
