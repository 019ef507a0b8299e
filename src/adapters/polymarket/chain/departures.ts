import type { TokenId } from '../../../core/units/ids.ts'
import type { Departure } from '../../../core/whale/trade.ts'
import type { TokenFacts } from '../token-index.ts'
import type { Filled, Part, Sent } from './logs.ts'

/** Sales that are remembered: those of the last minutes, since a departure is compared within seconds. */
const SALES_MAX = 5_000

/**
 * What each wallet sold by order in each transaction and has not been seen handing over yet. Shares that are sold go to the
 * exchange, or straight to whoever bought them; only what goes beyond what was sold has left without an order.
 */
export class Sales {
  readonly #open = new Map<string, bigint>()

  sold(transaction: string, { whale, token, side, size }: Filled): void {
    if (side === 'sell') this.#add(keyOf(transaction, whale, token), size)
  }

  /** They were sent to an exchange, so they were sold, whether or not the order is known yet. */
  handedOver(transaction: string, { whale, parts }: Sent): void {
    for (const { token, size } of parts) this.#add(keyOf(transaction, whale, token), -BigInt(size))
  }

  /** Whether this departure is the delivery of what was sold. Each sale covers one. */
  covers(transaction: string, { whale }: Sent, { token, size }: Part): boolean {
    const key = keyOf(transaction, whale, token)
    const open = this.#open.get(key) ?? 0n
    if (open < size) return false
    this.#add(key, -BigInt(size))
    return true
  }

  #add(key: string, size: bigint): void {
    this.#open.set(key, (this.#open.get(key) ?? 0n) + size)
    const [oldest] = this.#open.keys()
    if (this.#open.size > SALES_MAX && oldest !== undefined) this.#open.delete(oldest)
  }
}

function keyOf(transaction: string, whale: string, token: TokenId): string {
  return `${transaction}:${whale}:${token}`
}

/**
 * In which way shares left. What comes to nothing, there or in an adapter's hands, was paid out (one token), merged (both of one
 * market) or converted (tokens of several). An adapter that redeems takes both tokens where the wallet holds both, so such a payout
 * is told as a merge: either way the shares are gone, and both are told.
 */
export function howOf(sent: Sent, facts: readonly (TokenFacts | undefined)[]): Departure {
  if (sent.to === 'other') return 'transfer'
  if (sent.parts.length === 1) return 'redeem'
  const conditions = new Set(facts.map(one => one?.condition))
  return sent.parts.length === 2 && conditions.size === 1 ? 'merge' : 'conversion'
}
