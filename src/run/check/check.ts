import { z } from 'zod'
import { type Hosts, type PolymarketClient, polymarketClient } from '../../adapters/polymarket/client.ts'
import { isFault } from '../../adapters/polymarket/wire.ts'
import { readDataStatus } from '../../adapters/polymarket/wire-data.ts'
import type { TokenId } from '../../core/units/ids.ts'
import type { Clock } from '../../ports/clock.ts'
import type { FeedState, TradeStream, Watched } from '../../ports/feeds.ts'
import { withDeadline } from '../deadline.ts'

/** What one host answered: how late, and in which version of its API; or why it counts as not answering. */
export type Probe = {
  readonly name: string
  readonly address: string
  readonly isWell: boolean
  readonly tookMs: number
  readonly said: string
}

export type CheckParts = {
  readonly clock: Clock
  readonly hosts: Hosts
  readonly streams: readonly TradeStream[]
  /** Nodes of the chain, as many as there are; their addresses are not shown, since they mostly hold a key. */
  readonly nodes: number
  /** Asks for a token's book until the market socket gives it, and says so. */
  readonly mirrored: (token: TokenId, signal: AbortSignal) => Promise<string>
  readonly signal: AbortSignal
}

/** All together end within this. */
const DEADLINE_MS = 9_000
/** Two clocks further apart than this would take trades for old or for the future's. */
const SKEW_MAX_MS = 2_000
/** A Data API further behind the chain than this finds trades too late. */
const LAG_MAX_MS = 120_000

type Found = { readonly isWell: boolean; readonly said: string }

/** Asks every configured host once, all at the same time, each with a deadline. Never throws for a host that does not answer. */
export async function checkHosts(parts: CheckParts): Promise<readonly Probe[]> {
  const { clock, hosts, streams, signal } = parts
  const client = polymarketClient({ clock, hosts, deadlineMs: DEADLINE_MS })
  const probe = async (name: string, address: string, ask: (until: AbortSignal) => Promise<Found>): Promise<Probe> => {
    const from = performance.now()
    const done = (found: Found): Probe => ({ name, address, tookMs: Math.round(performance.now() - from), ...found })
    try {
      return done(await within(clock, signal, ask))
    } catch (error) {
      return done({ isWell: false, said: error instanceof Error ? error.message : String(error) })
    }
  }
  const token = firstToken(client, signal)
  const nodes = `${parts.nodes} node${parts.nodes === 1 ? '' : 's'}`
  return Promise.all([
    probe('gamma', hosts.gamma, until => gamma(client, until)),
    probe('data', hosts.data, until => data(client, until)),
    probe('clob', hosts.clob, until => clob(client, clock, until)),
    probe('market socket', hosts.marketSocket, async until => {
      const named = await token
      if (named === undefined) return { isWell: false, said: 'not tried: no open market is known to ask for' }
      return { isWell: true, said: await parts.mirrored(named, until) }
    }),
    ...streams.map(stream =>
      probe(
        stream.name === 'chain' ? 'chain' : 'activity socket',
        stream.name === 'chain' ? nodes : hosts.activitySocket,
        until => live(stream, until),
      ),
    ),
  ])
}

/** The answer, or a rejection at the deadline even where whoever is asked does not heed the signal. */
async function within<T>(clock: Clock, signal: AbortSignal, ask: (until: AbortSignal) => Promise<T>): Promise<T> {
  return withDeadline(clock, DEADLINE_MS, signal, until => {
    const late = new Promise<never>((_, reject) => {
      until.addEventListener('abort', () => reject(new Error(`no answer within ${DEADLINE_MS / 1_000} s`)), {
        once: true,
      })
    })
    return Promise.race([ask(until), late])
  })
}

const markets = z.array(z.object({ version: z.string().nullish(), clobTokenIds: z.string().nullish() }))

async function gamma(client: PolymarketClient, until: AbortSignal): Promise<Found> {
  const rows = markets.safeParse(await client.get('gamma', '/markets', { limit: 20, closed: false }, until))
  if (!rows.success || rows.data.length === 0) return { isWell: false, said: 'it answers, but not with markets' }
  const versions = [...new Set(rows.data.map(({ version }) => version ?? 'v1'))].sort()
  const unknown = versions.filter(version => version !== 'v1' && version !== 'v2')
  const said = `markets of version ${versions.join(', ')}`
  return unknown.length === 0
    ? { isWell: true, said }
    : { isWell: false, said: `${said}: ${unknown.join(', ')} is not known here` }
}

async function firstToken(client: PolymarketClient, signal: AbortSignal): Promise<TokenId | undefined> {
  try {
    const query = { limit: 5, closed: false, order: 'volume24hr', ascending: false }
    const rows = markets.parse(await client.get('gamma', '/markets', query, signal))
    const tokens = rows.flatMap(({ clobTokenIds }) => z.array(z.string()).parse(JSON.parse(clobTokenIds ?? '[]')))
    return tokens[0] as TokenId | undefined
  } catch {
    // Gamma's own probe says what is wrong with it.
    return undefined
  }
}

async function data(client: PolymarketClient, until: AbortSignal): Promise<Found> {
  const [answer, trades] = await Promise.all([
    client.get('data', '/v2/status', {}, until),
    client.pages('/v2/trades', {}, 1, until),
  ])
  const status = readDataStatus(answer)
  if (isFault(status)) return { isWell: false, said: `v2, and its status cannot be read: ${status.fault}` }
  const behind =
    status.ageMs === undefined ? 'it does not say how far behind' : `${Math.round(status.ageMs / 1_000)} s behind`
  const isWell = (status.ageMs ?? 0) <= LAG_MAX_MS && status.isLagging !== true && trades.rows.length > 0
  return { isWell, said: `v2, ${behind}${trades.rows.length > 0 ? '' : ', and it shows no trade'}` }
}

const version = z.object({ version: z.number() })

async function clob(client: PolymarketClient, clock: Clock, until: AbortSignal): Promise<Found> {
  const [said, time] = await Promise.all([
    client.get('clob', '/version', {}, until).then(
      answer => version.safeParse(answer).data?.version,
      () => undefined,
    ),
    client.get('clob', '/time', {}, until),
  ])
  const seconds = Number(time)
  if (!Number.isFinite(seconds) || seconds <= 0)
    return { isWell: false, said: 'it answers, but does not tell the time' }
  const skewMs = Math.max(0, Math.abs(clock.now() - seconds * 1_000) - 1_000)
  const words = `order book API v${said ?? '2 (it does not say)'}, our clocks ${skewMs <= SKEW_MAX_MS ? 'agree' : `are ${Math.round(skewMs / 1_000)} s apart`}`
  const isKnown = said === undefined || said === 2 || said === 3
  return { isWell: isKnown && skewMs <= SKEW_MAX_MS, said: isKnown ? words : `${words}: not known here` }
}

const NOBODY: Watched = { has: () => false, all: () => [], onChange: () => undefined }

/** Watches a stream for nobody in particular until it is live, by its own word. */
async function live(stream: TradeStream, until: AbortSignal): Promise<Found> {
  const stop = new AbortController()
  const end = (): void => stop.abort()
  until.addEventListener('abort', end, { once: true })
  try {
    const state = await new Promise<FeedState>((resolve, reject) => {
      const see = (seen: FeedState): void => {
        if (seen.status === 'live' || seen.status === 'down') resolve(seen)
      }
      stream.watch(NOBODY, () => undefined, see, stop.signal).catch(reject)
    })
    if (state.status === 'live') return { isWell: true, said: LIVE_WORDS[stream.name] }
    return { isWell: false, said: state.why ?? 'it does not answer' }
  } finally {
    end()
    until.removeEventListener('abort', end)
  }
}

const LIVE_WORDS: Readonly<Record<TradeStream['name'], string>> = {
  chain: 'chain 137, new blocks are told, logs can be asked for',
  activity: 'real-time data, rows are told',
}
