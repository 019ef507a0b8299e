import type { Side } from '../market/market.ts'
import type { ConditionId, Instant, TokenId } from '../units/ids.ts'
import type { Shares, Usd } from '../units/money.ts'

/** The tokens of a market's two outcomes. */
export type TokenPair = readonly [TokenId, TokenId]

/** One token of one market, where several markets take part. */
export type MarketToken = { readonly condition: ConditionId; readonly token: TokenId }

type When = { readonly at: Instant; readonly transaction: string }
type InMarket = When & { readonly condition: ConditionId }

/** What a row leaves out without which it cannot be put into the account. */
export type Lack = 'meaning' | 'tokens' | 'direction' | 'market'

/** One thing that a wallet did, as far as whoever told it said. Sizes and dollars are never negative. */
export type Act =
  | (InMarket & {
      readonly kind: 'trade'
      readonly token: TokenId
      readonly side: Side
      readonly size: Shares
      readonly paid: Usd
    })
  | (InMarket & { readonly kind: 'split'; readonly tokens: TokenPair; readonly size: Shares })
  | (InMarket & { readonly kind: 'merge'; readonly tokens: TokenPair; readonly size: Shares })
  /** All that was held of both outcomes, told in total as until August 2026. */
  | (InMarket & { readonly kind: 'redeem'; readonly tokens: TokenPair; readonly paid: Usd })
  /** Some shares of one outcome, as told since. */
  | (InMarket & { readonly kind: 'redeemToken'; readonly token: TokenId; readonly size: Shares; readonly paid: Usd })
  /** Merged or redeemed, by someone who did not record which. */
  | (InMarket & { readonly kind: 'payout'; readonly paid: Usd })
  /** `size` of each token taken became `size` of each token given, and dollars. */
  | (When & {
      readonly kind: 'conversion'
      readonly taken: readonly MarketToken[]
      readonly given: readonly MarketToken[]
      readonly size: Shares
      readonly paid: Usd
    })
  | (InMarket & {
      readonly kind: 'move'
      readonly token: TokenId
      readonly way: 'in' | 'out'
      readonly size: Shares
    })
  | (When & { readonly kind: 'money'; readonly type: string; readonly way: 'in' | 'out'; readonly paid: Usd })
  /** A row that cannot be put into the account; it is named instead. */
  | (When & { readonly kind: 'untold'; readonly type: string; readonly lacks: Lack; readonly paid: Usd })

/**
 * Which acts of one second come before which. A list does not say, so they are taken as they are possible at all: what brings shares
 * first, what takes them next, and last what burns all that is left.
 */
export function rankOf(act: Act): number {
  switch (act.kind) {
    case 'split':
      return 0
    case 'trade':
      return act.side === 'buy' ? 0 : 2
    case 'move':
      return act.way === 'in' ? 0 : 2
    case 'conversion':
      return 1
    case 'merge':
    case 'redeemToken':
      return 2
    default:
      return 3
  }
}

/** All that an act says, so that acts of one second and one rank have one order, in whichever they came. */
export function textOf(act: Act): string {
  const { at: _at, ...said } = act
  return JSON.stringify(said, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}
