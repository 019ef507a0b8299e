import type { Instant } from '../../src/core/units/ids.ts'
import type { ChatMemory, Letter, Posted } from '../../src/ports/chat-memory.ts'

/** What surfaces remember, in memory: for tests that are not about the database, and for those in which it fails. */
export function memoryOfChats(now: () => Instant): ChatMemory {
  const letters = new Map<string, Letter & { settled: boolean }>()
  const posted = new Map<string, Posted>()
  const marks = new Map<string, string>()
  const keyOf = (one: Pick<Posted, 'surface' | 'place' | 'purpose' | 'subject'>): string =>
    [one.surface, one.place, one.purpose, one.subject].join(' ')
  return {
    take: async many =>
      many.filter(letter => {
        const key = `${letter.surface} ${letter.id}`
        if (letters.has(key)) return false
        letters.set(key, { ...letter, settled: false })
        return true
      }),
    settle: async (surface, id) => {
      const letter = letters.get(`${surface} ${id}`)
      if (letter !== undefined) letter.settled = true
    },
    unsettled: async surface => [...letters.values()].filter(letter => letter.surface === surface && !letter.settled),
    keep: async one => {
      posted.set(keyOf(one), { ...one, at: now() })
    },
    forget: async one => {
      posted.delete(keyOf(one))
    },
    posted: async surface => [...posted.values()].filter(one => one.surface === surface),
    mark: async name => marks.get(name),
    setMark: async (name, value) => {
      marks.set(name, value)
    },
  }
}
