import type { WhaleAddress } from '../../core/units/ids.ts'
import type { Archived } from '../../ports/archive.ts'

/** What one reader made of its files. */
export type Loaded = { readonly events: readonly Archived[]; readonly notes: readonly string[] }

const RANKS: Readonly<Record<Archived['kind'], number>> = { market: 0, book: 1, trade: 2, resolution: 3 }

/** Where an event stands among those of the same instant: a trade is decided on with the market and the book of its time. */
export function rankOf(kind: Archived['kind']): number {
  return RANKS[kind]
}

/** The order of a recording. What is equal in it stays as it was recorded. */
export function inOrder(events: readonly Archived[]): readonly Archived[] {
  return [...events].sort((one, other) => one.at - other.at || RANKS[one.kind] - RANKS[other.kind])
}

/** The wallets that trade, each once, in the order of the alphabet. */
export function whalesIn(events: Iterable<Archived>): readonly WhaleAddress[] {
  const whales = new Set<WhaleAddress>()
  for (const event of events) if (event.kind === 'trade') whales.add(event.trade.whale)
  return [...whales].sort()
}
