import { bookHash, bookRow, decimal } from './clob-rows.ts'
import type { Client, Feed } from './sockets.ts'
import { type Book, type Level, type Listing, rounded, type TokenIndex, type World } from './world.ts'

/** What one connection watches of one token, and the book it was last told. */
type Watched = { readonly market: Listing; readonly token: TokenIndex; version: number; book: Book | undefined }

/** Ids one connection may watch. Above the second figure no books are sent on subscribing, as at the venue. */
const WATCHED_MAX = 2000
const DUMP_MAX = 500

/** The market channel: books on subscribing, then what changes of them, trades and resolutions. */
export function marketFeed(world: World): Feed {
  return {
    connected: client => {
      const watched = new Map<string, Watched>()
      let wantsMore = false
      return {
        heard: (frame, at) => {
          const ids = stringsIn(frame.assets_ids)
          if (frame.operation === 'unsubscribe') {
            for (const id of ids) watched.delete(id)
            return
          }
          const isFirst = typeof frame.type === 'string' && frame.type.toLowerCase() === 'market'
          if (!isFirst && frame.operation !== 'subscribe') {
            client.send('INVALID OPERATION')
            return
          }
          if (frame.custom_feature_enabled === true) wantsMore = true
          const added = ids.slice(0, WATCHED_MAX - watched.size).flatMap(id => watch(world, watched, id, at))
          if (frame.initial_dump === false || watched.size > DUMP_MAX) return
          const books = added.flatMap(it => bookFrame(world, it, at) ?? [])
          client.send(JSON.stringify(books))
        },
        ticked: (from, to) => {
          for (const group of byMarket(watched.values())) marketFrames(world, group, from, to, wantsMore, client)
          if (!wantsMore) return
          for (const number of world.numbersBetween(to, to)) {
            const market = world.marketByNumber(number)
            if (market !== undefined && market.opensAt > from && market.opensAt <= to) {
              client.send(JSON.stringify(newMarketFrame(world, market)))
            }
          }
        },
      }
    },
  }
}

function byMarket(watched: Iterable<Watched>): Iterable<readonly Watched[]> {
  const groups = new Map<number, Watched[]>()
  for (const one of watched) groups.set(one.market.number, [...(groups.get(one.market.number) ?? []), one])
  return groups.values()
}

function watch(world: World, watched: Map<string, Watched>, id: string, at: number): readonly Watched[] {
  const found = world.marketByToken(id)
  if (found === undefined || found.market.opensAt > at) return []
  const { market, token } = found
  const one = { market, token, version: world.bookVersion(market, at), book: world.bookAt(market, token, at) }
  watched.set(id, one)
  return [one]
}

/** All that happened to one market between two ticks: its book first, then the trades, then the end. */
function marketFrames(
  world: World,
  group: readonly Watched[],
  from: number,
  to: number,
  wantsMore: boolean,
  client: Client,
): void {
  const market = group[0]?.market
  if (market === undefined || from > market.resolvesAt) return
  const stamp = String(world.clock.wallTime(to))
  const changes: object[] = []
  for (const one of group) {
    const version = world.bookVersion(market, to)
    if (version === one.version) continue
    const before = one.book
    one.version = version
    one.book = world.bookAt(market, one.token, to)
    if (before === undefined || one.book === undefined) continue
    if (before.tick !== one.book.tick) {
      client.send(JSON.stringify(tickFrame(market, one.token, before.tick, one.book.tick, stamp)))
      sendBook(world, one, to, client)
    } else {
      changes.push(...changed(world, one, before, one.book, to))
    }
    if (wantsMore && isBestMoved(before, one.book)) client.send(JSON.stringify(bestFrame(one, one.book, stamp)))
  }
  if (changes.length > 0) {
    const frame = { event_type: 'price_change', market: market.conditionId, price_changes: changes, timestamp: stamp }
    client.send(JSON.stringify(frame))
  }
  for (const trade of world.executions(market, from, to)) {
    const one = group.find(it => it.token === trade.token)
    if (!trade.isTaker || one === undefined) continue
    const frame = {
      event_type: 'last_trade_price',
      asset_id: market.tokens[trade.token],
      market: market.conditionId,
      price: decimal(trade.price),
      size: decimal(trade.size, 1),
      side: trade.side,
      fee_rate_bps: '0',
      timestamp: String(world.clock.wallTime(trade.at)),
      transaction_hash: trade.transaction,
    }
    client.send(JSON.stringify(frame))
    sendBook(world, one, to, client)
  }
  if (wantsMore && market.resolvesAt > from && market.resolvesAt <= to) {
    client.send(JSON.stringify(resolvedFrame(world, market)))
  }
}

function bookFrame(world: World, one: Watched, at: number): object | undefined {
  const row = bookRow(world, one.market, one.token, at)
  return row && { ...row, event_type: 'book' }
}

function sendBook(world: World, one: Watched, at: number, client: Client): void {
  const frame = bookFrame(world, one, at)
  if (frame !== undefined) client.send(JSON.stringify(frame))
}

/** Levels that are new, resized, or gone: a gone one has size "0". */
function changed(world: World, one: Watched, before: Book, after: Book, at: number): readonly object[] {
  const hash = bookHash(world, one.market, one.token, at)
  const best = { best_bid: decimal(after.bids[0]?.[0] ?? 0), best_ask: decimal(after.asks[0]?.[0] ?? 1) }
  const asset = one.market.tokens[one.token]
  return [
    ...differences(before.bids, after.bids).map(([price, size]) => ({ price, size, side: 'BUY' })),
    ...differences(before.asks, after.asks).map(([price, size]) => ({ price, size, side: 'SELL' })),
  ].map(({ price, size, side }) => ({
    asset_id: asset,
    price: decimal(price),
    size: size === 0 ? '0' : decimal(size),
    side,
    hash,
    ...best,
  }))
}

function differences(before: readonly Level[], after: readonly Level[]): readonly Level[] {
  const old = new Map(before)
  const current = new Map(after)
  return [
    ...before.flatMap(([price]): Level[] => (current.has(price) ? [] : [[price, 0]])),
    ...after.filter(([price, size]) => old.get(price) !== size),
  ]
}

function isBestMoved(before: Book, after: Book): boolean {
  return before.bids[0]?.[0] !== after.bids[0]?.[0] || before.asks[0]?.[0] !== after.asks[0]?.[0]
}

function bestFrame(one: Watched, book: Book, timestamp: string): object {
  const bid = book.bids[0]?.[0] ?? 0
  const ask = book.asks[0]?.[0] ?? 1
  return {
    event_type: 'best_bid_ask',
    market: one.market.conditionId,
    asset_id: one.market.tokens[one.token],
    best_bid: decimal(bid),
    best_ask: decimal(ask),
    spread: decimal(rounded(ask - bid)),
    timestamp,
  }
}

function tickFrame(market: Listing, token: TokenIndex, before: number, after: number, timestamp: string): object {
  return {
    event_type: 'tick_size_change',
    market: market.conditionId,
    asset_id: market.tokens[token],
    old_tick_size: String(before),
    new_tick_size: String(after),
    timestamp,
  }
}

function newMarketFrame(world: World, market: Listing): object {
  return {
    event_type: 'new_market',
    id: market.id,
    question: market.title,
    market: market.conditionId,
    condition_id: market.conditionId,
    slug: market.slug,
    assets_ids: market.tokens,
    clob_token_ids: market.tokens,
    outcomes: market.outcomes,
    active: true,
    order_price_min_tick_size: '0.01',
    tags: [market.category],
    timestamp: String(world.clock.wallTime(market.opensAt)),
  }
}

/** Payouts of one half each have no winner, and the frame says so with empty text. */
function resolvedFrame(world: World, market: Listing): object {
  const [first, second] = world.payouts(market)
  const winner = first === second ? undefined : first > second ? 0 : 1
  return {
    event_type: 'market_resolved',
    id: market.id,
    market: market.conditionId,
    assets_ids: market.tokens,
    winning_asset_id: winner === undefined ? '' : market.tokens[winner],
    winning_outcome: winner === undefined ? '' : market.outcomes[winner],
    timestamp: String(world.clock.wallTime(market.resolvesAt)),
    tags: [market.category],
  }
}

function stringsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item: unknown) => typeof item === 'string') : []
}
