import { costOf } from '../ledger/position.ts'
import type { OrderReport } from '../order/answer.ts'
import { type Fill, isClosed, openSize } from '../order/order.ts'
import { haltUntilReleased } from '../risk/holds.ts'
import { assert } from '../units/brand.ts'
import { later, type OrderKey } from '../units/ids.ts'
import { minus, NO_SHARES, NO_USD, negated, plus, priceOf, type Usd } from '../units/money.ts'
import type { Deciding } from './deciding.ts'
import type { InputOf } from './input.ts'
import { booksOf, type HeldOrder, type View } from './state.ts'

/** How long a doubt waits before it is asked about again: doubling from two seconds to a minute. */
const PROBE_AGAIN_MS = 2_000
const PROBE_AGAIN_MAX_MS = 60_000

/** The venue's word on an order that was sent. One that comes after its fate was settled otherwise only adds fills that are new. */
export function decideAnswer(deciding: Deciding, input: InputOf<'orderAnswered'>): void {
  const { at, conclude } = deciding
  const order = deciding.state.orders.get(input.order)
  if (order === undefined) return
  const { answer } = input
  switch (answer.kind) {
    case 'accepted':
      takeFills(deciding, input.order, answer.fills)
      settleStatus(
        deciding,
        input.order,
        answer.status === 'killed' ? 'cancelled' : answer.status,
        'the rest found nobody',
      )
      break
    case 'rejected':
      if (order.status === 'sent') close(deciding, input.order, 'rejected', answer.reason)
      break
    case 'unknown':
      if (order.status === 'sent') conclude({ kind: 'orderBecameUncertain', order: input.order, why: answer.why, at })
      break
  }
  finish(deciding, input.order)
}

/** What the venue says of an order that was asked about. */
export function decideReport(deciding: Deciding, input: InputOf<'orderReported'>): void {
  const order = deciding.state.orders.get(input.order)
  if (order === undefined) return
  const { report } = input
  if (report.kind === 'found') {
    takeFills(deciding, input.order, report.fills)
    settleStatus(deciding, input.order, report.status, 'found so when asked about')
  } else if (report.kind === 'absent') {
    if (order.status === 'uncertain') close(deciding, input.order, 'rejected', 'it never reached the venue')
  } else {
    putOff(deciding, order, report)
  }
  finish(deciding, input.order)
}

/** The time has come to ask about a doubtful order. */
export function decideProbe({ state, conclude }: Deciding, order: OrderKey): void {
  if (state.orders.get(order)?.status === 'uncertain') conclude({ kind: 'orderProbed', order })
}

function putOff(
  { at, conclude }: Deciding,
  order: View<HeldOrder>,
  report: Extract<OrderReport, { kind: 'unknown' }>,
): void {
  if (order.status !== 'uncertain') return
  const waitMs = Math.min(PROBE_AGAIN_MAX_MS, PROBE_AGAIN_MS * (1 << Math.min(order.probes, 10)))
  conclude({ kind: 'orderProbePutOff', order: order.intent.key, until: later(at, waitMs), why: report.why })
}

/**
 * Counts the fills that were not known yet. They count on a closed order too: what changed hands has changed hands. One that
 * cannot be, beyond the order's size or of more than is held, is not booked: it stops trading until a person has looked.
 */
function takeFills(deciding: Deciding, key: OrderKey, fills: readonly Fill[]): void {
  for (const fill of fills) {
    const order = deciding.state.orders.get(key)
    assert(order !== undefined, 'an order that fills is held')
    if (order.fills.includes(fill.id)) continue
    if (order.status === 'rejected') distrust(deciding, `order ${order.id} was rejected and then filled`)
    if (cannotBe(deciding, order, fill)) distrust(deciding, `order ${order.id} was filled with more than there can be`)
    else takeFill(deciding, order, fill)
  }
}

function cannotBe({ state }: Deciding, order: View<HeldOrder>, fill: Fill): boolean {
  if (fill.size <= NO_SHARES || fill.size > openSize(order as HeldOrder)) return true
  if (order.intent.side === 'buy') return false
  const held = booksOf(state, order.intent.account).positions.get(order.intent.token)
  return held === undefined || fill.size > held.shares
}

function takeFill(deciding: Deciding, order: View<HeldOrder>, fill: Fill): void {
  const { state, at, conclude } = deciding
  const { account, token, side, key } = order.intent
  const held = booksOf(state, account).positions.get(token)
  const whale = order.cause?.whale
  const cost = side === 'sell' && held !== undefined ? costOf(held, fill.size) : NO_USD
  conclude({ kind: 'orderFilled', order: key, fill })
  const gain = side === 'sell' ? minus(minus(fill.notional, cost), fill.fee) : negated(fill.fee)
  if (gain !== NO_USD || side === 'sell') {
    conclude({ kind: 'profitRealised', account, token, whale, profit: gain, fee: fill.fee, at })
  }
  if (side !== 'sell' || held === undefined || booksOf(state, account).positions.has(token)) return
  const life = plus(held.realised, minus(fill.notional, cost))
  conclude({ kind: 'positionClosed', account, token, profit: minus(life, plus(held.fees, fill.fee)), at })
}

/** A venue that says what cannot be is not taken at its word: nothing is traded until a person has looked. */
function distrust({ state, at, conclude }: Deciding, why: string): void {
  if (state.holds.has('reconciliation')) return
  conclude({ kind: 'holdPlaced', hold: haltUntilReleased('reconciliation', at, why) })
}

function settleStatus(
  deciding: Deciding,
  key: OrderKey,
  said: 'resting' | 'filled' | 'cancelled' | 'expired',
  why: string,
): void {
  const order = deciding.state.orders.get(key)
  assert(order !== undefined, 'an order that is settled is held')
  if (isClosed(order.status)) return
  const isWhole = openSize(order as HeldOrder) === NO_SHARES
  if (isWhole) close(deciding, key, 'filled', 'all of it')
  else if (said === 'resting') rest(deciding, order)
  else close(deciding, key, said === 'filled' ? 'cancelled' : said, why)
}

function rest({ conclude }: Deciding, order: View<HeldOrder>): void {
  if (order.status !== 'resting') conclude({ kind: 'orderRested', order: order.intent.key })
}

function close(
  deciding: Deciding,
  key: OrderKey,
  status: 'filled' | 'cancelled' | 'expired' | 'rejected',
  why: string,
): void {
  deciding.conclude({ kind: 'orderClosed', order: key, status, why })
}

/** An order that has come to its end gives its signal a verdict: copied if anything changed hands. */
function finish({ state, conclude }: Deciding, key: OrderKey): void {
  const order = state.orders.get(key)
  if (order === undefined || !isClosed(order.status)) return
  const { signal, side } = order.intent
  const stage = state.signals.get(signal)?.stage
  if (stage?.kind !== 'ordered' || stage.order !== key) return
  if (order.filled === NO_SHARES) {
    const why = order.status === 'rejected' ? 'the venue did not take the order' : 'nobody took the other side in time'
    conclude({ kind: 'signalWithdrawn', signal, why })
    return
  }
  const average = priceOf(order.notional as Usd, order.filled, side === 'buy' ? 'up' : 'down')
  conclude({ kind: 'signalCopied', signal, size: order.filled, average })
}

/** Asks to cancel every order that rests. What is on its way already cannot be called back, and is followed to its end. */
export function cancelEverything(deciding: Pick<Deciding, 'state' | 'conclude'>): number {
  return cancelResting(deciding, () => true)
}

/** The same for purchases alone. */
export function cancelPurchases(deciding: Pick<Deciding, 'state' | 'conclude'>): number {
  return cancelResting(deciding, ({ intent }) => intent.side === 'buy')
}

function cancelResting(
  { state, conclude }: Pick<Deciding, 'state' | 'conclude'>,
  isMeant: (order: View<HeldOrder>) => boolean,
): number {
  const resting = [...state.openOrders].filter(key => {
    const order = state.orders.get(key)
    return order?.status === 'resting' && isMeant(order)
  })
  for (const order of resting) conclude({ kind: 'cancelAsked', order })
  return resting.length
}
