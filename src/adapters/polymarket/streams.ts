import type { Instant, WhaleAddress } from '../../core/units/ids.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'
import type { Clock } from '../../ports/clock.ts'
import { FeedError, type FeedState, type WhaleFeed } from '../../ports/feeds.ts'
import { type Ending, listen, type SocketSettings } from './activity-socket.ts'
import { type PolymarketClient, rowsOf } from './client.ts'
import { type ActivityFrame, parseActivityFrame } from './wire-activity.ts'
import { asWholeTrades, readTradeRow, unknownTradeFields } from './wire-data.ts'

export type FeedOptions = {
  /** A number in [0, 1) that spreads reconnects. */
  readonly chance?: () => number
  readonly pingEveryMs?: number
  readonly silentAfterMs?: number
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
/** The stream has been seen to stop after 20 to 30 minutes on one connection. */
const RENEW_AFTER_MS = 600_000
const OPEN_WITHIN_MS = 10_000
const BACKOFF_FIRST_MS = 500
const BACKOFF_MAX_MS = 30_000
/** A connection that lasted this long was a good one, and the next failure starts the backoff anew. */
const GOOD_AFTER_MS = 10_000
/** Five full pages of one wallet: more than any wallet trades between two sweeps. */
const ROWS_MAX = 5_000

/** Whale trades from the public activity socket, and afterwards from the Data API. */
export function polymarketFeed(client: PolymarketClient, clock: Clock, options: FeedOptions = {}): WhaleFeed {
  return {
    watch: (isWatched, hear, report, signal) => watch(client, clock, options, { isWatched, hear, report, signal }),
    since: (whale, since, signal) => tradesSince(client, clock, whale, since, signal),
  }
}

type Watcher = {
  readonly isWatched: (whale: WhaleAddress) => boolean
  readonly hear: (trade: WhaleTrade) => void
  readonly report: (state: FeedState) => void
  readonly signal: AbortSignal
}

/**
 * ```
 * connecting ─ a trade is told ─▶ live ─ none for 20 s ─▶ stale
 *      ▲                           │                        │
 *      └── closed, or renewed ─────┘      every state but live is left by the first trade told;
 *                                         a connection that ends without one makes it down
 * ```
 */
async function watch(client: PolymarketClient, clock: Clock, options: FeedOptions, watcher: Watcher): Promise<void> {
  const { signal } = watcher
  const chance = options.chance ?? Math.random
  const settings = settingsOf(client, options)
  let status: FeedState['status'] | undefined
  const become = (next: FeedState['status'], why?: string) => {
    if (next === status) return
    status = next
    watcher.report({ status: next, since: clock.now(), ...(why !== undefined && { why }) })
  }

  become('connecting', 'the first connection is being made')
  let failures = 0
  while (!signal.aborted) {
    const startedAt = clock.now()
    let rows = 0
    const onFrame = (frame: string, isText: boolean): boolean => {
      const read = readFrame(client, watcher, frame, isText)
      if (read.rows === 0) return false
      rows += read.rows
      become('live')
      for (const trade of read.trades) watcher.hear(trade)
      return true
    }
    const ending = await listen(settings, onFrame, signal)
    if (ending.kind === 'aborted') return
    client.note({ kind: 'activityReconnect', ending: ending.kind, why: ending.why, rows })
    become(statusAfter(ending, rows), ending.why)
    failures = rows > 0 && clock.now() - startedAt >= GOOD_AFTER_MS ? 0 : failures + 1
    if (ending.kind !== 'renewed') await clock.sleep(backoffMs(options, failures, chance()), signal)
  }
}

function settingsOf(client: PolymarketClient, options: FeedOptions): SocketSettings {
  return {
    url: client.hosts.activitySocket,
    greeting: GREETING,
    pingEveryMs: options.pingEveryMs ?? PING_EVERY_MS,
    silentAfterMs: options.silentAfterMs ?? SILENT_AFTER_MS,
    renewAfterMs: options.renewAfterMs ?? RENEW_AFTER_MS,
    openWithinMs: options.openWithinMs ?? OPEN_WITHIN_MS,
  }
}

function statusAfter(ending: Ending, rows: number): FeedState['status'] {
  if (ending.kind === 'silent') return 'stale'
  return rows > 0 ? 'connecting' : 'down'
}

function backoffMs(options: FeedOptions, failures: number, chance: number): number {
  const first = options.backoffFirstMs ?? BACKOFF_FIRST_MS
  const most = options.backoffMaxMs ?? BACKOFF_MAX_MS
  return Math.round(Math.min(most, first * 2 ** Math.min(failures, 16)) * (0.5 + chance / 2))
}

const NOTHING_READ = { rows: 0, trades: [] } as const

/** What a frame tells; everything else about it is only noted, since a bad frame is no reason to lose the next one. */
function readFrame(
  client: PolymarketClient,
  watcher: Watcher,
  frame: string,
  isText: boolean,
): Pick<ActivityFrame, 'rows' | 'trades'> {
  if (!isText) {
    client.note({ kind: 'activityGarbage', why: 'a binary frame' })
    return NOTHING_READ
  }
  const read = parseActivityFrame(frame, watcher.isWatched)
  for (const { fault } of read.faults) client.note({ kind: 'activityRowRefused', why: fault })
  if (read.isGarbage) client.note({ kind: 'activityGarbage', why: 'no trade can be read in it' })
  if (read.unknown.length > 0) client.note({ kind: 'unknownFields', where: 'activity', fields: read.unknown })
  return read
}

/**
 * One wallet's trades since an instant, maker and taker, oldest first. The service counts in seconds, so the second that `since`
 * lies in is told whole. It answers youngest first: when the bound ends the reading it is the oldest that are missing.
 */
async function tradesSince(
  client: PolymarketClient,
  clock: Clock,
  whale: WhaleAddress,
  since: Instant,
  signal: AbortSignal,
): Promise<readonly WhaleTrade[]> {
  const start = Math.max(1, Math.floor(since / 1_000))
  const query = { user: whale, taker_only: false, start }
  const { rows, isWhole } = await client.pages('/v2/trades', query, ROWS_MAX, signal)
  const unknown = unknownTradeFields(rows[0])
  if (unknown.length > 0) client.note({ kind: 'unknownFields', where: 'trades', fields: unknown })
  const pieces = rowsOf(client, 'trades', rows, readTradeRow)
  const mine = pieces.filter(piece => piece.whale === whale && piece.happenedAt >= start * 1_000)
  if (mine.length < pieces.length)
    client.note({
      kind: 'rowsRefused',
      where: 'trades',
      rows: pieces.length - mine.length,
      first: 'not what was asked',
    })
  if (!isWhole) throw new FeedError('data', gapOf(whale, start, mine, clock), { isFinal: true })
  return asWholeTrades([...mine].reverse()).toSorted((one, other) => one.happenedAt - other.happenedAt)
}

function gapOf(whale: WhaleAddress, start: number, read: readonly WhaleTrade[], clock: Clock): string {
  const from = new Date(start * 1_000).toISOString()
  const to = new Date(read.at(-1)?.happenedAt ?? clock.now()).toISOString()
  return `${whale} traded more than ${ROWS_MAX} times since ${from}: what it did between ${from} and ${to} was not read`
}
