import type { ConditionId, Instant } from '../../core/units/ids.ts'
import { MILLION, mulDiv, type Shares, type Usd } from '../../core/units/money.ts'
import type { Act } from '../../core/whale/holdings-act.ts'
import { recordedMillionths } from './amounts.ts'
import { known, secondsIn } from './fields.ts'
import { type Place, RecordingError } from './recording-error.ts'
import { syntheticCondition, syntheticToken } from './synthetic.ts'
import { tableOf } from './table.ts'
import { spanOfTitle } from './wallet-span.ts'
import { WALLET_TABLE } from './wallet-table.ts'
import { count, drawn, type Sketch, see, type ToldMarket, type WalletTold } from './wallet-told.ts'

type Row = {
  readonly at: Instant
  readonly transaction: string
  readonly side: 'buy' | 'sell' | undefined
  readonly outcome: string
  readonly size: bigint
  readonly paid: Usd
  readonly title: string
}

/**
 * Reads the table whose type column was lost. A row without a side paid dollars: before its market closed it can only have merged a pair,
 * since nothing was resolved yet; after that it merged or redeemed, and which was not recorded. Without a market it is money whose
 * reason was lost with the type.
 *
 * Equal rows are all kept: the table has its own order, so nothing proves that one was told twice.
 */
export async function readTableActs(file: string): Promise<WalletTold> {
  const rows: Row[] = []
  const polls = pollNotes()
  for await (const { at, cells } of tableOf(file, WALLET_TABLE)) {
    const row = rowOf(cells, at)
    rows.push(row)
    polls.add(cells[1] ?? '', row.at)
  }
  const markets = marketsOf(rows)
  const kinds = new Map<string, number>()
  const acts: Act[] = []
  const texts = new Set<string>()
  for (const row of rows) {
    const { kind, act } = told(row, markets.get(conditionOf(row.title)))
    count(kinds, kind)
    acts.push(act)
    texts.add(`${row.transaction} ${row.at} ${row.side} ${row.outcome} ${row.size} ${row.paid} ${row.title}`)
  }
  return { acts, markets, kinds, repeats: 0, twins: rows.length - texts.size, notes: polls.words() }
}

function rowOf(cells: readonly string[], at: Place): Row {
  const [, , , , transaction = '', seconds, , way = '', outcome = '', price, amount, , title = ''] = cells
  if (transaction === '') throw new RecordingError('tx_hash must not be empty', at)
  if (way !== '' && way !== 'BUY' && way !== 'SELL') throw new RecordingError('side must be BUY, SELL or empty', at)
  const size = known(recordedMillionths(amount), 'size must be a decimal', at)
  const each = known(recordedMillionths(price), 'price must be a decimal', at)
  if (size < 0n || each < 0n) throw new RecordingError('size and price must be at least 0', at)
  if (way !== '' && (title === '' || outcome === ''))
    throw new RecordingError('a trade must have a market and an outcome', at)
  const side = way === '' ? undefined : way === 'BUY' ? 'buy' : 'sell'
  const paid = side === undefined ? size : mulDiv(size, each, MILLION, side === 'buy' ? 'up' : 'down')
  return { at: secondsIn(seconds, 'timestamp', at), transaction, side, outcome, size, paid: paid as Usd, title }
}

function marketsOf(rows: readonly Row[]): ReadonlyMap<ConditionId, ToldMarket> {
  const sketches = new Map<ConditionId, Sketch>()
  for (const { title, outcome, at } of rows) {
    if (title === '') continue
    const condition = conditionOf(title)
    const market = sketches.get(condition) ?? { condition, title, ...spanOfTitle(title, at), seen: [] }
    sketches.set(condition, market)
    if (outcome !== '') see(market, { name: outcome, token: undefined, index: undefined })
  }
  return new Map([...sketches].map(([condition, sketch]) => [condition, drawn(sketch)]))
}

function told(row: Row, market: ToldMarket | undefined): { readonly kind: string; readonly act: Act } {
  const { at, transaction, side, paid } = row
  const size = row.size as Shares
  if (market === undefined) {
    const act: Act = { kind: 'untold', at, transaction, type: 'not recorded', lacks: 'market', paid }
    return { kind: 'dollars without a market', act }
  }
  const { condition, tokens, closesAt } = market
  if (side !== undefined) {
    const token = syntheticToken(condition, row.outcome)
    return { kind: side, act: { kind: 'trade', at, transaction, condition, token, side, size, paid } }
  }
  if (closesAt !== undefined && at < closesAt)
    return { kind: 'paid before the close: merged', act: { kind: 'merge', at, transaction, condition, tokens, size } }
  return { kind: 'paid after the close: merged or redeemed', act: { kind: 'payout', at, transaction, condition, paid } }
}

/** Says how the recorder asked, where the table tells when each row was collected: it explains what is not in it. */
function pollNotes(): { readonly add: (collected: string, at: Instant) => void; readonly words: () => string[] } {
  let [poll, polls, reached, ahead, late] = ['', 0, 0, 0, 0]
  return {
    add: (collected, at) => {
      if (collected !== poll) {
        polls += 1
        reached = ahead
      }
      poll = collected
      if (at <= reached) late += 1
      ahead = Math.max(ahead, at)
    },
    words: () => [`asked for in ${polls} polls; ${late} rows are of a second that an earlier poll had reached`],
  }
}

function conditionOf(title: string): ConditionId {
  return syntheticCondition(`activity/${title}`)
}
