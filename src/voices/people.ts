import type { Access } from '../chat/desk.ts'
import { accountKey, type StateView } from '../core/engine/state.ts'
import type { PersonId } from '../core/units/ids.ts'
import { SURFACES, type SurfaceName } from './surface.ts'

/** A person, whatever they speak through. */
export type Person = {
  readonly id: PersonId
  readonly access: Access
  /** The accounts that the configuration names, by surface. */
  readonly accounts: Readonly<Partial<Record<SurfaceName, readonly string[]>>>
}

/** Who is who: the list of the configuration, and the accounts that people have linked since. */
export type Directory = {
  readonly all: readonly Person[]
  readonly byId: (id: PersonId) => Person | undefined
  /** Whose account it is; `undefined` for a stranger, who may do nothing at all. */
  readonly of: (surface: SurfaceName, account: string) => Person | undefined
  readonly accounts: (person: PersonId, surface: SurfaceName) => readonly string[]
}

export function directory(people: readonly Person[], state: () => Pick<StateView, 'links'>): Directory {
  const byId = new Map(people.map(person => [person.id, person]))
  const named = new Map<string, Person>()
  for (const person of people) {
    for (const surface of SURFACES) {
      for (const account of person.accounts[surface] ?? []) named.set(accountKey(surface, account), person)
    }
  }
  const of = (surface: SurfaceName, account: string): Person | undefined => {
    const key = accountKey(surface, account)
    const linked = state().links.get(key)
    return named.get(key) ?? (linked === undefined ? undefined : byId.get(linked))
  }
  return {
    all: people,
    byId: id => byId.get(id),
    of,
    accounts: (id, surface) => {
      const linked = [...state().links].flatMap(([key, person]) => {
        const prefix = `${surface}:`
        return person === id && key.startsWith(prefix) ? [key.slice(prefix.length)] : []
      })
      return [...new Set([...(byId.get(id)?.accounts[surface] ?? []), ...linked])]
    },
  }
}
