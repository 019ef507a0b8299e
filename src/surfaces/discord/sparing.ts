import type { Clock } from '../../ports/clock.ts'

export type Note = (what: string, error?: unknown) => void

/** Different troubles that are remembered. */
const KINDS_MAX = 200

/** Notes the same trouble once in so long, with how often it has happened since, so that no storm of presses floods a log. */
export function sparing(note: Note, clock: Pick<Clock, 'now'>, everyMs: number): Note {
  const noted = new Map<string, { readonly at: number; left: number }>()
  return (what, error) => {
    const last = noted.get(what)
    const now = clock.now()
    if (last !== undefined && now >= last.at && now - last.at < everyMs) {
      last.left += 1
      return
    }
    noted.delete(what)
    noted.set(what, { at: now, left: 0 })
    const [oldest] = noted.keys()
    if (noted.size > KINDS_MAX && oldest !== undefined) noted.delete(oldest)
    const left = last?.left ?? 0
    const told = left === 0 ? what : `${what} (and ${left} more)`
    if (error === undefined) note(told)
    else note(told, error)
  }
}
