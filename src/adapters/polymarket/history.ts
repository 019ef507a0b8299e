import type { Instant, WhaleAddress } from '../../core/units/ids.ts'
import { recordOf } from '../../core/whale/record.ts'
import { FeedError, type WhaleHistory } from '../../ports/feeds.ts'
import { HttpError } from '../system/http.ts'
import { PAGE_ROWS_MAX, type PolymarketClient, rowsOf, unlessAbsent } from './client.ts'
import { isFault } from './wire.ts'
import { readProfileName } from './wire-gamma.ts'
import { type ReadPosition, readClosedPosition, readStanding } from './wire-record.ts'

/** Enough to judge a wallet by, and one page. */
const POSITIONS_MAX = 1_000

/** Polymarket's public record of a wallet: finished positions, its name, and the monthly ranking. */
export function polymarketHistory(client: PolymarketClient): WhaleHistory {
  return {
    record: async (whale, at, signal) => recordOf(await finishedPositions(client, whale, at, signal), at),

    name: async (whale, signal) => {
      const question = client.get('gamma', '/public-profile', { address: whale }, signal)
      const answer = await unlessAbsent(question, /not found/i)
      if (answer === undefined) return undefined
      const name = readProfileName(answer)
      if (isFault(name)) throw new FeedError('gamma', `the profile of ${whale} cannot be read: ${name.fault}`)
      return name
    },

    leaders: async (most, signal) => {
      const query = { time_period: 'month', sort_by: 'PNL' }
      const { rows } = await client.pages('/v2/leaderboard', query, Math.min(most, PAGE_ROWS_MAX), signal)
      const standings = rowsOf(client, 'leaderboard', rows, readStanding)
      return [...standings].sort((one, other) => one.rank - other.rank).map(standing => standing.whale)
    },
  }
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
