import type { Instant, WhaleAddress } from '../units/ids.ts'
import { NO_USD, type Usd } from '../units/money.ts'
import type { Quality } from './quality.ts'
import type { OwnRecord, WhaleRecord } from './record.ts'

/** What people have set for one whale. Exits of what was copied are followed whatever it says. */
export type WhaleSettings = {
  /** Switched off, its trades are shown and refused. */
  readonly isEnabled: boolean
  readonly mutedUntil: Instant | undefined
  /** What every stake on its trades is multiplied by, 0 to `WEIGHT_MAX`. */
  readonly weight: number
  /** The most dollars staked on one of its trades; the limits hold besides. */
  readonly stakeMax: Usd | undefined
  /** A person's words, at most `NOTE_MAX` characters. */
  readonly note: string
}

export const WEIGHT_MAX = 2
export const NOTE_MAX = 200

export const PLAIN_SETTINGS: WhaleSettings = {
  isEnabled: true,
  mutedUntil: undefined,
  weight: 1,
  stakeMax: undefined,
  note: '',
}

export const NO_OWN_RECORD: OwnRecord = { copies: 0, closed: 0, staked: NO_USD, profit: NO_USD }

/** A wallet that is followed. `name` is a stranger's word. */
export type Whale = {
  readonly address: WhaleAddress
  readonly name: string
  readonly followedAt: Instant
  readonly settings: WhaleSettings
  readonly record: WhaleRecord | undefined
  readonly quality: Quality | undefined
  /** How copying it has gone. */
  readonly own: OwnRecord
  /** The last trade of it that was heard of, by its own time: where a feed asks on after a gap. */
  readonly lastTradeAt: Instant | undefined
}

/** The most wallets followed: each costs a request every few seconds, and the venue publishes a limit. */
export const WHALES_MAX = 10_000

/** Why these are no settings, or `undefined` where they are. */
export function settingsFault(settings: WhaleSettings): string | undefined {
  const { weight, stakeMax, note } = settings
  if (!(weight >= 0 && weight <= WEIGHT_MAX)) return `a weight lies between 0 and ${WEIGHT_MAX}`
  if (stakeMax !== undefined && stakeMax <= NO_USD) return 'a cap is an amount over nothing'
  if (note.length > NOTE_MAX) return `a note has at most ${NOTE_MAX} characters`
  return undefined
}
