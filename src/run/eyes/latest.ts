/** The latest figures of something, a bounded number of them, and where their middle and their far end lie. */
export class Latest {
  readonly #most: number
  readonly #kept: number[] = []
  #next = 0

  constructor(most: number) {
    this.#most = most
  }

  add(figure: number): void {
    this.#kept[this.#next] = figure
    this.#next = (this.#next + 1) % this.#most
  }

  count(): number {
    return this.#kept.length
  }

  /** `p50` and `p99` of those kept, by nearest rank; both `undefined` where there is none. */
  ranks(): { readonly p50: number | undefined; readonly p99: number | undefined } {
    const sorted = [...this.#kept].sort((one, other) => one - other)
    const at = (part: number): number | undefined => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)]
    return { p50: at(0.5), p99: at(0.99) }
  }
}
