import { setMaxListeners } from 'node:events'
import type { Effect } from '../core/engine/effect.ts'
import type { StateView } from '../core/engine/state.ts'
import type { OrderReport } from '../core/order/answer.ts'
import type { Account } from '../core/order/order.ts'
import { tradingState } from '../core/risk/holds.ts'
import { unreachable } from '../core/units/brand.ts'
import type { Clock } from '../ports/clock.ts'
import type { MarketData, WhaleHistory } from '../ports/feeds.ts'
import type { Venue } from '../ports/venue.ts'
import { withDeadline } from './deadline.ts'
import { inTurn } from './in-turn.ts'
import type { Intake } from './intake.ts'

export type DispatchOptions = {
  readonly clock: Clock
  readonly intake: Intake
  readonly data: MarketData
  readonly history: WhaleHistory
  /** The one place that knows which venue an account trades on. An account without a venue cannot send. */
  readonly venues: ReadonlyMap<Account, Venue>
  /** The state as it is now, read again at the last moment before anything is sent. */
  readonly state: () => StateView
  /** A stop that may not be in the state yet: it is in force before it is on record. */
  readonly isHalted?: () => boolean
  readonly signal: AbortSignal
  /** Hears of what went wrong at the edge and will be tried again. */
  readonly note: (what: string, error: unknown) => void
}

/** How long a question to the world may take (requirement: a network timeout of 10 s). */
const DEADLINE_MS = 10_000
/** Between two attempts to read a whale's past. */
const RECORD_AGAIN_MS = 30_000

/** A record is a dozen requests under the same limits as the trades of wallets, which must never wait for it. */
const RECORDS_AT_ONCE = 2

export type Dispatcher = {
  readonly start: (effects: readonly Effect[]) => void
  /** Effects under way that are not mere waiting. */
  readonly active: () => number
}

/** Carries out effects, each by itself and within a deadline, and brings every answer back as an input. */
export function createDispatcher(options: DispatchOptions): Dispatcher {
  const { clock, intake, data, history, signal } = options
  // Every question under way listens for the end of the run; there may be many.
  setMaxListeners(0, signal)
  let active = 0

  const within = <T>(question: (until: AbortSignal) => Promise<T>): Promise<T> =>
    withDeadline(clock, DEADLINE_MS, signal, question)
  const records = inTurn(RECORDS_AT_ONCE)
  const venueOf = (account: Account): Venue => {
    const venue = options.venues.get(account)
    if (venue === undefined) throw new Error(`the account ${account} has no venue in this run`)
    return venue
  }

  const quote = async (effect: Extract<Effect, { kind: 'askQuote' }>): Promise<void> => {
    const { round } = effect
    const fail = (why: string): void => intake.offer({ kind: 'quoteFailed', signal: effect.signal, round, why })
    try {
      const [market, book] = await within(until =>
        Promise.all([data.market(effect.condition, until), data.book(effect.token, until)]),
      )
      if (market === undefined) fail('the venue knows no such market')
      else if (book === undefined) fail('the token has no book')
      else intake.offer({ kind: 'quoteArrived', signal: effect.signal, round, quote: { market, book } })
    } catch (error) {
      if (!signal.aborted) fail(messageOf(error))
    }
  }

  const record = async (effect: Extract<Effect, { kind: 'askRecord' }>): Promise<void> => {
    while (!signal.aborted && options.state().whales.has(effect.whale)) {
      try {
        const found = await records.next(() => within(until => history.record(effect.whale, clock.now(), until)))
        intake.offer({ kind: 'whaleRecorded', whale: effect.whale, record: found })
        return
      } catch (error) {
        options.note(`the record of ${effect.whale} could not be read`, error)
        await clock.sleep(RECORD_AGAIN_MS, signal)
      }
    }
  }

  /** The last gate: what was decided a moment ago is not sent any more if something halts trading now. Not sent is proof. */
  const send = async ({ account, order }: Extract<Effect, { kind: 'sendOrder' }>): Promise<void> => {
    if (options.isHalted?.() === true || tradingState(options.state().holds.values()) === 'halted') {
      const answer = { kind: 'rejected', reason: 'trading was stopped before it was sent' } as const
      intake.offer({ kind: 'orderAnswered', order: order.key, answer })
      return
    }
    const answer = await within(until => venueOf(account).send(order, until))
    intake.offer({ kind: 'orderAnswered', order: order.key, answer })
  }

  /** Cancel first: what is cancelled cannot land any more, and then what was filled is final. */
  const probe = async (effect: Extract<Effect, { kind: 'probeOrder' | 'cancelOrder' }>): Promise<void> => {
    const venue = venueOf(effect.account)
    const cancelled = await within(until => venue.cancel(effect.id, until))
    const report: OrderReport =
      cancelled.kind === 'unknown' ? cancelled : await within(until => venue.findOrder(effect.id, until))
    intake.offer({ kind: 'orderReported', order: effect.order, report })
  }

  const redeem = async (effect: Extract<Effect, { kind: 'redeem' }>): Promise<void> => {
    const { account, condition } = effect
    try {
      await within(until => venueOf(account).redeem(condition, effect.payouts, until))
      intake.offer({ kind: 'redeemed', account, condition })
    } catch (error) {
      if (!signal.aborted) intake.offer({ kind: 'redeemFailed', account, condition, why: messageOf(error) })
    }
  }

  const books = async ({ account, turn }: Extract<Effect, { kind: 'askBooks' }>): Promise<void> => {
    try {
      const said = await within(until => venueOf(account).books(until))
      intake.offer({ kind: 'booksReported', account, turn, books: said })
    } catch (error) {
      if (!signal.aborted) intake.offer({ kind: 'booksFailed', account, why: messageOf(error) })
    }
  }

  const wake = async ({ timer, at }: Extract<Effect, { kind: 'wake' }>): Promise<void> => {
    // A timer may end a millisecond before the clock says so, and what comes too early is not asked for again.
    while (clock.now() < at && !signal.aborted) await clock.sleep(at - clock.now(), signal)
    if (!signal.aborted) intake.offer({ kind: 'timerFired', timer })
  }

  const carryOut = (effect: Effect): Promise<void> => {
    switch (effect.kind) {
      case 'askQuote':
        return quote(effect)
      case 'askRecord':
        return record(effect)
      case 'sendOrder':
        return send(effect)
      case 'probeOrder':
      case 'cancelOrder':
        return probe(effect)
      case 'redeem':
        return redeem(effect)
      case 'askBooks':
        return books(effect)
      case 'wake':
        return wake(effect)
      default:
        return unreachable(effect)
    }
  }

  return {
    active: () => active,
    start: effects => {
      for (const effect of effects) {
        const counts = effect.kind !== 'wake'
        if (counts) active += 1
        carryOut(effect)
          .catch(error => options.note(`the effect ${effect.kind} failed`, error))
          .finally(() => {
            if (counts) active -= 1
          })
      }
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
