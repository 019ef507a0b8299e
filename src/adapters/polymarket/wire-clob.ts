import { z } from 'zod'
import { type Level, type OrderBook, orderBook } from '../../core/market/book.ts'
import type { Side } from '../../core/market/market.ts'
import { type Instant, type TokenId, tokenId } from '../../core/units/ids.ts'
import type { Price, Shares } from '../../core/units/money.ts'
import { amount, type Fault, faultOf, instantOf, isFault, sharesOf, tradedPriceOf, unknownFields } from './wire.ts'
import { tickOf } from './wire-gamma.ts'

/** A grid of ten-thousandths, the finest there is, has fewer prices than this. */
const SIDE_LEVELS_MAX = 10_000
/** A trillion shares, in millionths: about a hundred thousand times the largest level of any recorded book (10.5 million at 0.999). */
const SIZE_ABSURD = 1_000_000_000_000_000_000n

const levels = z.array(z.object({ price: amount, size: amount })).max(SIDE_LEVELS_MAX)

const bookShape = z.object({
  asset_id: z.string(),
  timestamp: amount,
  bids: levels,
  asks: levels,
  min_order_size: amount.nullish(),
  tick_size: amount.nullish(),
})

const KNOWN = new Set([...Object.keys(bookShape.shape), 'market', 'hash', 'neg_risk', 'last_trade_price', 'version'])

/** The grid that the exchange itself holds orders to, where a book says it: Gamma learns of a changed tick later. */
export type ReadGrid = { readonly tick: Price | undefined; readonly sizeMin: Shares | undefined }

export type ReadBook = ReadGrid & {
  readonly book: OrderBook
  readonly unknown: readonly string[]
}

/** Every level of a book, best first on both sides; whether they are in order and not crossed is not looked at here. */
export type ReadLevels = ReadGrid & {
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
  readonly happenedAt: Instant
}

export function readBook(answer: unknown, token: TokenId): ReadBook | Fault {
  const read = readLevels(answer, token)
  if (isFault(read)) return read
  const book = orderBook(token, read.bids, read.asks, read.happenedAt)
  if (isFault(book)) return book
  return { book, tick: read.tick, sizeMin: read.sizeMin, unknown: unknownFields(answer, KNOWN) }
}

/** A book to its last level, of an answer or of a frame. */
export function readLevels(answer: unknown, token: TokenId): ReadLevels | Fault {
  const read = bookShape.safeParse(answer)
  if (!read.success) return faultOf(read.error)
  const row = read.data
  if (row.asset_id !== token) return { fault: 'the book of another token' }
  const happenedAt = instantOf(row.timestamp)
  if (happenedAt === undefined) return { fault: 'the time is none' }
  const bids = levelsOf(row.bids, 'buy')
  const asks = levelsOf(row.asks, 'sell')
  if (isFault(bids)) return bids
  if (isFault(asks)) return asks
  return { bids, asks, happenedAt, tick: tickOf(row.tick_size), sizeMin: sharesOf(row.min_order_size) }
}

/** Whose book a row of many says it is. */
export function readTokenOf(row: unknown): TokenId | undefined {
  const told = typeof row === 'object' && row !== null && 'asset_id' in row ? row.asset_id : undefined
  return typeof told === 'string' ? tokenId(told) : undefined
}

/** What rests at a price, at least 0; `undefined` for what is no size, or more than there can be. */
export function restingOf(value: number | string): Shares | undefined {
  const size = sharesOf(value)
  return size === undefined || size >= SIZE_ABSURD ? undefined : size
}

/** Best first. The exchange sends the best last; a side that comes the other way round is left, one in no order is a fault later. */
function levelsOf(told: z.infer<typeof levels>, side: Side): readonly Level[] | Fault {
  const read: Level[] = []
  for (const level of told) {
    const price = tradedPriceOf(level.price)
    const size = restingOf(level.size)
    if (price === undefined) return { fault: 'a price outside 0 to 1' }
    if (size === undefined) return { fault: 'a size that is no size' }
    read.push({ price, size })
  }
  const first = read[0]
  const last = read.at(-1)
  if (first === undefined || last === undefined) return read
  const isBestFirst = side === 'buy' ? first.price > last.price : first.price < last.price
  return isBestFirst ? read : read.reverse()
}
