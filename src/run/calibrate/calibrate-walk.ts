import type { RecordedPurchase, StoredRecord, WhalePast } from '../../adapters/archive/whale-records.ts'
import { chanceOf } from '../../core/sizing/kelly.ts'
import type { Instant, WhaleAddress } from '../../core/units/ids.ts'
import { estimate, minus, NO_USD, notional, ONE, plus, sharesFor, type Usd, usd } from '../../core/units/money.ts'
import { type Quality, qualityOf } from '../../core/whale/quality.ts'
import { type ClosedPosition, type OwnRecord, recordOf, type WhaleRecord } from '../../core/whale/record.ts'

/** A purchase whose end is on record. */
export type EndedPurchase = RecordedPurchase & { readonly end: NonNullable<RecordedPurchase['end']> }

/** What could be thought of a purchase when it was made. */
export type Judged = {
  readonly purchase: EndedPurchase
  readonly price: number
  /** From the stored record; `undefined` where none had been stored by then. */
  readonly record: WhaleRecord | undefined
  readonly quality: Quality | undefined
  /** The chance from the stored record, and the one from the wallet's own earlier purchases that had ended by then. */
  readonly chance: number
  readonly chanceOfEnded: number
  /** The same with no edge anywhere: it must be the price. */
  readonly chanceOfNobody: number
}

/** A wallet as it stood at the end of the recording. */
export type Standing = {
  readonly whale: WhaleAddress
  readonly name: string
  readonly record: WhaleRecord
  readonly quality: Quality
}

/** What every copy stakes: equal stakes, so that no single purchase decides. */
export const STAKE = usd('100')

/** Judges each purchase by what was stored or had ended before it, and by nothing else. */
export function walkForward({ purchases, records }: WhalePast): readonly Judged[] {
  return purchases.filter(isEnded).map(purchase => {
    const { at, whale } = purchase
    const price = estimate(purchase.price)
    const earlier = purchases.filter(other => other.whale === whale && other.at < at)
    const prices = [...earlier.map(other => estimate(other.price)), price]
    const record = storedBefore(records.get(whale), at, prices)
    const ended = earlier.filter(isEnded).filter(other => other.end.at <= at)
    return {
      purchase,
      price,
      record,
      quality: record === undefined ? undefined : qualityOf(record, ownOf(earlier.length, ended)),
      chance: chanceOf(record, price),
      chanceOfEnded: chanceOf(ended.length === 0 ? undefined : recordOf(ended.map(closedOf), at), price),
      chanceOfNobody: chanceOf(record && withoutEdge(record), price),
    }
  })
}

/** Every wallet with a purchase and a stored record, at the end of the recording, the best first. */
export function standingsAt(past: WhalePast, at: Instant): readonly Standing[] {
  const wallets = [...new Set(past.purchases.map(purchase => purchase.whale))]
  return wallets
    .flatMap(whale => {
      const own = past.purchases.filter(purchase => purchase.whale === whale)
      const ended = own.filter(isEnded).filter(({ end }) => end.at <= at)
      const record = storedBefore(
        past.records.get(whale),
        at,
        own.map(({ price }) => estimate(price)),
      )
      if (record === undefined) return []
      return [{ whale, name: own.at(-1)?.name ?? '', record, quality: qualityOf(record, ownOf(own.length, ended)) }]
    })
    .sort((one, other) => pointsOf(other.quality) - pointsOf(one.quality) || (one.whale < other.whale ? -1 : 1))
}

/** What a copy of fixed dollars brings at the whale's price and so many dollars a share beside it; no fee is counted. */
export function profitOfCopy(purchase: EndedPurchase, dearer: Usd): Usd | undefined {
  const at = plus(purchase.price, dearer as bigint as RecordedPurchase['price'])
  if (at >= ONE) return undefined
  const size = sharesFor(STAKE, at)
  return minus(purchase.end.isWon ? notional(size, ONE, 'down') : NO_USD, notional(size, at, 'up'))
}

/**
 * The youngest stored record by then, as a record of ours. What was staked was not stored, and of the prices paid only those of the
 * large purchases are on record: their mean stands for all, which is an assumption. Nothing else of a record is known.
 */
function storedBefore(
  stored: readonly StoredRecord[] | undefined,
  at: Instant,
  prices: readonly number[],
): WhaleRecord | undefined {
  const last = stored?.filter(one => one.at <= at).at(-1)
  if (last?.net === undefined || last.wins + last.losses === 0) return undefined
  const pricePaid = prices.reduce((sum, price) => sum + price, 0) / prices.length
  return { asOf: last.at, resolved: last.wins + last.losses, won: last.wins, profit: last.net, pricePaid }
}

/** The same record of a wallet that won exactly as often as its prices said, and whose costs came back. */
function withoutEdge(record: WhaleRecord): WhaleRecord {
  return { ...record, cost: STAKE, profit: NO_USD, won: Math.round(record.resolved * record.pricePaid) }
}

function isEnded(purchase: RecordedPurchase): purchase is EndedPurchase {
  return purchase.end !== undefined
}

function closedOf({ price, end, at }: EndedPurchase): ClosedPosition {
  const size = sharesFor(STAKE, price)
  const cost = notional(size, price, 'up')
  const profit = minus(end.isWon ? notional(size, ONE, 'down') : NO_USD, cost)
  return { cost, profit, price, closedAt: end.at, openedAt: at }
}

/** As if every earlier purchase had been copied at the whale's own price. */
function ownOf(copies: number, ended: readonly EndedPurchase[]): OwnRecord {
  const closed = ended.map(closedOf)
  return {
    copies,
    closed: closed.length,
    staked: closed.reduce((sum, { cost }) => plus(sum, cost), NO_USD),
    profit: closed.reduce((sum, { profit }) => plus(sum, profit), NO_USD),
  }
}

function pointsOf({ parts }: Quality): number {
  return parts.reduce((sum, { points }) => sum + points, 0)
}
