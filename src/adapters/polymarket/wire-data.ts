import { z } from 'zod'
import { type SignalId, signalIdOf } from '../../core/units/ids.ts'
import { MILLION, type Price } from '../../core/units/money.ts'
import { whole } from '../../core/whale/pieces.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'
import { amount, type Fault, faultOf, flag, isFault, text, unknownFields, whaleTradeOf } from './wire.ts'

const pageShape = z.object({
  data: z.array(z.unknown()),
  pagination: z.object({ has_more: flag, next_cursor: text }).nullish(),
})

/** One page of any list; `next` is where the following one begins. */
export function readPage(answer: unknown): { readonly rows: readonly unknown[]; readonly next?: string } | Fault {
  const read = pageShape.safeParse(answer)
  if (!read.success) return faultOf(read.error)
  const { data, pagination } = read.data
  const next = pagination?.next_cursor
  return pagination?.has_more === true && next ? { rows: data, next } : { rows: data }
}

const tradeShape = z.object({
  proxy_wallet: z.string(),
  side: z.enum(['BUY', 'SELL']),
  token_id: z.string(),
  condition_id: z.string(),
  size: amount,
  price: amount,
  timestamp: amount,
  title: text,
  outcome: text,
  outcome_index: z.number().nullish(),
  name: text,
  pseudonym: text,
  transaction_hash: z.string(),
})

const TRADE_FIELDS = new Set([
  ...Object.keys(tradeShape.shape),
  ...['slug', 'icon', 'event_slug', 'bio', 'profile_image', 'profile_image_optimized'],
])

/** One row of `/v2/trades`: a piece of a trade, as this wallet's side of it. */
export function readTradeRow(row: unknown): WhaleTrade | Fault {
  const read = tradeShape.safeParse(row)
  if (!read.success) return faultOf(read.error)
  const told = read.data
  return whaleTradeOf(
    {
      ...told,
      wallet: told.proxy_wallet,
      token: told.token_id,
      condition: told.condition_id,
      transaction: told.transaction_hash,
      name: told.name,
      pseudonym: told.pseudonym,
      title: told.title,
      outcome: told.outcome,
      outcomeIndex: told.outcome_index,
    },
    'sweep',
  )
}

export function unknownTradeFields(row: unknown): readonly string[] {
  return unknownFields(row, TRADE_FIELDS)
}

/**
 * Pieces of one trade (same transaction, wallet, token and side) as one. Rows that are alike in every field are separate fills and
 * not repetitions: the service tells each executed order once.
 */
export function asWholeTrades(pieces: readonly WhaleTrade[]): readonly WhaleTrade[] {
  const found = new Map<SignalId, WhaleTrade[]>()
  for (const piece of pieces) {
    const id = signalIdOf(piece)
    const same = found.get(id)
    if (same === undefined) found.set(id, [piece])
    else same.push(piece)
  }
  return [...found.values()].flatMap(same => whole(same) ?? [])
}

const resolutionShape = z.object({
  condition_id: z.string(),
  status: z.string(),
  payouts: z.array(amount).nullish(),
  price: amount.nullish(),
})

/** How a market was resolved: what each outcome pays, first outcome first, where the row says so. */
export type Resolution = { readonly isResolved: boolean; readonly prices: readonly [Price, Price] | undefined }

const HALF = (MILLION / 2n) as Price
const CERTAIN = MILLION as Price
const NOTHING = 0n as Price
/** The oracle's own number for the answer, in wei or in whole units: 0 is the second outcome. "69" means that there is none yet. */
const ORACLE_PRICES: ReadonlyMap<string, readonly [Price, Price]> = new Map([
  ['0', [NOTHING, CERTAIN]],
  ['1', [CERTAIN, NOTHING]],
  ['1000000000000000000', [CERTAIN, NOTHING]],
  ['0.5', [HALF, HALF]],
  ['500000000000000000', [HALF, HALF]],
])

export function readResolution(row: unknown): (Resolution & { readonly condition: string }) | Fault {
  const read = resolutionShape.safeParse(row)
  if (!read.success) return faultOf(read.error)
  const told = read.data
  const status = told.status.toLowerCase()
  const isResolved = status === 'resolved' || status === 'settled'
  const prices = told.payouts?.length ? fromMicros(told.payouts) : ORACLE_PRICES.get(String(told.price))
  return { condition: told.condition_id.toLowerCase(), isResolved, prices }
}

/** Payouts are whole micro-dollars: `[1000000, 0]`. */
function fromMicros(payouts: readonly (number | string)[]): readonly [Price, Price] | undefined {
  const [yes, no] = payouts.map(payout => (/^\d{1,7}$/.test(String(payout)) ? BigInt(payout) : undefined))
  if (payouts.length !== 2 || yes === undefined || no === undefined || yes + no !== MILLION) return undefined
  return [yes as Price, no as Price]
}

const statusShape = z.object({
  data: z.object({
    age_seconds: z.number().nullish(),
    ingestion: z.object({ lagging: flag }).nullish(),
    serving: z
      .object({ mechanisms: z.array(z.object({ name: z.string(), age_seconds: z.number().nullish() })).nullish() })
      .nullish(),
  }),
})

/** How far the Data API is behind the chain; `undefined` where it does not say. `ageMs` is the older of all and of the wallets' feed. */
export type DataStatus = { readonly ageMs: number | undefined; readonly isLagging: boolean | undefined }

export function readDataStatus(answer: unknown): DataStatus | Fault {
  const read = statusShape.safeParse(answer)
  if (!read.success) return faultOf(read.error)
  const { age_seconds: age, ingestion, serving } = read.data.data
  const feeds = (serving?.mechanisms ?? []).filter(mechanism => mechanism.name === 'activity_feed')
  const ages = [age, ...feeds.map(feed => feed.age_seconds)].filter(seconds => typeof seconds === 'number')
  return {
    ageMs: ages.length === 0 ? undefined : Math.round(Math.max(0, ...ages) * 1_000),
    isLagging: ingestion?.lagging ?? undefined,
  }
}

/** The rows that could be read and why the others could not. */
export function readRows<T>(rows: readonly unknown[], read: (row: unknown) => T | Fault) {
  const taken: T[] = []
  const faults: Fault[] = []
  for (const row of rows) {
    const one = read(row)
    if (isFault(one)) faults.push(one)
    else taken.push(one)
  }
  return { taken, faults }
}
