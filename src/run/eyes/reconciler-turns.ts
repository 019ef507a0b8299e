import type { Clock } from '../../ports/clock.ts'

export type TurnLimits = {
  /** Questions that may be under way at once. */
  readonly atOnce: number
  /** Questions that may begin in any window of `perMs`. */
  readonly most: number
  readonly perMs: number
}

/** Lets questions begin: so many at once, so many in any window, and none before a pause is over. */
export class Turns {
  readonly #clock: Clock
  readonly #limits: TurnLimits
  /** When the last questions began, oldest first: never more than a window may hold. */
  readonly #began: number[] = []
  readonly #waiting = new Set<() => void>()
  #underWay = 0
  #pausedUntil = 0
  #peak = 0

  constructor(clock: Clock, limits: TurnLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** Resolves with true when one may begin, which then must be `done`, and with false when the signal aborted first. */
  async take(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const waitMs = this.#waitMs()
      if (waitMs > 0) await this.#clock.sleep(waitMs, signal)
      else if (this.#underWay >= this.#limits.atOnce) await this.#freed(signal)
      else {
        this.#begin()
        return true
      }
    }
    return false
  }

  done(): void {
    this.#underWay -= 1
    for (const wake of [...this.#waiting]) wake()
  }

  /** Nothing begins for this long. A longer pause that is already on stays. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + ms)
  }

  pausedUntil(): number | undefined {
    return this.#pausedUntil > this.#clock.now() ? this.#pausedUntil : undefined
  }

  /** Questions that began in the window that ends now. */
  inWindow(): number {
    const from = this.#clock.now() - this.#limits.perMs
    return this.#began.filter(at => at > from).length
  }

  /** The most that any window has held. */
  peak(): number {
    return this.#peak
  }

  #begin(): void {
    this.#underWay += 1
    this.#began.push(this.#clock.now())
    if (this.#began.length > this.#limits.most) this.#began.shift()
    this.#peak = Math.max(this.#peak, this.inWindow())
  }

  #waitMs(): number {
    const now = this.#clock.now()
    const [oldest = 0] = this.#began
    const fullUntil = this.#began.length < this.#limits.most ? 0 : oldest + this.#limits.perMs
    return Math.max(0, fullUntil - now, this.#pausedUntil - now)
  }

  #freed(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = (): void => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }
}
