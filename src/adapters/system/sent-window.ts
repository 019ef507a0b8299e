/** What one group of requests has used of its published limit. */
export type Usage = {
  readonly group: string
  /** Requests sent in the window that ends now, repeated ones included. */
  readonly inWindow: number
  /** The most that any window has held since the start. */
  readonly peak: number
  /** Requests that a window may hold, as published. */
  readonly limit: number
}

/** Times that are over are dropped in lots of this many, so that dropping costs nothing by the request. */
const DROPPED_AT_ONCE = 1_024

/** Counts what was sent in a sliding window. It holds no more times than the window holds requests, which its limit bounds. */
export class SentWindow {
  readonly #perMs: number
  #times: number[] = []
  #first = 0
  #peak = 0

  constructor(perMs: number) {
    this.#perMs = perMs
  }

  sent(now: number): void {
    this.#times.push(now)
    this.#peak = Math.max(this.#peak, this.inWindow(now))
  }

  inWindow(now: number): number {
    while (this.#first < this.#times.length && (this.#times[this.#first] ?? now) <= now - this.#perMs) this.#first += 1
    if (this.#first > DROPPED_AT_ONCE) {
      this.#times = this.#times.slice(this.#first)
      this.#first = 0
    }
    return this.#times.length - this.#first
  }

  peak(): number {
    return this.#peak
  }
}
