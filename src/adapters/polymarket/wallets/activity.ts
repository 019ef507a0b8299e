import type { ConditionId, Instant, TokenId, WhaleAddress } from '../../../core/units/ids.ts'
import type { Shares } from '../../../core/units/money.ts'
import type { WhaleTrade } from '../../../core/whale/trade.ts'
import type { Clock } from '../../../ports/clock.ts'
import { FeedError, type WhaleActivity } from '../../../ports/feeds.ts'
import { type PolymarketClient, paddedCondition, rowsOf } from '../client.ts'
import { isFault } from '../wire.ts'
import { asWholeTrades, readDataStatus, readRows, readTradeRow, unknownTradeFields } from '../wire-data.ts'
import {
  type ActivityEntry,
  DEPARTURE_TYPES,
  readActivityEntry,
  readHolding,
  unknownActivityFields,
} from './wire-holdings.ts'

export type ActivityOptions = {
  /** The tokens of a market; none where it is not known. */
  readonly tokensOf: (condition: ConditionId, signal: AbortSignal) => Promise<readonly TokenId[]>
}

/** Five full pages of one wallet: more than any wallet trades between two rounds. */
const TRADES_MAX = 5_000
/** Trades are among these rows too. A wallet with more of them is asked for each way of leaving by itself, which is four questions. */
const ACTIVITY_MAX = 2_000
/** Rows of one way of leaving: nobody merges more often between two rounds. */
const DEPARTURES_MAX = 5_000
/** Markets that one question may name, as the service documents it for its lists. */
const CONDITIONS_MAX = 20
/** Two tokens for each market that was asked for, and as many again for those that should not be there. */
const HOLDINGS_MAX = 80

type Parts = { readonly client: PolymarketClient; readonly clock: Clock } & ActivityOptions

/** What can be asked of a wallet at the Data API. */
export function polymarketActivity(client: PolymarketClient, clock: Clock, options: ActivityOptions): WhaleActivity {
  const parts: Parts = { client, clock, ...options }
  return {
    since: (whale, since, signal) => tradesSince(parts, whale, since, signal),
    departures: (whale, since, signal) => departuresSince(parts, whale, since, signal),
    holdings: (whale, conditions, signal) => holdingsOf(client, whale, conditions, signal),
    lagMs: async signal => {
      const status = readDataStatus(await client.get('data', '/v2/status', {}, signal))
      if (isFault(status)) throw new FeedError('data', `/v2/status cannot be read: ${status.fault}`)
      return status.ageMs
    },
  }
}

/**
 * One wallet's trades since an instant, maker and taker, oldest first. The service counts in seconds, so the second that `since`
 * lies in is told whole. It answers youngest first: when the bound ends the reading it is the oldest that are missing.
 */
async function tradesSince(
  { client, clock }: Parts,
  whale: WhaleAddress,
  since: Instant,
  signal: AbortSignal,
): Promise<readonly WhaleTrade[]> {
  const start = secondOf(since)
  const query = { user: whale, taker_only: false, start }
  const { rows, isWhole } = await client.pages('/v2/trades', query, TRADES_MAX, signal)
  noteUnknown(client, 'trades', unknownTradeFields(rows[0]))
  const pieces = asAsked(client, 'trades', rowsOf(client, 'trades', rows, readTradeRow), whale, start)
  if (!isWhole)
    throw gap(`traded more than ${TRADES_MAX} times`, whale, start, pieces.at(-1)?.happenedAt ?? clock.now())
  return inOrder(asWholeTrades([...pieces].reverse()))
}

/** Shares that left one wallet without an order since an instant, oldest first. */
async function departuresSince(
  parts: Parts,
  whale: WhaleAddress,
  since: Instant,
  signal: AbortSignal,
): Promise<readonly WhaleTrade[]> {
  const { client } = parts
  const start = secondOf(since)
  const rows = await activityRows(parts, whale, start, signal)
  noteUnknown(client, 'activity', unknownActivityFields(rows[0]))
  const entries = rowsOf(client, 'activity', rows, readActivityEntry)
  for (const type of new Set(entries.flatMap(entry => (entry.kind === 'unknown' ? [entry.type] : []))))
    client.note({ kind: 'unknownActivity', type })
  const departures = entries.filter(entry => entry.kind === 'departure')
  const told = await byToken(parts, departures, signal)
  return inOrder(asWholeTrades([...asAsked(client, 'activity', told, whale, start)].reverse()))
}

/**
 * Everything in one question, so that a type that these words do not know is seen. Where that is more than fits, each way of leaving
 * is asked for alone, since a list of types has been seen to be ignored.
 */
async function activityRows(
  { client, clock }: Parts,
  whale: WhaleAddress,
  start: number,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const query = { user: whale, start }
  const all = await client.pages('/v2/activity', query, ACTIVITY_MAX, signal)
  if (all.isWhole) return all.rows
  const found: unknown[] = []
  for (const type of DEPARTURE_TYPES) {
    const { rows, isWhole } = await client.pages('/v2/activity', { ...query, type }, DEPARTURES_MAX, signal)
    if (!isWhole) throw gap(`has more than ${DEPARTURES_MAX} rows of ${type}`, whale, start, clock.now())
    // Where the type is ignored as well, each answer holds all rows, and none may count four times.
    found.push(...rows.filter(row => typeof row === 'object' && row !== null && 'type' in row && row.type === type))
  }
  return found
}

type Left = Extract<ActivityEntry, { readonly kind: 'departure' }>

/** One trade for each token that left: a row without a token is of every token of its market. */
async function byToken(
  { client, tokensOf }: Parts,
  departures: readonly Left[],
  signal: AbortSignal,
): Promise<readonly WhaleTrade[]> {
  const known = new Map<ConditionId, readonly TokenId[]>()
  const told: WhaleTrade[] = []
  for (const { trade, token } of departures) {
    const { condition } = trade
    const tokens = token === undefined ? (known.get(condition) ?? (await tokensOf(condition, signal))) : [token]
    if (token === undefined) known.set(condition, tokens)
    if (tokens.length === 0) client.note({ kind: 'departureOfUnknownMarket', condition, whale: trade.whale })
    for (const each of tokens) told.push({ ...trade, token: each })
  }
  return told
}

/**
 * What a wallet holds now of these markets' tokens. What is not named is not held, and is sold after the whale: so an answer that
 * cannot be read in every row, is cut short, or is of another wallet is refused. Holdings under a tenth of a share are not told.
 */
async function holdingsOf(
  client: PolymarketClient,
  whale: WhaleAddress,
  conditions: readonly ConditionId[],
  signal: AbortSignal,
): Promise<ReadonlyMap<TokenId, Shares>> {
  const held = new Map<TokenId, Shares>()
  for (let first = 0; first < conditions.length; first += CONDITIONS_MAX) {
    const asked = new Set(conditions.slice(first, first + CONDITIONS_MAX).map(paddedCondition))
    const query = { user: whale, condition: [...asked].join(',') }
    const { rows, isWhole } = await client.pages('/v2/positions', query, HOLDINGS_MAX, signal)
    const { taken, faults } = readRows(rows, readHolding)
    const [fault] = faults
    if (fault !== undefined) throw new FeedError('data', `a holding of ${whale} cannot be read: ${fault.fault}`)
    if (!isWhole) throw new FeedError('data', `${whale} is said to hold more tokens than the markets asked for have`)
    if (taken.some(row => row.whale !== whale))
      throw new FeedError('data', `the holdings of ${whale} were asked for and another wallet's were told`)
    for (const row of taken) if (asked.has(paddedCondition(row.condition))) held.set(row.token, row.size)
  }
  return held
}

/** What is this wallet's and not from before; the rest is not what was asked for, and is counted. */
function asAsked(
  client: PolymarketClient,
  where: string,
  told: readonly WhaleTrade[],
  whale: WhaleAddress,
  start: number,
): readonly WhaleTrade[] {
  const mine = told.filter(trade => trade.whale === whale && trade.happenedAt >= start * 1_000)
  const rows = told.length - mine.length
  if (rows > 0) client.note({ kind: 'rowsRefused', where, rows, first: 'not what was asked' })
  return mine
}

function noteUnknown(client: PolymarketClient, where: string, fields: readonly string[]): void {
  if (fields.length > 0) client.note({ kind: 'unknownFields', where, fields })
}

function gap(what: string, whale: WhaleAddress, start: number, until: Instant): FeedError {
  const from = new Date(start * 1_000).toISOString()
  const to = new Date(until).toISOString()
  const why = `${whale} ${what} since ${from}: what it did between ${from} and ${to} was not read`
  return new FeedError('data', why, { isFinal: true })
}

function secondOf(at: Instant): number {
  return Math.max(1, Math.floor(at / 1_000))
}

function inOrder(trades: readonly WhaleTrade[]): readonly WhaleTrade[] {
  return trades.toSorted((one, other) => one.happenedAt - other.happenedAt)
}
