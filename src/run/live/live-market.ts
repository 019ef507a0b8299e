import { archiveWriter } from '../../adapters/archive/write.ts'
import { activityStream } from '../../adapters/polymarket/activity/stream.ts'
import { type MarketSocketView, mirroredData } from '../../adapters/polymarket/books/mirror.ts'
import { chainStream } from '../../adapters/polymarket/chain/stream.ts'
import { type Hosts, polymarketClient, REAL_HOSTS } from '../../adapters/polymarket/client.ts'
import { polymarketData } from '../../adapters/polymarket/feeds.ts'
import { type TokenIndex, tokenIndex } from '../../adapters/polymarket/token-index.ts'
import { polymarketActivity } from '../../adapters/polymarket/wallets/activity.ts'
import { polymarketHistory } from '../../adapters/polymarket/wallets/history.ts'
import type { Config } from '../../adapters/system/config.ts'
import type { Log } from '../../adapters/system/log.ts'
import type { Usage } from '../../adapters/system/sent-window.ts'
import type { Seeded } from '../../core/units/seeded.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'
import type { Clock } from '../../ports/clock.ts'
import type { MarketData, TradeStream, WhaleActivity, WhaleHistory } from '../../ports/feeds.ts'
import { createRecorder } from './recorder.ts'
import { forkSandbox, type SandboxChild } from './sandbox-child.ts'

/** Where a live run hears of the market: the real hosts, or the simulated ones in a process of their own. */
export type LiveMarket = {
  readonly isSimulated: boolean
  readonly data: MarketData
  readonly history: WhaleHistory
  readonly streams: readonly TradeStream[]
  readonly activity: WhaleActivity
  /** Holds the market socket until the signal aborts; without it every book is asked for. */
  readonly mirror: (signal: AbortSignal) => Promise<void>
  readonly sockets: () => readonly MarketSocketView[]
  readonly usage: () => readonly Usage[]
  /** Resolves with the reason if the simulated market ends by itself; never where it is the real one. */
  readonly ended: Promise<string>
  readonly close: () => Promise<void>
}

/** Where everything is asked: the hosts, and the nodes of the chain, of which there may be none. */
export type Addresses = { readonly hosts: Hosts; readonly nodes: readonly string[] }

/** Opens the market that the configuration names, with a recorder in between where one is wanted. */
export async function openMarket(
  config: Config,
  entry: string,
  parts: { readonly clock: Clock; readonly chance: Seeded; readonly log: Log },
): Promise<LiveMarket> {
  const sandbox = config.market === 'sandbox' ? await forkSandbox(entry, config.sandbox) : undefined
  const market = marketAt(addressesOf(config, sandbox), parts)
  const archive = config.record === undefined ? undefined : archiveWriter(config.record)
  const recorder = archive === undefined ? undefined : createRecorder(market.data, parts.clock, archive.write)
  return {
    ...market,
    isSimulated: sandbox !== undefined,
    data: recorder?.data ?? market.data,
    streams: recorder === undefined ? market.streams : market.streams.map(stream => overheard(stream, recorder.trade)),
    ended: sandbox?.ended ?? new Promise(() => undefined),
    close: async () => {
      sandbox?.stop()
      await archive?.close()
    },
  }
}

/** The simulated market's addresses where there is one, else the real ones but for what is set otherwise. */
export function addressesOf(config: Config, sandbox: SandboxChild | undefined): Addresses {
  if (sandbox !== undefined) return { hosts: sandbox.hosts, nodes: sandbox.hosts.rpc }
  const { rpc = [], ...hosts } = config.hosts
  return { hosts: { ...REAL_HOSTS, ...hosts }, nodes: rpc.map(node => node.reveal()) }
}

/** Everything that can be heard and asked at these addresses. Nothing is connected before it is watched or asked. */
export function marketAt(
  { hosts, nodes }: Addresses,
  parts: { readonly clock: Clock; readonly chance: Seeded; readonly log: Log },
): Omit<LiveMarket, 'isSimulated' | 'ended' | 'close'> {
  const { clock, chance, log } = parts
  const next = chance.next
  const client = polymarketClient({
    clock,
    hosts,
    chance: next,
    note: happening => log.debug(happening, 'polymarket'),
  })
  const mirrored = mirroredData(client, clock, polymarketData(client, clock), { chance: next })
  const { data } = mirrored
  const tokens = tokenIndex(client)
  const chain = chainStream({ urls: nodes, clock, tokens, note: client.note, chance: next })
  const activity = activityStream(client, clock, { chance: next })
  return {
    data,
    history: polymarketHistory(client),
    streams: nodes.length === 0 ? [activity] : [chain, overheard(activity, teach(tokens))],
    activity: polymarketActivity(client, clock, {
      tokensOf: async (condition, signal) => {
        const market = await data.market(condition, signal)
        return market?.outcomes.map(({ token }) => token) ?? []
      },
    }),
    mirror: mirrored.run,
    sockets: mirrored.views,
    usage: client.usage,
  }
}

/** The chain names tokens only; what the other stream says of them saves a question each. */
function teach(tokens: TokenIndex): (trade: WhaleTrade) => void {
  return ({ token, condition, title, outcome }) => tokens.learn(token, { condition, title, outcome })
}

function overheard(stream: TradeStream, write: (trade: WhaleTrade) => void): TradeStream {
  return {
    ...stream,
    watch: (watched, hear, report, signal) => {
      const both: typeof hear = (trade, receivedMs) => {
        write(trade)
        hear(trade, receivedMs)
      }
      return stream.watch(watched, both, report, signal)
    },
  }
}
