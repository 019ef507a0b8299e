import type { Seeded } from '../core/units/seeded.ts'

/** Points of a path, whatever the market's length: a second apart in a ten-minute market. */
export const STEPS = 600

/** A market's two chances of its first token over its life: the true one, and the one the market makers quote. */
export type Path = { readonly truth: Float32Array; readonly quoted: Float32Array; readonly winner: 0 | 1 }

/**
 * The slowness of quotes, in steps: the gap it leaves is what a skilled whale lives on. It shrinks towards the close.
 */
const LAG_AT_OPEN = 34
const LAG_AT_CLOSE = 7

const NOISE_MEMORY = 0.93
const NOISE_STEP = 0.006
const QUOTED_MIN = 0.004

/**
 * Draws both.
 *
 * The truth is the chance that a random walk ends above zero, seen from each of its steps: `Φ(x / √(steps left))`. That
 * is a martingale by construction, and its last point is 0 or 1. The quotes follow it with a lag and a noise that
 * fades.
 */
export function drawPath(chance: Seeded): Path {
  const truth = new Float32Array(STEPS + 1)
  const quoted = new Float32Array(STEPS + 1)
  let walk = chance.between(-0.85, 0.85) * Math.sqrt(STEPS)
  let follower = normalCdf(walk / Math.sqrt(STEPS))
  let noise = 0
  for (let step = 0; step <= STEPS; step += 1) {
    const left = STEPS - step
    const now = left === 0 ? Number(walk > 0) : normalCdf(walk / Math.sqrt(left))
    const lag = LAG_AT_CLOSE + ((LAG_AT_OPEN - LAG_AT_CLOSE) * left) / STEPS
    follower += (now - follower) / lag
    noise = noise * NOISE_MEMORY + chance.normal() * NOISE_STEP
    truth[step] = now
    quoted[step] = clamp(follower + noise * 4 * follower * (1 - follower), QUOTED_MIN, 1 - QUOTED_MIN)
    if (left > 0) walk += chance.normal()
  }
  return { truth, quoted, winner: walk > 0 ? 0 : 1 }
}

/** The path between its points, `progress` from 0 (open) to 1 (close). */
export function along(path: Float32Array, progress: number): number {
  const place = clamp(progress, 0, 1) * STEPS
  const step = Math.floor(place)
  const before = path[step] ?? 0.5
  const after = path[Math.min(step + 1, STEPS)] ?? before
  return before + (after - before) * (place - step)
}

export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value
}

/**
 * Φ, within 5·10⁻⁴, from additions and divisions alone, since `Math.exp` may differ between engines.
 * Source: Abramowitz and Stegun, 7.1.27, for erf, with `Φ(z) = (1 + erf(z / √2)) / 2`.
 */
function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const base = 1 + x * (0.278393 + x * (0.230389 + x * (0.000972 + x * 0.078108)))
  const tail = 1 / (base * base * base * base) / 2
  return z > 0 ? 1 - tail : tail
}
