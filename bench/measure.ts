import { assert } from '../src/core/units/brand.ts'

/** Something to be timed, in slices: what each gives back is how long its own part of the work took, in milliseconds. */
export type Case = {
  /** Sets up a round; not part of what is timed. */
  readonly begin?: () => void
  readonly slice: (index: number) => Promise<number> | number
}

export type Plan = { readonly warmUps: number; readonly rounds: number; readonly slices?: number }

/**
 * The times of several cases over several rounds, in milliseconds a round, after rounds that only warm up. Within a round the
 * cases take turns slice by slice, every second time in the other order, so that whatever else the machine does falls on all of
 * them alike.
 */
export async function interleaved(
  cases: readonly Case[],
  { warmUps, rounds, slices = 1 }: Plan,
): Promise<readonly (readonly number[])[]> {
  const times: number[][] = cases.map(() => [])
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const one of cases) one.begin?.()
    collect()
    const sums = cases.map(() => 0)
    for (let slice = 0; slice < slices; slice += 1) {
      const order = cases.map((_, index) => ((round + slice) % 2 === 0 ? index : cases.length - 1 - index))
      for (const index of order) sums[index] = (sums[index] ?? 0) + ((await cases[index]?.slice(slice)) ?? 0)
    }
    if (round >= 0) for (const [index, sum] of sums.entries()) times[index]?.push(sum)
  }
  return times
}

/** Milliseconds on the wall that a piece of work takes. */
export function timed(work: () => void): number {
  const from = performance.now()
  work()
  return performance.now() - from
}

export async function timedAsync(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

/** Round by round what the one is of the other, so that a round in which the machine was busy weighs no more than any. */
export function ratios(of: readonly number[] = [], to: readonly number[] = []): readonly number[] {
  assert(of.length === to.length, 'each round has both')
  return of.map((value, round) => value / (to[round] ?? Number.NaN))
}

export function median(values: readonly number[] = []): number {
  return quantile(values, 0.5)
}

/** The value that this part of the values, 0 to 1, does not exceed. Asserts that there are some. */
export function quantile(values: readonly number[], part: number): number {
  assert(values.length > 0, 'a quantile is of some values')
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}

export function between(values: readonly number[] = [], digits = 2, unit = ''): string {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return `${grouped(low, digits)} to ${grouped(high, digits)}${unit} in ${values.length}`
}

/** A number as people read it: `1,234.5`. */
export function grouped(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** Full garbage collection, so that one case does not pay for another's leavings. Needs node's `--expose-gc`. */
export function collect(): void {
  assert(globalThis.gc !== undefined, 'the benchmark runs with --expose-gc')
  globalThis.gc()
}
