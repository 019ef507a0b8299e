import type { TokenId } from '../units/ids.ts'
import { greatest, minus, plus, type Shares, type Usd } from '../units/money.ts'
import { DUST, type MarketAccount } from './holdings-account.ts'

/** How a market's payouts compare with the shares that won it. `apart` is the dollars paid less the shares. */
export type PayoutComparison =
  /** Nothing was merged or redeemed as far as was seen. */
  | { readonly kind: 'notPaid' }
  /** Something was, and no share of either outcome was seen to come. */
  | { readonly kind: 'notTraded'; readonly paid: Usd }
  | {
      readonly kind: 'equal' | 'paidMore' | 'paidLess'
      readonly token: TokenId
      readonly paid: Usd
      readonly acquired: Shares
      readonly apart: Usd
    }

/** Parts of a thousand that payout and shares may lie apart to be called equal: half a per cent. */
const TOLERANCE = 5n
const THOUSAND = 1_000n

/** Everything that came back at face value: pairs merged, and what was redeemed. */
export function paidAtFaceValue(market: MarketAccount): Usd {
  return plus(plus(market.merged, market.redeemed), market.untyped)
}

/**
 * Every share of the winner ends as one dollar, merged with one of the loser or redeemed; so all payouts together are the shares of the
 * winner. Where no winner is known the nearer side is taken. A market that paid half to each outcome compares as unequal.
 */
export function comparePayout(market: MarketAccount, winner: TokenId | undefined): PayoutComparison {
  const paid = paidAtFaceValue(market)
  if (!market.wasPaid) return { kind: 'notPaid' }
  const token = winner ?? nearestSide(market, paid)
  if (token === undefined || ![...market.tokens.values()].some(({ acquired }) => acquired !== 0n))
    return { kind: 'notTraded', paid }
  const acquired = acquiredOf(market, token)
  const apart = minus(paid, BigInt(acquired) as Usd)
  const kind = isWithin(apart, paid, acquired) ? 'equal' : apart > 0n ? 'paidMore' : 'paidLess'
  return { kind, token, paid, acquired, apart }
}

/**
 * Which side the payouts themselves say has won: the one whose shares equal them, to the dust of rounded fills where that tells one from
 * the other, else within half a per cent. `undefined` where both or neither do.
 */
export function winnerByPayout(market: MarketAccount): TokenId | undefined {
  const paid = paidAtFaceValue(market)
  if (paid === 0n) return undefined
  const apart = [...market.tokens].map(([token, { acquired }]) => ({
    token,
    acquired,
    by: minus(paid, BigInt(acquired) as Usd),
  }))
  const exact = apart.filter(({ by }) => by <= DUST && by >= -DUST)
  const near = exact.length > 0 ? exact : apart.filter(({ by, acquired }) => isWithin(by, paid, acquired))
  return near.length === 1 ? near[0]?.token : undefined
}

function nearestSide(market: MarketAccount, paid: Usd): TokenId | undefined {
  const far = (acquired: Shares): bigint => {
    const apart = paid - acquired
    return apart < 0n ? -apart : apart
  }
  let nearest: { readonly token: TokenId; readonly apart: bigint } | undefined
  for (const [token, { acquired }] of market.tokens) {
    const apart = far(acquired)
    if (nearest === undefined || apart < nearest.apart || (apart === nearest.apart && token < nearest.token))
      nearest = { token, apart }
  }
  return nearest?.token
}

function acquiredOf(market: MarketAccount, token: TokenId): Shares {
  return market.tokens.get(token)?.acquired ?? (0n as Shares)
}

function isWithin(apart: Usd, paid: Usd, acquired: Shares): boolean {
  const whole = greatest(paid, BigInt(acquired) as Usd)
  const size = apart < 0n ? -apart : BigInt(apart)
  return size * THOUSAND <= BigInt(whole) * TOLERANCE
}
