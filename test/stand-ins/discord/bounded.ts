/** Most entries of each log of the stand-in. A soak test runs for hours against it, and the newest entries are what is asked about. */
export const LOG_MAX = 5_000

/** Appends, and lets the oldest go where there would be more than `max`. */
export function note<Entry>(log: Entry[], entry: Entry, max = LOG_MAX): void {
  log.push(entry)
  if (log.length > max) log.splice(0, log.length - max)
}

/** Sets, and lets the oldest keys go where there would be more than `max`. */
export function keepIn<Value>(map: Map<string, Value>, key: string, value: Value, max = LOG_MAX): void {
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= max) return
    map.delete(oldest)
  }
}
