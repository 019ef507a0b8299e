import type { WhaleAddress } from '../../../core/units/ids.ts'
import { FeedError, type Profile, type WhaleHistory } from '../../../ports/feeds.ts'
import { PAGE_ROWS_MAX, type PolymarketClient, rowsOf, unlessAbsent } from '../client.ts'
import { isFault } from '../wire.ts'
import { readRows } from '../wire-data.ts'
import { finishedMarkets } from './finished-markets.ts'
import { recordAt } from './record.ts'
import { readProfile, readSearched } from './wire-profile.ts'
import { readStanding } from './wire-record.ts'

/** Profiles that a search is asked for; more of one name than these a person could not tell apart anyway. */
const SEARCHED_MAX = 10
/** No name of the venue is longer, and the question stays an address that every server takes. */
const NAME_MAX = 100

/** Polymarket's public record of wallets: their pasts, who they are, and the rankings that they can be found in. */
export function polymarketHistory(client: PolymarketClient): WhaleHistory {
  const markets = finishedMarkets(client)
  return {
    record: (whale, at, signal) => recordAt(client, markets, whale, at, signal),
    profile: (whale, signal) => profileOf(client, whale, signal),
    named: (name, signal) => profilesNamed(client, name, signal),

    leaders: async ({ period, category, most }, signal) => {
      const query = { time_period: period, category, sort_by: 'PNL' }
      const { rows } = await client.pages('/v2/leaderboard', query, Math.min(most, PAGE_ROWS_MAX), signal)
      const standings = rowsOf(client, 'leaderboard', rows, readStanding)
      return [...standings].sort((one, other) => one.rank - other.rank).map(standing => standing.whale)
    },
  }
}

async function profileOf(
  client: PolymarketClient,
  whale: WhaleAddress,
  signal: AbortSignal,
): Promise<Profile | undefined> {
  const question = client.get('gamma', '/public-profile', { address: whale }, signal)
  const answer = await unlessAbsent(question, /not found/i)
  if (answer === undefined) return undefined
  const profile = readProfile(answer, whale)
  if (isFault(profile)) throw new FeedError('gamma', `the profile of ${whale} cannot be read: ${profile.fault}`)
  return profile
}

/** A search finds whatever resembles the name, so only those whose public name it is are given, and each wallet once. */
async function profilesNamed(client: PolymarketClient, name: string, signal: AbortSignal): Promise<readonly Profile[]> {
  const wanted = name.trim().toLowerCase()
  if (wanted === '' || wanted.length > NAME_MAX) return []
  const query = { q: wanted, search_profiles: true, limit_per_type: SEARCHED_MAX }
  const searched = readSearched(await client.get('gamma', '/public-search', query, signal))
  if (isFault(searched)) throw new FeedError('gamma', `the search for a name cannot be read: ${searched.fault}`)
  const { taken, faults } = readRows(searched.slice(0, SEARCHED_MAX), found => found as (typeof searched)[number])
  const [fault] = faults
  if (fault !== undefined)
    client.note({ kind: 'rowsRefused', where: 'search', rows: faults.length, first: fault.fault })
  const exact = taken.filter(found => found.publicName?.trim().toLowerCase() === wanted)
  return [...new Map(exact.map(({ profile }) => [profile.whale, profile])).values()]
}
