import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import type { Fact } from '../../core/engine/fact.ts'
import type { Instant, PersonId } from '../../core/units/ids.ts'
import type { Unstamped } from '../intake.ts'

/**
 * The stop that waits for nothing: a flag that is read in the very moment before an order is sent, and a file that outlives the process
 * when the database cannot be written. Anybody on the machine may make the file (`touch HALT`); a start honours it. Only `resume`
 * by an owner takes both away.
 */
export type Halt = {
  readonly isSet: () => boolean
  /** In force when it returns, also when the file cannot be written. */
  readonly set: (why: string, at: Instant) => Instant
  /** What the file says at the start, where there is one. */
  readonly found: string | undefined
  /** The instruction of a stop that was set has been answered. */
  readonly recorded: () => void
  /** What came of somebody's wish to go on: only with that does it end, and not while a later stop is on its way. */
  readonly resumed: (facts: readonly Fact[]) => void
}

const WHY_MAX = 200

export function openHalt(path: string, note: (what: string, error: unknown) => void): Halt {
  const found = existsSync(path) ? readHalt(path) : undefined
  let since: Instant | undefined
  let isSet = found !== undefined
  /** Stops that were pressed and are not on record yet: a `resume` that was recorded before them does not end them. */
  let unrecorded = 0

  const clear = (): void => {
    isSet = false
    since = undefined
    try {
      rmSync(path, { force: true })
    } catch (error) {
      note('the file of the stop could not be removed', error)
    }
  }
  return {
    found,
    isSet: () => isSet,
    set: (why, at) => {
      isSet = true
      since ??= at
      unrecorded += 1
      try {
        write(path, `${new Date(at).toISOString()} ${why.slice(0, WHY_MAX)}\n`)
      } catch (error) {
        note('the file of the stop could not be written; the stop is in force all the same', error)
      }
      return since
    },
    recorded: () => {
      unrecorded = Math.max(0, unrecorded - 1)
    },
    resumed: facts => {
      const isLifted = facts.some(
        fact => fact.kind === 'holdReleased' && (fact.holder === 'operator' || fact.holder === 'pause'),
      )
      const isNotHeld = facts.some(fact => fact.kind === 'instructionRefused' && fact.instruction === 'resume')
      if ((isLifted || isNotHeld) && unrecorded === 0) clear()
    },
  }
}

function readHalt(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, WHY_MAX).trim()
  } catch {
    // Whatever stands in the way of reading it, it is there.
    return ''
  }
}

function write(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The file of a stop that was not on record when the last process ended, or that somebody made by hand. */
export function stopFound(why: string, at: Instant): Unstamped {
  const asker = { person: 'the HALT file' as PersonId, surface: 'file', press: `HALT ${at}` }
  return { kind: 'instructed', asker, instruction: { kind: 'stop', why } }
}
