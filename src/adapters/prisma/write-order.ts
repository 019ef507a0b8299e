import type { Fact, FactOf } from '../../core/engine/fact.ts'
import { afterBuy, afterSale, opened, type Position } from '../../core/ledger/position.ts'
import type { Account, Fill, OrderStatus } from '../../core/order/order.ts'
import { type ConditionId, dayOf, type Instant, type SignalId, shortOf, type TokenId } from '../../core/units/ids.ts'
import { type Shares, type Usd, ZERO } from '../../core/units/money.ts'
import type { Order as OrderRow, Position as PositionRow } from '../../generated/prisma/client.ts'
import type { Batch, Place } from './batch.ts'

/**
 * What a fact says about orders, fills, positions and profit. A row that is missing is passed over: a table is derived, and the
 * state, which is not, has already refused what cannot be.
 */
export async function writeOrder(batch: Batch, fact: Fact, place: Place): Promise<void> {
  switch (fact.kind) {
    case 'orderPlanned':
      return planOrder(batch, fact, place)
    case 'orderBecameUncertain':
      return setStatus(batch, fact.order, 'uncertain', fact.why)
    case 'orderRested':
      return setStatus(batch, fact.order, 'resting', '')
    case 'cancelAsked':
      return setStatus(batch, fact.order, 'cancelling', '')
    case 'orderClosed':
      return setStatus(batch, fact.order, fact.status, fact.why)
    case 'orderFilled':
      return fillOrder(batch, fact, place)
    case 'profitRealised':
      return addProfit(batch, fact)
    case 'positionClosed':
      return closePosition(batch, fact)
    default:
      return
  }
}

async function planOrder(batch: Batch, fact: FactOf<'orderPlanned'>, { seq }: Place): Promise<void> {
  const { intent, id, market, at } = fact
  const { key, signal, account, condition, token, side, limit, size } = intent
  const { category, title, outcome } = market
  const nothing = { filled: 0n, notional: 0n, fee: 0n }
  const bought = { account, condition, token, category, title, outcome, side, limit, size }
  const names = { key, id, seq, signal, short: shortOf(signal as SignalId) }
  batch.orders.put({ ...names, ...bought, ...nothing, status: 'sent', why: '', plannedAt: BigInt(at) })
}

async function setStatus(batch: Batch, key: string, status: OrderStatus, why: string): Promise<void> {
  const row = await batch.orders.get(key)
  if (row !== undefined) batch.orders.put({ ...row, status, why })
}

async function fillOrder(batch: Batch, { order: key, fill }: FactOf<'orderFilled'>, place: Place): Promise<void> {
  const { id, price, size, notional, fee, happenedAt } = fill
  batch.fills.put({ order: key, id, seq: place.seq, price, size, notional, fee, happenedAt: BigInt(happenedAt) })
  const order = await batch.orders.get(key)
  if (order === undefined) return
  const filled = order.filled + size
  batch.orders.put({ ...order, filled, notional: order.notional + notional, fee: order.fee + fee })
  await addToDay(batch, order.account, place.at, { profit: 0n, fees: 0n, fills: 1 })
  await moveShares(batch, order, fill, place)
}

/** By the same arithmetic as the engine's books, so that a table never shows another cost than the state. */
async function moveShares(batch: Batch, order: OrderRow, fill: Fill, { seq }: Place): Promise<void> {
  const row = await batch.held.get(order.account, order.token)
  if (order.side === 'buy') {
    const before = row === undefined ? opened(factsOf(order), ZERO, fill.happenedAt) : positionOf(row)
    batch.held.put(rowOf(afterBuy(before, fill, undefined), row?.seq ?? seq))
  } else if (row !== undefined) {
    const after = afterSale(positionOf(row), fill.size, fill.notional, fill.fee, undefined)
    batch.held.put(rowOf(after, row.seq))
  }
}

/** What it brought is the engine's word; a settlement's payout is in it, so nothing is left to reckon. */
async function closePosition(batch: Batch, fact: FactOf<'positionClosed'>): Promise<void> {
  const { account, token, profit, at } = fact
  const row = await batch.held.get(account, token)
  if (row === undefined) return
  const ended = { shares: 0n, cost: 0n, realised: profit + row.fees, profit, closedAt: BigInt(at) }
  batch.held.put({ ...row, ...ended })
}

async function addProfit(batch: Batch, fact: FactOf<'profitRealised'>): Promise<void> {
  const { account, whale = '', profit, fee, at } = fact
  await addToDay(batch, account, BigInt(at), { profit, fees: fee, fills: 0 })
  const row = (await batch.whaleProfits.get(account, whale)) ?? { account, whale, profit: 0n, fees: 0n }
  batch.whaleProfits.put({ ...row, profit: row.profit + profit, fees: row.fees + fee })
}

type Sums = { readonly profit: bigint; readonly fees: bigint; readonly fills: number }

async function addToDay(batch: Batch, account: string, at: bigint, { profit, fees, fills }: Sums): Promise<void> {
  const day = dayOf(Number(at) as Instant)
  const row = (await batch.days.get(account, day)) ?? { account, day, profit: 0n, fees: 0n, fills: 0 }
  batch.days.put({ ...row, profit: row.profit + profit, fees: row.fees + fees, fills: row.fills + fills })
}

function factsOf(order: OrderRow): Parameters<typeof opened>[0] {
  const { account, token, condition, category, title, outcome } = order
  return {
    account: account as Account,
    token: token as TokenId,
    condition: condition as ConditionId,
    category,
    title,
    outcome,
  }
}

function positionOf(row: PositionRow): Position {
  return {
    account: row.account as Account,
    token: row.token as TokenId,
    condition: row.condition as ConditionId,
    category: row.category,
    title: row.title,
    outcome: row.outcome,
    shares: row.shares as Shares,
    cost: row.cost as Usd,
    fees: row.fees as Usd,
    realised: row.realised as Usd,
    mark: ZERO,
    openedAt: Number(row.openedAt) as Instant,
    lots: new Map(),
  }
}

function rowOf(position: Position, seq: bigint): PositionRow {
  const { mark: _, lots: __, openedAt, ...columns } = position
  return { ...columns, seq, openedAt: BigInt(openedAt), closedAt: null, profit: null }
}
