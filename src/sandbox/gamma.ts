import { gammaEvent, gammaMarket, TAGS, tagsOf } from './gamma-rows.ts'
import { ADDRESS, type Answer, ok, Refused, type Request } from './request.ts'
import type { Listing, Trader, World } from './world.ts'

export type GammaApi = (request: Request, at: number) => Answer

const LIMIT_DEFAULT = 20
const LIMIT_MAX = 500
const KEYSET_LIMIT_MAX = 100
/** How far back finished markets are listed; named ones are found whatever their age. */
const FINISHED_LISTED_MS = 3_600_000
const NAMED_MAX = 200
const SEARCH_MAX = 50

/** Metadata of markets, profiles and search. */
export function gammaApi(world: World): GammaApi {
  return ({ method, path, query }, at) => {
    if (method !== 'GET') throw new Refused(405, { type: 'method error', error: 'method not allowed' })
    if (path === '/markets') return ok(listed(world, query, at, LIMIT_MAX).map(it => row(world, it, at, query)))
    if (path === '/markets/keyset') return ok(keyset(world, query, at))
    if (path === '/public-profile') return ok(profile(world, query.get('address') ?? '', at))
    if (path === '/public-search') return ok(search(world, query, at))
    if (path === '/tags') return ok(TAGS)
    const [, kind, first, second] = path.split('/')
    if (kind !== 'markets' || first === undefined) throw missing('route')
    if (first === 'slug') return ok(row(world, found(world.marketBySlug(second ?? ''), at), at, query))
    if (second === undefined) return ok(row(world, found(world.marketById(first), at), at, query))
    if (second === 'tags') return ok(tagsOf(found(world.marketById(first), at)))
    throw missing('route')
  }
}

function row(world: World, market: Listing, at: number, query: URLSearchParams): object {
  return gammaMarket(world, market, at, query.get('include_tag') === 'true')
}

function found(market: Listing | undefined, at: number): Listing {
  if (market === undefined || market.opensAt > at) throw missing('market')
  return market
}

/**
 * Markets in order, filtered. `closed` is false unless said otherwise, so a finished market must be asked for as such.
 */
function listed(world: World, query: URLSearchParams, at: number, limitMax: number): readonly Listing[] {
  const limit = whole(query, 'limit', LIMIT_DEFAULT, limitMax)
  const offset = whole(query, 'offset', 0, 100_000)
  return ordered(world, query, at).slice(offset, offset + limit)
}

function ordered(world: World, query: URLSearchParams, at: number): readonly Listing[] {
  const isClosed = query.get('closed') === 'true'
  const tag = query.get('tag_id')
  const markets = (named(world, query) ?? recent(world, isClosed, at))
    .filter(market => market.opensAt <= at && at >= market.resolvesAt === isClosed)
    .filter(market => tag === null || TAGS.some(it => it.id === tag && it.slug === market.category))
  const sign = query.get('ascending') === 'false' ? -1 : 1
  const value = orderValue(query.get('order') ?? 'id')
  return [...markets].sort((a, b) => sign * (value(a) - value(b)) || a.number - b.number)
}

function recent(world: World, isClosed: boolean, at: number): readonly Listing[] {
  const numbers = world.numbersBetween(isClosed ? at - FINISHED_LISTED_MS : at, at)
  return numbers.flatMap(number => world.marketByNumber(number) ?? [])
}

/** The markets named by any of the four kinds of id, each once; undefined where none is named. */
function named(world: World, query: URLSearchParams): readonly Listing[] | undefined {
  const names = ['clob_token_ids', 'condition_ids', 'id', 'slug'] as const
  const asked = names.map(name => query.getAll(name).slice(0, NAMED_MAX))
  if (asked.every(values => values.length === 0)) return undefined
  const [tokens = [], conditions = [], ids = [], slugs = []] = asked
  const markets = [
    ...tokens.flatMap(token => world.marketByToken(token)?.market ?? []),
    ...conditions.flatMap(condition => world.marketByCondition(condition) ?? []),
    ...ids.flatMap(id => world.marketById(id) ?? []),
    ...slugs.flatMap(slug => world.marketBySlug(slug) ?? []),
  ]
  return [...new Map(markets.map(market => [market.number, market])).values()]
}

/** Sort keys are the rows' own names. Snake case is refused, as at the venue. */
function orderValue(order: string): (market: Listing) => number {
  switch (order) {
    case 'id':
    case 'createdAt':
    case 'startDate':
      return market => market.opensAt
    case 'endDate':
    case 'closedTime':
      return market => market.closesAt
    case 'volume24hr':
    case 'volumeNum':
    case 'volume':
    case 'liquidityNum':
    case 'liquidity':
      return market => market.opensAt - market.closesAt
    default:
      throw new Refused(422, { type: 'validation error', error: `order fields are not valid: ${order}` })
  }
}

function keyset(world: World, query: URLSearchParams, at: number): object {
  if (query.has('offset')) throw new Refused(422, { type: 'validation error', error: 'offset is not supported' })
  const limit = whole(query, 'limit', LIMIT_DEFAULT, KEYSET_LIMIT_MAX)
  if (limit < 1) throw new Refused(422, { type: 'validation error', error: 'limit must be at least 1' })
  const after = query.get('after_cursor')
  const all = ordered(world, query, at)
  const start = after === null ? 0 : 1 + all.findIndex(market => cursorAt(market) === after)
  if (after !== null && start === 0) throw new Refused(422, { type: 'validation error', error: 'invalid cursor' })
  const shown = all.slice(start, start + limit)
  const last = shown.at(-1)
  const next = start + shown.length < all.length && last !== undefined ? cursorAt(last) : null
  return { markets: shown.map(market => row(world, market, at, query)), next_cursor: next }
}

function cursorAt(market: Listing): string {
  return Buffer.from(`market:${market.id}`).toString('base64url')
}

function profile(world: World, given: string, at: number): object {
  const address = given.toLowerCase()
  if (!ADDRESS.test(address)) throw new Refused(400, { type: 'validation error', error: 'invalid address' })
  const trader = world.traderByAddress(address)
  if (trader === undefined) throw missing('profile')
  return {
    createdAt: new Date(world.clock.wallTime(Math.min(at, 86_400_000))).toISOString(),
    proxyWallet: trader.address,
    ...shownProfile(trader),
    users: [{ id: String(Number.parseInt(trader.address.slice(2, 8), 16)), creator: true, mod: false }],
    xUsername: '',
    verifiedBadge: false,
  }
}

function shownProfile(trader: Trader): object {
  return {
    profileImage: '',
    displayUsernamePublic: true,
    bio: 'SIMULATED',
    pseudonym: trader.pseudonym,
    name: trader.name,
  }
}

function search(world: World, query: URLSearchParams, at: number): object {
  const text = (query.get('q') ?? '').trim().toLowerCase()
  if (text === '') throw new Refused(422, { type: 'validation error', error: 'q is required' })
  const limit = whole(query, 'limit_per_type', 10, SEARCH_MAX)
  const markets = recent(world, false, at).filter(market => market.title.toLowerCase().includes(text))
  const traders = world.traders.filter(trader => trader.name.toLowerCase().includes(text))
  const profiles = traders.slice(0, limit).map(trader => ({
    id: String(Number.parseInt(trader.address.slice(2, 8), 16)),
    proxyWallet: trader.address,
    ...shownProfile(trader),
    isCloseOnly: false,
  }))
  return {
    events: markets.slice(0, limit).map(market => gammaEvent(world, market, at)),
    tags: [],
    ...(query.get('search_profiles') === 'true' ? { profiles } : {}),
    pagination: { hasMore: markets.length > limit, totalResults: markets.length + traders.length },
  }
}

function missing(what: string): Refused {
  return new Refused(404, { type: 'not found error', error: `${what} not found` })
}

function whole(query: URLSearchParams, name: string, fallback: number, high: number): number {
  const text = query.get(name)
  if (text === null) return fallback
  if (!/^\d{1,9}$/.test(text)) throw new Refused(422, { type: 'validation error', error: `${name} is invalid` })
  return Math.min(Number(text), high)
}
