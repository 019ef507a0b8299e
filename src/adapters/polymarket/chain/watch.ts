import { setMaxListeners } from 'node:events'
import { FeedError, type FeedState, type Hear, type Watched } from '../../../ports/feeds.ts'
import { BlockTimes } from './blocks.ts'
import { POLYGON_CONTRACTS } from './contracts.ts'
import { followAsked, followTold } from './following.ts'
import { openNode } from './node.ts'
import { type Cursor, type Ending, follow, type SessionSettings } from './session.ts'
import type { ChainOptions, ChainTimings } from './stream.ts'
import { ChainTeller } from './teller.ts'

/** A fragment is never sent, and the socket takes no address with one. */
const NODE_URL = /^(?:wss?|https?):\/\/[^#]+$/
const TIMINGS: ChainTimings = {
  openWithinMs: 10_000,
  /** A catch-up of 500 blocks takes some nodes seconds. */
  askWithinMs: 10_000,
  heartbeatMs: 5_000,
  heartbeatWithinMs: 5_000,
  /** Polygon makes a block every 2 s or less. */
  silentAfterMs: 15_000,
  /** Behind by more, nothing it tells is young enough to be copied. */
  behindAfterMs: 60_000,
  blockWithinMs: 1_000,
  /** Wallets are often added in a row. */
  changesWithinMs: 250,
  pollMs: 1_500,
  /** All logs of a block come within this. */
  departureHoldMs: 1_000,
  /** A new market is at Gamma within seconds of its first trade; later than this nothing would copy the trade any more. */
  tokenRetryMs: [1_000, 3_000, 9_000],
  backoffFirstMs: 500,
  backoffMaxMs: 30_000,
  /** A connection that lasted this long was a good one, and the next failure starts the backoff anew. */
  goodAfterMs: 10_000,
}

/**
 * ```
 * connecting ─ subscribed, caught up, and a block told ─▶ live ─ no block for 15 s, or no answer ─▶ stale
 *      ▲                                                   │
 *      └──────────────────── closed ───────────────────────┘    every state but live is left by the next node that
 *                                                               is live; a connection that never was makes it down
 * ```
 */
export async function watchChain(
  options: ChainOptions,
  watched: Watched,
  hear: Hear,
  report: (state: FeedState) => void,
  signal: AbortSignal,
): Promise<void> {
  const { clock, note, urls } = options
  if (urls.length === 0) throw new FeedError('chain', 'there is no node to ask: give at least one', { isFinal: true })
  if (urls.some(url => !NODE_URL.test(url) || !URL.canParse(url)))
    throw new FeedError('chain', 'the address of a node is none: give ws, wss, http or https', { isFinal: true })
  const timings = { ...TIMINGS, ...options.timings }
  const chance = options.chance ?? Math.random
  const failure = failureOf(signal)
  const blocks = new BlockTimes()
  const contracts = options.contracts ?? POLYGON_CONTRACTS
  const { tokens } = options
  const { fail, over } = failure
  const teller = new ChainTeller({
    contracts,
    tokens,
    blocks,
    clock,
    note,
    watched,
    hear,
    fail,
    signal: over,
    ...timings,
  })
  const cursor: Cursor = { block: undefined }
  let status: FeedState['status'] | undefined
  const become = (next: FeedState['status'], why?: string) => {
    if (next === status) return
    status = next
    report({ status: next, since: clock.now(), ...(why !== undefined && { why }) })
  }

  try {
    become('connecting', 'the first connection is being made')
    for (let failures = 0, turn = 0; !over.aborted; turn += 1) {
      const url = urls[turn % urls.length] ?? ''
      let liveAt: number | undefined
      const onLive = () => {
        liveAt ??= clock.now()
        become('live')
      }
      const shared = { contracts, watched, teller, blocks, cursor, clock, note, timings, onLive }
      const ending = await connection(url, shared, over)
      if (over.aborted) break
      note({ kind: 'chainReconnect', ending: ending.kind, why: ending.why })
      become(statusAfter(ending, liveAt !== undefined), ending.why)
      const wasGood = liveAt !== undefined && clock.now() - liveAt >= timings.goodAfterMs
      failures = wasGood ? 0 : failures + 1
      await clock.sleep(backoffMs(timings, Math.floor(failures / urls.length), chance()), over)
    }
  } finally {
    failure.stop()
  }
  if (failure.error !== undefined) throw failure.error.thrown
}

async function connection(
  url: string,
  shared: Omit<SessionSettings, 'node' | 'timings'> & { readonly timings: ChainTimings },
  signal: AbortSignal,
): Promise<Ending> {
  const { clock, note, timings } = shared
  try {
    const node = await openNode({ url, clock, note, ...timings }, signal)
    const { subscribe } = node
    const work: Parameters<typeof follow>[1] = session =>
      subscribe === undefined ? followAsked(session) : followTold(session, subscribe)
    return await follow({ ...shared, node }, work, signal)
  } catch (error) {
    if (error instanceof FeedError) return { kind: 'refused', why: error.message }
    throw error
  }
}

/** A connection that was live and then left a question unanswered is open and of no use, like one that tells no blocks. */
function statusAfter(ending: Ending, wasLive: boolean): FeedState['status'] {
  if (ending.kind === 'silent') return 'stale'
  if (!wasLive) return 'down'
  return ending.kind === 'closed' ? 'connecting' : 'stale'
}

function backoffMs(timings: ChainTimings, rounds: number, chance: number): number {
  return Math.round(
    Math.min(timings.backoffMaxMs, timings.backoffFirstMs * 2 ** Math.min(rounds, 16)) * (0.5 + chance / 2),
  )
}

/** A signal that is over when the given one is, or when something fails that must end the stream. */
function failureOf(signal: AbortSignal) {
  const stop = new AbortController()
  // Every question under way listens for the end of the stream; there may be many.
  setMaxListeners(0, stop.signal)
  const onAbort = () => stop.abort()
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  const failure = {
    error: undefined as { readonly thrown: unknown } | undefined,
    over: stop.signal,
    fail: (error: unknown) => {
      failure.error ??= { thrown: error }
      stop.abort()
    },
    stop: () => {
      signal.removeEventListener('abort', onAbort)
      stop.abort()
    },
  }
  return failure
}
