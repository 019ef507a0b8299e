import { markedValue, type Position } from '../core/ledger/position.ts'
import { minus, mulDiv, NO_SHARES, type Price, priceOf, type Shares, type Usd, ZERO } from '../core/units/money.ts'

/** What a held share cost on average, without fees. */
export function averageCost({ cost, shares }: Position): Price {
  return shares === NO_SHARES ? ZERO : priceOf(cost, shares, 'up')
}

/** What selling at the mark would add, before fees. */
export function openProfit(position: Position): Usd {
  return minus(markedValue(position), position.cost)
}

/** What selling so many of its shares for so much would add, before fees. */
export function profitOfSale(position: Position, sold: Shares, proceeds: Usd): Usd {
  return minus(proceeds, mulDiv(position.cost, sold, position.shares, 'up') as Usd)
}
