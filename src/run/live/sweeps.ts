import type { StateView } from '../../core/engine/state.ts'
import { ZERO } from '../../core/units/money.ts'
import type { Clock } from '../../ports/clock.ts'
import type { MarketData, WhaleHistory } from '../../ports/feeds.ts'
import type { Venue } from '../../ports/venue.ts'
import { withDeadline } from '../deadline.ts'
import type { Intake } from '../intake.ts'

export type SweepOptions = {
  readonly clock: Clock
  readonly intake: Intake
  readonly state: StateView
  readonly data: MarketData
  readonly history: WhaleHistory
  readonly venue: Venue
  readonly signal: AbortSignal
  /** Hears of a question that nobody answered; the next round asks again. */
  readonly note: (what: string, error: unknown) => void
}

/** The rounds that back up every stream: what a socket may lose, a question finds. */
export type Sweeps = {
  readonly marks: () => Promise<void>
  readonly resolutions: () => Promise<void>
  readonly books: () => Promise<void>
  readonly records: () => Promise<void>
}

const DEADLINE_MS = 10_000

export function createSweeps(options: SweepOptions): Sweeps {
  const { clock, intake, state, data, history, venue, signal, note } = options
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
  return {
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
