import type { JumpingClock } from '../../adapters/system/clock.ts'
import type { Instant } from '../../core/units/ids.ts'
import type { Intake } from '../intake.ts'
import type { Loop } from '../loop.ts'

/** The driver of a run whose time jumps: between two events everything happens that is due before the second. */
export type VirtualRun = {
  /** Lets the engine and its effects go as far as they can at this instant. */
  readonly settle: () => Promise<void>
  /** Moves time on to `to`, through every wait that ends by then. */
  readonly advance: (to: Instant) => Promise<void>
}

export function virtualRun(clock: JumpingClock, intake: Intake, loop: Loop): VirtualRun {
  const settle = async (): Promise<void> => {
    do {
      while (await loop.turn()) {
        // Inputs that were waiting; their effects may bring more.
      }
      // Answers that need no time at all arrive once every promise that can go on has gone on.
      await new Promise(resolve => setImmediate(resolve))
    } while (intake.size() > 0)
  }
  return {
    settle,
    advance: async to => {
      for (let due = clock.next(); due !== undefined && due <= to; due = clock.next()) {
        clock.jump()
        await settle()
      }
      clock.set(to)
    },
  }
}
