import { DECISIONS_MAX, type Decision } from '../order/approval.ts'
import { assert } from '../units/brand.ts'
import type { Instant, SignalId } from '../units/ids.ts'
import { setStage } from './evolve-signal.ts'
import type { FactOf } from './fact.ts'
import type { Asker } from './input.ts'
import type { EngineState } from './state.ts'

export function addVote(state: EngineState, { signal: id, by }: FactOf<'approvalVoted'>): void {
  const stage = state.signals.get(id)?.stage
  assert(stage?.kind === 'waiting', 'a vote is for a card that waits')
  setStage(state, id, { ...stage, votes: [...stage.votes, by.person] })
}

export function decisionOf(
  kind: Decision['kind'],
  { by, at }: { readonly by: Asker; readonly at?: Instant },
): Decision {
  return { kind, person: by.person, surface: by.surface, at }
}

/** A signal that people had been asked about has ended by itself. */
export function endCard(state: EngineState, id: SignalId, kind: Decision['kind']): void {
  const stage = state.signals.get(id)?.stage
  const wasAsked = stage?.kind === 'waiting' || (stage?.kind === 'quoting' && stage.bound !== undefined)
  if (wasAsked) noteDecision(state, id, { kind, person: undefined, surface: '', at: undefined })
}

export function noteDecision(state: EngineState, id: SignalId, decision: Decision): void {
  state.decided.delete(id)
  state.decided.set(id, decision)
  const [oldest] = state.decided.keys()
  if (state.decided.size > DECISIONS_MAX && oldest !== undefined) state.decided.delete(oldest)
}
