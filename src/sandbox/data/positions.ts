import { rounded, type World } from '../world.ts'
import { type DataQuery, envelope, invalid, marketsNamed, neededWallet } from './data-query.ts'
import { positionRow, seconds, type Valued, valued } from './data-rows.ts'
import type { Holding, Holdings } from './holdings.ts'

const LIMIT_MAX = 1000
/** Holdings below this many shares are dust and not shown. */
const POSITION_DUST = 0.1

const STATUSES = ['OPEN', 'REDEEMABLE', 'REDEEMABLE_LOST', 'MERGEABLE', 'CLOSED'] as const
const SORTS = ['CURRENT_VALUE', 'PRICE', 'TOKENS', 'UNREALIZED_PNL', 'REALIZED_PNL', 'TOTAL_PNL', 'TIMESTAMP'] as const

export async function positions(world: World, holdings: Holdings, query: DataQuery, now: number): Promise<object> {
  const limit = query.whole('limit', 100, 1, LIMIT_MAX)
  const status = query.oneOf('status', STATUSES, 'OPEN')
  const sort = query.oneOf('sort_by', SORTS, 'CURRENT_VALUE')
  const sign = query.oneOf('sort_direction', ['ASC', 'DESC'], 'DESC') === 'ASC' ? 1 : -1
  const wallet = query.wallet('user')
  const markets = marketsNamed(world, query)
  if (wallet === undefined && markets === undefined) throw invalid('user', 'user or condition is required')
  if (status === 'REDEEMABLE_LOST' && wallet === undefined) throw invalid('user', 'user is required for this status')
  // Every page of one listing shows the same moment, so that nothing is shown twice or skipped as prices move.
  const [at, skipped] = query.cursor() ?? [now, 0]
  const asOf = at ?? now
  const all =
    markets !== undefined
      ? markets.flatMap(number => holdings.inMarket(number, asOf, wallet))
      : await holdings.of(wallet ?? '', asOf, status !== 'CLOSED')
  const pairs = pairsIn(all)
  const title = query.text('title')?.toLowerCase()
  const least = Math.max(query.amount('filter_amount', POSITION_DUST), 0)
  const from = query.whole('start', 0, 0, 99_999_999_999)
  const to = query.whole('end', 99_999_999_999, 0, 99_999_999_999)
  const rows = all
    .flatMap(holding => {
      const market = world.marketByNumber(holding.number)
      return market === undefined ? [] : [valued(world, market, holding, asOf, pairs.has(pairOf(holding)))]
    })
    .filter(row => hasStatus(row, status) && (status === 'CLOSED' || row.holding.size >= least))
    .filter(row => title === undefined || row.market.title.toLowerCase().includes(title))
    .filter(row => seconds(world, row.holding.lastAt) >= from && seconds(world, row.holding.lastAt) <= to)
    .sort((a, b) => sign * (sortValue(a, sort) - sortValue(b, sort)) || ranked(a, b))
  const shown = rows.slice(skipped ?? 0, (skipped ?? 0) + limit)
  const done = (skipped ?? 0) + shown.length
  const wireRows = shown.flatMap(row => {
    const trader = world.traderByAddress(row.holding.wallet)
    return trader === undefined ? [] : [positionRow(world, trader, row)]
  })
  return envelope(wireRows, limit, done < rows.length ? query.cursorFor([asOf, done]) : null)
}

/** Wallet and market of those who hold both tokens. */
function pairsIn(all: readonly Holding[]): ReadonlySet<string> {
  const held = all.filter(it => it.size > 0).map(pairOf)
  return new Set(held.filter((pair, place) => held.indexOf(pair) < place))
}

function pairOf(holding: Holding): string {
  return `${holding.wallet}/${holding.number}`
}

function hasStatus(row: Valued, status: (typeof STATUSES)[number]): boolean {
  switch (status) {
    case 'OPEN':
      return row.status !== 'CLOSED'
    case 'REDEEMABLE':
      return row.status === 'REDEEMABLE'
    case 'REDEEMABLE_LOST':
      return row.status === 'REDEEMABLE' && row.value === 0
    case 'MERGEABLE':
      return row.isMergeable && row.status === 'OPEN'
    case 'CLOSED':
      return row.status === 'CLOSED'
  }
}

function sortValue(row: Valued, sort: (typeof SORTS)[number]): number {
  switch (sort) {
    case 'CURRENT_VALUE':
      return row.value
    case 'PRICE':
      return row.price
    case 'TOKENS':
      return row.holding.size
    case 'UNREALIZED_PNL':
      return row.unrealized
    case 'REALIZED_PNL':
      return row.holding.realized
    case 'TOTAL_PNL':
      return row.holding.realized + row.unrealized
    case 'TIMESTAMP':
      return row.holding.lastAt
  }
}

/** Newest first among equals, then by what can never be equal. */
function ranked(a: Valued, b: Valued): number {
  const one = a.holding
  const other = b.holding
  return (
    other.lastAt - one.lastAt ||
    other.number - one.number ||
    one.token - other.token ||
    (one.wallet < other.wallet ? -1 : 1)
  )
}

export async function value(world: World, holdings: Holdings, query: DataQuery, at: number): Promise<object> {
  const wallet = neededWallet(query)
  const open = await holdings.of(wallet, at, true)
  const total = open.reduce((sum, holding) => {
    const market = world.marketByNumber(holding.number)
    return market === undefined ? sum : sum + valued(world, market, holding, at).value
  }, 0)
  return { proxy_wallet: wallet, value: rounded(total) }
}
