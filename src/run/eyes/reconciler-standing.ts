import type { FeedState } from '../../ports/feeds.ts'
import type { Wallet } from './reconciler-wallet.ts'

/** Nobody has answered for this long. */
const DOWN_AFTER_MS = 60_000
/** A wallet that was not answered for three of its waits and this long has been left behind. */
const LEFT_AFTER_MS = 60_000
/** A service that says it is this far behind shows the past. */
const LAG_MAX_MS = 120_000

export type Answering = {
  readonly startedAt: number
  /** When the service last answered, and the questions that failed since. */
  readonly answeredAt: number | undefined
  readonly failures: number
  readonly lagMs: number | undefined
}

/**
 * How the rounds are doing: `down` where nobody answers, `stale` where the service shows the past or most wallets wait, for then the
 * rounds do not tell what the streams missed. One wallet that fails is no such fault.
 */
export function standingOf(
  wallets: ReadonlyMap<unknown, Wallet>,
  everyMs: number,
  answering: Answering,
  now: number,
): Pick<FeedState, 'status' | 'why'> {
  const { answeredAt, failures, lagMs = 0, startedAt } = answering
  if (wallets.size === 0) return { status: 'live' }
  if (failures > 0 && now - (answeredAt ?? startedAt) > DOWN_AFTER_MS)
    return { status: 'down', why: `nobody has answered for ${DOWN_AFTER_MS / 1_000} s` }
  if (answeredAt === undefined) return { status: 'connecting', why: 'nobody has answered yet' }
  if (lagMs > LAG_MAX_MS) return { status: 'stale', why: `the service is ${Math.round(lagMs / 1_000)} s behind` }
  const leftMs = 3 * everyMs + LEFT_AFTER_MS
  let left = 0
  for (const wallet of wallets.values()) if (now - wallet.answeredAt > leftMs) left += 1
  return left * 2 > wallets.size ? { status: 'stale', why: `${left} wallets wait for an answer` } : { status: 'live' }
}
