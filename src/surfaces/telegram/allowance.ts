import type { Instant } from '../../core/units/ids.ts'

/** So many in any stretch of so many milliseconds, for each key. */
export type Allowance = {
  /** Whether one more is within it; it is counted then. */
  readonly take: (key: string, at: Instant) => boolean
}

/** Strangers come without number; the one that was heard longest ago is forgotten first. */
const KEYS_MAX = 1_000

export function createAllowance({ most, perMs }: { readonly most: number; readonly perMs: number }): Allowance {
  const taken = new Map<string, readonly Instant[]>()
  return {
    take: (key, at) => {
      const recent = (taken.get(key) ?? []).filter(one => at - one < perMs)
      if (recent.length >= most) return false
      taken.delete(key)
      taken.set(key, [...recent, at])
      const [oldest] = taken.keys()
      if (taken.size > KEYS_MAX && oldest !== undefined) taken.delete(oldest)
      return true
    },
  }
}
