import { inOrder } from '../../src/adapters/archive/in-order.ts'
import { lineOf } from '../../src/adapters/archive/line-write.ts'
import { resolutionOf } from '../../src/adapters/archive/market-story.ts'
import {
  syntheticCondition,
  syntheticOutcomes,
  syntheticTransaction,
  syntheticWhale,
} from '../../src/adapters/archive/synthetic.ts'
import type { Level, OrderBook } from '../../src/core/market/book.ts'
import type { Market } from '../../src/core/market/market.ts'
import { type Instant, instant, later, type WhaleAddress } from '../../src/core/units/ids.ts'
import { type Price, price, type Shares, shares, usd } from '../../src/core/units/money.ts'
import { type Seeded, seeded } from '../../src/core/units/seeded.ts'
import type { Archived } from '../../src/ports/archive.ts'

const STARTS_AT = Date.UTC(2026, 2, 2, 9)
const BOOK_MS = 6_000
const RESOLVES_AFTER_MS = 20_000
const LEVELS = 3
const CENT = 10_000n

type Plan = {
  readonly title: string
  readonly category: string
  readonly names: readonly [string, string]
  readonly opensMs: number
  readonly closesMs: number
  readonly feeRate: string
}

/** Invented, every word of it. */
const PLANS: readonly Plan[] = [
  {
    title: 'Will the first ferry to Halvorsund leave on time?',
    category: 'culture',
    names: ['Yes', 'No'],
    opensMs: 0,
    closesMs: 480_000,
    feeRate: '0.04',
  },
  {
    title: 'Pebblecoin Up or Down, 9:05 to 9:12',
    category: 'crypto',
    names: ['Up', 'Down'],
    opensMs: 60_000,
    closesMs: 720_000,
    feeRate: '0.07',
  },
  {
    title: 'Morra Herons vs. Quillport Rovers',
    category: 'sports',
    names: ['Morra Herons', 'Quillport Rovers'],
    opensMs: 300_000,
    closesMs: 990_000,
    feeRate: '0.05',
  },
  {
    title: 'Will it rain at the Tansy Hill kite fair?',
    category: 'weather',
    names: ['Yes', 'No'],
    opensMs: 540_000,
    closesMs: 1_170_000,
    feeRate: '0',
  },
]

/** How often each is on the side that wins: one knows something, one guesses, one is late to everything. */
const WHALES: readonly { readonly name: string; readonly whale: WhaleAddress; readonly right: number }[] = [
  { name: 'slow-otter', whale: syntheticWhale('sample/slow-otter'), right: 0.72 },
  { name: 'brass-kettle', whale: syntheticWhale('sample/brass-kettle'), right: 0.5 },
  { name: 'moth-in-march', whale: syntheticWhale('sample/moth-in-march'), right: 0.34 },
]

/**
 * The small recording that ships with the project: twenty minutes of four markets and three whales. To change it, change
 * this and run its test with `-u`.
 */
export function sampleText(): string {
  const random = seeded('remora sample')
  const events = PLANS.flatMap(plan => eventsOf(plan, random.fork(plan.title)))
  const markets = new Map(
    events.flatMap(event => (event.kind === 'market' ? [[event.market.condition, event.market]] : [])),
  )
  return inOrder(events)
    .map(event => {
      const condition =
        event.kind === 'trade' ? event.trade.condition : event.kind === 'resolution' ? event.condition : ''
      return `${lineOf(
        event,
        [...markets.values()].find(market => market.condition === condition),
      )}\n`
    })
    .join('')
}

function eventsOf(plan: Plan, random: Seeded): readonly Archived[] {
  const market = marketOf(plan)
  const winner = random.chance(0.5) ? 0 : 1
  const events: Archived[] = [{ kind: 'market', at: instant(STARTS_AT + plan.opensMs), market }]
  const steps = Math.floor((plan.closesMs - plan.opensMs) / BOOK_MS)
  let fair = 30 + random.whole(41)
  for (let step = 0; step < steps; step += 1) {
    const at = instant(STARTS_AT + plan.opensMs + step * BOOK_MS + random.whole(900))
    fair = nextFair(fair, winner, step / steps, random)
    const books = booksOf(market, fair, at, random)
    for (const book of books) events.push({ kind: 'book', at, book })
    if (random.chance(0.31)) events.push(...tradesOf(market, books, winner, at, random))
  }
  events.push(resolutionOf(market, winner, instant(STARTS_AT + plan.closesMs + RESOLVES_AFTER_MS)))
  return events
}

function marketOf(plan: Plan): Market {
  const condition = syntheticCondition(`sample/${plan.title}`)
  return {
    condition,
    title: plan.title,
    slug: plan.title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/-$/, ''),
    category: plan.category,
    outcomes: syntheticOutcomes(condition, plan.names),
    status: 'open',
    tick: price('0.01'),
    sizeMin: shares('5'),
    feeRate: price(plan.feeRate),
    closesAt: instant(STARTS_AT + plan.closesMs),
    liquidity: usd('18500'),
    isNegRisk: false,
  }
}

/** In cents; wanders, and in the last third leans to how it ends. */
function nextFair(fair: number, winner: 0 | 1, done: number, random: Seeded): number {
  const lean = done > 0.66 ? (winner === 0 ? 0.9 : -0.9) : 0
  const next = Math.round(fair + random.normal() * 1.1 + lean)
  return Math.min(96, Math.max(4, next))
}

/** Both tokens' books of one truth: who asks for one outcome bids for the other. */
function booksOf(market: Market, fair: number, at: Instant, random: Seeded): readonly [OrderBook, OrderBook] {
  const half = random.chance(0.7) ? 1 : 2
  const bids = levelsFrom(fair - half, -1, random)
  const asks = levelsFrom(fair + half, 1, random)
  const [first, second] = market.outcomes
  return [
    { token: first.token, bids, asks, happenedAt: at },
    { token: second.token, bids: asks.map(mirrored), asks: bids.map(mirrored), happenedAt: at },
  ]
}

function levelsFrom(cents: number, step: 1 | -1, random: Seeded): readonly Level[] {
  const levels: Level[] = []
  for (let index = 0; index < LEVELS; index += 1) {
    const at = cents + index * step
    if (at > 0 && at < 100)
      levels.push({ price: (BigInt(at) * CENT) as Price, size: wholeShares(40 + random.whole(1_800)) })
  }
  return levels
}

function mirrored({ price: at, size }: Level): Level {
  return { price: (1_000_000n - at) as Price, size }
}

function wholeShares(count: number): Shares {
  return (BigInt(count) * 1_000_000n) as Shares
}

/** One order of a whale, sometimes filled in two pieces; it is heard of a second or two after it happened. */
function tradesOf(
  market: Market,
  books: readonly [OrderBook, OrderBook],
  winner: 0 | 1,
  bookAt: Instant,
  random: Seeded,
): readonly Archived[] {
  const { name, whale, right } = random.pick(WHALES)
  const side = random.chance(0.85) ? 'buy' : 'sell'
  const isRight = random.chance(right)
  const index = isRight === (side === 'buy') ? winner : winner === 0 ? 1 : 0
  const { token, name: outcome } = market.outcomes[index]
  const best = side === 'buy' ? books[index].asks[0] : books[index].bids[0]
  if (best === undefined) return []
  const happenedAt = later(bookAt, 200 + random.whole(1_500))
  const at = later(happenedAt, 900 + random.whole(1_600))
  const transaction = syntheticTransaction(`sample/${market.slug}/${happenedAt}`)
  const { condition, title } = market
  const sizes = random.chance(0.15) ? [best.size, wholeShares(25)] : [wholeShares(5 + random.whole(900))]
  return sizes.map(size => ({
    kind: 'trade',
    at,
    trade: {
      ...{ transaction, whale, name, token, condition, side, price: best.price, size, title, outcome, happenedAt },
      source: 'archive',
    },
  }))
}
