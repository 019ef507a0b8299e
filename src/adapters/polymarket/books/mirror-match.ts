import { LEVELS_MAX, type Level, type OrderBook } from '../../../core/market/book.ts'
import type { Side } from '../../../core/market/market.ts'
import { type Instant, instant } from '../../../core/units/ids.ts'
import { NO_SHARES, ONE, type Price, type Shares, ZERO } from '../../../core/units/money.ts'
import type { MirrorSide } from './mirror-side.ts'

export type MirrorSides = Readonly<Record<Side, MirrorSide>>

/** A level that changed: what rested there before, and when we heard of the change, on our own clock. */
export type PastChange = {
  readonly side: Side
  readonly price: Price
  readonly before: Shares
  readonly heardAt: Instant
}

/**
 * When the mirror was last in the state that this book shows, at the latest when it was asked for; `undefined` where it was in no such
 * state. Counts the levels that differ and undoes one change at a time, so that it costs no more than the levels and the changes.
 */
export function matchedAt(
  sides: MirrorSides,
  changes: readonly PastChange[],
  told: OrderBook,
  askedAt: Instant,
): Instant | undefined {
  const shown = { buy: shownOf(told.bids, 'buy'), sell: shownOf(told.asks, 'sell') }
  const differing = { buy: new Set<Price>(), sell: new Set<Price>() }
  const compare = (side: Side, price: Price, size: Shares): void => {
    if (!shown[side].covers(price)) return
    if (shown[side].sizeAt(price) === size) differing[side].delete(price)
    else differing[side].add(price)
  }
  for (const side of ['buy', 'sell'] as const) {
    for (const { price, size } of sides[side].levels()) compare(side, price, size)
    for (const price of shown[side].prices()) compare(side, price, sides[side].sizeAt(price))
  }
  let endedAt = askedAt
  for (let index = changes.length - 1; differing.buy.size + differing.sell.size > 0; index -= 1) {
    const change = changes[index]
    if (change === undefined) return undefined
    compare(change.side, change.price, change.before)
    endedAt = instant(Math.min(endedAt, change.heardAt))
  }
  return endedAt
}

/** A side that was cut at `LEVELS_MAX` says nothing of what lies behind its last level. */
function shownOf(levels: readonly Level[], side: Side) {
  const sizes = new Map(levels.map(({ price, size }) => [price, size]))
  const last = levels.length < LEVELS_MAX ? undefined : levels.at(-1)?.price
  const end = last ?? (side === 'buy' ? ZERO : ONE)
  return {
    covers: (price: Price): boolean => (side === 'buy' ? price >= end : price <= end),
    sizeAt: (price: Price): Shares => sizes.get(price) ?? NO_SHARES,
    prices: () => sizes.keys(),
  }
}
