import { headAt } from '../node/blocks.ts'
import { type Answer, ok, Refused, type Request } from '../request.ts'
import { type Entry, rounded, type Side, type World } from '../world.ts'
import { type DataQuery, dataQuery, envelope, invalid, marketsNamed, neededWallet, notFound } from './data-query.ts'
import { activityRow, activityType, resolutionRow, tradeRow } from './data-rows.ts'
import { type FeedQuery, type Place, placeOf, readFeed } from './feeds.ts'
import { holdingsIn } from './holdings.ts'
import { positions, value } from './positions.ts'
import { standingsIn } from './standings.ts'

/** How long the edge in front of this host repeats an answer for the same address: the venue's own figures. */
const TRADES_AGE_SECONDS = 300
const ACTIVITY_AGE_SECONDS = 15

/** Rows of one page, at most. */
const LIMIT_MAX = 1000
/** Amounts below this many shares are dust, hidden unless asked for, and even then. */
const DUST = 0.01

export type DataApi = (request: Request, at: number) => Promise<Answer>

/** The Data API, version 2. Version 1 is gone, as it is at the venue, and its paths are not found. */
export function dataApi(world: World): DataApi {
  const holdings = holdingsIn(world)
  const standings = standingsIn(world, holdings)
  return async ({ method, path, query: given }, at) => {
    if (method !== 'GET') throw new Refused(405, { error: 'method not allowed', code: 'method_not_allowed' })
    const query = dataQuery(path, given)
    switch (path) {
      case '/v2/trades':
        return ok(await trades(world, query, at), TRADES_AGE_SECONDS)
      case '/v2/activity':
        return ok(await activity(world, query, at), ACTIVITY_AGE_SECONDS)
      case '/v2/positions':
        return ok(await positions(world, holdings, query, at))
      case '/v2/value':
        return ok({ data: await value(world, holdings, query, at) })
      case '/v2/leaderboard':
        return ok(await standings.leaderboard(query, at))
      case '/v2/user-stats':
        return ok({ data: await standings.stats(neededWallet(query), at) })
      case '/v2/resolutions':
        return ok(resolutions(world, query, at))
      case '/v2/status':
        return ok({ data: status(world, at) })
      default:
        throw notFound('no such route')
    }
  }
}

async function trades(world: World, query: DataQuery, at: number): Promise<object> {
  const isCash = query.oneOf('filter_type', ['CASH', 'TOKENS'], 'TOKENS') === 'CASH'
  const least = Math.max(query.amount('filter_amount', DUST), DUST)
  const feed: FeedQuery = {
    ...feedQuery(world, query, at),
    takerOnly: query.flag('taker_only', true),
    isWanted: entry => entry.kind === 'trade' && rounded(isCash ? entry.size * entry.price : entry.size) >= least,
  }
  return feedPage(world, query, feed, entry => (entry.kind === 'trade' ? tradeRow(world, entry) : {}))
}

async function activity(world: World, query: DataQuery, at: number): Promise<object> {
  neededWallet(query)
  if (query.all('type').length > 1) throw invalid('type', 'type must be given once')
  query.oneOf('sort_by', ['TIMESTAMP'], 'TIMESTAMP')
  const type = query.text('type')?.toUpperCase()
  // A list of types is ignored without a word: seen at the venue, whatever its pages say.
  const only = type === undefined || type.includes(',') ? undefined : type
  const feed: FeedQuery = {
    ...feedQuery(world, query, at),
    isAscending: query.oneOf('sort_direction', ['ASC', 'DESC'], 'DESC') === 'ASC',
    withDepartures: true,
    isWanted: entry => entry.kind !== 'transfer' && (only === undefined || only === activityType(entry)),
  }
  return feedPage(world, query, feed, entry => (entry.kind === 'transfer' ? {} : activityRow(world, entry)))
}

/** What trades and activity have in common. `start` and `end` count only together with a wallet. */
function feedQuery(world: World, query: DataQuery, at: number): FeedQuery {
  const wallet = query.wallet('user')
  const start = query.whole('start', 0, 0, 99_999_999_999)
  const end = query.whole('end', 99_999_999_999, 0, 99_999_999_999)
  return {
    wallet,
    markets: marketsNamed(world, query),
    from: wallet === undefined ? 0 : world.clock.worldTime(start * 1000),
    to: wallet === undefined ? at + 1 : Math.min(at + 1, world.clock.worldTime((end + 1) * 1000)),
    isAscending: false,
    withDepartures: false,
    takerOnly: false,
    side: query.text('side') === undefined ? undefined : query.oneOf<Side>('side', ['BUY', 'SELL'], 'BUY'),
    isWanted: () => true,
  }
}

async function feedPage(
  world: World,
  query: DataQuery,
  feed: FeedQuery,
  row: (entry: Entry) => object,
): Promise<object> {
  const limit = query.whole('limit', 100, 1, LIMIT_MAX)
  const [at, market, index] = query.cursor() ?? []
  const place: Place | undefined = at === undefined ? undefined : [at, market ?? 0, index ?? 0]
  // A list of wallets is answered with nothing rather than refused.
  const entries = feed.wallet?.includes(',') ? [] : await readFeed(world, feed, place, limit + 1)
  const shown = entries.slice(0, limit)
  const last = shown.at(-1)
  const next = entries.length > limit && last !== undefined ? query.cursorFor(placeOf(last)) : null
  return envelope(shown.map(row), limit, next)
}

function resolutions(world: World, query: DataQuery, at: number): object {
  const condition = query.text('condition') ?? query.text('condition_id')
  const event = query.text('event_id')
  if ((condition === undefined) === (event === undefined)) {
    throw invalid('condition', 'exactly one of question_id, condition or event_id is required')
  }
  if (condition !== undefined && !/^0x[0-9a-fA-F]{64}$/.test(condition)) {
    throw invalid('condition', 'condition must be 64 hexadecimal digits')
  }
  const rows = (marketsNamed(world, query) ?? []).flatMap(number => {
    const market = world.marketByNumber(number)
    return market === undefined || market.opensAt > at ? [] : [resolutionRow(world, market, at)]
  })
  return envelope(rows, 100, null)
}

function status(world: World, at: number): object {
  return {
    status: 'ok',
    simulated: true,
    age_seconds: 0,
    serving: { mechanisms: [{ name: 'activity_feed', age_seconds: 0, blocks_behind: 0 }] },
    ingestion: { lagging: false, most_lagged: 0, max_synced_block: headAt(world, at) },
  }
}
