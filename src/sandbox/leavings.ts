import type { Act } from './conduct.ts'
import { type Life, redeemsAt } from './life.ts'
import { transactionHash } from './market-ids.ts'
import { PLACES_A_WHALE } from './matches.ts'
import type { Whale } from './whales.ts'
import type { Departure, Redemption, TokenIndex } from './world.ts'

/** Departures are numbered above every row of every match. */
const DEPARTURES_FROM = 1_000_000_000
const REDEMPTIONS_FROM = 2_000_000_000

/** What left a whale's wallet in one market without an order, oldest first. */
export function departuresOf(life: Life, whale: Whale, acts: readonly Act[]): readonly Departure[] {
  const leaving = acts.flatMap((act, place): readonly Departure[] => {
    if (act.kind === 'order') return []
    const index = DEPARTURES_FROM + whale.index * PLACES_A_WHALE + place
    const made = { ...begun(life, whale, act.at, index), size: act.size / 100 }
    return act.kind === 'merge'
      ? [{ ...made, kind: 'merge' }]
      : [{ ...made, kind: 'transfer', token: act.token, to: whale.otherWallet }]
  })
  const redeemed = ([0, 1] as const).flatMap(token => redemptionOf(life, whale, acts, token) ?? [])
  return [...leaving, ...redeemed].sort((a, b) => a.at - b.at || a.index - b.index)
}

/** What is still held of a token when the market is over is redeemed, for a dollar a share or for nothing. */
function redemptionOf(life: Life, whale: Whale, acts: readonly Act[], token: TokenIndex): Redemption | undefined {
  const size = acts.reduce((sum, act) => sum + changeOf(act, token), 0)
  if (size === 0) return undefined
  const at = redeemsAt(life, token, whale)
  const index = REDEMPTIONS_FROM + whale.index * 2 + token
  const payout = token === life.winner ? 1 : 0
  return { ...begun(life, whale, at, index), kind: 'redemption', token, size: size / 100, payout }
}

/** Hundredths of a share of this token that an act brings or takes. */
function changeOf(act: Act, token: TokenIndex): number {
  if (act.kind === 'merge') return -act.size
  if (act.token !== token) return 0
  return act.kind === 'order' && act.side === 'BUY' ? act.size : -act.size
}

function begun(life: Life, whale: Whale, at: number, index: number) {
  const transaction = transactionHash(life.quoting.key, life.listing.number, at, index)
  return { at, market: life.listing, index, transaction, trader: whale } as const
}
