import { evolve } from '../core/engine/evolve.ts'
import { assertInvariants, type EngineState, emptyState } from '../core/engine/state.ts'
import { assert } from '../core/units/brand.ts'
import type { Journal } from '../ports/journal.ts'

/** Where a journal leaves off: the state after its last entry. */
export type Recovered = {
  readonly state: EngineState
  readonly seq: number
  readonly term: number
  readonly folded: number
}

/**
 * Rebuilds the state from the newest snapshot and the facts after it. It only folds: a newer program may decide differently, but
 * what was concluded stays concluded.
 */
export async function recover(journal: Journal): Promise<Recovered> {
  const snapshot = await journal.latestSnapshot()
  // What an older program's snapshot did not know of yet begins empty.
  const state: EngineState = { ...emptyState(), ...snapshot?.state }
  let seq = snapshot?.seq ?? 0
  let term = 1
  let folded = 0
  for await (const entry of journal.readFrom(seq + 1)) {
    assert(entry.seq === seq + 1, 'the journal has no gap')
    for (const fact of entry.facts) evolve(state, fact)
    if (entry.input.at > state.now) state.now = entry.input.at
    seq = entry.seq
    term = entry.term
    folded += 1
  }
  assertInvariants(state)
  return { state, seq, term, folded }
}
