import type { Clock } from '../../../ports/clock.ts'
import type { FeedState, Hear, TradeStream, Watched } from '../../../ports/feeds.ts'
import type { PolymarketClient } from '../client.ts'
import { ActivityPieces } from './pieces.ts'
import { type Ending, listen, type SocketSettings } from './socket.ts'
import { parseActivityFrame } from './wire-activity.ts'

export type StreamOptions = {
  /** A number in [0, 1) that spreads reconnects. */
  readonly chance?: () => number
  readonly pingEveryMs?: number
  readonly silentAfterMs?: number
  readonly goneAfterMs?: number
  readonly renewAfterMs?: number
  readonly openWithinMs?: number
  readonly backoffFirstMs?: number
  readonly backoffMaxMs?: number
}

/** Without `action` the request is dropped without a word. Both types: each has been dead for weeks while the other lived. */
const GREETING = JSON.stringify({
  action: 'subscribe',
  subscriptions: [
    { topic: 'activity', type: 'trades' },
    { topic: 'activity', type: 'orders_matched' },
  ],
})
const PING_EVERY_MS = 5_000
/** All wallets together trade some 50 times a second: this long without one is a fault, not a calm. */
const SILENT_AFTER_MS = 20_000
/** Three pings without an answer, nor anything else. */
const GONE_AFTER_MS = 15_000
/** The stream has been seen to stop after 20 to 30 minutes on one connection. */
const RENEW_AFTER_MS = 600_000
const OPEN_WITHIN_MS = 10_000
const BACKOFF_FIRST_MS = 500
const BACKOFF_MAX_MS = 30_000
/** A connection that lasted this long was a good one, and the next failure starts the backoff anew. */
const GOOD_AFTER_MS = 10_000
/** The stream has been seen to replay rows of 30 minutes before: one older than this says nothing of now. */
const YOUNG_MS = 60_000

/** Whale trades from the public activity socket. It has no filter by wallet: it tells everybody's, and we pick. */
export function activityStream(client: PolymarketClient, clock: Clock, options: StreamOptions = {}): TradeStream {
  return {
    name: 'activity',
    watch: (watched, hear, report, signal) =>
      new Watch(client, clock, options, { watched, hear, report, signal }).run(),
  }
}

type Watcher = {
  readonly watched: Watched
  readonly hear: Hear
  readonly report: (state: FeedState) => void
  readonly signal: AbortSignal
}

/** One connection. `ended` rejects with what hearing a trade threw. */
type Line = {
  readonly ended: Promise<Ending>
  /** When its first young row came. */
  readonly alive: Promise<'alive'>
  /** When it should be replaced. */
  readonly old: Promise<'old'>
  readonly close: () => void
  readonly startedAt: number
  rows: number
  oldRows: number
}

/**
 * ```
 * connecting ─ a young row ─▶ live ─ none for 20 s, or nothing at all for 15 s ─▶ stale
 *      ▲                       │                                                   │
 *      └─────── closed ────────┘      every state but live is left by the first young row told;
 *                                     a connection that ends without one makes it down
 * ```
 * A connection that has reached its age goes on until its successor has told a young row, so that what happens in between is told
 * by one of them; what both tell is one trade (see `ActivityPieces`).
 */
class Watch {
  readonly #client: PolymarketClient
  readonly #clock: Clock
  readonly #options: StreamOptions
  readonly #watcher: Watcher
  readonly #pieces = new ActivityPieces()
  readonly #stop = new AbortController()
  #status: FeedState['status'] | undefined
  #failures = 0

  constructor(client: PolymarketClient, clock: Clock, options: StreamOptions, watcher: Watcher) {
    this.#client = client
    this.#clock = clock
    this.#options = options
    this.#watcher = watcher
  }

  async run(): Promise<void> {
    const { signal } = this.#watcher
    const onAbort = () => this.#stop.abort()
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    this.#become('connecting', 'the first connection is being made')
    const held = new Set<Line>()
    try {
      await this.#follow(held)
    } finally {
      signal.removeEventListener('abort', onAbort)
      this.#stop.abort()
      await Promise.allSettled([...held].map(line => line.ended))
    }
  }

  async #follow(held: Set<Line>): Promise<void> {
    let line = this.#open(held)
    while (!this.#stop.signal.aborted) {
      const first = await Promise.race([line.ended, line.old])
      if (first === 'old') {
        line = await this.#renew(line, held)
        continue
      }
      if (first.kind === 'aborted') return
      this.#end(line, first)
      await this.#pause()
      line = this.#open(held)
    }
  }

  /** The connection to go on with: the first new one that lives, or the one being tried when the old one ends by itself. */
  async #renew(old: Line, held: Set<Line>): Promise<Line> {
    for (;;) {
      const next = this.#open(held)
      const first = await Promise.race([
        old.ended.then(ending => ({ of: 'old' as const, ending })),
        next.ended.then(ending => ({ of: 'next' as const, ending })),
        next.alive,
      ])
      if (first === 'alive') {
        this.#failures = 0
        this.#note(old, 'renewed', 'the connection is renewed before it goes silent')
        old.close()
        await old.ended
        return next
      }
      if (first.ending.kind === 'aborted') return old
      if (first.of === 'old') {
        this.#end(old, first.ending)
        return next
      }
      this.#failures += 1
      this.#note(next, first.ending.kind, first.ending.why)
      const ending = await Promise.race([old.ended, this.#pause()])
      if (ending !== undefined) return old
    }
  }

  #open(held: Set<Line>): Line {
    const own = new AbortController()
    const alive = signalled<'alive'>()
    const old = signalled<'old'>()
    const onFrame = (frame: string, isText: boolean, receivedMs: number): boolean => {
      const { rows, oldRows } = this.#take(frame, isText, receivedMs)
      if (oldRows > 0 && line.oldRows === 0) this.#client.note({ kind: 'activityOldRows', olderThanMs: YOUNG_MS })
      line.rows += rows
      line.oldRows += oldRows
      if (rows > 0) alive.give('alive')
      return rows > 0
    }
    const listener = { onFrame, onOld: () => old.give('old') }
    const ended = listen(this.#settings(), listener, AbortSignal.any([this.#stop.signal, own.signal]))
    const close = () => own.abort()
    const startedAt = this.#clock.now()
    const line: Line = { ended, alive: alive.given, old: old.given, close, startedAt, rows: 0, oldRows: 0 }
    held.add(line)
    const forget = () => void held.delete(line)
    ended.then(forget, forget)
    return line
  }

  /** Tells what a frame holds. A bad one is only noted, since it is no reason to lose the next. */
  #take(frame: string, isText: boolean, receivedMs: number): { readonly rows: number; readonly oldRows: number } {
    const { note } = this.#client
    if (!isText) {
      note({ kind: 'activityGarbage', why: 'a binary frame' })
      return { rows: 0, oldRows: 0 }
    }
    const { watched, hear } = this.#watcher
    const read = parseActivityFrame(frame, watched.has, this.#clock.now() - YOUNG_MS)
    for (const { fault } of read.faults) note({ kind: 'activityRowRefused', why: fault })
    if (read.isGarbage) note({ kind: 'activityGarbage', why: 'no trade can be read in it' })
    if (read.unknown.length > 0) note({ kind: 'unknownFields', where: 'activity', fields: read.unknown })
    if (read.rows > 0) this.#become('live')
    for (const row of read.told) {
      const trade = this.#pieces.add(row)
      if (trade !== undefined) hear(trade, receivedMs)
    }
    return read
  }

  #end(line: Line, { kind, why }: Ending): void {
    this.#note(line, kind, why)
    const isStale = kind === 'silent' || kind === 'gone'
    this.#become(isStale ? 'stale' : line.rows > 0 ? 'connecting' : 'down', why)
    const wasGood = line.rows > 0 && this.#clock.now() - line.startedAt >= GOOD_AFTER_MS
    this.#failures = wasGood ? 0 : this.#failures + 1
  }

  #note({ rows, oldRows }: Line, ending: string, why: string): void {
    this.#client.note({ kind: 'activityReconnect', ending, why, rows, oldRows })
  }

  #become(status: FeedState['status'], why?: string): void {
    if (status === this.#status) return
    this.#status = status
    this.#watcher.report({ status, since: this.#clock.now(), ...(why !== undefined && { why }) })
  }

  async #pause(): Promise<undefined> {
    const { chance = Math.random, backoffFirstMs = BACKOFF_FIRST_MS, backoffMaxMs = BACKOFF_MAX_MS } = this.#options
    const longest = Math.min(backoffMaxMs, backoffFirstMs * 2 ** Math.min(this.#failures, 16))
    await this.#clock.sleep(Math.round(longest * (0.5 + chance() / 2)), this.#stop.signal)
    return undefined
  }

  #settings(): SocketSettings {
    return {
      url: this.#client.hosts.activitySocket,
      greeting: GREETING,
      pingEveryMs: this.#options.pingEveryMs ?? PING_EVERY_MS,
      silentAfterMs: this.#options.silentAfterMs ?? SILENT_AFTER_MS,
      goneAfterMs: this.#options.goneAfterMs ?? GONE_AFTER_MS,
      oldAfterMs: this.#options.renewAfterMs ?? RENEW_AFTER_MS,
      openWithinMs: this.#options.openWithinMs ?? OPEN_WITHIN_MS,
    }
  }
}

/** A promise that is given its value from outside, once. */
function signalled<T>() {
  let give: (value: T) => void = () => undefined
  const given = new Promise<T>(resolve => {
    give = resolve
  })
  return { given, give }
}
