import { createHash } from 'node:crypto'
import type { Instant } from '../../../core/units/ids.ts'
import type { ChainLog } from './wire.ts'

/** Transactions whose logs are remembered: far more than any overlap of two readings holds. */
const TRANSACTIONS_MAX = 10_000
/** A block of Polygon does not hold more logs of one transaction; a node that tells more makes them up. */
const LOGS_PER_TRANSACTION_MAX = 1_000
const TAKEN_BACK_MAX = 1_000
/** A transaction that a reorganisation threw out is back in one of the next blocks, or it is not coming back. */
const BACK_WITHIN_MS = 60_000

type Included = { readonly places: Set<string>; readonly names: Set<string>; readonly counts: Map<string, number> }
export type TakenBack = { readonly transaction: string; readonly block: number; readonly at: Instant }

/**
 * Which logs were told before, across readings that overlap and blocks that were replaced. A log's index counts within its block
 * and changes when the transaction is included in another one, so a log is named by what it says, and by its number among those
 * of its transaction that say the same.
 */
export class Inclusions {
  readonly #included = new Map<string, Included>()
  readonly #takenBack = new Map<string, TakenBack>()

  /** The log's name within its transaction, the same in every block; `undefined` where it was taken before. */
  take(log: ChainLog): string | undefined {
    const content = contentOf(log)
    this.#takenBack.delete(`${log.transaction}:${content}`)
    const { places, names, counts } = this.#of(log.transaction)
    const place = `${log.blockHash}:${log.index}`
    if (places.has(place) || places.size >= LOGS_PER_TRANSACTION_MAX) return undefined
    places.add(place)
    const counted = `${log.blockHash}:${content}`
    const number = counts.get(counted) ?? 0
    counts.set(counted, number + 1)
    const name = `${content}#${number}`
    if (names.has(name)) return undefined
    names.add(name)
    return name
  }

  /** Remembers that the chain does not hold this log any more, since when. */
  takeBack(log: ChainLog, at: Instant): void {
    if (this.#takenBack.size >= TAKEN_BACK_MAX) return
    this.#takenBack.set(`${log.transaction}:${contentOf(log)}`, {
      transaction: log.transaction,
      block: log.block,
      at,
    })
  }

  /** What was taken back and did not come again in time. Each is given once. */
  lost(now: Instant): readonly TakenBack[] {
    const lost = [...this.#takenBack].filter(([, one]) => now - one.at >= BACK_WITHIN_MS)
    for (const [key] of lost) this.#takenBack.delete(key)
    return lost.map(([, one]) => one)
  }

  #of(transaction: string): Included {
    const known = this.#included.get(transaction)
    if (known !== undefined) return known
    const fresh: Included = { places: new Set(), names: new Set(), counts: new Map() }
    this.#included.set(transaction, fresh)
    const [oldest] = this.#included.keys()
    if (this.#included.size > TRANSACTIONS_MAX && oldest !== undefined) this.#included.delete(oldest)
    return fresh
  }
}

/** A digest, because a whole log is long and thousands are kept. */
function contentOf(log: ChainLog): string {
  const said = `${log.address}${log.topics.join('')}${log.data}`
  return createHash('sha256').update(said).digest('base64').slice(0, 22)
}
