import { type Seeded, seeded } from '../core/units/seeded.ts'
import { mix } from './mix.ts'
import { type Quoting, topAt } from './quotes.ts'
import type { Side, TokenIndex } from './world.ts'

/** Two or more strangers meet: one crosses the book, others were resting there. Units as in a `WhaleOrder`. */
export type StrangerMatch = {
  readonly at: number
  readonly token: TokenIndex
  readonly side: Side
  readonly price: number
  readonly size: number
  readonly taker: number
}

/** Strangers are drawn a minute at a time, so that any minute can be told without the ones before it. */
export const CHUNK_MS = 60_000

/** What strangers do in one market in one minute of it, in order of time. `rate` is matches a minute. */
export function strangerMatches(
  of: Quoting,
  seedText: string,
  minute: number,
  rate: number,
  wallets: number,
): readonly StrangerMatch[] {
  const chance = seeded(`${seedText}/strangers/${minute}`)
  const count = Math.floor(rate) + Number(chance.chance(rate - Math.floor(rate)))
  const start = of.opensAt + minute * CHUNK_MS
  const times = Array.from({ length: count }, () => start + chance.whole(CHUNK_MS)).sort((a, b) => a - b)
  return times.flatMap(at => (at >= of.closesAt ? [] : [strangerMatch(of, at, wallets, chance)]))
}

function strangerMatch(of: Quoting, at: number, wallets: number, chance: Seeded): StrangerMatch {
  const top = topAt(of, at)
  const side: Side = chance.chance(0.62) ? 'BUY' : 'SELL'
  const token: TokenIndex = chance.chance(0.5) ? 0 : 1
  const hitsBid = (side === 'SELL') === (token === 0)
  const first = hitsBid ? top.bid : top.ask
  const luck = chance.next()
  const wish = 100 + Math.floor(luck * luck * luck * 40_000)
  const size = Math.min(wish, Math.floor((hitsBid ? top.bidSize : top.askSize) / 2))
  return {
    at,
    token,
    side,
    price: token === 0 ? first : 1000 - first,
    size: Math.max(size, 1),
    taker: chance.whole(wallets),
  }
}

/** Which stranger rests on the other side: never the taker itself. */
export function restingStranger(key: number, match: number, part: number, wallets: number, taker: number): number {
  const chosen = mix(key, 0x3a, match, part) % wallets
  return chosen === taker ? (chosen + 1) % wallets : chosen
}
