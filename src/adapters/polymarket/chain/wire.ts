import { z } from 'zod'
import type { Instant } from '../../../core/units/ids.ts'
import { type Fault, faultOf, instantOf } from '../wire.ts'

/** A log as a node tells it, hex in lower case. */
export type ChainLog = {
  readonly address: string
  readonly topics: readonly string[]
  readonly data: string
  readonly block: number
  readonly blockHash: string
  readonly transaction: string
  /** Within its block, so another one when the transaction is included in another block. */
  readonly index: number
  readonly isRemoved: boolean
  /** Only some nodes say it. */
  readonly blockTime: Instant | undefined
}

/** A block as far as it is needed. */
export type ChainHead = { readonly block: number; readonly at: Instant }

/** A batch of 700 shares; no log of these contracts is near it. */
const DATA_CHARS_MAX = 100_000

const word = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/)
  .transform(lower)
const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,12}$/)
  .transform(hex => Number.parseInt(hex, 16))

const logShape = z.object({
  address: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/)
    .transform(lower),
  topics: z.array(word).max(4),
  data: z
    .string()
    .max(DATA_CHARS_MAX)
    .regex(/^0x(?:[0-9a-fA-F]{2})*$/)
    .transform(lower),
  blockNumber: quantity,
  blockHash: word,
  transactionHash: word,
  logIndex: quantity,
  removed: z.boolean().nullish(),
  blockTimestamp: quantity.nullish(),
})

const headShape = z.object({ number: quantity, timestamp: quantity })

/** A log, or why it is none: a pending one without a block among them. */
export function readLog(value: unknown): ChainLog | Fault {
  const read = logShape.safeParse(value)
  if (!read.success) return faultOf(read.error)
  const { data: log } = read
  return {
    address: log.address,
    topics: log.topics,
    data: log.data,
    block: log.blockNumber,
    blockHash: log.blockHash,
    transaction: log.transactionHash,
    index: log.logIndex,
    isRemoved: log.removed ?? false,
    blockTime: instantOf(log.blockTimestamp),
  }
}

/** What `newHeads` tells and `eth_getBlockByNumber` answers. */
export function readHead(value: unknown): ChainHead | Fault {
  const read = headShape.safeParse(value)
  if (!read.success) return faultOf(read.error)
  const at = instantOf(read.data.timestamp)
  return at === undefined ? { fault: 'the time of the block is none' } : { block: read.data.number, at }
}

/** A number as a node writes it: `0x89`. */
export function readQuantity(value: unknown): number | Fault {
  const read = quantity.safeParse(value)
  return read.success ? read.data : faultOf(read.error)
}

/** A number as a node wants it. */
export function quantityOf(value: number): string {
  return `0x${value.toString(16)}`
}

function lower(hex: string): string {
  return hex.toLowerCase()
}
