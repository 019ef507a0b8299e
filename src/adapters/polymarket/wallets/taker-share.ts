import type { Instant } from '../../../core/units/ids.ts'
import { fraction, NO_USD, notional, plus, type Usd } from '../../../core/units/money.ts'
import type { WhaleTrade } from '../../../core/whale/trade.ts'

/** The newest trades of a wallet. `isWhole` is false where there are older ones that were not read. */
export type NewestTrades = { readonly trades: readonly WhaleTrade[]; readonly isWhole: boolean }

/**
 * The share of a wallet's newest purchases, by dollars, in which it took what was on offer; 0 to 1, `undefined` where it bought
 * nothing. The service does not say of a trade who was taker, but lists takers' apart. Each list reaches back as far as its page
 * does, so only the time that both cover is compared.
 */
export function takerShareOf(all: NewestTrades, takers: NewestTrades): number | undefined {
  const after = Math.max(oldestUnsure(all), oldestUnsure(takers))
  const every = boughtAfter(all, after)
  if (every <= NO_USD) return undefined
  return Math.min(1, fraction(boughtAfter(takers, after), every))
}

/** The oldest second of a page that is cut off may be cut off itself. */
function oldestUnsure({ trades, isWhole }: NewestTrades): Instant | -1 {
  if (isWhole) return -1
  return trades.reduce<Instant | -1>(
    (least, { happenedAt }) => (least === -1 || happenedAt < least ? happenedAt : least),
    -1,
  )
}

function boughtAfter({ trades }: NewestTrades, after: number): Usd {
  return trades
    .filter(trade => trade.side === 'buy' && trade.happenedAt > after)
    .reduce((sum, { size, price }) => plus(sum, notional(size, price, 'down')), NO_USD)
}
