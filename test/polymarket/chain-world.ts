import { afterEach } from 'vitest'
import { type ChainTimings, chainStream } from '../../src/adapters/polymarket/chain/stream.ts'
import { tokenIndex } from '../../src/adapters/polymarket/token-index.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { instant, type WhaleAddress } from '../../src/core/units/ids.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import type { FeedState, Hear, Watched } from '../../src/ports/feeds.ts'
import { filled, type NodeConduct, type NodeStandIn, nodeStandIn } from './chain-node-stand-in.ts'
import { clientOf, gathering, hostsAt, json, serve, wire } from './stand-in.ts'

export const WHALE = '0x00000000000000000000000000000000000000b2' as WhaleAddress
export const OTHER = '0x00000000000000000000000000000000000000c3' as WhaleAddress
export const CONDITION = `0x${'1c'.repeat(32)}`
export const [YES = '', NO = ''] = JSON.parse(String(wire('gamma-market-open').clobTokenIds)) as string[]

/** So fast that a test takes no time, and far enough apart that a slow machine keeps their order. */
const TIMINGS: Partial<ChainTimings> = {
  openWithinMs: 2_000,
  askWithinMs: 2_000,
  heartbeatMs: 60_000,
  heartbeatWithinMs: 1_000,
  silentAfterMs: 20_000,
  blockWithinMs: 300,
  changesWithinMs: 20,
  pollMs: 20,
  departureHoldMs: 60,
  tokenRetryMs: [20, 20],
  backoffFirstMs: 10,
  backoffMaxMs: 50,
}

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

export async function node(conduct: NodeConduct = {}): Promise<NodeStandIn> {
  const one = await nodeStandIn(conduct)
  open.push(one.stop)
  one.mine()
  return one
}

/** Gamma that knows the market of `YES` and `NO`, open, once `isReady` says so. */
export async function gamma(isReady: () => boolean = () => true) {
  const market = wire('gamma-market-open')
  const server = await serve(({ url }, response) => {
    const [token = ''] = url.searchParams.getAll('clob_token_ids')
    const knows = isReady() && [YES, NO].includes(token) && url.searchParams.get('closed') === 'false'
    json(response, knows ? [market] : [])
  })
  open.push(server.stop)
  return server
}

/** The wallets that are followed, as a test changes them. */
export function watchedWallets(...first: readonly WhaleAddress[]): Watched & { add: (whale: WhaleAddress) => void } {
  const wallets = new Set(first)
  const listening = new Set<() => void>()
  return {
    has: whale => wallets.has(whale),
    all: () => [...wallets],
    onChange: (changed, signal) => {
      listening.add(changed)
      signal.addEventListener('abort', () => listening.delete(changed), { once: true })
    },
    add: whale => {
      wallets.add(whale)
      for (const changed of listening) changed()
    },
  }
}

/** The machine's clock, which a test can move on. */
export function movableClock() {
  let ahead = 0
  return {
    now: () => instant(systemClock.now() + ahead),
    sleep: systemClock.sleep,
    move: (ms: number) => {
      ahead += ms
    },
  }
}

/** A stream over these nodes, and all that it says. */
export async function watching(
  urls: readonly string[],
  options: {
    readonly timings?: Partial<ChainTimings>
    readonly watched?: Watched
    readonly gamma?: Awaited<ReturnType<typeof gamma>>
    readonly clock?: ReturnType<typeof movableClock>
    readonly hear?: Hear
  } = {},
) {
  const service = options.gamma ?? (await gamma())
  const clock = options.clock ?? movableClock()
  const trades = gathering<WhaleTrade>()
  const states = gathering<FeedState>()
  const notes = gathering<Record<string, unknown>>()
  const received = gathering<number>()
  const tokens = tokenIndex(clientOf(hostsAt(service.base, 'ws://127.0.0.1:9'), clock, notes.add))
  const timings = { ...TIMINGS, ...options.timings }
  const stream = chainStream({ urls, clock, tokens, note: notes.add, chance: () => 0.5, timings })
  const stop = new AbortController()
  const hear: Hear = (trade, receivedMs) => {
    trades.add(trade)
    received.add(receivedMs)
  }
  const done = stream.watch(options.watched ?? watchedWallets(WHALE), options.hear ?? hear, states.add, stop.signal)
  open.push(async () => {
    stop.abort()
    await done.catch(() => {})
  })
  const reported = async (count: number) => (await states.first(count)).map(state => state.status)
  return { trades, states, notes, received, tokens, done, reported, stop, clock, gamma: service }
}

/** Waits until something is so; the test's own deadline is the limit. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(resolve => setTimeout(resolve, 5))
}

/** Mines an empty block until the stream has seen what it needs to be live. */
export async function live(chain: NodeStandIn, { states }: Awaited<ReturnType<typeof watching>>): Promise<void> {
  await until(() => {
    if (states.held.at(-1)?.status === 'live') return true
    chain.mine()
    return false
  })
}

/** A buy of `taken` millionths of a share at about a half. */
export function buy(transaction: string, more: Partial<Parameters<typeof filled>[0]> = {}) {
  const given = (more.taken ?? 10_000_000) / 2
  const hash = { transactionHash: `0x${transaction.padStart(64, '0')}`, ...more.more }
  return filled({ whale: WHALE, token: YES, side: 'buy', given, taken: 10_000_000, ...more, more: hash })
}
