import { z } from 'zod'
import { type WhaleAddress, whaleAddress } from '../../core/units/ids.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'
import { amount, type Fault, faultOf, isFault, text, unknownFields, whaleTradeOf } from './wire.ts'

/** What one text frame of the activity socket held. `rows` counts strangers' trades too: they show that the stream lives. */
export type ActivityFrame = {
  readonly rows: number
  readonly trades: readonly WhaleTrade[]
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
/** Most frames are one stranger's row: they all share this answer, so that a stranger costs a parse and a look-up and no more. */
const STRANGER: ActivityFrame = { rows: 1, trades: NONE, faults: NONE, unknown: NONE, isGarbage: false }
/** An answer to our ping, an acknowledgement, a row of another topic. */
const SILENT: ActivityFrame = { ...STRANGER, rows: 0 }
const GARBAGE: ActivityFrame = { ...SILENT, isGarbage: true }
/** The socket sends one row a frame; a list is read too, but not one that would hold up the others. */
const ROWS_MAX = 1_000

/** The trades of watched wallets in a frame, whatever the frame is: garbage gives none. */
export function readActivityFrame(frame: string, isWatched: (whale: WhaleAddress) => boolean): readonly WhaleTrade[] {
  return parseActivityFrame(frame, isWatched).trades
}

/** Reads a frame: JSON once, then the wallet, and the full schema only for the few rows of a watched one. Never throws. */
export function parseActivityFrame(frame: string, isWatched: (whale: WhaleAddress) => boolean): ActivityFrame {
  if (frame === '' || frame === 'PONG' || frame === 'pong') return SILENT
  let message: unknown
  try {
    message = JSON.parse(frame)
  } catch {
    return GARBAGE
  }
  return Array.isArray(message) ? readAll(message, isWatched) : readOne(message, isWatched)
}

function readAll(messages: readonly unknown[], isWatched: (whale: WhaleAddress) => boolean): ActivityFrame {
  if (messages.length > ROWS_MAX) return GARBAGE
  const frames = messages.map(message => readOne(message, isWatched))
  return {
    rows: frames.reduce((sum, frame) => sum + frame.rows, 0),
    trades: frames.flatMap(frame => frame.trades),
    faults: frames.flatMap(frame => frame.faults),
    unknown: frames.flatMap(frame => frame.unknown),
    isGarbage: frames.some(frame => frame.isGarbage),
  }
}

function readOne(message: unknown, isWatched: (whale: WhaleAddress) => boolean): ActivityFrame {
  if (typeof message !== 'object' || message === null) return GARBAGE
  if (!('topic' in message) || message.topic !== 'activity' || !('payload' in message)) return SILENT
  const { payload } = message
  if (typeof payload !== 'object' || payload === null) return GARBAGE
  if (!('proxyWallet' in payload) || typeof payload.proxyWallet !== 'string') return GARBAGE
  const whale = whaleAddress(payload.proxyWallet)
  if (whale === undefined) return GARBAGE
  return isWatched(whale) ? readRow(payload) : STRANGER
}

function readRow(payload: object): ActivityFrame {
  const unknown = unknownFields(payload, KNOWN)
  const row = payloadShape.safeParse(payload)
  const trade = row.success ? tradeOf(row.data) : faultOf(row.error)
  if (isFault(trade)) return { rows: 1, trades: NONE, faults: [trade], unknown, isGarbage: false }
  return { rows: 1, trades: [trade], faults: NONE, unknown, isGarbage: false }
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
