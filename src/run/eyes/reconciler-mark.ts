import type { Instant, WhaleAddress } from '../../core/units/ids.ts'

/** Up to when wallets have been asked for: every one up to `from`, but those in `behind`, which have each an instant of their own. */
export type Mark = { readonly from: Instant; readonly behind: ReadonlyMap<WhaleAddress, Instant> }

/** Wallets that a mark may name: it is put on record every minute. */
export const BEHIND_MAX = 64
/** Wallets this close together count as level, so that only those that really lag are named. */
const LEVEL_MS = 60_000

/**
 * The mark of these cursors. `from` is the least of all but the few that lag, so nothing before it is unread for anybody it speaks for;
 * where more than 64 lag, it lags with them. `undefined` for no wallets.
 */
export function markOf(cursors: ReadonlyMap<WhaleAddress, Instant>): Mark | undefined {
  const sorted = [...cursors].sort(([, one], [, other]) => one - other)
  const pivot = sorted[Math.min(BEHIND_MAX, sorted.length - 1)]?.[1]
  if (pivot === undefined) return undefined
  const [, from = pivot] = sorted.find(([, cursor]) => cursor > pivot - LEVEL_MS) ?? []
  return { from, behind: new Map(sorted.filter(([, cursor]) => cursor < from)) }
}
