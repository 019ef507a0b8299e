import { z } from 'zod'
import { type Level, type OrderBook, orderBook } from '../../core/market/book.ts'
import type { Side } from '../../core/market/market.ts'
import type { TokenId } from '../../core/units/ids.ts'
import type { Price, Shares } from '../../core/units/money.ts'
import { amount, type Fault, faultOf, instantOf, isFault, sharesOf, tradedPriceOf, unknownFields } from './wire.ts'
import { tickOf } from './wire-gamma.ts'

const levels = z.array(z.object({ price: amount, size: amount }))

const bookShape = z.object({
  asset_id: z.string(),
  timestamp: amount,
  bids: levels,
  asks: levels,
  min_order_size: amount.nullish(),
  tick_size: amount.nullish(),
})

const KNOWN = new Set([...Object.keys(bookShape.shape), 'market', 'hash', 'neg_risk', 'last_trade_price', 'version'])

/** A book, and the grid that the exchange itself holds orders to: Gamma learns of a changed tick later. */
export type ReadBook = {
  readonly book: OrderBook
  readonly tick: Price | undefined
  readonly sizeMin: Shares | undefined
  readonly unknown: readonly string[]
}

export function readBook(answer: unknown, token: TokenId): ReadBook | Fault {
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
  const book = orderBook(token, bids, asks, happenedAt)
  if (isFault(book)) return book
  return {
    book,
    tick: tickOf(row.tick_size),
    sizeMin: sharesOf(row.min_order_size),
    unknown: unknownFields(answer, KNOWN),
  }
}

/** Best first. The exchange sends the best last; a side that comes the other way round is left, one in no order is a fault later. */
function levelsOf(told: z.infer<typeof levels>, side: Side): readonly Level[] | Fault {
  const read: Level[] = []
  for (const level of told) {
    const price = tradedPriceOf(level.price)
    const size = sharesOf(level.size)
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
