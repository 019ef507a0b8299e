import { shorten } from './format.ts'
import type { Run } from './phone-lines.ts'

/** What stands at the end of a message that had to be cut. */
export const LEFT_OUT = 'More was left out: it is too long for one message.'

/** What a run costs beside its lines: what opens and closes it, and the ends of its lines. */
const RUN_COST = 8

/**
 * As many whole lines as fit into the room, in their order; a run that is cut is still a run, so what opens it is closed. Where any
 * is left out, room is kept for the sentence that says so.
 */
export function fitted<Drawn>(
  runs: readonly Run<Drawn>[],
  room: number,
  sizeOf: (line: Drawn) => number,
): { readonly runs: readonly Run<Drawn>[]; readonly isCut: boolean } {
  const all = taken(runs, room, sizeOf)
  return all.isCut ? { ...taken(runs, room - LEFT_OUT.length - RUN_COST, sizeOf), isCut: true } : all
}

function taken<Drawn>(
  runs: readonly Run<Drawn>[],
  room: number,
  sizeOf: (line: Drawn) => number,
): { readonly runs: readonly Run<Drawn>[]; readonly isCut: boolean } {
  const kept: Run<Drawn>[] = []
  let left = room
  for (const { kind, lines } of runs) {
    left -= RUN_COST
    const whole: Drawn[] = []
    for (const line of lines) {
      left -= sizeOf(line) + 1
      if (left < 0) break
      whole.push(line)
    }
    if (whole.length > 0) kept.push({ kind, lines: whole })
    if (whole.length < lines.length) return { runs: kept, isCut: true }
  }
  return { runs: kept, isCut: false }
}

/** A text cut so that, drawn, it is no longer than the room. It is cut before it is drawn, so that no markup is ever cut through. */
export function shortenedTo(text: string, room: number, sizeOf: (text: string) => number): string {
  let most = text.length
  let shown = text
  for (let size = sizeOf(shown); size > room && most > 0; size = sizeOf(shown)) {
    most = Math.min(most - 1, Math.floor((most * room) / size))
    shown = shorten(text, most)
  }
  return shown
}
