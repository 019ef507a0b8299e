import { mix, mixHex } from '../mix.ts'
import { type Execution, type Listing, type Redemption, rounded, type TokenIndex, type Trader } from '../world.ts'

/** A resolved holding is redeemed this much later: recordings do not say when. */
export const REDEEM_MS = 30_000

/** What wallets of a recording still held when its market was resolved, turned into money. */
export function recordedRedemptions(
  market: Listing,
  trades: readonly Execution[],
  payouts: readonly [number, number],
): readonly Redemption[] {
  const held = new Map<string, { readonly trader: Trader; readonly token: TokenIndex; size: number }>()
  for (const { trader, token, side, size } of trades) {
    const key = `${trader.address}/${token}`
    const own = held.get(key) ?? { trader, token, size: 0 }
    held.set(key, own)
    own.size = Math.max(0, rounded(own.size + (side === 'BUY' ? size : -size)))
  }
  const at = market.resolvesAt + REDEEM_MS
  return [...held.values()].flatMap(({ trader, token, size }, place) => {
    if (size === 0) return []
    const transaction = `0x${mixHex(64, mix(market.number, market.opensAt % 0x1_0000_0000), 0x61, place)}`
    const index = trades.length + place
    return [{ kind: 'redemption', at, market, index, transaction, trader, token, size, payout: payouts[token] }]
  })
}
