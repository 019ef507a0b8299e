import { type ConditionId, conditionId, type Instant, type WhaleAddress } from '../../core/units/ids.ts'
import type { Price, Usd } from '../../core/units/money.ts'
import { recordedMillionths, recordedPrice } from './amounts.ts'
import { known, secondsIn, textIn, textOrNone, timeIn, walletIn } from './fields.ts'
import { type Place, RecordingError } from './recording-error.ts'
import { type Row, rowsOf } from './rows.ts'
import { type Tally, tally } from './tally.ts'

/** How a trade found its ending: by the market's id, or by the names of event, market and outcome. */
export type Join = 'id' | 'name'

/** A large purchase, and how it ended where that is on record. */
export type RecordedPurchase = {
  readonly whale: WhaleAddress
  readonly name: string
  readonly price: Price
  readonly at: Instant
  readonly end:
    | { readonly market: ConditionId; readonly isWon: boolean; readonly at: Instant; readonly join: Join }
    | undefined
}

/** A wallet's last 30 days as they were stored at an instant. What was staked was not stored. */
export type StoredRecord = {
  readonly at: Instant
  readonly wins: number
  readonly losses: number
  readonly net: Usd | undefined
}

/** Purchases oldest first, and what was stored of each wallet, oldest first. */
export type WhalePast = {
  readonly purchases: readonly RecordedPurchase[]
  readonly records: ReadonlyMap<WhaleAddress, readonly StoredRecord[]>
  readonly notes: readonly string[]
}

type Ending = { readonly market: ConditionId; readonly index: number; readonly isWon: boolean; readonly at: Instant }

const COUNT_MAX = 1_000_000

/** Reads large purchases with their endings and the wallets' stored records. Throws a `RecordingError`. */
export async function readWhalePast(files: {
  readonly trades: readonly string[]
  readonly resolutions: readonly string[]
  readonly records: readonly string[]
}): Promise<WhalePast> {
  const notes = tally()
  const endings = endingsIn(await rowsOf(files.resolutions))
  const purchases = (await rowsOf(files.trades)).flatMap(row => purchaseIn(row, endings, notes) ?? [])
  const records = new Map<WhaleAddress, StoredRecord[]>()
  for (const row of await rowsOf(files.records)) {
    const whale = walletIn(row.fields, 'wallet', row.place)
    const kept = records.get(whale) ?? []
    records.set(whale, kept)
    kept.push(storedIn(row))
  }
  for (const kept of records.values()) kept.sort((one, other) => one.at - other.at)
  return { purchases: purchases.sort((one, other) => one.at - other.at), records, notes: notes.words() }
}

type Endings = {
  readonly byMarket: ReadonlyMap<ConditionId, readonly Ending[]>
  readonly byName: ReadonlyMap<string, readonly (Ending & { readonly outcome: string })[]>
}

/** An ending is known as `condition:place of the outcome`. */
function endingsIn(rows: readonly Row[]): Endings {
  const byMarket = new Map<ConditionId, Ending[]>()
  const byName = new Map<string, (Ending & { readonly outcome: string })[]>()
  for (const { fields, place } of rows) {
    const [id, index] = textIn(fields, 'id', place).split(':')
    if (typeof fields.won !== 'boolean') throw new RecordingError('won must be true or false', place)
    const market = known(conditionId(id ?? ''), 'a condition id was expected', place)
    const ending = {
      market,
      index: Number(index),
      isWon: fields.won,
      at: timeIn(fields.resolvedAt, 'resolvedAt', place),
      outcome: textIn(fields, 'outcome', place),
    }
    const name = nameOf({ fields, place })
    byMarket.set(market, [...(byMarket.get(market) ?? []), ending])
    byName.set(name, [...(byName.get(name) ?? []), ending])
  }
  return { byMarket, byName }
}

function nameOf({ fields, place }: Row): string {
  return `${textOrNone(fields, 'eventSlug')}/${textIn(fields, 'title', place)}`
}

function purchaseIn(row: Row, endings: Endings, notes: Tally): RecordedPurchase | undefined {
  const { fields, place } = row
  const price = recordedPrice(fields.price)
  if (price === undefined) {
    notes.add('trades without a price between 0 and 1: left out')
    return undefined
  }
  const at = secondsIn(fields.timestamp, 'timestamp', place)
  const end = endOf(row, endings, notes)
  const isLate = end !== undefined && end.at <= at
  if (isLate) notes.add('trades that came after their market’s end was recorded: no ending')
  return {
    whale: walletIn(fields, 'wallet', place),
    name: textOrNone(fields, 'name'),
    price,
    at,
    end: isLate ? undefined : end,
  }
}

/** Both outcomes of a market are told by the ending of either, since one pays what the other does not. */
function endOf(row: Row, endings: Endings, notes: Tally): RecordedPurchase['end'] {
  const { fields, place } = row
  const market = typeof fields.conditionId === 'string' ? conditionId(fields.conditionId) : undefined
  if (market !== undefined && (fields.outcomeIndex === 0 || fields.outcomeIndex === 1)) {
    return agreed(endings.byMarket.get(market) ?? [], ending => ending.index === fields.outcomeIndex, 'id', notes)
  }
  const named = endings.byName.get(nameOf(row)) ?? []
  const outcome = textIn(fields, 'outcome', place)
  if (new Set(named.map(ending => ending.market)).size > 1) {
    notes.add('trades whose name several markets have: no ending')
    return undefined
  }
  return agreed(named, ending => ending.outcome === outcome, 'name', notes)
}

function agreed<E extends Ending>(
  endings: readonly E[],
  isSame: (ending: E) => boolean,
  join: Join,
  notes: Tally,
): RecordedPurchase['end'] {
  const [first] = endings
  if (first === undefined) return undefined
  const won = new Set(endings.map(ending => ending.isWon === isSame(ending)))
  if (won.size > 1) {
    notes.add('trades whose market has endings that contradict each other: no ending')
    return undefined
  }
  const at = endings.reduce((least, ending) => (ending.at < least ? ending.at : least), first.at)
  return { market: first.market, isWon: won.has(true), at, join }
}

function storedIn({ fields, place }: Row): StoredRecord {
  const net = fields.net == null ? undefined : recordedMillionths(fields.net)
  return {
    at: secondsIn(fields.at, 'at', place),
    wins: countIn(fields.wins, 'wins', place),
    losses: countIn(fields.losses, 'losses', place),
    net: net as Usd | undefined,
  }
}

function countIn(value: unknown, name: string, place: Place): number {
  const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= COUNT_MAX
  return known(isCount ? value : undefined, `${name} must be a whole number up to ${COUNT_MAX}`, place)
}
