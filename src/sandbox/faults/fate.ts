import { mixUnit } from '../mix.ts'
import type { Switchboard } from './faults.ts'

/**
 * What happens to a row is decided by the row itself, so that every connection loses the same ones, and a second run
 * of the seed does too. Each question about a row has a number of its own.
 */
const QUESTIONS = { missing: 1, repeat: 2, repeatAfter: 3, late: 4, lateFor: 5, order: 6, drop: 7 } as const

/** A number in [0, 1) for a question about a row. */
export function fateOf(board: Switchboard, question: keyof typeof QUESTIONS, row: number): number {
  return mixUnit(board.key, QUESTIONS[question], row)
}

/**
 * A number for a row, from its text. What a stream wraps around a row, such as the connection's own name, is no part
 * of it. FNV-1a, 32 bits.
 */
export function rowNumber(text: string): number {
  const start = WRAPPED_IN.reduce((found, mark) => Math.max(found, text.indexOf(mark)), 0)
  let hash = 0x811c9dc5
  for (let index = start; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** Where the row begins in a frame of the activity stream, and in a notification of the node. */
const WRAPPED_IN = ['"payload":', '"result":']
