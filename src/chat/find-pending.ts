import { verdictOf } from '../core/engine/explain.ts'
import type { SignalId } from '../core/units/ids.ts'
import type { Desk, Pending } from './desk.ts'
import { quoted } from './option.ts'
import { UserError } from './user-error.ts'

/**
 * The trade of that short name, whether it waits or not: a press that comes too late is put to the engine all the same, which
 * knows who was first, and has it on record. Throws a `UserError` where there is none.
 */
export async function findSignal(desk: Pick<Desk, 'signalNamed' | 'story'>, typed: string): Promise<SignalId> {
  const short = shortTyped(typed)
  const found = desk.signalNamed(short) ?? (await desk.story(short))?.signal
  if (found === undefined)
    throw new UserError(`No trade is called ${quoted(typed)}. \`pending\` lists those that wait.`)
  return found
}

function shortTyped(typed: string): string {
  return typed.trim().toLowerCase().replace(/^#/, '')
}

/** The waiting trade of that short name. Throws a `UserError` that says what became of one that does not wait any more. */
export async function findPending(desk: Pick<Desk, 'pending' | 'story'>, typed: string): Promise<Pending> {
  const short = shortTyped(typed)
  const found = desk.pending().find(each => each.signal.short === short)
  if (found !== undefined) return found
  const told = await desk.story(short)
  if (told === undefined) throw new UserError(`No trade is called ${quoted(typed)}. \`pending\` lists those that wait.`)
  const verdict = told.facts.map(({ fact }) => verdictOf(fact)).find(each => each !== undefined)
  if (verdict !== undefined) throw new UserError(`${short} is ${verdict} already; \`why ${short}\` tells how.`)
  const isApproved = told.facts.some(({ fact }) => fact.kind === 'approvalGiven')
  throw new UserError(
    isApproved ? `${short} is approved already and on its way.` : `${short} does not wait for a person.`,
  )
}
