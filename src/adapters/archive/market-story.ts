import type { Market } from '../../core/market/market.ts'
import type { Instant } from '../../core/units/ids.ts'
import { type Price, price, shares, type Usd, usd } from '../../core/units/money.ts'
import type { Archived } from '../../ports/archive.ts'

/** How often a market is told anew with what rests in its book: as often as a live feed looks it up. */
const RETOLD_MS = 60_000
/** A last quote older than this at the close says nothing of how the market ended. */
const LAST_QUOTE_MS = 30_000
/** The bid that a side must be over at the close to have won. Source: the recordings' own notes. */
const WON_BID = price('0.9')

/** What the venue asked of crypto markets in 2026, and the highest of its rates: assumed where none is recorded. */
export const FEE_RATE = price('0.07')
/** The coarsest grid of the venue. A market that turned to a finer one still takes prices on this one. */
export const TICK = price('0.01')
export const SIZE_MIN = shares('5')
const NOTHING_RESTS = usd('0')

/** When a market was first heard of, and what rested in its book from then on. */
export type MarketStory = {
  readonly seen: (at: Instant) => void
  readonly rests: (at: Instant, liquidity: Usd) => void
  /**
   * The market as it was told: at its first sight, without liquidity if no book came with it (a later one's would be
   * knowledge of the future), and anew with each minute's first book.
   */
  readonly told: (market: Market) => readonly Archived[]
}

export function marketStory(): MarketStory {
  let first: Instant | undefined
  const resting: { readonly at: Instant; readonly liquidity: Usd }[] = []
  const seen = (at: Instant): void => {
    if (first === undefined || at < first) first = at
  }
  return {
    seen,
    rests: (at, liquidity) => {
      seen(at)
      const last = resting.at(-1)
      if (last === undefined || at - last.at >= RETOLD_MS) resting.push({ at, liquidity })
    },
    told: market => {
      if (first === undefined) return []
      const from = resting[0]
      const unquoted = from === undefined || from.at > first ? [{ at: first, liquidity: NOTHING_RESTS }] : []
      return [...unquoted, ...resting].map(({ at, liquidity }) => ({
        kind: 'market',
        at,
        market: { ...market, liquidity },
      }))
    },
  }
}

/** A market of which nothing is recorded but its name: the rest is assumed, as the constants here say. */
export function plainMarket(
  known: Pick<Market, 'condition' | 'title' | 'slug' | 'category' | 'outcomes' | 'closesAt'>,
): Market {
  return {
    ...known,
    status: 'open',
    tick: TICK,
    sizeMin: SIZE_MIN,
    feeRate: FEE_RATE,
    liquidity: NOTHING_RESTS,
    isNegRisk: false,
  }
}

/** The last quote of both sides, in the order of the outcomes. */
export type LastQuote = { readonly at: Instant; readonly bids: readonly [Price | undefined, Price | undefined] }

/** Which side the last quote says has won, if it was near the close and says so of one side only. */
export function winnerOf(last: LastQuote | undefined, closesAt: Instant): 0 | 1 | undefined {
  if (last === undefined || closesAt - last.at > LAST_QUOTE_MS) return undefined
  const [first, second] = last.bids.map(bid => bid !== undefined && bid > WON_BID)
  if (first === second) return undefined
  return first === true ? 0 : 1
}

/** The market's end, with that side paying a dollar and the other nothing. */
export function resolutionOf(market: Market, winner: 0 | 1, at: Instant): Archived {
  const payouts = market.outcomes.map((outcome, index) => ({
    token: outcome.token,
    price: price(index === winner ? '1' : '0'),
  }))
  return { kind: 'resolution', at, condition: market.condition, payouts }
}
