import type { FeedView } from '../../chat/desk.ts'
import type { SourceName, SourceStatus } from '../../core/risk/sight.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'
import type { Clock } from '../../ports/clock.ts'
import type { FeedState } from '../../ports/feeds.ts'
import { type TellingCounts, Tellings } from './tellings.ts'

/** A source as `status` and `health` show it: how it is now, and what it has told and missed since the start. */
export type SourceView = FeedView &
  TellingCounts & {
    readonly name: SourceName
    /** How long after it happened its latest trade was told, in milliseconds; `undefined` before the first. */
    readonly lagMs: number | undefined
    /** What the engine was last told of it; `undefined` before the first time. */
    readonly passedOn: SourceStatus | undefined
  }

export type FeedBoardOptions = {
  readonly clock: Clock
  /** Hears of a source that is not live any more, and of rounds that fail. */
  readonly note: (what: string, why?: unknown) => void
  /** Asks every wallet for what was missed, and gives whether all answered. */
  readonly catchUp: () => Promise<boolean>
  readonly signal: AbortSignal
}

export type OnChange = (source: SourceName, status: SourceStatus, why: string) => void

/** A source that comes back within this long was never away. */
const AWAY_AFTER_MS = 10_000
/** Between two rounds where the first was not whole. */
const CATCH_UP_AGAIN_MS = 5_000

type Source = { state: FeedState; lastAt: FeedView['lastAt']; lagMs: number | undefined; passedOn?: SourceStatus }

/**
 * How every source of trades is doing. People see each state at once; the engine is told later, since it stops buying on it:
 * ```
 * live ─ away for 10 s ─▶ away (down or stale) ─ back ─▶ catching up ─ a whole round that began since ─▶ live
 *                             ▲                              │
 *                             └────────── away again ────────┘
 * ```
 */
export class FeedBoard {
  readonly #options: FeedBoardOptions
  readonly #tellings = new Tellings()
  readonly #sources = new Map<SourceName, Source>()
  readonly #listeners: OnChange[] = []
  /** What is waited for before the engine is told: one wait a source, ended by the next change that makes it pointless. */
  readonly #waits = new Map<SourceName, { readonly kind: 'away' | 'back'; readonly stop: AbortController }>()
  readonly #underWay = new Set<Promise<void>>()

  constructor(options: FeedBoardOptions) {
    this.#options = options
  }

  see(name: SourceName, state: FeedState): void {
    const known = this.#sources.get(name)
    const source: Source = known ?? { state, lastAt: undefined, lagMs: undefined }
    source.state = state
    this.#sources.set(name, source)
    this.#tellings.became(name, state.status, this.#options.clock.now())
    if (state.status === 'down' || state.status === 'stale')
      this.#options.note(`the feed ${name} is ${state.status}`, state.why ?? '')
    this.#weigh(name, source)
  }

  /** It told a trade. */
  heard(name: SourceName, trade: WhaleTrade): void {
    const now = this.#options.clock.now()
    this.#tellings.told(name, trade, now)
    const source = this.#sources.get(name)
    if (source === undefined) return
    source.lastAt = now
    source.lagMs = Math.max(0, now - trade.happenedAt)
  }

  /** The engine is told through this of every change that it should act on, at once of those that are already known. */
  onChange(listener: OnChange): void {
    this.#listeners.push(listener)
    for (const [name, { passedOn, state }] of this.#sources)
      if (passedOn !== undefined) listener(name, passedOn, state.why ?? '')
  }

  views(): readonly SourceView[] {
    const now = this.#options.clock.now()
    return [...this.#sources].map(([name, { state, lastAt, lagMs, passedOn }]) => ({
      name,
      status: state.status,
      since: state.since,
      why: state.why ?? '',
      lastAt,
      lagMs,
      passedOn,
      ...this.#tellings.counts(name, now),
    }))
  }

  tellings(): Tellings {
    return this.#tellings
  }

  /** Resolves when nothing is waited for any more, which is soon after the signal aborts. */
  async ended(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  #weigh(name: SourceName, source: Source): void {
    const { passedOn } = source
    const isLive = source.state.status === 'live'
    if (passedOn === undefined || (passedOn === 'connecting' && isLive)) {
      this.#stopWaiting(name)
      this.#pass(name, source, source.state.status)
      return
    }
    const isAway = passedOn === 'down' || passedOn === 'stale'
    if (isLive && !isAway) this.#stopWaiting(name)
    if (isLive && isAway) this.#wait(name, 'back', stop => this.#catchUp(name, source, stop))
    if (!isLive && isAway) {
      this.#stopWaiting(name)
      if (source.state.status !== 'connecting') this.#pass(name, source, source.state.status)
    }
    if (!isLive && !isAway) this.#wait(name, 'away', stop => this.#stayAway(name, source, stop))
  }

  async #stayAway(name: SourceName, source: Source, stop: AbortSignal): Promise<void> {
    await this.#options.clock.sleep(AWAY_AFTER_MS, stop)
    if (stop.aborted) return
    // For the engine a connection that is still being made after this long is one that is not there.
    this.#pass(name, source, source.state.status === 'stale' ? 'stale' : 'down')
  }

  async #catchUp(name: SourceName, source: Source, stop: AbortSignal): Promise<void> {
    const { catchUp, clock, note } = this.#options
    while (!stop.aborted) {
      const isWhole = await catchUp().catch((error: unknown) => {
        note('the round that catches up', error)
        return false
      })
      if (stop.aborted) return
      if (isWhole) return this.#pass(name, source, 'live')
      await clock.sleep(CATCH_UP_AGAIN_MS, stop)
    }
  }

  /** One wait of a kind goes on; another kind takes its place. */
  #wait(name: SourceName, kind: 'away' | 'back', work: (stop: AbortSignal) => Promise<void>): void {
    const { signal } = this.#options
    if (this.#waits.get(name)?.kind === kind || signal.aborted) return
    this.#stopWaiting(name)
    const wait = { kind, stop: new AbortController() }
    this.#waits.set(name, wait)
    const ended = work(AbortSignal.any([wait.stop.signal, signal])).finally(() => {
      if (this.#waits.get(name) === wait) this.#waits.delete(name)
      this.#underWay.delete(ended)
    })
    this.#underWay.add(ended)
  }

  #stopWaiting(name: SourceName): void {
    this.#waits.get(name)?.stop.abort()
    this.#waits.delete(name)
  }

  #pass(name: SourceName, source: Source, status: SourceStatus): void {
    if (source.passedOn === status) return
    source.passedOn = status
    for (const listener of this.#listeners) listener(name, status, source.state.why ?? '')
  }
}
