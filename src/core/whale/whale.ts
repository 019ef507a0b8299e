import type { Instant, WhaleAddress } from '../units/ids.ts'
import type { Quality } from './quality.ts'
import type { WhaleRecord } from './record.ts'

/** A wallet that is followed. `name` is a stranger's word. */
export type Whale = {
  readonly address: WhaleAddress
  readonly name: string
  readonly followedAt: Instant
  readonly record: WhaleRecord | undefined
  readonly quality: Quality | undefined
  /** The last trade of it that was heard of, by its own time: where a feed asks on after a gap. */
  readonly lastTradeAt: Instant | undefined
}

/** The most wallets followed: each costs a request every few seconds, and the venue publishes a limit. */
export const WHALES_MAX = 10_000
