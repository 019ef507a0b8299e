import { seeded } from '../core/units/seeded.ts'
import { type Act, conduct } from './conduct.ts'
import { namesOf } from './market-ids.ts'
import { mix, mixUnit } from './mix.ts'
import { drawPath, STEPS } from './path.ts'
import { fineFrom, type Quoting } from './quotes.ts'
import { FEE_RATES, subjectOf } from './titles.ts'
import type { Whale } from './whales.ts'
import type { Listing } from './world.ts'

/** A pace at which markets live. `openEveryMs` over `lifeMs` is how many of the kind are alive at a time. */
export type Pace = {
  readonly name: string
  readonly openEveryMs: number
  readonly lifeMs: number
  readonly categories: readonly string[]
  /** Times a whale of ordinary activity looks at one such market. */
  readonly looks: number
  /** Part of all that strangers do. */
  readonly strangerShare: number
}

/** Twelve, eighteen and ten alive: about forty. The fast ones are what lets a follower see positions settle soon. */
export const PACES: readonly Pace[] = [
  {
    name: 'fast',
    openEveryMs: 50_000,
    lifeMs: 600_000,
    categories: ['crypto', 'crypto', 'sports'],
    looks: 10,
    strangerShare: 0.5,
  },
  {
    name: 'medium',
    openEveryMs: 400_000,
    lifeMs: 7_200_000,
    categories: ['sports', 'weather', 'culture', 'politics', 'tech'],
    looks: 26,
    strangerShare: 0.3,
  },
  {
    name: 'slow',
    openEveryMs: 8_640_000,
    lifeMs: 86_400_000,
    categories: ['politics', 'geopolitics', 'economics', 'culture', 'tech'],
    looks: 70,
    strangerShare: 0.2,
  },
]

/** No market lives longer than this many times its pace's life, nor shorter than the other. */
export const LIFE_MAX = 1.3
const LIFE_MIN = 0.7

/**
 * Winners redeem soon after the resolution; losers much later, so that a worthless holding is there to be seen for a
 * while.
 */
const REDEEM_WON_MS = 20_000
const REDEEM_WON_SPREAD_MS = 40_000
const REDEEM_LOST_MS = 600_000
export const REDEEM_LAST_MS = REDEEM_LOST_MS + REDEEM_WON_SPREAD_MS

/** How likely a whale is in a market of a category it knows, and in any other. */
const JOINS_KNOWN = 0.45
const JOINS_OTHER = 0.1

/** When a market trades: all that is needed to know whether to look closer. */
export type Span = {
  readonly number: number
  readonly key: number
  readonly opensAt: number
  readonly closesAt: number
}

/** A market with its path and its quotes, from which all that is ever done in it follows. */
export type Life = {
  readonly listing: Listing
  readonly quoting: Quoting
  readonly winner: 0 | 1
}

export function paceOf(number: number): Pace {
  const pace = PACES[number % PACES.length]
  if (pace === undefined) throw new RangeError('every market has a pace')
  return pace
}

export function seedOfMarket(seed: string, number: number): string {
  return `${seed}/market/${number}`
}

export function spanOf(seed: string, number: number): Span {
  const pace = paceOf(number)
  const key = seeded(seedOfMarket(seed, number)).whole(0x1_0000_0000)
  const opensAt = Math.floor(number / PACES.length) * pace.openEveryMs + Math.floor(mixUnit(key, 1) * pace.openEveryMs)
  const lifeMs = Math.floor(pace.lifeMs * (LIFE_MIN + (LIFE_MAX - LIFE_MIN) * mixUnit(key, 2)))
  return { number, key, opensAt, closesAt: opensAt + lifeMs }
}

export function joins(whale: Whale, span: Span): boolean {
  const category = categoryOf(span)
  const likelihood = whale.categories.includes(category) ? JOINS_KNOWN : JOINS_OTHER
  return mixUnit(span.key, 0x10, whale.index) < likelihood
}

/** What the market is, without its path: cheap enough to make for a page of them. */
export function listingOf(seed: string, span: Span): Listing {
  const { key, number } = span
  const subject = subjectOf(seeded(`${seedOfMarket(seed, number)}/subject`), categoryOf(span))
  const negativeRisk = subject.category === 'politics' && mix(key, 0x23) % 3 === 0
  return {
    number,
    ...namesOf(key, number, negativeRisk),
    outcomes: subject.outcomes,
    title: subject.title,
    slug: `${slugged(subject.title)}-${number}`,
    category: subject.category,
    negativeRisk,
    feeRate: FEE_RATES[subject.category] ?? 0.05,
    minSize: 5,
    opensAt: span.opensAt,
    closesAt: span.closesAt,
    resolvesAt: span.closesAt + 4000 + (mix(key, 0x24) % 12_000),
  }
}

export function lifeOf(seed: string, span: Span, listing: Listing): Life {
  const path = drawPath(seeded(`${seedOfMarket(seed, span.number)}/path`))
  const fine = mix(span.key, 0x30) % 10
  const quoting: Quoting = {
    key: span.key,
    opensAt: span.opensAt,
    closesAt: span.closesAt,
    path,
    halfSpread: 0.004 + mixUnit(span.key, 0x31) * 0.005,
    depth: 150 + mixUnit(span.key, 0x32) * mixUnit(span.key, 0x33) * 2500,
    fineFromStep: fine === 0 ? 0 : fine < 6 ? fineFrom(path) : STEPS + 1,
  }
  return { listing, quoting, winner: path.winner }
}

/** All that one whale ever does in a market, in order of time. No other whale matters to it. */
export function actsOf(seed: string, life: Life, whale: Whale): readonly Act[] {
  const { number, feeRate } = life.listing
  const chance = seeded(`${seedOfMarket(seed, number)}/whale/${whale.index}`)
  const count = Math.ceil(paceOf(number).looks * whale.activity * chance.between(0.5, 1.5))
  return conduct(whale, life.quoting, feeRate, count, chance)
}

/** When a holding of this token is turned into money. */
export function redeemsAt(life: Life, token: 0 | 1, whale: Whale): number {
  const delay = token === life.winner ? REDEEM_WON_MS : REDEEM_LOST_MS
  return life.listing.resolvesAt + delay + (mix(life.quoting.key, 0x40, whale.index) % REDEEM_WON_SPREAD_MS)
}

function categoryOf(span: Span): string {
  const { categories } = paceOf(span.number)
  return categories[mix(span.key, 0x11) % categories.length] ?? 'culture'
}

function slugged(title: string): string {
  const plain = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return plain.slice(0, 60).replace(/-+$/, '') || 'market'
}
