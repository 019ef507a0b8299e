type Timed = { readonly at: number }

/** How many of these, in order of time, are not after `at`. */
export function countUntil(list: readonly Timed[], at: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((list[middle]?.at ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** Those of a list in order of time that are after `from` and up to `to`. */
export function within<T extends Timed>(list: readonly T[], from: number, to: number): readonly T[] {
  return list.slice(countUntil(list, from), countUntil(list, to))
}
