/** Where an axis begins and ends, and where it is marked. */
export type Scale = { readonly low: number; readonly high: number; readonly step: number }

/** A line that moved by less than this part of its level is drawn as nearly flat, and not as a mountain. */
const SPAN_LEAST = 0.004
/** Less than two cents apart, labels would repeat themselves. */
const STEP_LEAST = 0.02
const NICE = [1, 2, 2.5, 5, 10]

/** A scale over all of `low` to `high` with at most so many steps, each a round number. */
export function scaleOf(low: number, high: number, steps: number): Scale {
  const level = Math.max(Math.abs(low), Math.abs(high))
  const missing = Math.max(0, level * SPAN_LEAST - (high - low)) / 2
  const [from, to] = [low - missing, high + missing]
  const step = Math.max(STEP_LEAST, roundUp((to - from) / Math.max(1, steps - 1)))
  return { low: Math.floor(from / step) * step, high: Math.ceil(to / step) * step, step }
}

/** The least round number that is not below. */
export function roundUp(value: number, factors = NICE): number {
  if (value <= 0) return STEP_LEAST
  const power = 10 ** Math.floor(Math.log10(value))
  return power * (factors.find(factor => factor * power >= value * (1 - 1e-9)) ?? 10)
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000
const STEPS_MS = [
  ...[1, 5, 15, 30].map(minutes => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map(hours => hours * HOUR_MS),
  ...[1, 2, 3, 7, 14, 30].map(days => days * DAY_MS),
]

export type TimeTicks = { readonly stepMs: number; readonly at: readonly number[] }

/** Round instants of UTC between two instants, at most so many. */
export function timeTicks(from: number, to: number, most: number): TimeTicks {
  const least = (to - from) / most
  const longest = STEPS_MS.at(-1) ?? DAY_MS
  const stepMs = STEPS_MS.find(step => step >= least) ?? Math.ceil(least / longest) * longest
  const first = Math.ceil(from / stepMs) * stepMs
  const count = Math.max(0, Math.floor((to - first) / stepMs) + 1)
  return { stepMs, at: Array.from({ length: count }, (_, index) => first + index * stepMs) }
}
