import type { Instant, WhaleAddress } from '../../../core/units/ids.ts'
import { NO_USD, plus } from '../../../core/units/money.ts'
import {
  type ClosedPosition,
  type OpenHoldings,
  recordOf,
  type ServiceRecord,
  type WhaleRecord,
} from '../../../core/whale/record.ts'
import { FeedError } from '../../../ports/feeds.ts'
import { HttpError } from '../../system/http.ts'
import { PAGE_ROWS_MAX, type PolymarketClient, rowsOf } from '../client.ts'
import { isFault } from '../wire.ts'
import { readTradeRow } from '../wire-data.ts'
import type { FinishedMarkets } from './finished-markets.ts'
import { takerShareOf } from './taker-share.ts'
import { type ReadPosition, readClosedPosition, readOpenPosition, readUserStats } from './wire-record.ts'

/** Enough to judge a wallet by, and one page. */
const POSITIONS_MAX = 1_000
/** The youngest finished positions whose markets are asked about: four questions, and what a wallet is good at now. */
const DESCRIBED_MAX = 200
/** What is nice to know may take this long: somebody may wait for the rest of it with a phone in the hand. */
const PART_MS = 3_000

/**
 * A wallet's record as far as the public services tell it. Without its finished positions there is none, and that is an error;
 * every other part that cannot be had in time leaves its fields undefined, and is noted.
 */
export async function recordAt(
  client: PolymarketClient,
  markets: FinishedMarkets,
  whale: WhaleAddress,
  at: Instant,
  signal: AbortSignal,
): Promise<WhaleRecord> {
  const part = <T>(name: string, ask: (until: AbortSignal) => Promise<T>): Promise<T | undefined> =>
    ifTold(client, whale, name, ask, signal)
  const [positions, open, service, takerShare] = await Promise.all([
    finishedPositions(client, whale, at, signal),
    part('open positions', until => openHoldings(client, whale, until)),
    part('user stats', until => serviceRecord(client, whale, until)),
    part('newest trades', until => newestTakerShare(client, whale, until)),
  ])
  const described = await withMarkets(positions, part, markets)
  return recordOf(described, at, { open, service, takerShare })
}

type Part = <T>(name: string, ask: (until: AbortSignal) => Promise<T>) => Promise<T | undefined>

/** The youngest positions with what their markets were about; the others as they are. */
async function withMarkets(
  positions: readonly ReadPosition[],
  part: Part,
  markets: FinishedMarkets,
): Promise<readonly ClosedPosition[]> {
  const conditions = positions.slice(0, DESCRIBED_MAX).flatMap(({ condition }) => condition ?? [])
  if (conditions.length === 0) return positions
  const known = await part('finished markets', until => markets.of(conditions, until))
  return positions.map(position => {
    const market = position.condition === undefined ? undefined : known?.get(position.condition)
    return market === undefined ? position : { ...position, category: market.category, volume: market.volume }
  })
}

/**
 * The youngest finished positions, those closed and those lost but never redeemed: a loser has no reason to redeem, so without
 * them every wallet looks better than it is. What closed after `at` was not known then and is left out.
 */
async function finishedPositions(
  client: PolymarketClient,
  whale: WhaleAddress,
  at: Instant,
  signal: AbortSignal,
): Promise<readonly ReadPosition[]> {
  const [closed, lost] = await Promise.all([
    positionsOf(client, whale, 'CLOSED', signal),
    lostPositionsOf(client, whale, signal),
  ])
  const positions = new Map([...lost, ...closed].map(position => [position.token, position]))
  return [...positions.values()]
    .filter(position => position.closedAt <= at)
    .sort((one, other) => other.closedAt - one.closedAt)
    .slice(0, POSITIONS_MAX)
}

/** A service that does not know this state answers with a final error: then the record is of closed positions alone, and noted so. */
async function lostPositionsOf(
  client: PolymarketClient,
  whale: WhaleAddress,
  signal: AbortSignal,
): Promise<readonly ReadPosition[]> {
  try {
    const positions = await positionsOf(client, whale, 'REDEEMABLE_LOST', signal)
    return positions.filter(position => position.isLost)
  } catch (error) {
    if (!(error instanceof HttpError) || error.status !== 400) throw error
    client.note({ kind: 'lostPositionsUnanswered', whale })
    return []
  }
}

async function positionsOf(
  client: PolymarketClient,
  whale: WhaleAddress,
  status: 'CLOSED' | 'REDEEMABLE_LOST',
  signal: AbortSignal,
): Promise<readonly ReadPosition[]> {
  const query = { user: whale, status, sort_by: 'TIMESTAMP', sort_direction: 'DESC' }
  const { rows } = await client.pages('/v2/positions', query, POSITIONS_MAX, signal)
  return rowsOf(client, 'positions', rows, readClosedPosition)
}

/** What is still held, the largest losses first, since a page that is cut off must not leave out those. */
async function openHoldings(client: PolymarketClient, whale: WhaleAddress, until: AbortSignal): Promise<OpenHoldings> {
  const query = { user: whale, status: 'OPEN', sort_by: 'UNREALIZED_PNL', sort_direction: 'ASC' }
  const { rows } = await client.pages('/v2/positions', query, POSITIONS_MAX, until)
  const held = rowsOf(client, 'open positions', rows, readOpenPosition).flatMap(one => one ?? [])
  return {
    count: held.length,
    cost: held.reduce((sum, { cost }) => plus(sum, cost), NO_USD),
    profit: held.reduce((sum, { profit }) => plus(sum, profit), NO_USD),
  }
}

async function serviceRecord(
  client: PolymarketClient,
  whale: WhaleAddress,
  until: AbortSignal,
): Promise<ServiceRecord | undefined> {
  const stats = readUserStats(await client.get('data', '/v2/user-stats', { user: whale }, until))
  if (isFault(stats)) throw new FeedError('data', `the stats cannot be read: ${stats.fault}`)
  return stats
}

async function newestTakerShare(
  client: PolymarketClient,
  whale: WhaleAddress,
  until: AbortSignal,
): Promise<number | undefined> {
  const newest = async (takerOnly: boolean) => {
    const query = { user: whale, taker_only: takerOnly }
    const { rows, isWhole } = await client.pages('/v2/trades', query, PAGE_ROWS_MAX, until)
    const trades = rowsOf(client, 'trades', rows, readTradeRow)
    return { trades: trades.filter(trade => trade.whale === whale), isWhole }
  }
  const [all, takers] = await Promise.all([newest(false), newest(true)])
  return takerShareOf(all, takers)
}

/** The answer, or `undefined` where there is none in time; only the caller's own signal is an error. */
async function ifTold<T>(
  client: PolymarketClient,
  whale: WhaleAddress,
  part: string,
  ask: (until: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  const own = new AbortController()
  const stop = (): void => own.abort()
  const timer = setTimeout(stop, PART_MS)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    return await ask(own.signal)
  } catch (error) {
    if (!(error instanceof FeedError) || signal.aborted) throw error
    client.note({ kind: 'recordPartMissing', whale, part, why: error.message })
    return undefined
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}
