import type { Fact, FactOf } from '../core/engine/fact.ts'
import type { Instruction } from '../core/engine/input.ts'
import type { Context } from './command.ts'
import { clean, sentence } from './format.ts'
import { UserError } from './user-error.ts'

/** Instructs, and gives what came of it. Throws a `UserError` with the engine's reason where nothing did. */
export async function instructed({ desk, actor }: Context, instruction: Instruction): Promise<readonly Fact[]> {
  const facts = await desk.instruct(instruction, actor)
  const refused = factOf(facts, 'instructionRefused')
  if (refused !== undefined) throw new UserError(sentence(clean(refused.why, 200)))
  return facts
}

export function factOf<Kind extends Fact['kind']>(facts: readonly Fact[], kind: Kind): FactOf<Kind> | undefined {
  return facts.find((fact): fact is FactOf<Kind> => fact.kind === kind)
}

export function countOf(facts: readonly Fact[], kind: Fact['kind']): number {
  return facts.filter(fact => fact.kind === kind).length
}
