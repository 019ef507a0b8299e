import type { ConditionId } from '../../core/units/ids.ts'
import { MILLION, mulDiv, NO_USD, type Shares, type Usd } from '../../core/units/money.ts'
import type { Act, Lack } from '../../core/whale/holdings-act.ts'
import { isActivityType, meaningOf } from '../../core/whale/holdings-kinds.ts'
import { toldOnce } from '../../core/whale/holdings-repeats.ts'
import { recordedMillionths } from './amounts.ts'
import { asFields, asToken, conditionIn, type Fields, known, parsed, secondsIn, sideIn, textOrNone } from './fields.ts'
import { wholeOf } from './lines.ts'
import { type Place, RecordingError } from './recording-error.ts'
import { spanOfSlug } from './wallet-span.ts'
import { count, drawn, type Sketch, see, type ToldMarket, type WalletTold } from './wallet-told.ts'

/** The most text of one such file: it is one value, and has to be read at once. */
const CHARACTERS_MAX = 64 * 1024 * 1024
/** What the second version of the Data API calls the fields of the first. */
const RENAMED: Readonly<Record<string, string>> = {
  asset: 'token_id',
  conditionId: 'condition_id',
  usdcSize: 'usdc_size',
  transactionHash: 'transaction_hash',
  outcomeIndex: 'outcome_index',
}

type Row = { readonly fields: Fields; readonly place: Place }

/** Reads rows of a wallet's activity as the venue answers them, of either version of its Data API: a list, or `data` with one. */
export async function readRowsActs(file: string): Promise<WalletTold> {
  const list = await rowsIn(file)
  const { rows, repeats, twins } = toldOnce(
    list,
    ({ fields }) => textOrNone(fields, 'transactionHash'),
    ({ fields }) => JSON.stringify(fields),
  )
  const markets = marketsOf(rows)
  const kinds = new Map<string, number>()
  const acts = rows.map(row => {
    const type = textOrNone(row.fields, 'type')
    count(kinds, type === 'TRADE' ? `TRADE ${textOrNone(row.fields, 'side')}` : type)
    return actOf(row, type, markets)
  })
  return { acts, markets, kinds, repeats, twins, notes: [] }
}

/** The rows of a list of either version, with the field names of the first. Throws a `RecordingError`. */
export async function rowsIn(file: string): Promise<readonly Row[]> {
  const whole = parsed(await wholeOf(file, CHARACTERS_MAX), { file })
  const list: unknown = Array.isArray(whole) ? whole : asFields(whole, { file, line: 1 }).data
  if (!Array.isArray(list)) throw new RecordingError('a list of rows, or data with one, was expected', { file })
  return list.map((value: unknown, index) => {
    const place = { file, line: index + 1 }
    const given = asFields(value, place)
    const named = Object.entries(RENAMED).flatMap(([name, renamed]) =>
      given[name] === undefined && given[renamed] !== undefined ? [[name, given[renamed]] as const] : [],
    )
    return { fields: { ...given, ...Object.fromEntries(named) }, place }
  })
}

function marketsOf(rows: readonly Row[]): ReadonlyMap<ConditionId, ToldMarket> {
  const sketches = new Map<ConditionId, Sketch>()
  for (const { fields, place } of rows) {
    if (textOrNone(fields, 'conditionId') === '') continue
    const condition = conditionIn(fields, 'conditionId', place)
    const span = spanOfSlug(textOrNone(fields, 'slug'))
    const market = sketches.get(condition) ?? { condition, title: textOrNone(fields, 'title'), ...span, seen: [] }
    sketches.set(condition, market)
    const name = textOrNone(fields, 'outcome')
    const index = fields.outcomeIndex === 0 || fields.outcomeIndex === 1 ? fields.outcomeIndex : undefined
    if (name !== '' && hasToken(fields)) see(market, { name, token: asToken(fields.asset, 'asset', place), index })
  }
  return new Map([...sketches].map(([condition, sketch]) => [condition, drawn(sketch)]))
}

function actOf({ fields, place }: Row, type: string, markets: ReadonlyMap<ConditionId, ToldMarket>): Act {
  const at = secondsIn(fields.timestamp, 'timestamp', place)
  const when = { at, transaction: textOrNone(fields, 'transactionHash') }
  const size = amountIn(fields, 'size', place) as Shares
  const paid = paidIn(fields, size, place)
  const untold = (lacks: Lack): Act => ({ kind: 'untold', ...when, type, lacks, paid })
  if (!isActivityType(type)) return untold('meaning')
  const does = meaningOf(type)?.does
  if (does === 'conversion') return untold('tokens')
  if (does === 'moneyIn' || does === 'moneyOut' || does === 'moneyEither') {
    const way = does === 'moneyEither' ? wayIn(fields) : does === 'moneyIn' ? 'in' : 'out'
    if (way === undefined) return untold('direction')
    return { kind: 'money', ...when, type, way, paid: paid === 0n ? (BigInt(size) as Usd) : paid }
  }
  if (textOrNone(fields, 'conditionId') === '') return untold('market')
  const market = known(markets.get(conditionIn(fields, 'conditionId', place)), 'a market has rows', place)
  return actIn(market, { fields, place }, { ...when, size, paid }, does, untold)
}

type Amounts = Pick<Extract<Act, { readonly kind: 'trade' }>, 'at' | 'transaction' | 'size' | 'paid'>

function actIn(
  { condition, tokens }: ToldMarket,
  { fields, place }: Row,
  { size, paid, ...when }: Amounts,
  does: 'trade' | 'split' | 'merge' | 'redeem' | 'move' | undefined,
  untold: (lacks: Lack) => Act,
): Act {
  switch (does) {
    case 'trade': {
      const token = asToken(fields.asset, 'asset', place)
      return { kind: 'trade', ...when, condition, token, side: sideIn(fields, place), size, paid }
    }
    case 'split':
    case 'merge':
      return { kind: does, ...when, condition, tokens, size }
    case 'redeem':
      if (!hasToken(fields)) return { kind: 'redeem', ...when, condition, tokens, paid }
      return { kind: 'redeemToken', ...when, condition, token: asToken(fields.asset, 'asset', place), size, paid }
    case 'move': {
      const way = wayIn(fields)
      if (!hasToken(fields)) return untold('tokens')
      if (way === undefined) return untold('direction')
      return { kind: 'move', ...when, condition, token: asToken(fields.asset, 'asset', place), way, size }
    }
    default:
      return untold('meaning')
  }
}

function hasToken(fields: Fields): boolean {
  return textOrNone(fields, 'asset') !== ''
}

/** Which way something went that was neither bought nor sold, where the row says. */
function wayIn(fields: Fields): 'in' | 'out' | undefined {
  if (fields.side === 'IN') return 'in'
  return fields.side === 'OUT' ? 'out' : undefined
}

function amountIn(fields: Fields, name: string, place: Place): bigint {
  const amount = known(recordedMillionths(fields[name]), `${name} must be a decimal`, place)
  if (amount < 0n) throw new RecordingError(`${name} must be at least 0`, place)
  return amount
}

/** The dollars of a row: as told, which for a trade includes its fee, else size by price. */
function paidIn(fields: Fields, size: Shares, place: Place): Usd {
  if (fields.usdcSize !== undefined && fields.usdcSize !== null) return amountIn(fields, 'usdcSize', place) as Usd
  const price = recordedMillionths(fields.price)
  return price === undefined || price < 0n ? NO_USD : (mulDiv(size, price, MILLION, 'up') as Usd)
}
