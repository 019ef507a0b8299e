import type { Prepare } from '../../src/core/engine/deciding.ts'
import type { Asker } from '../../src/core/engine/input.ts'
import type { PositionFacts } from '../../src/core/ledger/position.ts'
import { type Level, type OrderBook, orderBook } from '../../src/core/market/book.ts'
import { type Market, takerFee } from '../../src/core/market/market.ts'
import type { ClearedIntent, Fill, Order, OrderIntent } from '../../src/core/order/order.ts'
import {
  type ConditionId,
  conditionId,
  type FillId,
  type Instant,
  instant,
  type OrderId,
  orderKeyOf,
  type PersonId,
  type SignalId,
  type TokenId,
  tokenId,
  type WhaleAddress,
  whaleAddress,
} from '../../src/core/units/ids.ts'
import {
  NO_SHARES,
  NO_USD,
  notional,
  type Price,
  price,
  type Shares,
  shares,
  type Usd,
  usd,
} from '../../src/core/units/money.ts'
import { qualityOf } from '../../src/core/whale/quality.ts'
import type { WhaleRecord } from '../../src/core/whale/record.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import { NO_OWN_RECORD, PLAIN_SETTINGS, type Whale } from '../../src/core/whale/whale.ts'

/** An ordinary Wednesday, half an hour after noon in UTC: not at the turn of any hour or day. */
export const HALF_PAST_NOON = instant(Date.UTC(2026, 6, 15, 12, 30))

/** What a test cannot go on without. */
export function needed<T>(value: T | undefined, what = 'it'): T {
  if (value === undefined) throw new Error(`${what} is not there`)
  return value
}

export function wallet(number: number): WhaleAddress {
  return needed(whaleAddress(`0x${number.toString(16).padStart(40, '0')}`))
}

export function condition(number: number): ConditionId {
  return needed(conditionId(`0x${number.toString(16).padStart(64, '0')}`))
}

/** The two tokens of a market: `1` and `2` for market 0, `11` and `12` for market 1. */
export function token(market: number, outcome: 0 | 1 = 0): TokenId {
  return needed(tokenId(String(market * 10 + outcome + 1)))
}

export const ANNA: PersonId = 'anna' as PersonId

export const BERT: PersonId = 'bert' as PersonId
export const CORA: PersonId = 'cora' as PersonId

export function asker(press: string, person: PersonId = ANNA, surface = 'console'): Asker {
  return { person, surface, press }
}

export function market(number: number, over: Partial<Market> = {}): Market {
  return {
    condition: condition(number),
    title: `Will team ${number} win?`,
    slug: `team-${number}`,
    category: 'sports',
    outcomes: [
      { token: token(number, 0), name: 'Yes' },
      { token: token(number, 1), name: 'No' },
    ],
    status: 'open',
    tick: price('0.01'),
    sizeMin: shares('5'),
    feeRate: price('0'),
    closesAt: undefined,
    liquidity: usd('100000'),
    isNegRisk: false,
    ...over,
  }
}

/** Levels written as `['0.52', '100']`: a price and a size. */
export type Written = readonly (readonly [at: string, size: string])[]

export function levels(written: Written): readonly Level[] {
  return written.map(([at, size]) => ({ price: price(at), size: shares(size) }))
}

/** A book that must be one. */
export function bookOf(of: TokenId, bids: Written, asks: Written, at: Instant = HALF_PAST_NOON): OrderBook {
  const made = orderBook(of, levels(bids), levels(asks), at)
  if ('fault' in made) throw new Error(made.fault)
  return made
}

export function trade(market: number, over: Partial<WhaleTrade> = {}): WhaleTrade {
  return {
    transaction: `0x${market.toString(16).padStart(64, 'a')}`,
    whale: wallet(1),
    name: 'swordfish',
    token: token(market),
    condition: condition(market),
    side: 'buy',
    price: price('0.52'),
    size: shares('1000'),
    title: `Will team ${market} win?`,
    outcome: 'Yes',
    happenedAt: HALF_PAST_NOON,
    source: 'activity',
    ...over,
  }
}

/** A long and good record: quality 91, and some three cents a share of it believed. */
export const GOOD_RECORD: WhaleRecord = {
  asOf: HALF_PAST_NOON,
  resolved: 300,
  won: 190,
  cost: usd('100000'),
  profit: usd('12000'),
  pricePaid: 0.52,
  sharpe: 0.2,
  recentReturn: 0.2,
  drawdown: 0,
  consistency: 0.9,
}

/** As long, and lost money. */
export const POOR_RECORD: WhaleRecord = {
  ...GOOD_RECORD,
  won: 140,
  profit: usd('-9000'),
  sharpe: -0.1,
  recentReturn: -0.1,
  drawdown: 0.4,
  consistency: 0.2,
}

export function whale(number: number, record: WhaleRecord | undefined = GOOD_RECORD): Whale {
  return {
    address: wallet(number),
    name: `whale ${number}`,
    followedAt: HALF_PAST_NOON,
    settings: PLAIN_SETTINGS,
    own: NO_OWN_RECORD,
    record,
    quality: record === undefined ? undefined : qualityOf(record),
    lastTradeAt: undefined,
  }
}

/** Pure, as the venues' own: the id follows from the key alone. */
export const prepare: Prepare = intent => ({ id: `venue:${intent.key}` as OrderId, payload: intent.key })

export function intent(over: Partial<OrderIntent> = {}): ClearedIntent {
  const signal = 'signal' as SignalId
  const made: OrderIntent = {
    key: orderKeyOf(signal, 1),
    signal,
    account: 'paper',
    condition: condition(0),
    token: token(0),
    side: 'buy',
    limit: price('0.55'),
    size: shares('100'),
    lifetime: 'kill',
    feeRate: price('0'),
    ...over,
  }
  // Only `clear()` mints one in the program; here the order itself is under test.
  return made as ClearedIntent
}

export function order(over: Partial<Order> = {}): Order {
  return {
    intent: intent(),
    id: 'venue:1' as OrderId,
    payload: '',
    status: 'sent',
    plannedAt: HALF_PAST_NOON,
    filled: NO_SHARES,
    reserved: NO_USD,
    probes: 0,
    fills: [],
    ...over,
  }
}

/** What a venue fills: `size` at `at`, against us to the last millionth, with a taker's fee. */
export function fill(
  id: string,
  size: Shares,
  at: Price,
  side: 'buy' | 'sell' = 'buy',
  feeRate: Price = price('0'),
): Fill {
  return {
    id: id as FillId,
    price: at,
    size,
    notional: notional(size, at, side === 'buy' ? 'up' : 'down'),
    fee: takerFee(size, at, feeRate),
    happenedAt: HALF_PAST_NOON,
  }
}

export function positionFacts(number: number): PositionFacts {
  return {
    account: 'paper',
    token: token(number),
    condition: condition(number),
    category: 'sports',
    title: `Will team ${number} win?`,
    outcome: 'Yes',
  }
}

/** A millionth, for boundaries. */
export const MILLIONTH = 1n as Usd
