import { bought, sold } from '../ledger/ledger.ts'
import { afterBuy, afterSale, afterWhaleBought, costOf, opened } from '../ledger/position.ts'
import { isClosed, move, openSize, withFill } from '../order/order.ts'
import { assert } from '../units/brand.ts'
import type { OrderKey, WhaleAddress } from '../units/ids.ts'
import { minus, mulDiv, NO_SHARES, NO_USD, plus, type Usd } from '../units/money.ts'
import type { OwnRecord } from '../whale/record.ts'
import { book, booksIn, expose } from './evolve-books.ts'
import { joinTrade, setStage } from './evolve-signal.ts'
import type { FactOf } from './fact.ts'
import { type AccountBooks, burstKey, CLOSED_ORDERS_MAX, type EngineState, type HeldOrder } from './state.ts'

export function orderIn(state: EngineState, key: OrderKey): HeldOrder {
  const order = state.orders.get(key)
  assert(order !== undefined, 'a fact names an order that is held')
  return order
}

export function setOrder(state: EngineState, order: HeldOrder): void {
  state.orders.set(order.intent.key, order)
}

export function planOrder(state: EngineState, fact: FactOf<'orderPlanned'>): void {
  const { intent, reserve, market, mark } = fact
  assert(!state.orders.has(intent.key), 'an order is planned once')
  const signal = state.signals.get(intent.signal)
  assert(signal !== undefined, 'an order comes of a signal without a verdict')
  const trade = signal.origin.kind === 'whale' ? signal.origin.trade : undefined
  const books = booksIn(state, intent.account)
  setOrder(state, {
    intent,
    id: fact.id,
    payload: fact.payload,
    status: 'sent',
    plannedAt: fact.at,
    filled: NO_SHARES,
    reserved: reserve,
    probes: 0,
    fills: [],
    market,
    mark,
    cause: trade === undefined ? undefined : { whale: trade.whale, theirs: trade.size },
    notional: NO_USD,
  })
  state.openOrders.add(intent.key)
  books.reserved = plus(books.reserved, reserve)
  expose(books, market, reserve)
  books.turn += 1
  if (intent.side === 'buy') {
    const { performance } = books
    books.performance = {
      ...performance,
      entries: performance.entries + 1,
      entriesToday: performance.entriesToday + 1,
    }
  }
  setStage(state, intent.signal, { kind: 'ordered', order: intent.key })
}

export function fillOrder(state: EngineState, fact: FactOf<'orderFilled'>): void {
  const before = orderIn(state, fact.order)
  const { fill } = fact
  const { intent, market } = before
  const books = booksIn(state, intent.account)
  const order = { ...before, ...withFill(before, fill), notional: plus(before.notional, fill.notional) }
  setOrder(state, release(books, before, order))
  const held = books.positions.get(market.token)
  if (intent.side === 'buy') {
    const isFirst = before.filled === NO_SHARES
    const cause =
      before.cause === undefined ? undefined : { ...before.cause, theirs: isFirst ? before.cause.theirs : NO_SHARES }
    const position = held ?? opened(market, before.mark, fill.happenedAt)
    book(books, position, afterBuy(position, fill, cause), bought(fill.notional, fill.fee))
    noteOwn(state, before.cause?.whale, { copies: isFirst ? 1 : 0, staked: plus(fill.notional, fill.fee) })
  } else {
    assert(held !== undefined, 'only what is held is sold')
    const cost = costOf(held, fill.size)
    const after = afterSale(held, fill.size, fill.notional, fill.fee, before.cause?.whale)
    book(books, held, after, sold(fill.notional, fill.fee, cost))
  }
  books.turn += 1
}

/** A further piece of a trade that is being copied or was: what the whale is followed out of grows by it. */
export function followFurther(state: EngineState, fact: FactOf<'tradeJoined'>): void {
  const { trade, signal } = fact
  const stage = joinTrade(state, fact)?.stage
  if (trade.side === 'sell') return
  const order = stage?.kind === 'ordered' ? orderIn(state, stage.order) : undefined
  if (order?.cause !== undefined && order.filled === NO_SHARES) {
    setOrder(state, { ...order, cause: { ...order.cause, theirs: plus(order.cause.theirs, trade.size) } })
    return
  }
  const burst = state.bursts.get(burstKey(trade))
  if (order === undefined && !(burst?.signal === signal && burst.isCopied)) return
  for (const books of state.accounts.values()) {
    const held = books.positions.get(trade.token)
    if (held !== undefined) books.positions.set(trade.token, afterWhaleBought(held, trade.whale, trade.size))
  }
}

/** Copying this whale has cost, or brought, so much more. */
export function noteOwn(state: EngineState, address: WhaleAddress | undefined, change: Partial<OwnRecord>): void {
  const whale = address === undefined ? undefined : state.whales.get(address)
  if (whale === undefined) return
  const { own } = whale
  state.whales.set(whale.address, {
    ...whale,
    own: {
      copies: own.copies + (change.copies ?? 0),
      closed: own.closed + (change.closed ?? 0),
      staked: plus(own.staked, change.staked ?? NO_USD),
      profit: plus(own.profit, change.profit ?? NO_USD),
    },
  })
}

/** Gives back what the fill no longer needs set aside: its part, or all of it with the last share. */
function release(books: AccountBooks, before: HeldOrder, after: HeldOrder): HeldOrder {
  const open = openSize(before)
  const isLast = openSize(after) === NO_SHARES
  const size = minus(after.filled, before.filled)
  const part = isLast ? before.reserved : (mulDiv(before.reserved, size, open, 'down') as Usd)
  books.reserved = minus(books.reserved, part)
  expose(books, before.market, -part as Usd)
  return { ...after, reserved: minus(before.reserved, part) }
}

export function closeOrder(state: EngineState, fact: FactOf<'orderClosed'>): void {
  const before = orderIn(state, fact.order)
  const books = booksIn(state, before.intent.account)
  books.reserved = minus(books.reserved, before.reserved)
  expose(books, before.market, -before.reserved as Usd)
  const order = { ...(move(before, fact.status) as HeldOrder), reserved: NO_USD }
  assert(isClosed(order.status), 'an order is closed in a status that is final')
  setOrder(state, order)
  books.turn += 1
  state.openOrders.delete(fact.order)
  state.closedOrders.set(fact.order, true)
  if (state.closedOrders.size <= CLOSED_ORDERS_MAX) return
  for (const oldest of state.closedOrders.keys()) {
    state.closedOrders.delete(oldest)
    state.orders.delete(oldest)
    return
  }
}
