import { note } from './bounded.ts'

/** Something told, with its place in the order of its session. */
export type Dispatch = { readonly s: number; readonly t: string; readonly d: object }

/** What a client keeps across connections. It ends when the client gives it up or the stand-in forgets it. */
export type Session = {
  readonly id: string
  /** What the client asked to be told, as bits. */
  readonly intents: number
  sequence: number
  /** What was told, newest last. */
  readonly told: Dispatch[]
}

/** Dispatches that a session remembers. One that missed more cannot be resumed, as with Discord, which keeps minutes of them. */
const REMEMBERED_MAX = 1_000

/** Gives the data its number and remembers it. Whether anybody is there to hear it is another matter. */
export function dispatchTo(session: Session, t: string, d: object): Dispatch {
  session.sequence += 1
  const dispatch = { s: session.sequence, t, d }
  note(session.told, dispatch, REMEMBERED_MAX)
  return dispatch
}

/** What was told after that number; `ahead` of a number that never was, `forgotten` of one too long ago. */
export function since(session: Session, sequence: number): readonly Dispatch[] | 'ahead' | 'forgotten' {
  if (sequence > session.sequence) return 'ahead'
  const oldest = session.told[0]?.s ?? 1
  if (sequence < oldest - 1) return 'forgotten'
  return session.told.filter(one => one.s > sequence)
}
