import { whaleAddress } from '../../core/units/ids.ts'
import { type ActivityMarket, activityEvents } from './activity.ts'
import { recordedMillionths, recordedPrice, recordedSize } from './amounts.ts'
import { closingOfTitle } from './closing.ts'
import { known, secondsIn } from './fields.ts'
import type { Loaded } from './in-order.ts'
import { type Place, RecordingError } from './recording-error.ts'
import { syntheticCondition } from './synthetic.ts'
import { tableOf } from './table.ts'
import { type Tally, tally } from './tally.ts'

/** What the table of everything one wallet did begins with. */
export const WALLET_TABLE = [
  ...['id', 'collected_at', 'wallet_name', 'wallet_addr', 'tx_hash', 'timestamp', 'time_utc'],
  ...['side', 'outcome', 'price', 'size', 'usdc', 'market'],
]

/**
 * Reads a wallet's activity that lost its type column: a row without a side is no trade but a payout of dollars, merged or
 * redeemed. Markets have only their titles, so their ids are derived from those.
 */
export async function readWalletTable(files: readonly string[]): Promise<Loaded> {
  const markets = new Map<string, ActivityMarket>()
  const notes = tally()
  for (const file of files) {
    for await (const { at, cells } of tableOf(file, WALLET_TABLE)) takeRow(markets, cells, at, notes)
  }
  const told = activityEvents(markets.values())
  return { events: told.events, notes: [...told.notes, ...notes.words()] }
}

function takeRow(markets: Map<string, ActivityMarket>, cells: readonly string[], place: Place, notes: Tally): void {
  const [, , name = '', address = '', transaction = '', seconds, , side, outcome = '', paid, amount, , title = ''] =
    cells
  const at = secondsIn(seconds, 'timestamp', place)
  if (side === '') {
    notes.add('rows of payouts, merged or redeemed, which are no trades: they only tell how markets ended')
    const size = recordedMillionths(amount)
    if (size === undefined) throw new RecordingError('size must be a decimal', place)
    if (title !== '') marketOf(markets, title, at).payouts.push({ at, size })
    return
  }
  if (side !== 'BUY' && side !== 'SELL') throw new RecordingError('side must be BUY, SELL or empty', place)
  const whale = known(whaleAddress(address), 'wallet_addr must be a wallet address', place)
  if (transaction === '') throw new RecordingError('tx_hash must not be empty', place)
  if (title === '' || outcome === '') {
    notes.add('trades without a market or an outcome: left out')
    return
  }
  const price = recordedPrice(paid)
  const size = recordedSize(amount)
  if (price === undefined) notes.add('trades without a price between 0 and 1: left out')
  else if (size === undefined) notes.add('trades without a size over 0: left out')
  if (price === undefined || size === undefined) return
  marketOf(markets, title, at).trades.push({
    at,
    whale,
    name,
    transaction,
    side: side === 'BUY' ? 'buy' : 'sell',
    outcome,
    outcomeIndex: undefined,
    token: undefined,
    price,
    size,
  })
}

function marketOf(
  markets: Map<string, ActivityMarket>,
  title: string,
  at: ReturnType<typeof secondsIn>,
): ActivityMarket {
  const before = markets.get(title)
  if (before !== undefined) return before
  const closesAt = closingOfTitle(title, at)
  const market: ActivityMarket = {
    condition: syntheticCondition(`activity/${title}`),
    title,
    slug: slugOf(title),
    category: closesAt === undefined ? 'other' : 'crypto',
    closesAt,
    trades: [],
    payouts: [],
  }
  markets.set(title, market)
  return market
}

function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}
