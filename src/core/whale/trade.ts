import type { Side } from '../market/market.ts'
import type { ConditionId, Instant, TokenId, WhaleAddress } from '../units/ids.ts'
import type { Price, Shares } from '../units/money.ts'

/** What a source saw a whale do. `title`, `outcome` and `name` are strangers' words and are shown, never interpreted. */
export type WhaleTrade = {
  /** The transaction's hash; with whale, token and side it identifies the trade whichever source tells it. */
  readonly transaction: string
  readonly whale: WhaleAddress
  readonly name: string
  readonly token: TokenId
  readonly condition: ConditionId
  readonly side: Side
  /** Dollars a share, as the whale traded. */
  readonly price: Price
  readonly size: Shares
  readonly title: string
  readonly outcome: string
  /** When the venue says it happened, which is not when it reached us. */
  readonly happenedAt: Instant
  /** Which feed told it: `activity`, `sweep`, `archive`. */
  readonly source: string
}
