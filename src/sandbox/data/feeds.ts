import { breathe } from '../request.ts'
import type { Entry, Side, World } from '../world.ts'

/** What a page of the past is asked for. Times are the world's; `from` is inclusive, `to` is not. */
export type FeedQuery = {
  readonly wallet: string | undefined
  /** Market numbers; all markets where undefined. */
  readonly markets: readonly number[] | undefined
  readonly from: number
  readonly to: number
  readonly isAscending: boolean
  readonly withDepartures: boolean
  readonly takerOnly: boolean
  readonly side: Side | undefined
  readonly isWanted: (entry: Entry) => boolean
}

/** Where in the past an entry is. No two entries share one, so a page can go on exactly where the last one ended. */
export type Place = readonly [at: number, market: number, index: number]

/** How long the past of a wallet nobody follows is told. Longer would mean drawing every stranger of every market. */
const STRANGER_MEMORY_MS = 3_600_000
/** The past is read in windows, wider while they are empty. */
const WINDOW_OF_ONE_MS = 1_200_000
const WINDOW_OF_ALL_MS = 30_000
const WINDOW_MAX_MS = 4 * 3_600_000

/** The next `count` entries after `place`, in the order asked for. */
export async function readFeed(
  world: World,
  query: FeedQuery,
  place: Place | undefined,
  count: number,
): Promise<readonly Entry[]> {
  const isNarrow = query.wallet !== undefined || query.markets !== undefined
  const memory = query.wallet === undefined || world.isKnown(query.wallet) ? world.tradeMemoryMs : STRANGER_MEMORY_MS
  const floor = Math.max(query.from, query.to - memory, world.beginsAt)
  const found: Entry[] = []
  let width = isNarrow ? WINDOW_OF_ONE_MS : WINDOW_OF_ALL_MS
  let edge = query.isAscending ? Math.max(floor, place?.[0] ?? floor) : Math.min(query.to, (place?.[0] ?? query.to) + 1)
  while (found.length < count) {
    const low = query.isAscending ? edge : Math.max(floor, edge - width)
    const high = query.isAscending ? Math.min(query.to, edge + width) : edge
    if (low >= high) break
    const entries = entriesWithin(world, query, low, high)
      .filter(entry => place === undefined || isPast(entry, place, query.isAscending))
      .sort((a, b) => (query.isAscending ? compare(placeOf(a), placeOf(b)) : compare(placeOf(b), placeOf(a))))
    found.push(...entries)
    edge = query.isAscending ? high : low
    width = Math.min(WINDOW_MAX_MS, entries.length < count / 4 ? width * 2 : width)
    await breathe()
  }
  return found.slice(0, count)
}

export function placeOf(entry: Entry): Place {
  return [entry.at, entry.market.number, entry.index]
}

function entriesWithin(world: World, query: FeedQuery, low: number, high: number): readonly Entry[] {
  const numbers = query.markets ?? world.numbersBetween(low, high, query.wallet)
  return numbers.flatMap(number => {
    const market = world.marketByNumber(number)
    if (market === undefined) return []
    const entries: readonly Entry[] = [
      ...world.executions(market, low - 1, high - 1, query.wallet),
      ...(query.withDepartures ? world.departures(market, low - 1, high - 1, query.wallet) : []),
    ]
    return entries.filter(entry => isAskedFor(entry, query))
  })
}

function isAskedFor(entry: Entry, query: FeedQuery): boolean {
  if (entry.kind === 'trade' && query.takerOnly && !entry.isTaker) return false
  if (query.side !== undefined && (entry.kind !== 'trade' || entry.side !== query.side)) return false
  return query.isWanted(entry)
}

function isPast(entry: Entry, place: Place, isAscending: boolean): boolean {
  const order = compare(placeOf(entry), place)
  return isAscending ? order > 0 : order < 0
}

function compare(a: Place, b: Place): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}
