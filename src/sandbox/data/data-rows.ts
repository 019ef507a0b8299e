import {
  type Entry,
  type Execution,
  type Listing,
  rounded,
  type TokenIndex,
  type Trader,
  type Transfer,
  type World,
} from '../world.ts'
import type { Holding } from './holdings.ts'

/** A row of `/v2/trades`. There is no trade id and nothing that says maker or taker: that is how the venue has it. */
export function tradeRow(world: World, trade: Execution): object {
  return {
    proxy_wallet: trade.trader.address,
    side: trade.side,
    token_id: trade.market.tokens[trade.token],
    condition_id: trade.market.conditionId,
    size: trade.size,
    price: trade.price,
    timestamp: seconds(world, trade.at),
    ...marketPart(trade.market),
    outcome: trade.market.outcomes[trade.token],
    outcome_index: trade.token,
    ...traderPart(trade.trader),
    transaction_hash: trade.transaction,
  }
}

/** The venue's word for a line of a wallet's past. */
export function activityType(entry: Exclude<Entry, Transfer>): 'TRADE' | 'MERGE' | 'REDEEM' {
  switch (entry.kind) {
    case 'trade':
      return 'TRADE'
    case 'merge':
      return 'MERGE'
    case 'redemption':
      return 'REDEEM'
  }
}

/** A row of `/v2/activity`. Shares sent to another wallet have none. A merge names no token: it takes both. */
export function activityRow(world: World, entry: Exclude<Entry, Transfer>): object {
  const type = activityType(entry)
  if (entry.kind === 'trade') {
    return { ...tradeRow(world, entry), type, usdc_size: rounded(entry.size * entry.price) }
  }
  return {
    proxy_wallet: entry.trader.address,
    timestamp: seconds(world, entry.at),
    condition_id: entry.market.conditionId,
    type,
    size: entry.size,
    usdc_size: entry.kind === 'merge' ? entry.size : rounded(entry.size * entry.payout),
    transaction_hash: entry.transaction,
    price: 0,
    token_id: entry.kind === 'merge' ? '' : entry.market.tokens[entry.token],
    side: '',
    outcome_index: 999,
    ...marketPart(entry.market),
    outcome: '',
    ...traderPart(entry.trader),
  }
}

/** A holding in figures: what it is worth now and what it has made. */
export type Valued = {
  /** Whether shares of the other token are held as well. */
  readonly isMergeable: boolean
  readonly holding: Holding
  readonly market: Listing
  readonly price: number
  readonly value: number
  readonly unrealized: number
  readonly status: 'OPEN' | 'REDEEMABLE' | 'CLOSED'
}

export function valued(world: World, market: Listing, holding: Holding, at: number, isMergeable = false): Valued {
  const isResolved = at >= market.resolvesAt
  const price = isResolved ? world.payouts(market)[holding.token] : world.midAt(market, holding.token, at)
  const value = rounded(holding.size * price)
  const status = holding.size === 0 ? 'CLOSED' : isResolved ? 'REDEEMABLE' : 'OPEN'
  return {
    isMergeable,
    holding,
    market,
    price,
    value,
    unrealized: rounded(value - holding.entryCost - holding.entryFees),
    status,
  }
}

export function positionRow(world: World, trader: Trader, row: Valued): object {
  const { holding, market } = row
  const other: TokenIndex = holding.token === 0 ? 1 : 0
  const total = rounded(holding.realized + row.unrealized)
  const cost = rounded(holding.entryCost + holding.entryFees)
  const everPaid = holding.bought * holding.averagePrice
  return {
    proxy_wallet: trader.address,
    token_id: market.tokens[holding.token],
    condition_id: market.conditionId,
    current_size: holding.size,
    avg_price: holding.averagePrice,
    entry_cost_usdc: holding.entryCost,
    entry_fees_usdc: holding.entryFees,
    total_cost_usdc: cost,
    current_price: row.price,
    current_value: row.value,
    total_size: holding.bought,
    realized_pnl: holding.realized,
    unrealized_pnl: row.unrealized,
    total_pnl: total,
    percent_pnl: percent(row.unrealized, cost),
    percent_realized_pnl: percent(holding.realized, everPaid),
    status: row.status,
    redeemable: row.status === 'REDEEMABLE',
    mergeable: row.isMergeable,
    negative_risk: market.negativeRisk,
    archived: false,
    title: market.title,
    slug: market.slug,
    icon: '',
    event_id: market.id,
    event_slug: market.slug,
    outcome: market.outcomes[holding.token],
    outcome_index: holding.token,
    opposite_outcome: market.outcomes[other],
    opposite_token_id: market.tokens[other],
    end_date: new Date(world.clock.wallTime(market.closesAt)).toISOString().slice(0, 10),
    last_event_at: seconds(world, holding.lastAt),
    first_entry_at: seconds(world, holding.firstAt),
    name: trader.name,
    profile_image: '',
    verified: false,
  }
}

export function resolutionRow(world: World, market: Listing, at: number): object {
  const isResolved = at >= market.resolvesAt
  const [first] = isResolved ? world.payouts(market) : [0.5]
  return {
    question_id: market.questionId,
    // Always 64 digits here: the short ids are padded on the right.
    condition_id: market.conditionId.padEnd(66, '0'),
    status: isResolved ? 'resolved' : 'posed',
    extended_review: false,
    was_disputed: false,
    new_version_q: true,
    proposed_price: isResolved ? String(first) : '69',
    reproposed_price: '69',
    price: isResolved ? String(first) : '69',
    payouts: isResolved ? world.payouts(market).map(payout => Math.round(payout * 1_000_000)) : null,
    reporter: 'UMA_OO',
    transaction_hash: market.questionId,
    log_index: '1',
    last_update_timestamp: String(seconds(world, isResolved ? market.resolvesAt : market.opensAt)),
  }
}

export function seconds(world: World, at: number): number {
  return Math.floor(world.clock.wallTime(at) / 1000)
}

function marketPart(market: Listing): object {
  return { title: market.title, slug: market.slug, icon: '', event_slug: market.slug }
}

function traderPart(trader: Trader): object {
  return {
    name: trader.name,
    pseudonym: trader.pseudonym,
    bio: '',
    profile_image: '',
    profile_image_optimized: '',
  }
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1_000_000) / 10_000
}
