import { countUntil } from '../in-time.ts'
import { mix } from '../mix.ts'
import {
  type Book,
  type Execution,
  type Level,
  type Listing,
  mirrored,
  rounded,
  type TokenIndex,
  type Trader,
  takerFee,
  type World,
} from '../world.ts'
import { REDEEM_MS, recordedRedemptions } from './recorded-redemptions.ts'
import { type RecordedLine, RecordingError, readRecording } from './recording.ts'

type Line<Kind extends RecordedLine['kind']> = Extract<RecordedLine, { readonly kind: Kind }>

/** A recorded market with all that the recording says about it. */
type Recorded = {
  readonly listing: Listing
  readonly tick: number
  readonly books: readonly [BookLine[], BookLine[]]
  readonly trades: Execution[]
  readonly payouts: readonly [number, number] | undefined
}

type BookLine = { readonly at: number; readonly bids: readonly Level[]; readonly asks: readonly Level[] }

/** Wallets shown as traders: those with most trades. */
const TRADERS_MAX = 50
const GAMMA_ID_BASE = 100_000
/** Longer than any recording that fits. */
const MEMORY_MS = 90 * 86_400_000
const FAR_AWAY = Number.MAX_SAFE_INTEGER

/**
 * A recording as a world. The world's time is the recording's; its first line is at the moment the sandbox starts.
 *
 * Recordings name no maker, so every trade is told as a taker's, and a market without a resolution never ends.
 */
export async function recordedWorld(path: string, speed: number, startWallMs: number): Promise<World> {
  const lines = await readRecording(path)
  const begins = lines[0]?.at ?? 0
  const traderOf = tradersIn(lines)
  const markets = marketsIn(lines, traderOf)
  const traders = [...traderOf.values()].slice(0, TRADERS_MAX)
  const byToken = new Map(
    markets.flatMap(({ listing }) =>
      listing.tokens.map((id, index) => [id, { market: listing, token: tokenAt(index) }]),
    ),
  )
  const named = (name: (listing: Listing) => string) => new Map(markets.map(({ listing }) => [name(listing), listing]))
  const byCondition = named(listing => listing.conditionId)
  const bySlug = named(listing => listing.slug)
  const byId = named(listing => listing.id)
  const moments = new Map(markets.flatMap(it => it.trades.map(trade => [trade.transaction, trade.at])))
  const of = (listing: Listing): Recorded | undefined => markets[listing.number]

  const bookAt: World['bookAt'] = (market, token, at) => {
    const recorded = of(market)
    if (recorded === undefined || at < market.opensAt || at >= market.closesAt) return undefined
    const own = latest(recorded.books[token], at)
    if (own !== undefined) return { tick: recorded.tick, bids: own.bids, asks: own.asks }
    const other = latest(recorded.books[token === 0 ? 1 : 0], at)
    return other && mirrored({ tick: recorded.tick, bids: other.bids, asks: other.asks })
  }

  const departures: World['departures'] = (market, from, to, wallet) => {
    const recorded = of(market)
    if (recorded?.payouts === undefined) return []
    return recordedRedemptions(market, recorded.trades, recorded.payouts).filter(
      it => it.at > from && it.at <= to && (wallet === undefined || it.trader.address === wallet),
    )
  }

  return {
    clock: {
      speed,
      worldTime: wallMs => Math.floor(begins + (wallMs - startWallMs) * speed),
      wallTime: worldMs => Math.floor(startWallMs + (worldMs - begins) / speed),
    },
    traders,
    beginsAt: begins,
    tradeMemoryMs: MEMORY_MS,
    positionMemoryMs: MEMORY_MS,
    numbersBetween: (from, to, wallet) =>
      markets
        .filter(it => it.listing.opensAt <= to && it.listing.resolvesAt + REDEEM_MS >= from)
        .filter(it => wallet === undefined || it.trades.some(trade => trade.trader.address === wallet))
        .map(it => it.listing.number),
    marketByNumber: number => markets[number]?.listing,
    marketByCondition: condition => byCondition.get(condition),
    marketById: id => byId.get(id),
    marketBySlug: slug => bySlug.get(slug),
    marketByToken: token => byToken.get(token),
    bookAt,
    bookVersion: (market, at) => {
      const books = of(market)?.books
      return books === undefined ? 0 : countUntil(books[0], at) + countUntil(books[1], at)
    },
    midAt: (market, token, at) => middleOf(bookAt(market, token, Math.min(at, market.closesAt - 1))),
    executions: (market, from, to, wallet) =>
      (of(market)?.trades ?? []).filter(
        it => it.at > from && it.at <= to && (wallet === undefined || it.trader.address === wallet),
      ),
    departures,
    tradersIn: market => {
      const seen = new Set(of(market)?.trades.map(trade => trade.trader))
      return traders.filter(trader => seen.has(trader))
    },
    momentOf: transaction => moments.get(transaction),
    chainKey: mix(begins % 0x1_0000_0000, lines.length),
    payouts: market => of(market)?.payouts ?? [0.5, 0.5],
    traderByAddress: address => traderOf.get(address),
    isKnown: address => traderOf.has(address),
  }
}

/** Everybody in the recording, those with most trades first. */
function tradersIn(lines: readonly RecordedLine[]): ReadonlyMap<string, Trader> {
  const counted = new Map<string, { readonly trader: Trader; count: number }>()
  for (const line of lines) {
    if (line.kind !== 'trade') continue
    const known = counted.get(line.wallet)
    if (known !== undefined) known.count += 1
    else counted.set(line.wallet, { trader: { address: line.wallet, name: line.name, pseudonym: '' }, count: 1 })
  }
  const sorted = [...counted.values()].sort((a, b) => b.count - a.count)
  return new Map(sorted.map(({ trader }) => [trader.address, trader]))
}

function marketsIn(lines: readonly RecordedLine[], traderOf: ReadonlyMap<string, Trader>): readonly Recorded[] {
  const resolutions = new Map(lines.flatMap(line => (line.kind === 'resolution' ? [[line.conditionId, line]] : [])))
  const markets = new Map<string, Recorded>()
  for (const line of lines) {
    if (line.kind !== 'market' || markets.has(line.conditionId)) continue
    markets.set(line.conditionId, recordedMarket(line, resolutions.get(line.conditionId), markets.size))
  }
  if (markets.size === 0) throw new RecordingError('the recording has no line of kind "market"')
  const byToken = new Map([...markets.values()].flatMap(it => it.listing.tokens.map(token => [token, it])))
  for (const line of lines) {
    if (line.kind === 'book') {
      const market = byToken.get(line.token)
      market?.books[tokenAt(market.listing.tokens.indexOf(line.token))].push(line)
    }
    const trader = line.kind === 'trade' ? traderOf.get(line.wallet) : undefined
    const market = line.kind === 'trade' ? markets.get(line.conditionId) : undefined
    if (line.kind === 'trade' && trader && market) market.trades.push(recordedTrade(line, trader, market))
  }
  return [...markets.values()]
}

function recordedMarket(line: Line<'market'>, resolution: Line<'resolution'> | undefined, number: number): Recorded {
  const closesAt = Math.min(line.closesAt, resolution?.at ?? line.closesAt)
  return {
    listing: {
      number,
      id: String(GAMMA_ID_BASE + number),
      conditionId: line.conditionId,
      questionId: line.conditionId,
      tokens: line.tokens,
      version: 'v1',
      outcomes: line.outcomes,
      title: line.title,
      slug: line.slug,
      category: line.category,
      negativeRisk: false,
      feeRate: line.feeRate,
      minSize: line.minSize,
      opensAt: line.at,
      closesAt,
      resolvesAt: resolution?.at ?? FAR_AWAY,
    },
    tick: line.tick,
    books: [[], []],
    trades: [],
    payouts: resolution?.payouts,
  }
}

function recordedTrade(line: Line<'trade'>, trader: Trader, { listing, trades }: Recorded): Execution {
  return {
    kind: 'trade',
    at: line.at,
    market: listing,
    index: trades.length,
    transaction: line.tx,
    trader,
    isTaker: true,
    token: tokenAt(listing.tokens.indexOf(line.token)),
    side: line.side,
    price: line.price,
    size: line.size,
    fee: takerFee(line.size, line.price, listing.feeRate),
  }
}

function tokenAt(index: number): TokenIndex {
  return index === 1 ? 1 : 0
}

function latest(lines: readonly BookLine[], at: number): BookLine | undefined {
  return lines[countUntil(lines, at) - 1]
}

function middleOf(book: Book | undefined): number {
  const bid = book?.bids[0]?.[0]
  const ask = book?.asks[0]?.[0]
  return bid === undefined || ask === undefined ? (bid ?? ask ?? 0.5) : rounded((bid + ask) / 2)
}
