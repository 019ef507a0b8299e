import { type Instant, instant } from '../../core/units/ids.ts'

const SAMPLES = 1_000
const PROBLEMS = 100

/** What the run measures of itself, all of it bounded: the latest appends and the latest troubles. */
export class Meter {
  readonly #appends: number[] = []
  readonly #problems: { readonly at: Instant; readonly what: string }[] = []
  #next = 0

  append(ms: number): void {
    this.#appends[this.#next] = ms
    this.#next = (this.#next + 1) % SAMPLES
  }

  problem(at: number, what: string): void {
    this.#problems.unshift({ at: instant(at), what: what.slice(0, 300) })
    if (this.#problems.length > PROBLEMS) this.#problems.pop()
  }

  problems(): readonly { readonly at: Instant; readonly what: string }[] {
    return [...this.#problems]
  }

  appends(): { readonly appendP50Ms: number; readonly appendP99Ms: number } {
    const sorted = [...this.#appends].sort((one, other) => one - other)
    const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
    return { appendP50Ms: at(0.5), appendP99Ms: at(0.99) }
  }
}
