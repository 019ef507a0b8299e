import type { Entry } from '../src/core/engine/entry.ts'
import { ENGINE_VERSION } from '../src/core/engine/state.ts'
import { startBusyEngine } from './busy-engine.ts'

/** The journal of a busy engine, from its first entry on: real steps with all that they record. */
export function entriesOf(count: number, whales: number): readonly Entry[] {
  const entries: Entry[] = []
  const engine = startBusyEngine(whales, `entries ${whales}`, (input, { facts, effects }) => {
    if (facts.length === 0 && effects.length === 0) return
    entries.push({ seq: entries.length + 1, term: 1, input, facts, effects, engine: ENGINE_VERSION })
  })
  while (entries.length < count) engine.round()
  return entries.slice(0, count)
}
