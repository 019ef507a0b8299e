import type { TokenId } from '../units/ids.ts'
import type { Price, Shares, Usd } from '../units/money.ts'
import type { Fill } from './order.ts'

/**
 * What a venue said to an order. `unknown` is not `rejected`: the answer was lost, late or unreadable, and the order may
 * have been executed. A rejection is only what *proves* that it was not.
 */
export type VenueAnswer =
  | { readonly kind: 'accepted'; readonly status: 'resting' | 'filled' | 'killed'; readonly fills: readonly Fill[] }
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly why: string }

/** What a venue says of an order that is asked for by its id. `absent` proves that it never landed; `unknown` proves nothing. */
export type OrderReport =
  | {
      readonly kind: 'found'
      readonly status: 'resting' | 'filled' | 'cancelled' | 'expired'
      readonly fills: readonly Fill[]
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly why: string }

/** What a venue holds for us: the other side of our ledger. */
export type VenueBooks = {
  readonly cash: Usd
  readonly positions: readonly { readonly token: TokenId; readonly size: Shares }[]
}

/** What a share of one token pays now that its market is resolved: mostly 1 or 0, sometimes a half. */
export type Payout = { readonly token: TokenId; readonly price: Price }
