import { z } from 'zod'
import { type ConditionId, conditionId, type TokenId, tokenId, whaleAddress } from '../../../core/units/ids.ts'
import { type Shares, ZERO } from '../../../core/units/money.ts'
import type { Departure, WhaleTrade } from '../../../core/whale/trade.ts'
import { amount, bounded, type Fault, faultOf, instantOf, sharesOf, text, unknownFields } from '../wire.ts'

/** What a wallet holds of one token, by one row of `/v2/positions`. */
export type Holding = {
  readonly whale: string
  readonly condition: ConditionId
  readonly token: TokenId
  readonly size: Shares
}

const holdingShape = z.object({
  proxy_wallet: z.string(),
  token_id: z.string(),
  condition_id: z.string(),
  current_size: amount,
})

export function readHolding(row: unknown): Holding | Fault {
  const read = holdingShape.safeParse(row)
  if (!read.success) return faultOf(read.error)
  const token = tokenId(read.data.token_id)
  const condition = conditionId(read.data.condition_id)
  const size = sharesOf(read.data.current_size)
  if (token === undefined) return { fault: 'the token is no token id' }
  if (condition === undefined) return { fault: 'the market is no condition id' }
  if (size === undefined) return { fault: 'the size is no amount' }
  return { whale: read.data.proxy_wallet.toLowerCase(), condition, token, size }
}

/**
 * How shares leave a wallet, by the `type` of a row of `/v2/activity`. A conversion gives up the shares that it names for those of
 * other markets. `MIGRATION` is told where holdings move to another contract or wallet.
 */
const DEPARTURES: ReadonlyMap<string, Departure> = new Map([
  ['MERGE', 'merge'],
  ['REDEEM', 'redeem'],
  ['CONVERSION', 'conversion'],
  ['MIGRATION', 'transfer'],
])
/** The types by which shares leave, as the service writes them. */
export const DEPARTURE_TYPES: readonly string[] = [...DEPARTURES.keys()]

/** Trades, which `/v2/trades` tells; shares that come; and dollars, which are no shares. */
const OTHER_TYPES: ReadonlySet<string> = new Set([
  ...['TRADE', 'SPLIT', 'REWARD', 'YIELD', 'MAKER_REBATE', 'TAKER_REBATE', 'REFERRAL_REWARD'],
  ...['DEPOSIT', 'WITHDRAWAL', 'TIP'],
])

/** What a row of `/v2/activity` is to us. An `unknown` one is noted and never guessed at. */
export type ActivityEntry =
  | { readonly kind: 'other' }
  | { readonly kind: 'unknown'; readonly type: string }
  /** Without a token: it is of every token of the market alike. */
  | { readonly kind: 'departure'; readonly trade: Omit<WhaleTrade, 'token'>; readonly token: TokenId | undefined }

const entryShape = z.object({
  type: z.string(),
  proxy_wallet: z.string(),
  token_id: text,
  condition_id: z.string(),
  size: amount,
  timestamp: amount,
  title: text,
  outcome: text,
  name: text,
  pseudonym: text,
  transaction_hash: z.string(),
})

const ENTRY_FIELDS = new Set([
  ...Object.keys(entryShape.shape),
  ...['side', 'price', 'usdc_size', 'is_combo', 'outcome_index', 'slug', 'icon', 'event_slug', 'bio'],
  ...['profile_image', 'profile_image_optimized'],
])

export function readActivityEntry(row: unknown): ActivityEntry | Fault {
  const type = z.object({ type: z.string() }).safeParse(row)
  if (!type.success) return faultOf(type.error)
  const how = DEPARTURES.get(type.data.type)
  if (how !== undefined) return readDeparture(row, how)
  return OTHER_TYPES.has(type.data.type) ? { kind: 'other' } : { kind: 'unknown', type: bounded(type.data.type) }
}

export function unknownActivityFields(row: unknown): readonly string[] {
  return unknownFields(row, ENTRY_FIELDS)
}

function readDeparture(row: unknown, how: Departure): ActivityEntry | Fault {
  const read = entryShape.safeParse(row)
  if (!read.success) return faultOf(read.error)
  const told = read.data
  const whale = whaleAddress(told.proxy_wallet)
  const token = told.token_id ? tokenId(told.token_id) : undefined
  const condition = conditionId(told.condition_id)
  const size = sharesOf(told.size)
  const happenedAt = instantOf(told.timestamp)
  if (whale === undefined) return { fault: 'the wallet is no address' }
  if (told.token_id && token === undefined) return { fault: 'the token is no token id' }
  if (condition === undefined) return { fault: 'the market is no condition id' }
  if (!/^0x[0-9a-fA-F]{64}$/.test(told.transaction_hash)) return { fault: 'the transaction is no hash' }
  if (size === undefined || size === 0n) return { fault: 'the size is not positive' }
  if (happenedAt === undefined) return { fault: 'the time is none' }
  const trade: Omit<WhaleTrade, 'token'> = {
    transaction: told.transaction_hash.toLowerCase(),
    whale,
    name: bounded(told.name) || bounded(told.pseudonym) || whale,
    condition,
    side: 'sell',
    how,
    price: ZERO,
    size,
    title: bounded(told.title),
    outcome: bounded(told.outcome) || 'unknown',
    happenedAt,
    source: 'sweep',
  }
  return { kind: 'departure', trade, token }
}
