import { verdictOf } from '../core/engine/explain.ts'
import type { Desk, Pending } from './desk.ts'
import { quoted } from './option.ts'
import { UserError } from './user-error.ts'

/** The waiting trade of that short name. Throws a `UserError` that says what became of one that does not wait any more. */
export async function findPending(desk: Pick<Desk, 'pending' | 'story'>, typed: string): Promise<Pending> {
  const short = typed.toLowerCase().replace(/^#/, '')
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
