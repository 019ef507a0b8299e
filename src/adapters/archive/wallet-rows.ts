import { type ActivityMarket, activityEvents } from './activity.ts'
import { recordedMillionths, recordedPrice, recordedSize } from './amounts.ts'
import { closingOfSlug } from './closing.ts'
import {
  asFields,
  asToken,
  conditionIn,
  type Fields,
  parsed,
  secondsIn,
  sideIn,
  textIn,
  textOrNone,
  walletIn,
} from './fields.ts'
import type { Loaded } from './in-order.ts'
import { wholeOf } from './lines.ts'
import { type Place, RecordingError } from './recording-error.ts'
import { type Tally, tally } from './tally.ts'

/** The most text of one such file: it is one value, and has to be read at once. */
const CHARACTERS_MAX = 64 * 1024 * 1024

/** Reads raw rows of a wallet's activity as the venue answered them in 2025 and early 2026: one list of objects. */
export async function readWalletRows(files: readonly string[]): Promise<Loaded> {
  const markets = new Map<string, ActivityMarket>()
  const notes = tally()
  for (const file of files) {
    const rows = parsed(await wholeOf(file, CHARACTERS_MAX), { file })
    if (!Array.isArray(rows)) throw new RecordingError('a list of rows was expected', { file })
    const seen = new Set<string>()
    for (const [index, row] of rows.entries()) {
      const place = { file, line: index + 1 }
      takeRow(markets, asFields(row, place), place, notes)
      const text = JSON.stringify(row)
      if (seen.has(text)) notes.add('rows equal to an earlier one: told again, as a feed would')
      seen.add(text)
    }
  }
  const told = activityEvents(markets.values())
  return { events: told.events, notes: [...told.notes, ...notes.words()] }
}

function takeRow(markets: Map<string, ActivityMarket>, row: Fields, place: Place, notes: Tally): void {
  const at = secondsIn(row.timestamp, 'timestamp', place)
  const type = textIn(row, 'type', place)
  const market = marketOf(markets, row, place)
  if (type !== 'TRADE') {
    notes.add(`rows of ${type}, which are no trades: they only tell how markets ended`)
    const size = recordedMillionths(row.size)
    if (size === undefined) throw new RecordingError('size must be a decimal', place)
    if (type === 'REDEEM' || type === 'MERGE') market.payouts.push({ at, size })
    return
  }
  const price = recordedPrice(row.price)
  const size = recordedSize(row.size)
  if (price === undefined) notes.add('trades without a price between 0 and 1: left out')
  else if (size === undefined) notes.add('trades without a size over 0: left out')
  if (price === undefined || size === undefined) return
  const whale = walletIn(row, 'proxyWallet', place)
  market.trades.push({
    at,
    whale,
    name: textOrNone(row, 'name') || textOrNone(row, 'pseudonym') || whale,
    transaction: textIn(row, 'transactionHash', place),
    side: sideIn(row, place),
    outcome: textIn(row, 'outcome', place),
    outcomeIndex: row.outcomeIndex === 0 || row.outcomeIndex === 1 ? row.outcomeIndex : undefined,
    token: asToken(row.asset, 'asset', place),
    price,
    size,
  })
}

function marketOf(markets: Map<string, ActivityMarket>, row: Fields, place: Place): ActivityMarket {
  const condition = conditionIn(row, 'conditionId', place)
  const before = markets.get(condition)
  if (before !== undefined) return before
  const slug = textOrNone(row, 'slug')
  const closesAt = closingOfSlug(slug)
  const market: ActivityMarket = {
    condition,
    title: textOrNone(row, 'title'),
    slug,
    category: closesAt === undefined ? 'other' : 'crypto',
    closesAt,
    trades: [],
    payouts: [],
  }
  markets.set(condition, market)
  return market
}
