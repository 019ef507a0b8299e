import { markedValue, type Position } from '../core/ledger/position.ts'
import { minus, NO_SHARES, type Price, priceOf, type Usd, ZERO } from '../core/units/money.ts'

/** What a held share cost on average, without fees. */
export function averageCost({ cost, shares }: Position): Price {
  return shares === NO_SHARES ? ZERO : priceOf(cost, shares, 'up')
}

/** What selling at the mark would add, before fees. */
export function openProfit(position: Position): Usd {
  return minus(markedValue(position), position.cost)
}
