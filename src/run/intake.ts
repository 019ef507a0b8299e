import type { Fact } from '../core/engine/fact.ts'
import type { Input } from '../core/engine/input.ts'
import type { Instant } from '../core/units/ids.ts'
import type { Clock } from '../ports/clock.ts'

/** An input before it is stamped. */
export type Unstamped = Input extends infer One ? (One extends Input ? Omit<One, 'at'> : never) : never

/** An input in the queue, and who waits to hear what came of it. */
export type Taken = {
  readonly input: Input
  readonly settle: (facts: readonly Fact[]) => void
  readonly fail: (error: unknown) => void
}

/** More people's instructions than this at once are answered "busy": a queue of presses that nobody remembers helps nobody. */
const INSTRUCTIONS_MAX = 100
/** The most inputs that wait at all. Answers to our own questions are bounded by the questions; a flood beyond this is a fault. */
const WAITING_MAX = 100_000

/** Too much at once; asking again in a moment will do. */
export class BusyError extends Error {
  override readonly name = 'BusyError'
}

/** The one door into the engine: it stamps what comes in with a time that never runs backwards, keeps its order, and bounds it. */
export type Intake = {
  readonly offer: (input: Unstamped) => void
  /** The same, and resolves with the facts once they are on record. Throws a `BusyError`. */
  readonly ask: (input: Unstamped) => Promise<readonly Fact[]>
  /** Takes up to `most`, oldest first. */
  readonly take: (most: number) => readonly Taken[]
  readonly size: () => number
  /** Resolves as soon as something waits, or when the signal aborts. */
  readonly ready: (signal: AbortSignal) => Promise<void>
  /** From now on nothing is taken in, and those who wait are told `reason`. */
  readonly close: (reason: Error) => void
}

/** A stop is never answered "busy". */
function isStop(input: Unstamped): boolean {
  return input.kind === 'instructed' && input.instruction.kind === 'stop'
}

export function createIntake(clock: Clock): Intake {
  let queue: Taken[] = []
  let instructions = 0
  let last = 0
  let closed: Error | undefined
  let ring: (() => void) | undefined

  const stamp = (): Instant => {
    last = Math.max(last, clock.now())
    return last as Instant
  }
  const push = (taken: Taken): void => {
    if (queue.length >= WAITING_MAX) throw new BusyError(`${WAITING_MAX} inputs wait already`)
    queue.push(taken)
    if (taken.input.kind === 'instructed') instructions += 1
    ring?.()
  }
  /** Of these only the newest counts: an older one that still waits is dropped. */
  const replaceOlder = (kind: Input['kind']): void => {
    if (kind !== 'clockTurned') return
    queue = queue.filter(taken => taken.input.kind !== kind)
  }

  return {
    offer: input => {
      if (closed !== undefined) return
      replaceOlder(input.kind)
      push({ input: { ...input, at: stamp() } as Input, settle: () => undefined, fail: () => undefined })
    },
    ask: input =>
      new Promise((settle, fail) => {
        if (closed !== undefined) {
          fail(closed)
          return
        }
        if (instructions >= INSTRUCTIONS_MAX && !isStop(input)) {
          fail(new BusyError('too many instructions at once; try again in a moment'))
          return
        }
        push({ input: { ...input, at: stamp() } as Input, settle, fail })
      }),
    take: most => {
      const taken = queue.slice(0, most)
      queue = queue.length > most ? queue.slice(most) : []
      instructions -= taken.filter(one => one.input.kind === 'instructed').length
      return taken
    },
    size: () => queue.length,
    ready: signal =>
      new Promise(resolve => {
        if (queue.length > 0 || signal.aborted) {
          resolve()
          return
        }
        const done = (): void => {
          ring = undefined
          signal.removeEventListener('abort', done)
          resolve()
        }
        ring = done
        signal.addEventListener('abort', done)
      }),
    close: reason => {
      closed = reason
      for (const taken of queue) taken.fail(reason)
      queue = []
    },
  }
}
