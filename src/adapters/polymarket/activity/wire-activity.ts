import { z } from 'zod'
import { type WhaleAddress, whaleAddress } from '../../../core/units/ids.ts'
import type { WhaleTrade } from '../../../core/whale/trade.ts'
import { amount, type Fault, faultOf, instantOf, isFault, text, unknownFields, whaleTradeOf } from '../wire.ts'

/**
 * A watched wallet's row. `trades` tells each executed order, of the maker's side and the taker's; `orders_matched` tells the
 * taker's whole order, once a transaction.
 */
export type ActivityRow = { readonly type: 'trades' | 'orders_matched'; readonly trade: WhaleTrade }

/** What one text frame of the activity socket held. */
export type ActivityFrame = {
  /** Rows of anybody's that are young: they show that the stream lives. */
  readonly rows: number
  /** Rows of anybody's that are too old to show it, or do not say when they happened. */
  readonly oldRows: number
  /** Young or old: whoever takes them refuses what is too old to be copied. */
  readonly told: readonly ActivityRow[]
  readonly faults: readonly Fault[]
  readonly unknown: readonly string[]
  readonly isGarbage: boolean
}

const payloadShape = z.object({
  asset: z.string(),
  conditionId: z.string(),
  outcome: text,
  outcomeIndex: z.number().nullish(),
  side: z.enum(['BUY', 'SELL']),
  size: amount,
  price: amount,
  timestamp: amount,
  transactionHash: z.string(),
  proxyWallet: z.string(),
  title: text,
  name: text,
  pseudonym: text,
})

const KNOWN = new Set([
  ...Object.keys(payloadShape.shape),
  ...['eventSlug', 'slug', 'bio', 'icon', 'profileImage', 'profileImageOptimized', 'fee'],
])

const NONE: readonly never[] = []
/** Most frames are one stranger's row: they share an answer, so that a stranger costs a parse and a look-up and no more. */
const YOUNG: ActivityFrame = { rows: 1, oldRows: 0, told: NONE, faults: NONE, unknown: NONE, isGarbage: false }
const OLD: ActivityFrame = { ...YOUNG, rows: 0, oldRows: 1 }
/** An answer to our ping, an acknowledgement, a row of another topic. */
const SILENT: ActivityFrame = { ...YOUNG, rows: 0 }
const GARBAGE: ActivityFrame = { ...SILENT, isGarbage: true }
/** The socket sends one row a frame; a list is read too, but not one that would hold up the others. */
const ROWS_MAX = 1_000

type IsWatched = (whale: WhaleAddress) => boolean

/** The trades of watched wallets in a frame, young or old: garbage gives none. */
export function readActivityFrame(frame: string, isWatched: IsWatched): readonly WhaleTrade[] {
  return parseActivityFrame(frame, isWatched, 0).told.map(row => row.trade)
}

/**
 * Reads a frame, whatever it is: JSON once, then the wallet, and the full schema only for the few rows of a watched one. A row that
 * happened before `youngFrom` (epoch milliseconds) is old. Never throws.
 */
export function parseActivityFrame(frame: string, isWatched: IsWatched, youngFrom: number): ActivityFrame {
  if (frame === '' || frame === 'PONG' || frame === 'pong') return SILENT
  let message: unknown
  try {
    message = JSON.parse(frame)
  } catch {
    return GARBAGE
  }
  return Array.isArray(message) ? readAll(message, isWatched, youngFrom) : readOne(message, isWatched, youngFrom)
}

function readAll(messages: readonly unknown[], isWatched: IsWatched, youngFrom: number): ActivityFrame {
  if (messages.length > ROWS_MAX) return GARBAGE
  const frames = messages.map(message => readOne(message, isWatched, youngFrom))
  return {
    rows: frames.reduce((sum, frame) => sum + frame.rows, 0),
    oldRows: frames.reduce((sum, frame) => sum + frame.oldRows, 0),
    told: frames.flatMap(frame => frame.told),
    faults: frames.flatMap(frame => frame.faults),
    unknown: frames.flatMap(frame => frame.unknown),
    isGarbage: frames.some(frame => frame.isGarbage),
  }
}

function readOne(message: unknown, isWatched: IsWatched, youngFrom: number): ActivityFrame {
  if (typeof message !== 'object' || message === null) return GARBAGE
  if (!('topic' in message) || message.topic !== 'activity' || !('payload' in message)) return SILENT
  const { payload } = message
  if (typeof payload !== 'object' || payload === null) return GARBAGE
  if (!('proxyWallet' in payload) || typeof payload.proxyWallet !== 'string') return GARBAGE
  const whale = whaleAddress(payload.proxyWallet)
  if (whale === undefined) return GARBAGE
  const sign = isYoung(payload, youngFrom) ? YOUNG : OLD
  if (!isWatched(whale)) return sign
  const type = 'type' in message && message.type === 'orders_matched' ? 'orders_matched' : 'trades'
  return { ...sign, ...readRow(payload, type) }
}

function isYoung(payload: object, youngFrom: number): boolean {
  if (!('timestamp' in payload)) return false
  const { timestamp } = payload
  const at = typeof timestamp === 'number' || typeof timestamp === 'string' ? instantOf(timestamp) : undefined
  return at !== undefined && at >= youngFrom
}

function readRow(payload: object, type: ActivityRow['type']): Pick<ActivityFrame, 'told' | 'faults' | 'unknown'> {
  const unknown = unknownFields(payload, KNOWN)
  const row = payloadShape.safeParse(payload)
  const trade = row.success ? tradeOf(row.data) : faultOf(row.error)
  if (isFault(trade)) return { told: NONE, faults: [trade], unknown }
  return { told: [{ type, trade }], faults: NONE, unknown }
}

/** The row's own time is the block's, in seconds; the envelope's is when it was sent to us. */
function tradeOf(row: z.infer<typeof payloadShape>): WhaleTrade | Fault {
  return whaleTradeOf(
    {
      ...row,
      wallet: row.proxyWallet,
      token: row.asset,
      condition: row.conditionId,
      transaction: row.transactionHash,
      name: row.name,
      pseudonym: row.pseudonym,
      title: row.title,
      outcome: row.outcome,
      outcomeIndex: row.outcomeIndex,
    },
    'activity',
  )
}
