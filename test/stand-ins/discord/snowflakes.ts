/** The first second of 2015, from which Discord counts. Source: its reference, "Snowflake format". */
const EPOCH_MS = 1_420_070_400_000
/** The lower bits of an id, which tell two of the same millisecond apart. */
const COUNTER_BITS = 22n
const COUNTER_MASK = (1n << COUNTER_BITS) - 1n

/** Gives ids that say when they were made: at `now`, or at an instant of one's own. No two of one source are the same. */
export function snowflakes(now: () => number): (at?: number) => string {
  let made = 0n
  return (at = now()) => {
    made += 1n
    return String((BigInt(Math.max(0, at - EPOCH_MS)) << COUNTER_BITS) | (made & COUNTER_MASK))
  }
}

/** When the id says that it was made, in milliseconds since 1970. */
export function momentOf(snowflake: string): number {
  return Number(BigInt(snowflake) >> COUNTER_BITS) + EPOCH_MS
}
