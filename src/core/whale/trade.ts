import type { Side } from '../market/market.ts'
import type { ConditionId, Instant, TokenId, WhaleAddress } from '../units/ids.ts'
import type { Price, Shares } from '../units/money.ts'

/** How shares can leave a wallet without an order: `holding` is what only a comparison of holdings shows. */
export type Departure = 'merge' | 'redeem' | 'conversion' | 'transfer' | 'holding'

/** What a source saw a whale do. `title`, `outcome` and `name` are strangers' words and are shown, never interpreted. */
export type WhaleTrade = {
  /** The transaction's hash; with whale, token and side it identifies the trade whichever source tells it. */
  readonly transaction: string
  readonly whale: WhaleAddress
  readonly name: string
  readonly token: TokenId
  readonly condition: ConditionId
  readonly side: Side
  /** Whether the whale crossed the book; unknown to most sources. */
  readonly isTaker?: boolean
  /** Set where shares left without an order. Then `side` is `sell` and there is no price: it is zero. */
  readonly how?: Departure
  /** Dollars a share, as the whale traded. */
  readonly price: Price
  readonly size: Shares
  readonly title: string
  readonly outcome: string
  /** When the venue says it happened, which is not when it reached us. */
  readonly happenedAt: Instant
  /** Which source told it: `chain`, `activity`, `sweep`, `archive`. */
  readonly source: string
}
