import type { Access, Actor } from './desk.ts'
import { ForbiddenError } from './user-error.ts'

/** From least to most: each may do what those before it may. */
export const ACCESSES: readonly Access[] = ['viewer', 'guardian', 'trader', 'owner']

export function reaches(held: Access, needed: Access): boolean {
  return ACCESSES.indexOf(held) >= ACCESSES.indexOf(needed)
}

/** Throws a `ForbiddenError` unless the actor may. `what` begins the sentence: "Raising a limit". */
export function need(actor: Actor, needed: Access, what: string): void {
  if (!reaches(actor.access, needed))
    throw new ForbiddenError(`${what} takes ${aRole(needed)}; you are ${aRole(actor.access)}.`)
}

export function aRole(access: Access): string {
  return access === 'owner' ? 'an owner' : `a ${access}`
}
