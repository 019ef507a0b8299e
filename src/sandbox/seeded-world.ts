import { seeded } from '../core/units/seeded.ts'
import { BoundedCache } from './bounded-cache.ts'
import * as life from './life.ts'
import { strangersMatch, whaleMatch } from './matches.ts'
import { mixHex } from './mix.ts'
import * as quotes from './quotes.ts'
import { CHUNK_MS, type StrangerMatch, strangerMatches } from './strangers.ts'
import { strangersOf, type Whale, whalesOf } from './whales.ts'
import { type Execution, type Listing, type Redemption, rounded, type World, type WorldClock } from './world.ts'

/** When every seeded world began. Long ago, so that any clock that is not badly wrong finds it well under way. */
export const EPOCH = Date.UTC(2020, 0, 1)

export type SeededWorldOptions = { readonly seed: string; readonly speed: number; readonly strangersPerSecond: number }

export type SeededWorld = World & { readonly whales: readonly Whale[] }

const DAY_MS = 86_400_000
/** Lives take some 15 kB each; forty are alive at once. */
const LIVES_KEPT = 72
const LISTINGS_KEPT = 384
const SPANS_KEPT = 4096
const MINUTES_KEPT = 256
/** Rows a match of strangers makes on average: a taker and, a third of the time, a second maker. */
const ROWS_A_MATCH = 2.3

/**
 * A world that is a function of the seed and the time and nothing else: a restart, even after a crash, changes nothing
 * in it.
 *
 * Market number `n · 3 + pace` opens in the n-th interval of its pace. What is kept below are caches.
 */
export function seededWorld(options: SeededWorldOptions): SeededWorld {
  const { seed, speed, strangersPerSecond } = options
  const key = seeded(seed).whole(0x1_0000_0000)
  const whales = whalesOf(key)
  const strangers = strangersOf(key)
  const whaleByAddress = new Map(whales.map(whale => [whale.address, whale]))
  const strangerByAddress = new Map(strangers.map(stranger => [stranger.address, stranger]))

  const spans = new BoundedCache<number, life.Span>(SPANS_KEPT)
  const listings = new BoundedCache<number, Listing>(LISTINGS_KEPT)
  const lives = new BoundedCache<number, life.Life>(LIVES_KEPT)
  const minutes = new BoundedCache<string, readonly StrangerMatch[]>(MINUTES_KEPT)
  const spanOf = (number: number) => spans.getOrMake(number, () => life.spanOf(seed, number))
  const lifeOf = (number: number) => lives.getOrMake(number, () => life.lifeOf(seed, spanOf(number), whales))

  const marketByNumber = (number: number | undefined): Listing | undefined => {
    if (number === undefined || !Number.isSafeInteger(number) || number < 0) return undefined
    return listings.getOrMake(number, () => life.listingOf(seed, spanOf(number)))
  }

  const numbersBetween = (from: number, to: number, wallet?: string): readonly number[] => {
    const whale = wallet === undefined ? undefined : whaleByAddress.get(wallet)
    const numbers: number[] = []
    for (const [offset, pace] of life.PACES.entries()) {
      const earliest = from - TAIL_MS - pace.lifeMs * life.LIFE_MAX
      const first = Math.max(0, Math.floor(earliest / pace.openEveryMs) - 1)
      for (let turn = first; turn * pace.openEveryMs <= to; turn += 1) {
        const span = spanOf(turn * life.PACES.length + offset)
        if (span.opensAt > to || span.closesAt + TAIL_MS < from) continue
        if (whale === undefined || life.joins(whale, span)) numbers.push(span.number)
      }
    }
    return numbers
  }

  const strangerExecutions = (of: life.Life, from: number, to: number): readonly Execution[] => {
    const { opensAt, closesAt, number } = of.listing
    const pace = life.paceOf(number)
    const rate = ((strangersPerSecond / ROWS_A_MATCH) * 60 * pace.strangerShare * pace.openEveryMs) / pace.lifeMs
    const first = Math.max(0, Math.floor((from - opensAt) / CHUNK_MS))
    const found: Execution[] = []
    for (let minute = first; opensAt + minute * CHUNK_MS <= Math.min(to, closesAt); minute += 1) {
      const matches = minutes.getOrMake(`${number}/${minute}`, () =>
        strangerMatches(of.quoting, life.seedOfMarket(seed, number), minute, rate, strangers.length),
      )
      for (const [place, match] of matches.entries()) {
        if (match.at > from && match.at <= to) found.push(...strangersMatch(of, match, minute, place, strangers))
      }
    }
    return found
  }

  const executions: World['executions'] = (market, from, to, wallet) => {
    if (to < market.opensAt || from > market.closesAt) return []
    const of = lifeOf(market.number)
    const whale = wallet === undefined ? undefined : whaleByAddress.get(wallet)
    const rows = of.orders.flatMap((order, place) => {
      if (order.at <= from || order.at > to) return []
      return whale === undefined || order.whale === whale ? whaleMatch(of, order, place, strangers) : []
    })
    if (whale === undefined) rows.push(...strangerExecutions(of, from, to))
    const own = wallet === undefined ? rows : rows.filter(row => row.trader.address === wallet)
    return own.sort((a, b) => a.at - b.at || a.index - b.index)
  }

  const redemptions: World['redemptions'] = (market, wallet) =>
    whales.flatMap(whale => {
      if (wallet !== undefined && wallet !== whale.address) return []
      return redemptionsOf(lifeOf(market.number), whale)
    })

  const byNumber = (number: number | undefined, isIt: (market: Listing) => boolean): Listing | undefined => {
    const market = marketByNumber(number)
    return market !== undefined && isIt(market) ? market : undefined
  }

  return {
    clock: seededClock(speed),
    whales,
    traders: whales,
    beginsAt: 0,
    tradeMemoryMs: 3 * DAY_MS,
    positionMemoryMs: DAY_MS,
    numbersBetween,
    marketByNumber,
    marketByCondition: condition => byNumber(life.numberInCondition(condition), it => it.conditionId === condition),
    marketById: id => byNumber(life.numberInId(id), it => it.id === id),
    marketBySlug: slug => byNumber(life.numberInSlug(slug), it => it.slug === slug),
    marketByToken: tokenId => {
      const market = byNumber(life.numberInToken(tokenId), it => it.tokens.includes(tokenId))
      return market && { market, token: market.tokens[0] === tokenId ? 0 : 1 }
    },
    bookAt: (market, token, at) => {
      if (at < market.opensAt || at >= market.closesAt) return undefined
      return quotes.quotedBook(lifeOf(market.number).quoting, token, at)
    },
    bookVersion: (market, at) => quotes.bookVersion(lifeOf(market.number).quoting, Math.min(at, market.closesAt)),
    midAt: (market, token, at) => {
      const first = quotes.midAt(lifeOf(market.number).quoting, Math.min(at, market.closesAt))
      return rounded(token === 0 ? first : 1 - first)
    },
    executions,
    redemptions,
    payouts: market => (lifeOf(market.number).winner === 0 ? [1, 0] : [0, 1]),
    traderByAddress: address => whaleByAddress.get(address) ?? strangerByAddress.get(address),
    isKnown: address => whaleByAddress.has(address),
  }
}

/** How long after its close a market still has something to tell: the resolution, then the last redemption. */
const TAIL_MS = life.REDEEM_LAST_MS + 20_000

function seededClock(speed: number): WorldClock {
  return {
    speed,
    worldTime: wallMs => Math.max(0, Math.floor((wallMs - EPOCH) * speed)),
    wallTime: worldMs => Math.floor(EPOCH + worldMs / speed),
  }
}

/** A whale holds one token of a market at a time, yet may have gone from one to the other; both are looked at. */
function redemptionsOf(of: life.Life, whale: Whale): readonly Redemption[] {
  return ([0, 1] as const).flatMap(token => {
    const held = of.orders.reduce((size, order) => {
      if (order.whale !== whale || order.token !== token) return size
      return order.side === 'BUY' ? size + order.size : size - order.size
    }, 0)
    if (held === 0) return []
    const index = REDEMPTIONS_FROM + whale.index * 2 + token
    return [
      {
        kind: 'redemption',
        at: life.redeemsAt(of, token, whale),
        market: of.listing,
        index,
        transaction: `0x${mixHex(64, of.quoting.key, 0x61, index)}`,
        trader: whale,
        token,
        size: held / 100,
        payout: token === of.winner ? 1 : 0,
      },
    ]
  })
}

const REDEMPTIONS_FROM = 2_000_000_000
