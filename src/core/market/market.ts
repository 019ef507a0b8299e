import type { ConditionId, Instant, TokenId } from '../units/ids.ts'
import { MILLION, mulDiv, type Price, type Shares, type Usd } from '../units/money.ts'

export type Side = 'buy' | 'sell'

/** One side of a market: what it is called, and the token that pays a dollar if it comes true. */
export type Outcome = { readonly token: TokenId; readonly name: string }

/** A question that is traded, as much of it as a decision needs. Title and names are strangers' words. */
export type Market = {
  readonly condition: ConditionId
  readonly title: string
  readonly slug: string
  /** What the limits group by; `other` where the venue names none. */
  readonly category: string
  readonly outcomes: readonly [Outcome, Outcome]
  readonly status: 'open' | 'paused' | 'closed'
  /** The grid that prices lie on. */
  readonly tick: Price
  /** The smallest order, in shares. */
  readonly sizeMin: Shares
  /** Taker fee: `shares × rate × p × (1 − p)`, the rate in millionths. */
  readonly feeRate: Price
  readonly closesAt: Instant | undefined
  /** Dollars resting in the book, as the venue reports it. */
  readonly liquidity: Usd
  readonly isNegRisk: boolean
}

/** The grid of fees: the exchange cuts them to five decimals. */
const FEE_STEP = 10n

/**
 * What a taker pays the exchange, in dollars: `shares × rate × p × (1 − p)`, cut to five decimals, so under a
 * hundred-thousandth it is nothing. Makers pay none. Source: the exchange's fee page; equal on 21 of 21 on-chain fills of 2026-09.
 */
export function takerFee(size: Shares, at: Price, rate: Price): Usd {
  const exact = mulDiv(size * rate, at * (MILLION - at), MILLION * MILLION * MILLION, 'down')
  return (exact - (exact % FEE_STEP)) as Usd
}

/** Whether a price can be sent at all: on the grid, and strictly inside 0 and 1. */
export function isOnGrid(at: Price, tick: Price): boolean {
  return at >= tick && at <= MILLION - tick && at % tick === 0n
}

/** The grid price at or below (`down`) or at or above (`up`) this one, kept inside the first and the last tick. */
export function toGrid(at: Price, tick: Price, rounding: 'up' | 'down'): Price {
  const steps = mulDiv(at, 1n, tick, rounding)
  const last = MILLION - tick
  const onGrid = steps * tick
  if (onGrid < tick) return tick
  return (onGrid > last ? last : onGrid) as Price
}

/** The name of the token's outcome, or `undefined` where the token is not this market's. */
export function outcomeOf(market: Market, token: TokenId): Outcome | undefined {
  return market.outcomes.find(outcome => outcome.token === token)
}
