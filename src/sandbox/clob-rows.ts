import { lastTrade } from './gamma-rows.ts'
import { mixHex } from './mix.ts'
import { type Level, type Listing, rounded, type TokenIndex, type World } from './world.ts'

export type WireLevel = { readonly price: string; readonly size: string }

/** One token's book as the CLOB tells it. The best level is the last on either side. */
export function bookRow(world: World, market: Listing, token: TokenIndex, at: number): object | undefined {
  const book = world.bookAt(market, token, at)
  if (book === undefined) return undefined
  const last = lastTrade(world, market, at)?.price
  const lastHere = last === undefined ? undefined : token === 0 ? last : rounded(1 - last)
  return {
    market: market.conditionId,
    asset_id: market.tokens[token],
    timestamp: String(world.clock.wallTime(at)),
    hash: bookHash(world, market, token, at),
    bids: book.bids.map(wireLevel).reverse(),
    asks: book.asks.map(wireLevel).reverse(),
    min_order_size: String(market.minSize),
    tick_size: String(book.tick),
    neg_risk: market.negativeRisk,
    last_trade_price: lastHere === undefined ? '' : decimal(lastHere, 3),
  }
}

export function bookHash(world: World, market: Listing, token: TokenIndex, at: number): string {
  return mixHex(40, market.number, token, world.bookVersion(market, at))
}

function wireLevel([price, size]: Level): WireLevel {
  return { price: decimal(price), size: decimal(size) }
}

/** A number as the CLOB writes it: at least two decimals, and no more than it needs. */
export function decimal(value: number, atLeast = 2): string {
  const short = rounded(value).toFixed(6).replace(/0+$/, '')
  const decimals = short.length - short.indexOf('.') - 1
  return decimals >= atLeast ? short : value.toFixed(atLeast)
}
