import type { Seeded } from '../../core/units/seeded.ts'
import { executionsEverywhere } from '../executions.ts'
import { mixHex } from '../mix.ts'
import type { Execution, Listing, TokenIndex, World } from '../world.ts'
import type { Switchboard } from './faults.ts'

export const STRANGERS_A_SECOND = 50
export const OLD_A_SECOND = 5
/** Old rows happened this long ago or longer, in wall time as whoever reads them reckons it. */
export const OLD_MS = 31 * 60_000
/** So much of the world's past is told again and again, for so long, before older rows are looked up anew. */
const OLD_SPAN_MS = 120_000
const OLD_KEPT_MS = 60_000
/** After a long gap no more rows than these come at once. */
const AT_ONCE_MAX = 3_000
/** Above every index of a real row, so that a stranger's is never taken for one. */
const INDEX_FROM = 3_000_000_000

/** Rows that the activity stream tells on top of what happened, while `strangers` or `old` is on. */
export function faultyRows(world: World, board: Switchboard): (from: number, to: number) => readonly Execution[] {
  const chance = board.chanceOf('activity')
  const strangers = paced(world, STRANGERS_A_SECOND)
  const old = paced(world, OLD_A_SECOND)
  let past: { readonly until: number; readonly rows: readonly Execution[] } = { until: 0, rows: [] }
  let told = 0

  const pastAt = (at: number): readonly Execution[] => {
    const wall = world.clock.wallTime(at)
    if (wall >= past.until || wall < past.until - OLD_KEPT_MS) {
      const newest = world.clock.worldTime(wall - OLD_MS)
      past = { until: wall + OLD_KEPT_MS, rows: executionsEverywhere(world, newest - OLD_SPAN_MS, newest) }
    }
    return past.rows
  }

  return (from, to) => {
    const found: Execution[] = []
    if (board.isOn('activity', 'strangers')) {
      const markets = openMarkets(world, to)
      for (let left = strangers(from, to); left > 0 && markets.length > 0; left -= 1) {
        told += 1
        found.push(strangerRow(world, board.key, chance.pick(markets), to, told, chance))
      }
    }
    if (board.isOn('activity', 'old')) {
      const rows = pastAt(to)
      for (let left = old(from, to); left > 0 && rows.length > 0; left -= 1) found.push(chance.pick(rows))
    }
    return found
  }
}

/** How many rows fall between two moments of the world, at so many a second of wall time. */
function paced(world: World, perSecond: number): (from: number, to: number) => number {
  let due = 0
  return (from, to) => {
    due = Math.min(due + ((to - from) / world.clock.speed / 1000) * perSecond, AT_ONCE_MAX)
    const whole = Math.floor(due)
    due -= whole
    return whole
  }
}

function openMarkets(world: World, at: number): readonly Listing[] {
  return world.numbersBetween(at, at).flatMap(number => {
    const market = world.marketByNumber(number)
    return market === undefined || at < market.opensAt || at >= market.closesAt ? [] : [market]
  })
}

/** Somebody who is never seen again buys or sells a little at the middle. */
function strangerRow(
  world: World,
  key: number,
  market: Listing,
  at: number,
  number: number,
  chance: Seeded,
): Execution {
  const token: TokenIndex = chance.chance(0.5) ? 0 : 1
  return {
    kind: 'trade',
    at,
    market,
    index: INDEX_FROM + number,
    transaction: `0x${mixHex(64, key, 0x5a, number)}`,
    trader: { address: `0x${mixHex(40, key, 0x5b, number)}`, name: '', pseudonym: 'Passing-Stranger' },
    isTaker: true,
    token,
    side: chance.chance(0.5) ? 'BUY' : 'SELL',
    price: world.midAt(market, token, at),
    size: 1 + chance.whole(500),
    fee: 0,
  }
}
