import { archiveWriter } from '../adapters/archive/write.ts'
import { type Hosts, polymarketClient, REAL_HOSTS } from '../adapters/polymarket/client.ts'
import { polymarketData } from '../adapters/polymarket/feeds.ts'
import { polymarketHistory } from '../adapters/polymarket/history.ts'
import { polymarketFeed } from '../adapters/polymarket/streams.ts'
import type { Config } from '../adapters/system/config.ts'
import type { Log } from '../adapters/system/log.ts'
import type { Seeded } from '../core/units/seeded.ts'
import type { WhaleTrade } from '../core/whale/trade.ts'
import type { Clock } from '../ports/clock.ts'
import type { MarketData, WhaleFeed, WhaleHistory } from '../ports/feeds.ts'
import { createRecorder } from './recorder.ts'
import { forkSandbox } from './sandbox-child.ts'

/** Where a live run hears of the market: the real hosts, or the simulated ones in a process of their own. */
export type LiveMarket = {
  readonly isSimulated: boolean
  readonly data: MarketData
  readonly history: WhaleHistory
  readonly feed: WhaleFeed
  /** Resolves with the reason if the simulated market ends by itself; never where it is the real one. */
  readonly ended: Promise<string>
  readonly close: () => Promise<void>
}

/** Opens the market that the configuration names, with a recorder in between where one is wanted. */
export async function openMarket(
  config: Config,
  entry: string,
  parts: { readonly clock: Clock; readonly chance: Seeded; readonly log: Log },
): Promise<LiveMarket> {
  const { clock, chance, log } = parts
  const sandbox = config.market === 'sandbox' ? await forkSandbox(entry, config.sandbox) : undefined
  const hosts: Hosts = sandbox?.hosts ?? { ...REAL_HOSTS, ...config.hosts }
  const client = polymarketClient({
    clock,
    hosts,
    chance: chance.next,
    note: happening => log.debug(happening, 'polymarket'),
  })
  const heard = { data: polymarketData(client, clock), feed: polymarketFeed(client, clock) }
  const archive = config.record === undefined ? undefined : archiveWriter(config.record)
  const recorder = archive === undefined ? undefined : createRecorder(heard.data, clock, archive.write)
  return {
    isSimulated: sandbox !== undefined,
    data: recorder?.data ?? heard.data,
    history: polymarketHistory(client),
    feed: recorder === undefined ? heard.feed : overheard(heard.feed, recorder.trade),
    ended: sandbox?.ended ?? new Promise(() => undefined),
    close: async () => {
      sandbox?.stop()
      await archive?.close()
    },
  }
}

function overheard(feed: WhaleFeed, write: (trade: WhaleTrade) => void): WhaleFeed {
  return {
    ...feed,
    watch: (isWatched, hear, report, signal) => {
      const both = (trade: WhaleTrade): void => {
        write(trade)
        hear(trade)
      }
      return feed.watch(isWatched, both, report, signal)
    },
  }
}
