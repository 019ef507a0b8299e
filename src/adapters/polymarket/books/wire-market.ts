import { z } from 'zod'
import type { Side } from '../../../core/market/market.ts'
import { type ConditionId, conditionId, type Instant, type TokenId, tokenId } from '../../../core/units/ids.ts'
import type { Price, Shares } from '../../../core/units/money.ts'
import { amount, anyPriceOf, bounded, type Fault, faultOf, instantOf, isFault, text, tradedPriceOf } from '../wire.ts'
import { type ReadLevels, readLevels, readTokenOf, restingOf } from '../wire-clob.ts'
import { tickOf } from '../wire-gamma.ts'

/** What rests at one price now; a size of 0 is nothing any more. */
export type LevelChange = { readonly side: Side; readonly price: Price; readonly size: Shares }

/** The best prices as the exchange tells them beside a change; `undefined` where that side is empty. */
export type Touch = { readonly bid: Price | undefined; readonly ask: Price | undefined }

/** One thing that the market socket told. */
export type MarketFrame =
  | { readonly kind: 'book'; readonly token: TokenId; readonly levels: ReadLevels }
  | {
      readonly kind: 'change'
      readonly token: TokenId
      readonly changes: readonly LevelChange[]
      readonly touch: Touch | undefined
      readonly happenedAt: Instant
    }
  | { readonly kind: 'touch'; readonly token: TokenId; readonly touch: Touch }
  | { readonly kind: 'tick'; readonly token: TokenId; readonly tick: Price }
  | { readonly kind: 'trade'; readonly token: TokenId }
  | { readonly kind: 'resolved'; readonly condition: ConditionId; readonly tokens: readonly TokenId[] }
  /** Known, and of no use here: a market that begins. */
  | { readonly kind: 'aside' }
  /** A type that these words do not know. */
  | { readonly kind: 'unknown'; readonly type: string }
  /** It cannot be read. Whatever it said of the token is missing from now on; of every token, where it does not say which. */
  | { readonly kind: 'garbage'; readonly token: TokenId | undefined; readonly fault: string }

/** More rows in one message than there are tokens on a socket, with room for a market's other side. */
const ROWS_MAX = 1_000
/** A frame that moves more levels than this at once would be a new book. */
const CHANGES_MAX = 5_000
/** What a socket says that is no JSON: answers to our pings and requests, and empty keep-alives. */
const WORDS = new Set(['', 'PONG', 'PING'])

const changeShape = z.object({
  asset_id: z.string(),
  price: amount,
  size: amount,
  side: z.enum(['BUY', 'SELL']),
  best_bid: amount.nullish(),
  best_ask: amount.nullish(),
})
const changesShape = z.object({ timestamp: amount, price_changes: z.array(z.unknown()).max(CHANGES_MAX) })
const touchShape = z.object({ best_bid: amount.nullish(), best_ask: amount.nullish() })
const resolvedShape = z.object({ market: z.string(), assets_ids: z.array(z.string()).max(ROWS_MAX).nullish() })
const typeShape = z.object({ event_type: text })

/** Everything in one message of the socket, in its order. Nothing that can be sent makes it throw. */
export function parseMarketMessage(message: string): readonly MarketFrame[] {
  if (WORDS.has(message.trim())) return []
  let value: unknown
  try {
    value = JSON.parse(message)
  } catch {
    return [garbage('it is not JSON')]
  }
  const rows = Array.isArray(value) ? value : [value]
  if (rows.length > ROWS_MAX) return [garbage(`a message of over ${ROWS_MAX} rows`)]
  return rows.flatMap(framesOf)
}

function framesOf(row: unknown): readonly MarketFrame[] {
  const read = typeShape.safeParse(row)
  if (!read.success) return [garbage('a row that is no object with a type')]
  const type = read.data.event_type ?? typeByShape(row as object)
  switch (type) {
    case 'book':
      return [bookOf(row)]
    case 'price_change':
      return changesOf(row)
    case 'last_trade_price':
      return [ofToken(row, token => ({ kind: 'trade', token }))]
    case 'tick_size_change':
      return [ofToken(row, token => tickFrame(row, token))]
    case 'best_bid_ask':
      return [ofToken(row, token => touchFrame(row, token))]
    case 'market_resolved':
      return [resolvedFrame(row)]
    case 'new_market':
      return [{ kind: 'aside' }]
    default:
      return [{ kind: 'unknown', type: bounded(type) }]
  }
}

/** A row without a type is known by what only its type has. A bare price and size could be a trade or a change, so it is neither. */
function typeByShape(row: object): string {
  if ('price_changes' in row) return 'price_change'
  if ('bids' in row && 'asks' in row) return 'book'
  if ('new_tick_size' in row) return 'tick_size_change'
  return ''
}

function bookOf(row: unknown): MarketFrame {
  return ofToken(row, token => {
    const levels = readLevels(row, token)
    return isFault(levels) ? garbage(levels.fault, token) : { kind: 'book', token, levels }
  })
}

/** A frame may hold changes of several tokens, mixed; each token's come out as one, since they happened together. */
function changesOf(row: unknown): readonly MarketFrame[] {
  const told = { price_changes: [row], ...(row as object) }
  const read = changesShape.safeParse(told)
  if (!read.success) return [garbage(faultOf(read.error).fault, readTokenOf(row))]
  const happenedAt = instantOf(read.data.timestamp)
  if (happenedAt === undefined) return [garbage('the time is none', readTokenOf(row))]
  const frames = new Map<TokenId, { changes: LevelChange[]; touch: Touch | undefined }>()
  const faults: MarketFrame[] = []
  for (const one of read.data.price_changes) {
    const change = changeOf(one)
    if (isFault(change)) {
      faults.push(garbage(change.fault, readTokenOf(one)))
      continue
    }
    const frame = frames.get(change.token) ?? { changes: [], touch: undefined }
    frame.changes.push(change)
    frame.touch = change.touch
    frames.set(change.token, frame)
  }
  const changed = [...frames].map(([token, frame]): MarketFrame => ({ kind: 'change', token, ...frame, happenedAt }))
  return [...changed, ...faults]
}

function changeOf(
  row: unknown,
): (LevelChange & { readonly token: TokenId; readonly touch: Touch | undefined }) | Fault {
  const read = changeShape.safeParse(row)
  if (!read.success) return faultOf(read.error)
  const token = tokenId(read.data.asset_id)
  const price = tradedPriceOf(read.data.price)
  const size = restingOf(read.data.size)
  if (token === undefined) return { fault: 'the token is no token id' }
  if (price === undefined) return { fault: 'a price outside 0 to 1' }
  if (size === undefined) return { fault: 'a size that is no size' }
  return { token, side: read.data.side === 'BUY' ? 'buy' : 'sell', price, size, touch: touchOf(read.data) }
}

/** An empty side is told as a bid of 0, an ask of 1 (or 0), or empty text. */
function touchOf({ best_bid, best_ask }: z.infer<typeof touchShape>): Touch | undefined {
  if (best_bid == null || best_ask == null) return undefined
  const bid = anyPriceOf(best_bid === '' ? 0 : best_bid)
  const ask = anyPriceOf(best_ask === '' ? 1 : best_ask)
  if (bid === undefined || ask === undefined) return undefined
  return { bid: tradedPriceOf(best_bid), ask: tradedPriceOf(best_ask) }
}

function touchFrame(row: unknown, token: TokenId): MarketFrame {
  const read = touchShape.safeParse(row)
  const touch = read.success ? touchOf(read.data) : undefined
  return touch === undefined ? garbage('best prices that are none', token) : { kind: 'touch', token, touch }
}

function tickFrame(row: unknown, token: TokenId): MarketFrame {
  const read = z.object({ new_tick_size: amount }).safeParse(row)
  const tick = read.success ? tickOf(read.data.new_tick_size) : undefined
  return tick === undefined ? garbage('a tick that is no grid', token) : { kind: 'tick', token, tick }
}

function resolvedFrame(row: unknown): MarketFrame {
  const read = resolvedShape.safeParse(row)
  const condition = read.success ? conditionId(read.data.market) : undefined
  if (!read.success || condition === undefined) return { kind: 'unknown', type: 'market_resolved without its market' }
  return { kind: 'resolved', condition, tokens: (read.data.assets_ids ?? []).flatMap(id => tokenId(id) ?? []) }
}

function ofToken(row: unknown, frame: (token: TokenId) => MarketFrame): MarketFrame {
  const token = readTokenOf(row)
  return token === undefined ? garbage('the token is no token id') : frame(token)
}

function garbage(fault: string, token?: TokenId): MarketFrame {
  return { kind: 'garbage', token, fault }
}
