import { z } from 'zod'
import type { OrderBook } from '../../core/market/book.ts'
import { type ConditionId, conditionId, type TokenId, tokenId } from '../../core/units/ids.ts'
import type { Price } from '../../core/units/money.ts'
import { amount, type Fault, faultOf, isFault, tradedPriceOf } from './wire.ts'
import { readBook } from './wire-clob.ts'
import { tickOf } from './wire-gamma.ts'

/** What the market socket tells that a decision can use: a whole book, a new grid, the price of a trade, the end of a market. */
export type MarketNotice =
  | { readonly kind: 'bookTold'; readonly book: OrderBook }
  | { readonly kind: 'tickChanged'; readonly token: TokenId; readonly tick: Price }
  | { readonly kind: 'tokenTraded'; readonly token: TokenId; readonly price: Price }
  | { readonly kind: 'marketResolved'; readonly condition: ConditionId; readonly winner: TokenId }

const bookShape = z.looseObject({ event_type: z.literal('book'), asset_id: z.string() })
const tickShape = z.object({ event_type: z.literal('tick_size_change'), asset_id: z.string(), new_tick_size: amount })
const tradeShape = z.object({ event_type: z.literal('last_trade_price'), asset_id: z.string(), price: amount })
const resolvedShape = z.object({
  event_type: z.literal('market_resolved'),
  market: z.string(),
  winning_asset_id: z.string(),
})
const messageShape = z.discriminatedUnion('event_type', [bookShape, tickShape, tradeShape, resolvedShape])
/** Told, but of no use without keeping whole books level by level. */
const PASSED_OVER = new Set(['price_change', 'best_bid_ask', 'new_market'])
const MESSAGES_MAX = 1_000

/** The notices of one frame, which holds one message or a list of them. Never throws. */
export function readMarketFrame(frame: string): readonly (MarketNotice | Fault)[] {
  if (frame === '' || frame === 'PONG') return []
  let message: unknown
  try {
    message = JSON.parse(frame)
  } catch {
    return [{ fault: 'not JSON' }]
  }
  const messages: readonly unknown[] = Array.isArray(message) ? message : [message]
  return messages.slice(0, MESSAGES_MAX).flatMap(readMessage)
}

function readMessage(message: unknown): readonly (MarketNotice | Fault)[] {
  if (isPassedOver(message)) return []
  const read = messageShape.safeParse(message)
  return [read.success ? noticeOf(read.data) : faultOf(read.error)]
}

function isPassedOver(message: unknown): boolean {
  if (typeof message !== 'object' || message === null || !('event_type' in message)) return false
  return typeof message.event_type === 'string' && PASSED_OVER.has(message.event_type)
}

function noticeOf(told: z.infer<typeof messageShape>): MarketNotice | Fault {
  const token = tokenId(told.event_type === 'market_resolved' ? told.winning_asset_id : told.asset_id)
  if (token === undefined) return { fault: 'the token is no token id' }
  switch (told.event_type) {
    case 'book': {
      const read = readBook(told, token)
      return isFault(read) ? read : { kind: 'bookTold', book: read.book }
    }
    case 'tick_size_change': {
      const tick = tickOf(told.new_tick_size)
      return tick === undefined ? { fault: 'the tick is no grid' } : { kind: 'tickChanged', token, tick }
    }
    case 'last_trade_price': {
      const price = tradedPriceOf(told.price)
      return price === undefined ? { fault: 'the price is not inside 0 and 1' } : { kind: 'tokenTraded', token, price }
    }
    case 'market_resolved': {
      const condition = conditionId(told.market)
      return condition === undefined
        ? { fault: 'the market is no condition id' }
        : { kind: 'marketResolved', condition, winner: token }
    }
  }
}
