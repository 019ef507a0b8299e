import type { Payout } from '../../core/order/answer.ts'
import type { ConditionId, Instant, TokenId, WhaleAddress } from '../../core/units/ids.ts'
import {
  minus,
  mulDiv,
  NO_SHARES,
  NO_USD,
  notional,
  plus,
  priceOf,
  type Shares,
  type Usd,
  ZERO,
} from '../../core/units/money.ts'
import { type ClosedPosition, recordOf, type WhaleRecord } from '../../core/whale/record.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'

type Holding = {
  shares: Shares
  cost: Usd
  bought: Shares
  paid: Usd
  realised: Usd
  readonly condition: ConditionId
  readonly openedAt: Instant
}

/** The most finished positions of a wallet that its record is made of, the newest. */
const CLOSED_MAX = 1_000

/** What a wallet's own trades, as far as we have heard them, and the resolutions since say of it. For runs without a Data API. */
export class OwnHistory {
  readonly #holdings = new Map<WhaleAddress, Map<TokenId, Holding>>()
  readonly #closed = new Map<WhaleAddress, ClosedPosition[]>()

  take(trade: WhaleTrade): void {
    const own = this.#holdings.get(trade.whale) ?? new Map<TokenId, Holding>()
    this.#holdings.set(trade.whale, own)
    const holding = own.get(trade.token) ?? {
      shares: NO_SHARES,
      cost: NO_USD,
      bought: NO_SHARES,
      paid: NO_USD,
      realised: NO_USD,
      condition: trade.condition,
      openedAt: trade.happenedAt,
    }
    own.set(trade.token, holding)
    if (trade.side === 'buy') this.#buy(holding, trade)
    else this.#sell(trade.whale, own, holding, trade)
  }

  /** Closes what is held of a market at what it pays; gives the wallets whose record has changed. */
  resolve(condition: ConditionId, payouts: readonly Payout[], at: Instant): readonly WhaleAddress[] {
    const changed: WhaleAddress[] = []
    for (const [whale, own] of this.#holdings) {
      for (const [token, holding] of own) {
        if (holding.condition !== condition) continue
        const each = payouts.find(payout => payout.token === token)?.price ?? ZERO
        const gain = minus(notional(holding.shares, each, 'down'), holding.cost)
        this.#close(whale, own, token, { ...holding, realised: plus(holding.realised, gain) }, at)
        changed.push(whale)
      }
    }
    return [...new Set(changed)]
  }

  recordOf(whale: WhaleAddress, at: Instant): WhaleRecord {
    return recordOf(this.#closed.get(whale) ?? [], at)
  }

  #buy(holding: Holding, trade: WhaleTrade): void {
    const paid = notional(trade.size, trade.price, 'up')
    holding.shares = plus(holding.shares, trade.size)
    holding.cost = plus(holding.cost, paid)
    holding.bought = plus(holding.bought, trade.size)
    holding.paid = plus(holding.paid, paid)
  }

  /** Sales of what was bought before we listened say nothing about a profit, and are left out. */
  #sell(whale: WhaleAddress, own: Map<TokenId, Holding>, holding: Holding, trade: WhaleTrade): void {
    const size = trade.size < holding.shares ? trade.size : holding.shares
    if (size === NO_SHARES) return
    const cost = mulDiv(holding.cost, size, holding.shares, 'up') as Usd
    holding.realised = plus(holding.realised, minus(notional(size, trade.price, 'down'), cost))
    holding.shares = minus(holding.shares, size)
    holding.cost = minus(holding.cost, cost)
    if (holding.shares === NO_SHARES) this.#close(whale, own, trade.token, holding, trade.happenedAt)
  }

  #close(whale: WhaleAddress, own: Map<TokenId, Holding>, token: TokenId, holding: Holding, closedAt: Instant): void {
    own.delete(token)
    if (holding.bought === NO_SHARES) return
    const closed = this.#closed.get(whale) ?? []
    this.#closed.set(whale, closed)
    const price = priceOf(holding.paid, holding.bought, 'up')
    closed.push({ cost: holding.paid, profit: holding.realised, price, closedAt, openedAt: holding.openedAt })
    if (closed.length > CLOSED_MAX) closed.shift()
  }
}
