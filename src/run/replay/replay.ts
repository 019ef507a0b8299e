import { encodeFacts } from '../../core/engine/codec.ts'
import type { Prepare } from '../../core/engine/deciding.ts'
import { step } from '../../core/engine/engine.ts'
import { evolve } from '../../core/engine/evolve.ts'
import type { Fact } from '../../core/engine/fact.ts'
import { type EngineState, emptyState } from '../../core/engine/state.ts'
import type { Journal } from '../../ports/journal.ts'

/** Where this program decides otherwise than what is on record. */
export type Divergence = {
  readonly seq: number
  readonly input: string
  readonly recorded: readonly Fact[]
  readonly decided: readonly Fact[]
}

export type ReplayResult = {
  readonly entries: number
  readonly facts: number
  readonly divergences: readonly Divergence[]
}

/** After this many differences the first ones have said it all. */
const DIVERGENCES_MAX = 20

/**
 * Decides every input of a journal again and compares. Nothing is sent, nothing is written. After a difference it goes on from
 * what was recorded, so that one change of mind does not drown the rest.
 */
export async function replay(journal: Journal, prepare: Prepare): Promise<ReplayResult> {
  const divergences: Divergence[] = []
  let state = emptyState()
  let entries = 0
  let facts = 0
  for await (const entry of journal.readFrom(1)) {
    const { facts: decided } = step(state, entry.input, prepare)
    entries += 1
    facts += decided.length
    if (encodeFacts(decided) === encodeFacts(entry.facts)) continue
    divergences.push({ seq: entry.seq, input: entry.input.kind, recorded: entry.facts, decided })
    if (divergences.length >= DIVERGENCES_MAX) break
    state = await folded(journal, entry.seq)
  }
  return { entries, facts, divergences }
}

/** The state as recorded after the entry `upTo`. */
async function folded(journal: Journal, upTo: number): Promise<EngineState> {
  const state = emptyState()
  for await (const entry of journal.readFrom(1)) {
    if (entry.seq > upTo) break
    for (const fact of entry.facts) evolve(state, fact)
    if (entry.input.at > state.now) state.now = entry.input.at
  }
  return state
}
