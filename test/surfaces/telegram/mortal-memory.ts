import type { ChatMemory } from '../../../src/ports/chat-memory.ts'

/** A memory that a killed process can no longer write to, and that tells of the letters which wait to be settled. */
export function mortal(memory: ChatMemory, open: Set<string>, isDead: () => boolean, tell: () => void): ChatMemory {
  const never = new Promise<never>(() => undefined)
  return {
    ...memory,
    take: async letters => {
      if (isDead()) return never
      const taken = await memory.take(letters)
      for (const { id } of taken) open.add(id)
      return taken
    },
    unsettled: async surface => {
      const left = await memory.unsettled(surface)
      for (const { id } of left) open.add(id)
      return left
    },
    settle: async (surface, id) => {
      if (isDead()) return never
      await memory.settle(surface, id)
      open.delete(id)
      tell()
    },
    setMark: (name, value) => (isDead() ? never : memory.setMark(name, value)),
  }
}
