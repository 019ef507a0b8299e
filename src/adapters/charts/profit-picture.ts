import type { Account } from '../../core/order/order.ts'
import type { Instant } from '../../core/units/ids.ts'
import type { Usd } from '../../core/units/money.ts'

/** All that the picture of an account's profit shows. */
export type ProfitPicture = {
  readonly account: Account
  /** Whether the market itself is a simulation, and not only the money. */
  readonly isSimulated: boolean
  /** What the account was worth, at instants of the period that is drawn. */
  readonly points: readonly EquityPoint[]
  /** What came of each whale since the account was opened. */
  readonly whales: readonly WhaleBar[]
}

export type EquityPoint = { readonly at: Instant; readonly equity: Usd }

/** Final profit after fees. The name is a stranger's words: it is cleaned and fitted wherever it is shown. */
export type WhaleBar = { readonly name: string; readonly profit: Usd }

/** More than a year of hours; longer lines are no better on a picture of a thousand columns. */
export const POINTS_MAX = 20_000
/** As many as the tables answer with. */
export const BARS_MAX = 1_000
