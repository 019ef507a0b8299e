import type { Instant } from '../../core/units/ids.ts'
import { lateText } from '../../voices/ears.ts'
import type { Acknowledgement } from './acknowledge.ts'

/** As long as Discord waits for the first answer to a press. */
const FRESH_MS = 3_000
/** Older than that is a press that a gateway was told of again, whatever came of its acknowledgement. */
const REPLAYED_MS = 60_000
/** A press from the future says that the clock is wrong by more than this, and so proves nothing. */
const AHEAD_MS = 1_000

/**
 * Why a press cannot be taken for what the person wants now, if so. An acknowledgement that Discord took is the proof that it is
 * fresh; only where nobody knows what came of it, the time in its id has to do.
 */
export function latenessOf(doneAt: Instant, now: Instant, { kind }: Pick<Acknowledgement, 'kind'>): string | undefined {
  const age = now - doneAt
  const isProven = kind === 'taken' || kind === 'already'
  const isYoung = age <= FRESH_MS && age >= -AHEAD_MS
  const isFresh = kind !== 'late' && age <= REPLAYED_MS && (isProven || isYoung)
  return isFresh ? undefined : lateText(doneAt)
}
