import { decimal, floorTo, fraction, NO_USD, type Usd, usd } from '../units/money.ts'
import { ownOf } from './categories.ts'
import { copyableOf, type OwnRecord, returnOf, type WhaleRecord } from './record.ts'

const CENT = usd('0.01')

/** One part of a score, with what it was found from. A deduction has negative points, of a negative most. */
export type QualityPart = {
  readonly name: string
  readonly points: number
  readonly of: number
  readonly reason: string
}

/** A whale's worth, 0 to 100, and the parts that it is the sum of. */
export type Quality = { readonly score: number; readonly parts: readonly QualityPart[] }

/** With this many resolved markets half of what a record shows is believed. */
const HALF_BELIEVED = 30
/** A stake under the first is dust beside the smallest of ours; from the second on a copy is no larger than what is copied. */
const CRUMB = usd('5')
const NO_CRUMB = usd('50')
/** What a Sharpe ratio must be for all points: of 300 markets it is two and a half deviations of luck. */
const SHARPE_FULL = 0.15
/** With fewer days a ratio of them is that of chance. */
const DAYS_ENOUGH = 10
/** Fewer finished copies are luck, whatever they brought. */
const COPIES_ENOUGH = 10
const NO_OWN: OwnRecord = { copies: 0, closed: 0, staked: NO_USD, profit: NO_USD }

/**
 * How much of a record is skill as far as its length can tell: `n ÷ (n + 30)`, 0 to 1.
 * A record of five markets is mostly luck, one of three hundred hardly.
 */
export function belief(record: Pick<WhaleRecord, 'resolved'>): number {
  return believedOf(record.resolved)
}

/**
 * A whale's quality: points for return on cost, Sharpe, winning more than the prices paid say, consistency, recent return
 * and shallow drawdowns, each pulled towards nothing by how short the record is; less what of it cannot be had by copying, and
 * what copying it has cost us.
 *
 * The weights are a judgement and not fitted to anything. Return has most, since it is what a copy earns; it is believed by the
 * effective number of markets, as it is the return of the largest few. Sharpe and beating the price say whether that was more than
 * luck. The others are weak signs and have 10 each. Deductions are large enough to take a good whale under any minimum by
 * themselves where they are total: what cannot be copied is worth nothing here, however good. What is not known costs nothing.
 */
export function qualityOf(record: WhaleRecord, own: OwnRecord = NO_OWN): Quality {
  const gains = gainsOf(record)
  const gained = gains.reduce((sum, { points }) => sum + points, 0)
  const losses: QualityPart[] = []
  let left = gained
  for (const loss of deductions(record, own)) {
    const points = rounded(Math.max(loss.points, -left))
    left += points
    losses.push({ ...loss, points })
  }
  const score = Math.min(100, Math.max(0, Math.round(left)))
  return { score, parts: [...gains, ...losses, lengthPart(record)] }
}

/**
 * The quality in one category that has 30 resolved markets and more; `undefined` in any other. Return and beating the price are the
 * category's own, and all parts are believed only as far as its own number allows; how steady the whale is, is taken from all.
 */
export function qualityIn(record: WhaleRecord, category: string, own: OwnRecord = NO_OWN): Quality | undefined {
  const there = ownOf(record.categories, category)
  if (there === undefined) return undefined
  const { resolved, won, cost, profit, pricePaid, effective } = there
  return qualityOf({ ...record, resolved, won, cost, profit, pricePaid, effective, open: undefined }, own)
}

function gainsOf(record: WhaleRecord): readonly QualityPart[] {
  const { consistency, recentReturn, drawdown } = record
  const believed = belief(record)
  const roi = returnOf(record)
  const beat = record.resolved === 0 ? 0 : record.won / record.resolved - record.pricePaid
  const steady = steadiness(record)
  return [
    part('return', 35, (roi ?? 0) / 0.12, believedOf(record.effective ?? record.resolved), returnWords(record, roi)),
    part('sharpe', 20, steady.share, believed, steady.reason),
    part('beats the price', 15, beat / 0.05, believed, `won ${percent(beat)} more often than the prices paid`),
    consistency === undefined
      ? unknown('consistency', 10)
      : part('consistency', 10, (consistency - 0.3) / 0.5, believed, `${percent(consistency)} of weeks without a loss`),
    recentReturn === undefined
      ? unknown('recent', 10)
      : part('recent', 10, recentReturn / 0.15, believed, `${percent(recentReturn)} in 30 days`),
    drawdown === undefined
      ? unknown('drawdown', 10)
      : part('drawdown', 10, 1 - drawdown / 0.3, believed, `fell ${percent(drawdown)} of all that was staked`),
  ]
}

/**
 * By day where there are days enough, since bets that end together are often one bet; else by market. As much is asked of a day as
 * of a market, though a day of many independent markets is steadier: trading more at once may count, trading one thing more may not.
 */
function steadiness({ daily, sharpe }: WhaleRecord): { readonly share: number; readonly reason: string } {
  if (daily !== undefined && daily.days >= DAYS_ENOUGH)
    return { share: daily.sharpe / SHARPE_FULL, reason: `${daily.sharpe.toFixed(2)} a day, over ${daily.days} days` }
  if (sharpe === undefined) return { share: 0, reason: 'not known' }
  return { share: sharpe / SHARPE_FULL, reason: `${sharpe.toFixed(2)} a market` }
}

function deductions(record: WhaleRecord, own: OwnRecord): readonly QualityPart[] {
  const { extremeShare, medianCost } = record
  const copyable = copyableOf(record)
  const lost = -fraction(own.profit, own.staked)
  return [
    ...(copyable === undefined
      ? []
      : [loss('cannot be copied', 50, 1 - copyable, `${percent(copyable)} of purchases could have been followed`)]),
    ...(extremeShare === undefined
      ? []
      : [loss('extreme prices', 25, extremeShare, `${percent(extremeShare)} went at over 95¢ or under 5¢`)]),
    ...(medianCost === undefined
      ? []
      : [
          loss(
            'crumbs',
            20,
            crumbling(medianCost),
            `half of its markets cost less than $${decimal(floorTo(medianCost, CENT))}`,
          ),
        ]),
    ...(own.closed < COPIES_ENOUGH || own.staked <= NO_USD
      ? []
      : [loss('our copies', 40, (lost / 0.1) * believedOf(own.closed), ownWords(own, -lost))]),
  ]
}

function crumbling(median: Usd): number {
  return 1 - fraction((median - CRUMB) as Usd, (NO_CRUMB - CRUMB) as Usd)
}

function ownWords({ closed }: OwnRecord, earned: number): string {
  return `${percent(earned)} on what we staked on ${closed} finished copies`
}

function returnWords(record: WhaleRecord, roi: number | undefined): string {
  if (roi === undefined) return record.cost === undefined ? 'what was staked is not known' : 'nothing staked'
  const held = record.open !== undefined && record.open.profit < NO_USD ? ', open losses counted' : ''
  return `${percent(roi)} on what was staked${held}`
}

function part(name: string, of: number, share: number, believed: number, reason: string): QualityPart {
  return { name, points: rounded(of * within(share) * believed), of, reason }
}

function unknown(name: string, of: number): QualityPart {
  return { name, points: 0, of, reason: 'not known' }
}

function loss(name: string, most: number, share: number, reason: string): QualityPart {
  return { name, points: -most * within(share), of: -most, reason }
}

function lengthPart(record: WhaleRecord): QualityPart {
  const reason = `${record.resolved} resolved markets, believed ${percent(belief(record))}`
  return { name: 'length', points: 0, of: 0, reason }
}

function believedOf(markets: number): number {
  return markets / (markets + HALF_BELIEVED)
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share))
}

function rounded(points: number): number {
  return Math.round(points * 10) / 10 + 0
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`
}
