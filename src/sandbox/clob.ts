import { bookRow, decimal } from './clob-rows.ts'
import { lastTrade } from './gamma-rows.ts'
import { type Answer, ok, Refused, type Request } from './request.ts'
import { type Book, type Listing, rounded, type TokenIndex, type World } from './world.ts'

export type ClobApi = (request: Request, at: number) => Answer

type Named = { readonly market: Listing; readonly token: TokenIndex }

const BOOKS_MAX = 500

/** The CLOB's public side. Nothing can be ordered here: the sandbox takes no orders at all. */
export function clobApi(world: World): ClobApi {
  return (request, at) => {
    const { method, path, query } = request
    if (path === '/books' && method === 'POST') return ok(books(world, request.body, at))
    if (method !== 'GET') throw new Refused(405, { error: 'the sandbox takes no orders: it only shows a market' })
    const named = () => tokenNamed(world, query.get('token_id') ?? '', at)
    switch (path) {
      case '/':
      case '/ok':
        return ok('OK')
      case '/time':
        return ok(Math.floor(world.clock.wallTime(at) / 1000))
      case '/version':
        return ok({ version: 2 })
      case '/book':
        return ok(wholeBook(world, named(), at))
      case '/tick-size':
        return ok({ minimum_tick_size: book(world, named(), at).tick })
      case '/neg-risk':
        return ok({ neg_risk: named().market.negativeRisk })
      case '/fee-rate':
        return ok({ base_fee: 1000 })
      case '/midpoint':
        return ok({ mid: decimal(middle(book(world, named(), at))) })
      case '/spread':
        return ok({ spread: decimal(spread(book(world, named(), at))) })
      case '/price':
        return ok({ price: decimal(bestPrice(book(world, named(), at), query.get('side'))) })
      case '/last-trade-price':
        return ok(lastPrice(world, named(), at))
      default:
        return ok(byPath(world, path, at))
    }
  }
}

function byPath(world: World, path: string, at: number): object {
  const [, kind, id = '', rest] = path.split('/')
  if (rest === undefined && kind === 'clob-markets') {
    const market = world.marketByCondition(id.toLowerCase())
    if (market === undefined || market.opensAt > at) throw new Refused(404, { error: 'market not found' })
    return compactMarket(world, market, at)
  }
  if (rest === undefined && kind === 'markets-by-token') {
    const { market } = tokenNamed(world, id, at)
    // The first of the two is not promised to be "Yes", and here often is not.
    const [first, second] = market.number % 2 === 0 ? market.tokens : [market.tokens[1], market.tokens[0]]
    return { condition_id: market.conditionId, primary_token_id: first, secondary_token_id: second }
  }
  throw new Refused(404, { error: 'not found' })
}

/** `nr` is there only where it is true, as at the venue. */
function compactMarket(world: World, market: Listing, at: number): object {
  const tick = world.bookAt(market, 0, Math.min(at, market.closesAt - 1))?.tick ?? 0.01
  return {
    c: market.conditionId,
    t: market.tokens.map((token, index) => ({ t: token, o: market.outcomes[index] })),
    mos: market.minSize,
    mts: tick,
    mbf: 1000,
    tbf: 1000,
    ...(market.negativeRisk ? { nr: true } : {}),
    fd: { r: market.feeRate, e: 1, to: true },
    itode: market.category === 'crypto',
    ao: at < market.closesAt,
    cbos: at >= market.resolvesAt,
  }
}

function books(world: World, body: string, at: number): readonly object[] {
  const asked = parsedBody(body)
  if (!Array.isArray(asked) || asked.length > BOOKS_MAX) throw new Refused(400, { error: 'Invalid payload' })
  return asked.flatMap((item: unknown) => {
    const id = typeof item === 'object' && item !== null && 'token_id' in item ? item.token_id : undefined
    if (typeof id !== 'string') throw new Refused(400, { error: 'Invalid payload' })
    const found = world.marketByToken(id)
    return found === undefined ? [] : (bookRow(world, found.market, found.token, at) ?? [])
  })
}

function parsedBody(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new Refused(400, { error: 'Invalid payload' })
  }
}

function tokenNamed(world: World, tokenId: string, at: number): Named {
  const found = world.marketByToken(tokenId)
  if (found === undefined || found.market.opensAt > at) throw noBook()
  return found
}

function book(world: World, { market, token }: Named, at: number): Book {
  const found = world.bookAt(market, token, at)
  if (found === undefined) throw noBook()
  return found
}

function wholeBook(world: World, { market, token }: Named, at: number): object {
  const found = bookRow(world, market, token, at)
  if (found === undefined) throw noBook()
  return found
}

function noBook(): Refused {
  return new Refused(404, { error: 'No orderbook exists for the requested token id' })
}

function middle(of: Book): number {
  const bid = of.bids[0]?.[0] ?? 0
  const ask = of.asks[0]?.[0] ?? 1
  return rounded((bid + ask) / 2)
}

function spread(of: Book): number {
  return rounded((of.asks[0]?.[0] ?? 1) - (of.bids[0]?.[0] ?? 0))
}

/** The best price resting on that side. The venue's own pages disagree on which side is meant; a book never does. */
function bestPrice(of: Book, side: string | null): number {
  if (side?.toUpperCase() === 'BUY') return of.bids[0]?.[0] ?? 0
  if (side?.toUpperCase() === 'SELL') return of.asks[0]?.[0] ?? 1
  throw new Refused(400, { error: 'Invalid side' })
}

function lastPrice(world: World, { market, token }: Named, at: number): object {
  const first = lastTrade(world, market, at)?.price
  if (first === undefined) return { price: '', side: '' }
  return { price: decimal(token === 0 ? first : rounded(1 - first)), side: 'BUY' }
}
