import { seeded } from '../core/units/seeded.ts'
import { BoundedCache } from './bounded-cache.ts'
import { within } from './in-time.ts'
import { departuresOf } from './leavings.ts'
import * as life from './life.ts'
import * as ids from './market-ids.ts'
import { PLACES_A_WHALE, type PlacedOrder, strangersMatch, whaleMatch, whaleRow } from './matches.ts'
import * as quotes from './quotes.ts'
import { CHUNK_MS, type StrangerMatch, strangerMatches } from './strangers.ts'
import { strangersOf, type Whale, whalesOf } from './whales.ts'
import { type Departure, type Execution, type Listing, rounded, type World, type WorldClock } from './world.ts'

/** When every seeded world began. Long ago, so that any clock that is not badly wrong finds it well under way. */
export const EPOCH = Date.UTC(2020, 0, 1)

export type SeededWorldOptions = {
  readonly seed: string
  readonly speed: number
  readonly strangersPerSecond: number
  /** How many whales there are: 1 to 2,000, the named sixteen first. */
  readonly whales?: number
}

export type SeededWorld = World & { readonly whales: readonly Whale[] }

/** All that one whale, or everybody in the cast, does in one market; both lists in order of time. */
type Doings = { readonly orders: readonly PlacedOrder[]; readonly departures: readonly Departure[] }

const DAY_MS = 86_400_000
/** How far back trades and positions are told. A longer past costs a path for every market that anybody asks about. */
const MEMORY_MS = 3 * DAY_MS
/** The memory's markets, of which two thousand open in a day: some 6 kB each, most of it a path, the dear part to draw. */
const LIVES_KEPT = 6144
const LISTINGS_KEPT = 6144
const SPANS_KEPT = 8192
/** A whale's in one market: about 3 kB. */
const DOINGS_KEPT = 4096
/** Everybody's in one market: 30 kB with the named cast. Forty markets are alive, and as many still have redemptions. */
const CROWDS_KEPT = 128
const MINUTES_KEPT = 256
/** Rows a match of strangers makes on average: a taker and, a third of the time, a second maker. */
const ROWS_A_MATCH = 2.3
const NOTHING: Doings = { orders: [], departures: [] }

/**
 * A world that is a function of the seed and the time and nothing else: a restart, even after a crash, changes nothing
 * in it.
 *
 * Market number `n · 3 + pace` opens in the n-th interval of its pace. What is kept below are caches.
 */
export function seededWorld(options: SeededWorldOptions): SeededWorld {
  const { seed, speed, strangersPerSecond } = options
  const key = seeded(seed).whole(0x1_0000_0000)
  const whales = whalesOf(key, options.whales)
  const strangers = strangersOf(key)
  const whaleByAddress = new Map(whales.map(whale => [whale.address, whale]))
  const strangerByAddress = new Map(strangers.map(stranger => [stranger.address, stranger]))

  const spans = new BoundedCache<number, life.Span>(SPANS_KEPT)
  const listings = new BoundedCache<number, Listing>(LISTINGS_KEPT)
  const lives = new BoundedCache<number, life.Life>(LIVES_KEPT)
  const doings = new BoundedCache<string, Doings>(DOINGS_KEPT)
  const crowds = new BoundedCache<number, Doings>(CROWDS_KEPT)
  const minutes = new BoundedCache<string, readonly StrangerMatch[]>(MINUTES_KEPT)
  const spanOf = (number: number) => spans.getOrMake(number, () => life.spanOf(seed, number))
  const listingOf = (number: number) => listings.getOrMake(number, () => life.listingOf(seed, spanOf(number)))
  const lifeOf = (number: number) => lives.getOrMake(number, () => life.lifeOf(seed, spanOf(number), listingOf(number)))
  const whalesIn = (number: number) => whales.filter(whale => life.joins(whale, spanOf(number)))

  const doingsOf = (number: number, whale: Whale): Doings => {
    if (!life.joins(whale, spanOf(number))) return NOTHING
    return doings.getOrMake(`${number}/${whale.index}`, () => doneIn(seed, lifeOf(number), whale))
  }
  const crowdOf = (number: number): Doings =>
    crowds.getOrMake(number, () => together(whalesIn(number).map(whale => doneIn(seed, lifeOf(number), whale))))

  const marketByNumber = (number: number | undefined): Listing | undefined => {
    if (number === undefined || !Number.isSafeInteger(number) || number < 0) return undefined
    return listingOf(number)
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
    if (whale !== undefined) {
      return within(doingsOf(market.number, whale).orders, from, to).map(order => whaleRow(of, order))
    }
    const rows = within(crowdOf(market.number).orders, from, to).flatMap(order => whaleMatch(of, order, strangers))
    rows.push(...strangerExecutions(of, from, to))
    const own = wallet === undefined ? rows : rows.filter(row => row.trader.address === wallet)
    return own.sort((a, b) => a.at - b.at || a.index - b.index)
  }

  const departures: World['departures'] = (market, from, to, wallet) => {
    if (to < market.opensAt || from > market.closesAt + TAIL_MS) return []
    if (wallet === undefined) return within(crowdOf(market.number).departures, from, to)
    const whale = whaleByAddress.get(wallet)
    return whale === undefined ? [] : within(doingsOf(market.number, whale).departures, from, to)
  }

  const marketByCondition: World['marketByCondition'] = condition => {
    const called = (name: string) => byNumber(ids.numberInCondition(name), it => it.conditionId === name)
    // The short ids of the second protocol are known padded on the right as well.
    return called(condition) ?? (condition.endsWith('00') ? called(condition.slice(0, -2)) : undefined)
  }

  const byNumber = (number: number | undefined, isIt: (market: Listing) => boolean): Listing | undefined => {
    const market = marketByNumber(number)
    return market !== undefined && isIt(market) ? market : undefined
  }

  return {
    clock: seededClock(speed),
    whales,
    traders: whales,
    beginsAt: 0,
    tradeMemoryMs: MEMORY_MS,
    positionMemoryMs: MEMORY_MS,
    numbersBetween,
    marketByNumber,
    marketByCondition,
    marketById: id => byNumber(ids.numberInId(id), it => it.id === id),
    marketBySlug: slug => byNumber(ids.numberInSlug(slug), it => it.slug === slug),
    marketByToken: tokenId => {
      const market = byNumber(ids.numberInToken(tokenId), it => it.tokens.includes(tokenId))
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
    departures,
    tradersIn: market => whalesIn(market.number),
    momentOf: ids.momentInTransaction,
    chainKey: key,
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

function doneIn(seed: string, of: life.Life, whale: Whale): Doings {
  const acts = life.actsOf(seed, of, whale)
  const orders = acts.flatMap((act, turn) =>
    act.kind === 'order' ? [{ ...act, whale, place: whale.index * PLACES_A_WHALE + turn }] : [],
  )
  return { orders, departures: departuresOf(of, whale, acts) }
}

function together(all: readonly Doings[]): Doings {
  return {
    orders: all.flatMap(it => it.orders).sort((a, b) => a.at - b.at || a.place - b.place),
    departures: all.flatMap(it => it.departures).sort((a, b) => a.at - b.at || a.index - b.index),
  }
}
