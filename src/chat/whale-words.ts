import { NO_USD } from '../core/units/money.ts'
import { type Quality, qualityOf } from '../core/whale/quality.ts'
import { copyableOf, type OwnRecord, returnOf, type WhaleRecord } from '../core/whale/record.ts'
import { clean, counted, dollars, percent, signedDollars } from './format.ts'
import type { Reply, Row } from './reply.ts'

/** A whale's past in a few lines. */
export function recordRows(record: WhaleRecord): readonly Row[] {
  if (record.resolved === 0) return [['Record', 'no resolved market yet: it would not be copied until there is one']]
  const roi = returnOf({ ...record, open: undefined })
  const part = roi === undefined ? 'what was staked is not known' : `${percent(roi)} of what it staked`
  const won = `${record.won} of ${record.resolved} resolved markets won (${percent(record.won / record.resolved)})`
  return [
    ['Record', `${won}, at an average price of ${inCents(record.pricePaid)}`],
    ['Profit', `${signedDollars(record.profit)}, ${part}${recentWords(record)}`],
    ['Risk', `${sharpeWords(record)}${fallWords(record)}`],
    ...openRow(record),
    ...copyRow(record),
    ...categoryRow(record),
    ...serviceRow(record),
  ]
}

function inCents(price: number): string {
  return `${(price * 100).toFixed(1)}¢`
}

function recentWords({ recentReturn }: WhaleRecord): string {
  return recentReturn === undefined ? '' : `; ${percent(recentReturn)} in 30 days`
}

function sharpeWords({ sharpe, daily }: WhaleRecord): string {
  if (daily !== undefined) return `Sharpe ${daily.sharpe.toFixed(2)} a day over ${counted(daily.days, 'day')}`
  return sharpe === undefined ? 'Sharpe not known' : `Sharpe ${sharpe.toFixed(2)} a market`
}

function fallWords({ drawdown }: WhaleRecord): string {
  return drawdown === undefined ? '' : `, deepest fall ${percent(drawdown)}`
}

function openRow({ open }: WhaleRecord): readonly Row[] {
  if (open === undefined) return []
  return [['Open', `${open.count} positions for ${dollars(open.cost)}, ${signedDollars(open.profit)} as they stand`]]
}

/** What of it a copy could have had. */
function copyRow(record: WhaleRecord): readonly Row[] {
  const copyable = copyableOf(record)
  const { extremeShare, medianHoldMs } = record
  const words = [
    ...(copyable === undefined ? [] : [`${percent(copyable)} of purchases could be followed`]),
    ...(extremeShare === undefined ? [] : [`${percent(extremeShare)} went at over 95¢ or under 5¢`]),
    ...(medianHoldMs === undefined ? [] : [`half were held for less than ${holdWords(medianHoldMs)}`]),
  ]
  return words.length === 0 ? [] : [['Copying', words.join('; ')]]
}

function holdWords(ms: number): string {
  const hours = ms / 3_600_000
  if (hours < 1) return `${Math.ceil(ms / 60_000)} min`
  return hours < 48 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} days`
}

/** Categories named in one line; the whole list is in the record. */
const CATEGORIES_SHOWN = 4
/** A category is the venue’s word and short; one that is not is cut. */
const CATEGORY_GRAPHEMES = 24

function categoryRow({ categories }: WhaleRecord): readonly Row[] {
  if (categories === undefined) return []
  const words = categories
    .slice(0, CATEGORIES_SHOWN)
    .map(
      one =>
        `${clean(one.category, CATEGORY_GRAPHEMES)} ${one.won} of ${one.resolved} won, ${signedDollars(one.profit)}`,
    )
  return [['Categories', words.join('; ')]]
}

/** Shown beside our own sums, so that a difference is seen and not believed away. */
function serviceRow({ service }: WhaleRecord): readonly Row[] {
  if (service === undefined) return []
  const { markets, realised, volume } = service
  const words = [
    ...(markets === undefined ? [] : [`${markets} markets in all`]),
    ...(realised === undefined ? [] : [`${signedDollars(realised)} realised`]),
    ...(volume === undefined || volume < NO_USD ? [] : [`${dollars(volume)} traded`]),
  ]
  return words.length === 0 ? [] : [['Polymarket says', words.join(', ')]]
}

/** The quality of a record, with what became of our own copies where there are any. */
export function qualityOfRecord(record: WhaleRecord, own?: OwnRecord): Quality {
  return qualityOf(record, own)
}

/** The parts that a quality is the sum of, each with what it was found from. */
export function withQuality(base: Reply, quality: Quality): Reply {
  const rows = quality.parts.map(({ name, points, of, reason }) => [name, of === 0 ? '' : `${points} of ${of}`, reason])
  return base.table([`Quality ${quality.score}`, 'Points', 'Why'], rows)
}
