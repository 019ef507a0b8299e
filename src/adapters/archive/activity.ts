import type { Outcome, Side } from '../../core/market/market.ts'
import type { ConditionId, Instant, TokenId, WhaleAddress } from '../../core/units/ids.ts'
import { type Price, type Shares, shares } from '../../core/units/money.ts'
import type { Archived } from '../../ports/archive.ts'
import type { Loaded } from './in-order.ts'
import { marketStory, plainMarket, resolutionOf } from './market-story.ts'
import { isSecond, oppositeOf, syntheticToken } from './synthetic.ts'
import { type Tally, tally } from './tally.ts'

/** A trade of a wallet, from whichever table. */
export type ActivityTrade = {
  readonly at: Instant
  readonly whale: WhaleAddress
  readonly name: string
  readonly transaction: string
  readonly side: Side
  readonly outcome: string
  /** Which outcome of its market it is, where that was recorded. */
  readonly outcomeIndex: 0 | 1 | undefined
  readonly token: TokenId | undefined
  readonly price: Price
  readonly size: Shares
}

/** Shares that a wallet turned into dollars, one for one: both sides together before the end, the winning side after it. */
export type ActivityPayout = { readonly at: Instant; readonly size: bigint }

/** One market as one wallet's activity shows it. */
export type ActivityMarket = {
  readonly condition: ConditionId
  readonly title: string
  readonly slug: string
  readonly category: string
  readonly closesAt: Instant | undefined
  readonly trades: ActivityTrade[]
  readonly payouts: ActivityPayout[]
}

/** How far the shares bought and the dollars paid may lie apart: the dust of rounded fills. */
const DUST = shares('0.01')

/** What a wallet's trades and payouts tell of its markets. */
export function activityEvents(markets: Iterable<ActivityMarket>): Loaded {
  const notes = tally()
  const events: Archived[] = []
  for (const market of markets) takeMarket(market, events, notes)
  const assumed = ['there are no books; liquidity is told as 0, fee rate 0.07, tick 0.01 and least size 5 are assumed']
  return { events, notes: [...assumed, ...notes.words()] }
}

function takeMarket(from: ActivityMarket, events: Archived[], notes: Tally): void {
  const outcomes = outcomesOf(from, notes)
  if (outcomes === undefined) return
  const { condition, title, slug, category, closesAt } = from
  const market = plainMarket({ condition, title, slug, category, outcomes, closesAt })
  const story = marketStory()
  for (const trade of from.trades) {
    const outcome = outcomes.find(({ name }) => name === trade.outcome)
    if (outcome === undefined) {
      notes.add('trades of a third outcome of their market: left out')
      continue
    }
    const { at, outcomeIndex: _index, ...told } = trade
    story.seen(at)
    events.push({
      kind: 'trade',
      at,
      trade: { ...told, token: outcome.token, condition, title, happenedAt: at, source: 'archive' },
    })
  }
  for (const told of story.told(market)) events.push(told)
  if (from.payouts.length === 0) notes.add('markets without a payout: no resolution')
  const winner = from.payouts.length === 0 ? undefined : paidSide(from, outcomes)
  if (from.payouts.length > 0 && winner === undefined)
    notes.add('markets whose payouts do not equal what was bought of one side: no resolution')
  if (winner !== undefined) events.push(resolutionOf(market, winner, paidAt(from)))
}

/**
 * The two outcomes, by their recorded places where there are some, else as custom has it (Up before Down), else as first
 * traded. `undefined` for a market without a trade.
 */
function outcomesOf(from: ActivityMarket, notes: Tally): readonly [Outcome, Outcome] | undefined {
  const known = new Map<string, ActivityTrade>()
  for (const trade of from.trades) if (!known.has(trade.outcome)) known.set(trade.outcome, trade)
  const [one, other] = [...known.values()]
  if (one === undefined) {
    notes.add('markets with payouts but without a trade: left out')
    return undefined
  }
  const first = outcomeOf(from.condition, one.outcome, one.token)
  const second = outcomeOf(from.condition, other?.outcome ?? oppositeOf(one.outcome), other?.token)
  const isTurned = one.outcomeIndex === undefined ? isSecond(one.outcome) : one.outcomeIndex === 1
  return isTurned ? [second, first] : [first, second]
}

function outcomeOf(condition: ConditionId, name: string, token: TokenId | undefined): Outcome {
  return { token: token ?? syntheticToken(condition, name), name }
}

/**
 * Which side the payouts say has won. Every share of the winner ends as one dollar, merged with one of the loser or
 * redeemed, so all payouts together are what was bought of the winner. Where the recording has only a part of the market,
 * or the wallet kept some, neither side comes out equal.
 */
function paidSide(from: ActivityMarket, outcomes: readonly [Outcome, Outcome]): 0 | 1 | undefined {
  const paid = from.payouts.reduce((sum, { size }) => sum + size, 0n)
  const [first, second] = outcomes.map(({ name }) => {
    const left = boughtOf(from, name) - paid
    return left <= DUST && left >= -DUST
  })
  if (first === second) return undefined
  return first === true ? 0 : 1
}

function boughtOf(from: ActivityMarket, outcome: string): bigint {
  let bought = 0n
  for (const trade of from.trades)
    if (trade.outcome === outcome) bought += trade.side === 'buy' ? trade.size : -trade.size
  return bought
}

/** Not before the market closed, however early its shares were merged: earlier it would tell the future. */
function paidAt(from: ActivityMarket): Instant {
  const times = [...from.trades, ...from.payouts].map(({ at }) => at)
  return Math.max(from.closesAt ?? 0, ...times) as Instant
}
