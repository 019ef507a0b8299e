import { mix, mixHex } from './mix.ts'
import { type Listing, rebateRate, rounded, type World } from './world.ts'

/** Numbers Gamma gives its categories. */
export const TAGS: readonly { readonly id: string; readonly slug: string; readonly label: string }[] = [
  { id: '21', slug: 'crypto', label: 'Crypto' },
  { id: '1', slug: 'sports', label: 'Sports' },
  { id: '84', slug: 'weather', label: 'Weather' },
  { id: '596', slug: 'culture', label: 'Culture' },
  { id: '100328', slug: 'economics', label: 'Economics' },
  { id: '2', slug: 'politics', label: 'Politics' },
  { id: '1401', slug: 'tech', label: 'Tech' },
  { id: '100265', slug: 'geopolitics', label: 'Geopolitics' },
]

const DESCRIPTION = 'SIMULATED. This market belongs to a sandbox: no money, no oracle and no real question behind it.'

/** A market as Gamma has it, with lists as JSON inside strings and a category that is often missing. */
export function gammaMarket(world: World, market: Listing, at: number, withTags: boolean): object {
  const isResolved = at >= market.resolvesAt
  const isTrading = at < market.closesAt
  const book = world.bookAt(market, 0, at)
  const bestBid = book?.bids[0]?.[0] ?? 0
  const bestAsk = book?.asks[0]?.[0] ?? 1
  const mid = isTrading && book !== undefined ? rounded((bestBid + bestAsk) / 2) : world.midAt(market, 0, at)
  const prices = isResolved ? world.payouts(market) : [mid, rounded(1 - mid)]
  const volume = volumeAt(market, at)
  const liquidity = isTrading ? rounded(bookDollars(book?.bids) + bookDollars(book?.asks)) : 0
  const iso = (time: number) => new Date(world.clock.wallTime(time)).toISOString()
  return {
    id: market.id,
    question: market.title,
    conditionId: market.conditionId,
    questionID: market.questionId,
    slug: market.slug,
    version: market.version,
    description: DESCRIPTION,
    resolutionSource: '',
    startDate: iso(market.opensAt),
    createdAt: iso(market.opensAt),
    endDate: iso(market.closesAt),
    endDateIso: iso(market.closesAt).slice(0, 10),
    updatedAt: iso(at),
    ...(isResolved ? { closedTime: iso(market.resolvesAt).replace('T', ' ').replace(/\..*$/, '+00') } : {}),
    image: '',
    icon: '',
    category: market.number % 3 === 0 ? null : market.category,
    outcomes: JSON.stringify(market.outcomes),
    outcomePrices: JSON.stringify(prices.map(String)),
    ...tokenLists(market),
    active: true,
    closed: isResolved,
    archived: false,
    new: false,
    featured: false,
    restricted: true,
    acceptingOrders: isTrading,
    enableOrderBook: true,
    negRisk: market.negativeRisk,
    negRiskOther: false,
    groupItemTitle: '',
    orderPriceMinTickSize: book?.tick ?? 0.01,
    orderMinSize: market.minSize,
    secondsDelay: 0,
    feesEnabled: market.feeRate > 0,
    feeType: `${market.category}_fees`,
    feeSchedule: { rate: market.feeRate, exponent: 1, takerOnly: true, rebateRate: rebateRate(market.category) },
    makerBaseFee: 1000,
    takerBaseFee: 1000,
    rewardsMinSize: 50,
    rewardsMaxSpread: 4.5,
    liquidity: String(liquidity),
    liquidityNum: liquidity,
    liquidityClob: liquidity,
    volume: String(volume),
    volumeNum: volume,
    volume24hr: volume,
    volume1wk: volume,
    bestBid,
    bestAsk,
    spread: rounded(bestAsk - bestBid),
    lastTradePrice: lastTrade(world, market, at)?.price ?? mid,
    ...(market.version === 'v2' ? { resolutionStatus: isResolved ? 'resolved' : 'active' } : {}),
    umaResolutionStatus: isResolved ? 'resolved' : isTrading ? null : 'proposed',
    umaResolutionStatuses: isTrading ? '[]' : '["proposed"]',
    automaticallyResolved: isResolved,
    events: [gammaEvent(world, market, at)],
    ...(withTags ? { tags: tagsOf(market) } : {}),
  }
}

/**
 * The version says which list names the tokens that trade. A third of the older markets carry position ids as well, as
 * at the venue: of nothing that is traded, so that whoever takes the list that is there takes the wrong one.
 */
function tokenLists(market: Listing): { readonly clobTokenIds: string; readonly positionIds: readonly string[] } {
  if (market.version === 'v2') return { clobTokenIds: '[]', positionIds: market.tokens }
  const isDecoyed = mix(market.number, 0x71) % 3 === 0
  const decoy = (token: number) =>
    BigInt(`0x01${mixHex(32, market.number, 0x72)}0002${'0'.repeat(16)}00890000${`0${token}`}`)
  return {
    clobTokenIds: JSON.stringify(market.tokens),
    positionIds: isDecoyed ? [String(decoy(0)), String(decoy(1))] : [],
  }
}

/** Every market is alone in its event here. */
export function gammaEvent(world: World, market: Listing, at: number): object {
  const iso = (time: number) => new Date(world.clock.wallTime(time)).toISOString()
  return {
    id: market.id,
    ticker: market.slug,
    slug: market.slug,
    title: market.title,
    description: DESCRIPTION,
    startDate: iso(market.opensAt),
    endDate: iso(market.closesAt),
    active: true,
    closed: at >= market.resolvesAt,
    archived: false,
    negRisk: market.negativeRisk,
    enableNegRisk: market.negativeRisk,
    negRiskAugmented: false,
    tags: tagsOf(market),
  }
}

export function tagsOf(market: Listing): readonly object[] {
  return TAGS.filter(tag => tag.slug === market.category)
}

/** The last trade on the market's first token in the last minutes, told as its price there. */
export function lastTrade(world: World, market: Listing, at: number): { readonly price: number } | undefined {
  const end = Math.min(at, market.closesAt)
  const last = world.executions(market, end - RECENT_MS, end).findLast(it => it.isTaker)
  return last && { price: last.token === 0 ? last.price : rounded(1 - last.price) }
}

const RECENT_MS = 120_000

function bookDollars(levels: readonly (readonly [number, number])[] | undefined): number {
  return (levels ?? []).reduce((sum, [price, size]) => sum + price * size, 0)
}

/**
 * Dollars traded so far: a plain rate, since adding up every stranger of a long market for a listing would cost more
 * than it tells.
 */
function volumeAt(market: Listing, at: number): number {
  const minutes = Math.max(0, Math.min(at, market.closesAt) - market.opensAt) / 60_000
  return Math.round(minutes * (200 + (mix(market.number, 0x70) % 900)) * 100) / 100
}
