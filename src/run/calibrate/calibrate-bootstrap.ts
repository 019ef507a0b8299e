import { seeded } from '../../core/units/seeded.ts'

/** A mean and where it would lie in 95 of 100 recordings like this one. */
export type Interval = { readonly mean: number; readonly low: number; readonly high: number }

/** The ends of the interval do not move in the third place beyond this many. */
const DRAWS = 5_000

/**
 * The mean of paired differences with a 95 % percentile interval, drawing whole groups with replacement: purchases in one market end
 * together, and counted one by one would make it look surer than it is. The same seed gives the same interval. `undefined`
 * without a difference. Source: B. Efron and R. Tibshirani (1993), "An Introduction to the Bootstrap", 13.3; drawn by cluster.
 */
export function pairedInterval(groups: readonly (readonly number[])[], seed: string): Interval | undefined {
  const filled = groups.filter(group => group.length > 0)
  if (filled.length === 0) return undefined
  const sums = filled.map(group => ({ sum: group.reduce((total, value) => total + value, 0), count: group.length }))
  const source = seeded(seed)
  const means: number[] = []
  for (let draw = 0; draw < DRAWS; draw += 1) {
    let sum = 0
    let count = 0
    for (let picks = 0; picks < sums.length; picks += 1) {
      const picked = source.pick(sums)
      sum += picked.sum
      count += picked.count
    }
    means.push(sum / count)
  }
  means.sort((one, other) => one - other)
  const all = sums.reduce((total, group) => ({ sum: total.sum + group.sum, count: total.count + group.count }))
  const at = (part: number): number => means[Math.floor(part * (DRAWS - 1))] ?? 0
  return { mean: all.sum / all.count, low: at(0.025), high: at(0.975) }
}
