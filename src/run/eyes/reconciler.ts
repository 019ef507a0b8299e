import { setMaxListeners } from 'node:events'
import { type Instant, instant, type WhaleAddress } from '../../core/units/ids.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'
import type { Clock } from '../../ports/clock.ts'
import type { FeedState, WhaleActivity } from '../../ports/feeds.ts'
import { Asking, LAG_EVERY_MS } from './reconciler-asking.ts'
import { markOf } from './reconciler-mark.ts'
import { standingOf } from './reconciler-standing.ts'
import { Turns } from './reconciler-turns.ts'
import { type Followed, mostOverdue, type Pace, paceOf, type Wallet, walletOf } from './reconciler-wallet.ts'

export type ReconcilerOptions = {
  readonly clock: Clock
  readonly activity: Pick<WhaleActivity, 'since' | 'lagMs'>
  readonly state: Followed
  /** Takes what a wallet did; what it throws is a failure of that question, which is asked again. */
  readonly hear: (trade: WhaleTrade) => void
  /** Puts on record up to when wallets have been asked for: everything before was heard before this is called. */
  readonly mark: (from: Instant, behind: ReadonlyMap<WhaleAddress, Instant>) => void
  /** Whether the streams are away, so that the rounds are all there is. */
  readonly isQuick: () => boolean
  /** Hears of a question that was not answered and of a gap that stays. */
  readonly note: (what: string, error?: unknown) => void
  /** Hears how the rounds are doing, when that changes. */
  readonly report?: (state: FeedState) => void
  /** A number in [0, 1) that spreads the questions. */
  readonly chance?: () => number
  readonly signal: AbortSignal
}

/** How the rounds are doing, in figures. */
export type ReconcilerStatus = Pace & {
  readonly state: FeedState
  readonly wallets: number
  /** Wallets whose last question was not answered. */
  readonly failing: number
  /** Every wallet has been asked for everything before this; `undefined` for no wallets. */
  readonly from: Instant | undefined
  /** Questions that began in the last 10 s, the most in any, and the most allowed. */
  readonly asked: number
  readonly askedPeak: number
  readonly askedMax: number
  /** How far the service says it is behind the chain. */
  readonly lagMs: number | undefined
  readonly pausedUntil: Instant | undefined
}

/** Finds afterwards what the streams did not tell: asks every wallet for its trades, again and again, within a budget. */
export type Reconciler = {
  /** A service: asks until the signal aborts, then marks once more. */
  readonly run: (signal: AbortSignal) => Promise<void>
  /** Asks everybody once from now on, and gives whether all answered. */
  readonly round: () => Promise<boolean>
  readonly status: () => ReconcilerStatus
  /** The wallet is not followed any more; followed again it begins anew. */
  readonly forget: (whale: WhaleAddress) => void
}

/** Half of what is published for trades (300 in 10 s): the rest is for further pages, repeats, and others behind our address. */
export const BUDGET = { most: 150, perMs: 10_000 } as const
const AT_ONCE = 8
const MARK_EVERY_MS = 60_000
/** The longest wait between two looks at the wallets and at the streams, which may change meanwhile. */
const LOOK_EVERY_MS = 1_000
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const rounds = new Rounds({ ...options, signal: forMany(options.signal) })
  return {
    run: signal => rounds.run(forMany(signal)),
    round: () => rounds.round(),
    status: () => rounds.status(),
    forget: whale => rounds.forget(whale),
  }
}

/** The same signal for as many waits as there may be at once, each of which listens to it. */
function forMany(signal: AbortSignal): AbortSignal {
  const same = AbortSignal.any([signal])
  setMaxListeners(4 * AT_ONCE, same)
  return same
}

class Rounds {
  readonly #options: ReconcilerOptions
  readonly #wallets = new Map<WhaleAddress, Wallet>()
  readonly #turns: Turns
  readonly #asking: Asking
  readonly #startedAt: Instant
  #pace: Pace = paceOf({ held: 0, others: 0 }, false, BUDGET)
  #lookedAt = Number.NEGATIVE_INFINITY
  #lag: Promise<void> | undefined
  #lagAskedAt: number
  #markedAt: number
  #state: FeedState

  constructor(options: ReconcilerOptions) {
    const { clock, activity, hear, note, chance = Math.random } = options
    this.#options = options
    this.#turns = new Turns(clock, { atOnce: AT_ONCE, ...BUDGET })
    this.#asking = new Asking({ clock, activity, hear, note, chance, turns: this.#turns })
    this.#startedAt = clock.now()
    this.#markedAt = this.#startedAt
    this.#lagAskedAt = this.#startedAt
    this.#state = { status: 'connecting', since: this.#startedAt, why: 'nobody has been asked yet' }
  }

  async run(signal: AbortSignal): Promise<void> {
    const underWay = new Set<Promise<unknown>>()
    const start = (question: Promise<unknown>): void => {
      const ended = question.finally(() => underWay.delete(ended))
      underWay.add(ended)
    }
    await this.#firstLag(signal)
    while (!signal.aborted) {
      this.#look()
      const now = this.#options.clock.now()
      if (now - this.#lagAskedAt >= LAG_EVERY_MS) {
        this.#lagAskedAt = now
        start(this.#asking.askLag(signal))
      }
      if (now - this.#markedAt >= MARK_EVERY_MS) this.#mark()
      await this.#next(start, signal)
    }
    await Promise.all(underWay)
    this.#mark()
  }

  /** Asks the wallet that is most overdue, or waits a little where none is. */
  async #next(start: (question: Promise<unknown>) => void, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    const waitMs = (mostOverdue(this.#wallets.values(), this.#pace)?.due ?? Number.POSITIVE_INFINITY) - clock.now()
    if (waitMs > 0) return clock.sleep(Math.min(waitMs, LOOK_EVERY_MS), signal)
    if (!(await this.#turns.take(signal))) return
    // Another may have become more overdue, or this one been asked, while the turn was waited for.
    const next = mostOverdue(this.#wallets.values(), this.#pace)
    if (next !== undefined && next.due <= clock.now()) start(this.#ask(next.wallet, signal))
    else this.#turns.done()
  }

  async round(): Promise<boolean> {
    const { signal } = this.#options
    await this.#firstLag(signal)
    this.#look(true)
    const before = this.#asking.questions()
    const waiting = [...this.#wallets.values()].sort((one, other) => (other.askedAt ?? 0) - (one.askedAt ?? 0))
    let isWhole = true
    const work = async (): Promise<void> => {
      for (let wallet = waiting.pop(); wallet !== undefined; wallet = waiting.pop()) {
        if (!(await this.#askSince(wallet, before, signal))) isWhole = false
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    this.#judge()
    return isWhole
  }

  /** Whether the wallet was answered to a question after that one; asks it where no other round does. */
  async #askSince(wallet: Wallet, before: number, signal: AbortSignal): Promise<boolean> {
    while (this.#isKnown(wallet) && wallet.answered <= before) {
      if (wallet.underWay !== undefined) {
        const isLater = wallet.question > before
        if (!(await wallet.underWay) && isLater) return false
        continue
      }
      if (!(await this.#turns.take(signal))) return false
      if (wallet.underWay === undefined && this.#isKnown(wallet)) return this.#ask(wallet, signal)
      this.#turns.done()
    }
    return true
  }

  forget(whale: WhaleAddress): void {
    this.#wallets.delete(whale)
  }

  status(): ReconcilerStatus {
    const wallets = [...this.#wallets.values()]
    const cursors = wallets.map(wallet => wallet.cursor)
    const pausedUntil = this.#turns.pausedUntil()
    return {
      state: this.#judge(),
      wallets: wallets.length,
      failing: wallets.filter(wallet => wallet.failures > 0).length,
      from: cursors.length === 0 ? undefined : cursors.reduce((least, cursor) => (cursor < least ? cursor : least)),
      ...this.#pace,
      asked: this.#turns.inWindow(),
      askedPeak: this.#turns.peak(),
      askedMax: BUDGET.most,
      lagMs: this.#asking.lagMs,
      pausedUntil: pausedUntil === undefined ? undefined : instant(Math.ceil(pausedUntil)),
    }
  }

  /** Before anybody is asked: how far behind the service is decides up to when an answer counts. */
  #firstLag(signal: AbortSignal): Promise<void> {
    this.#lag ??= this.#asking.askLag(signal)
    return this.#lag
  }

  #ask(wallet: Wallet, signal: AbortSignal): Promise<boolean> {
    return this.#asking.ask(wallet, () => this.#isKnown(wallet), signal)
  }

  #isKnown(wallet: Wallet): boolean {
    return this.#wallets.get(wallet.whale) === wallet
  }

  /** Takes in who is followed now, and sets the pace that so many allow. */
  #look(isForced = false): void {
    const { clock, state, isQuick } = this.#options
    const now = clock.now()
    if (!isForced && now - this.#lookedAt < LOOK_EVERY_MS) return
    this.#lookedAt = now
    const gone = new Set(this.#wallets.keys())
    let held = 0
    for (const followed of state.whales()) {
      const { address, followedAt } = followed
      gone.delete(address)
      let wallet = this.#wallets.get(address)
      if (wallet?.followedAt !== followedAt) {
        wallet = walletOf(followed, state.from(address), now)
        this.#wallets.set(address, wallet)
      }
      wallet.isHeld = state.isHeld(address)
      if (wallet.isHeld) held += 1
    }
    for (const whale of gone) this.#wallets.delete(whale)
    this.#pace = paceOf({ held, others: this.#wallets.size - held }, isQuick(), BUDGET)
    this.#judge()
  }

  #mark(): void {
    const { clock, mark } = this.#options
    this.#look(true)
    this.#markedAt = clock.now()
    const found = markOf(new Map([...this.#wallets].map(([whale, wallet]) => [whale, wallet.cursor])))
    if (found !== undefined) mark(found.from, found.behind)
  }

  #judge(): FeedState {
    const { clock, report } = this.#options
    const { answeredAt, failures, lagMs } = this.#asking
    const answering = { startedAt: this.#startedAt, answeredAt, failures, lagMs }
    const { status, why } = standingOf(this.#wallets, this.#pace.everyMs, answering, clock.now())
    if (status === this.#state.status) return this.#state
    this.#state = { status, since: clock.now(), ...(why !== undefined && { why }) }
    report?.(this.#state)
    return this.#state
  }
}
