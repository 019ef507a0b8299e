import { HttpError } from '../../adapters/system/http.ts'
import type { Instant } from '../../core/units/ids.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'
import type { Clock } from '../../ports/clock.ts'
import { FeedError, type WhaleActivity } from '../../ports/feeds.ts'
import { withDeadline } from '../deadline.ts'
import type { Turns } from './reconciler-turns.ts'
import { retryMs, spread, type Wallet } from './reconciler-wallet.ts'

export type AskingOptions = {
  readonly clock: Clock
  readonly activity: Pick<WhaleActivity, 'since' | 'lagMs'>
  readonly hear: (trade: WhaleTrade) => void
  readonly note: (what: string, error?: unknown) => void
  readonly chance: () => number
  readonly turns: Turns
}

/**
 * How far before the start of its last answered question a wallet is asked again. Rows arrive late and out of order: seconds as a
 * rule, but the service's indexer has been minutes behind, and a row that comes later than this is never asked for again. What the
 * service itself says of its lag is added.
 */
export const OVERLAP_MS = 600_000
/** How often the service is asked how far behind it is. Where it does not answer, it may be falling behind meanwhile. */
export const LAG_EVERY_MS = 60_000
/** The lag that is reckoned with where nothing is known of it; longer ones are noticed by everybody. */
const LAG_UNKNOWN_MS = 1_800_000
/** Five pages of a thousand rows, each with a deadline of its own below this. */
const DEADLINE_MS = 30_000
/** What everybody waits after the service has said that it is asked too much. */
const PAUSE_FIRST_MS = 5_000
const PAUSE_MAX_MS = 60_000

/** Asks the questions of the rounds, one wallet each, and knows how the service is doing. */
export class Asking {
  readonly #options: AskingOptions
  #questions = 0
  #slowed = 0
  /** When the service last answered; `undefined` before the first time. */
  answeredAt: Instant | undefined
  /** Questions that failed since the last answer. */
  failures = 0
  /** How far behind the service says it is; `undefined` where it does not say. */
  lagMs: number | undefined
  #lagKnownAt: Instant | undefined

  constructor(options: AskingOptions) {
    this.#options = options
  }

  /** The number of the question that was asked last: later questions have larger ones. */
  questions(): number {
    return this.#questions
  }

  /** Asks one wallet for everything since its cursor. Gives whether it was answered; never throws. Ends the turn it was given. */
  ask(wallet: Wallet, isKnown: () => boolean, signal: AbortSignal): Promise<boolean> {
    const asked = this.#ask(wallet, isKnown, signal).finally(() => {
      wallet.underWay = undefined
      this.#options.turns.done()
    })
    wallet.underWay = asked
    return asked
  }

  /** Asks the service how far behind it is. Never throws. */
  async askLag(signal: AbortSignal): Promise<void> {
    const { clock, activity, note } = this.#options
    try {
      const askedAt = clock.now()
      this.lagMs = await withDeadline(clock, DEADLINE_MS, signal, until => activity.lagMs(until))
      this.#lagKnownAt = askedAt
    } catch (error) {
      if (!signal.aborted) note('the state of the Data API', error)
    }
  }

  async #ask(wallet: Wallet, isKnown: () => boolean, signal: AbortSignal): Promise<boolean> {
    const { clock, activity, hear, chance } = this.#options
    const startedAt = clock.now()
    const { whale, cursor } = wallet
    // As known now: by the answer the service may have caught up, and that says nothing of what it saw when it was asked.
    const upTo = startedAt - OVERLAP_MS - this.#lagAtMost(startedAt)
    this.#questions += 1
    const question = this.#questions
    wallet.question = question
    wallet.askedAt = startedAt
    wallet.spread = spread(chance())
    try {
      const trades = await withDeadline(clock, DEADLINE_MS, signal, until => activity.since(whale, cursor, until))
      if (!isKnown()) return false
      for (const trade of trades) hear(trade)
    } catch (error) {
      if (!signal.aborted && isKnown()) this.#fail(wallet, upTo, error)
      return false
    }
    wallet.cursor = Math.max(cursor, upTo) as Instant
    wallet.answeredAt = clock.now()
    wallet.answered = question
    wallet.failures = 0
    this.#answered()
    return true
  }

  #answered(): void {
    this.answeredAt = this.#options.clock.now()
    this.failures = 0
    this.#slowed = 0
  }

  /** What the service said last, and as much more as it may have fallen behind since it should have said it again. */
  #lagAtMost(now: number): number {
    if (this.#lagKnownAt === undefined) return LAG_UNKNOWN_MS
    const unknownMs = Math.max(0, now - this.#lagKnownAt - 2 * LAG_EVERY_MS)
    return (this.lagMs ?? 0) + Math.min(LAG_UNKNOWN_MS, unknownMs)
  }

  #fail(wallet: Wallet, upTo: number, error: unknown): void {
    const { clock, note, chance, turns } = this.#options
    wallet.failures += 1
    wallet.retryAt = clock.now() + retryMs(wallet.failures, chance())
    if (isGap(error)) {
      // The same question would get the same refusal for ever: what was not read is told, and the next question asks for less.
      const cursor = Math.max(wallet.cursor, upTo) as Instant
      const [from, to] = [wallet.cursor, cursor].map(at => new Date(at).toISOString())
      note(`not all of what ${wallet.whale} traded between ${from} and ${to} was read`, error)
      wallet.cursor = cursor
      this.#answered()
      return
    }
    this.failures += 1
    note(`the trades of ${wallet.whale}`, error)
    // Questions that were under way together are refused together: that is one reason to be slower, and not eight.
    if (!asksForPatience(error) || turns.pausedUntil() !== undefined) return
    const own = Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** Math.min(this.#slowed, 10))
    turns.pause(Math.max(own, error.retryAfterMs ?? 0))
    this.#slowed += 1
  }
}

/** More than can be read at once. A path that is refused, for a while or for ever, is none: what happened is still there to be asked. */
function isGap(error: unknown): boolean {
  return error instanceof FeedError && error.isFinal && !(error instanceof HttpError)
}

function asksForPatience(error: unknown): error is HttpError {
  return error instanceof HttpError && (error.status === 429 || error.status === 503 || error.kind === 'limited')
}
