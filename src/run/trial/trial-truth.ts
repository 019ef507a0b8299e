import type { ConditionId } from '../../core/units/ids.ts'
import { type DealKey, dealKeyOf, type WhaleAddress } from '../../core/units/ids.ts'
import type { SeededWorld } from '../../sandbox/seeded-world.ts'

/** What the followed wallets really did between two instants of the wall clock, as the simulated world knows it: every deal, with its time. */
export function dealsBetween(
  world: SeededWorld,
  whales: ReadonlySet<string>,
  from: number,
  to: number,
): ReadonlyMap<DealKey, number> {
  const { clock } = world
  const deals = new Map<DealKey, number>()
  const [low, high] = [clock.worldTime(from), clock.worldTime(to)]
  for (const number of world.numbersBetween(low, high)) {
    const market = world.marketByNumber(number)
    if (market === undefined) continue
    for (const row of world.executions(market, low, high)) {
      if (!whales.has(row.trader.address)) continue
      const key = dealKeyOf({
        transaction: row.transaction,
        whale: row.trader.address as WhaleAddress,
        condition: market.conditionId as ConditionId,
      })
      deals.set(key, clock.wallTime(row.at))
    }
  }
  return deals
}
