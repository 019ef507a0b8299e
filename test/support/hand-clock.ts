import type { Instant } from '../../src/core/units/ids.ts'
import type { Clock } from '../../src/ports/clock.ts'

type Sleeper = { readonly at: number; readonly wake: () => void }

/** A clock that goes only when the test lets it, waking whoever sleeps in the order of their times. */
export class HandClock implements Clock {
  #now: number
  #sleepers: Sleeper[] = []

  constructor(from: Instant) {
    this.#now = from
  }

  readonly now = (): Instant => this.#now as Instant

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise(resolve => {
      if (signal?.aborted === true) {
        resolve()
        return
      }
      const end = (): void => {
        signal?.removeEventListener('abort', end)
        this.#sleepers = this.#sleepers.filter(one => one !== sleeper)
        resolve()
      }
      const sleeper: Sleeper = { at: this.#now + Math.max(0, ms), wake: end }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', end)
    })

  /** Lets everything go on that needs no time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await new Promise<void>(resolve => setImmediate(resolve))
  }

  /** Lets so much time pass, step by step from one sleeper to the next. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    await this.settle()
    for (;;) {
      const next = this.#sleepers.filter(one => one.at <= end).sort((one, other) => one.at - other.at)[0]
      if (next === undefined) break
      this.#now = Math.max(this.#now, next.at)
      this.#sleepers = this.#sleepers.filter(one => one !== next)
      next.wake()
      await this.settle()
    }
    this.#now = end
    await this.settle()
  }
}

/** Promises that follow from one another without a timer are over after fewer turns than this. */
const SETTLE_TURNS = 12
