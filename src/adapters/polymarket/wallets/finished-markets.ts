import type { ConditionId } from '../../../core/units/ids.ts'
import { FeedError } from '../../../ports/feeds.ts'
import type { PolymarketClient } from '../client.ts'
import { readRows } from '../wire-data.ts'
import { type FinishedMarket, readFinishedMarket } from '../wire-gamma.ts'

/** What finished markets were about, however many wallets were in them. */
export type FinishedMarkets = {
  /** What is known of these, asking for those that are not; one that Gamma does not tell is missing. Throws a `FeedError`. */
  readonly of: (
    conditions: readonly ConditionId[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<ConditionId, FinishedMarket>>
}

/** Ids in one question: each takes 80 characters of the address, and an address of more than 8,000 is refused on the way. */
const BATCH = 50
/** A finished market does not change. This many are about 10 MB; beyond it the one unused for longest is asked for again. */
const KEPT_MAX = 50_000

/** Asks Gamma for finished markets in batches, one after the other, and remembers them. */
export function finishedMarkets(client: PolymarketClient, keptMax = KEPT_MAX): FinishedMarkets {
  const kept = new Map<ConditionId, FinishedMarket>()

  const keep = (market: FinishedMarket): void => {
    kept.delete(market.condition)
    kept.set(market.condition, market)
    const [oldest] = kept.keys()
    if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest)
  }

  return {
    of: async (conditions, signal) => {
      const wanted = [...new Set(conditions)]
      const known = new Map<ConditionId, FinishedMarket>()
      for (const condition of wanted) {
        const market = kept.get(condition)
        if (market === undefined) continue
        known.set(condition, market)
        keep(market)
      }
      const missing = wanted.filter(condition => !known.has(condition))
      for (let first = 0; first < missing.length; first += BATCH) {
        const batch = missing.slice(first, first + BATCH)
        for (const market of await ask(client, batch, signal)) {
          // Gamma has answered a filter that it does not know with any markets at all.
          if (!batch.includes(market.condition)) continue
          known.set(market.condition, market)
          keep(market)
        }
      }
      return known
    },
  }
}

async function ask(
  client: PolymarketClient,
  conditions: readonly ConditionId[],
  signal: AbortSignal,
): Promise<readonly FinishedMarket[]> {
  const query = { condition_ids: conditions, closed: true, include_tag: true, limit: conditions.length }
  const answer = await client.get('gamma', '/markets', query, signal)
  if (!Array.isArray(answer)) throw new FeedError('gamma', '/markets did not answer with a list')
  const { taken, faults } = readRows(answer.slice(0, conditions.length), readFinishedMarket)
  const [fault] = faults
  if (fault !== undefined)
    client.note({ kind: 'rowsRefused', where: 'markets', rows: faults.length, first: fault.fault })
  return taken
}
