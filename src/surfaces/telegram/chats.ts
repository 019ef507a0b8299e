import { z } from 'zod'
import type { Purpose } from '../../chat/notice/events.ts'
import type { Instant } from '../../core/units/ids.ts'
import type { ChatMemory } from '../../ports/chat-memory.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Directory } from '../../voices/people.ts'
import type { Place } from '../../voices/surface.ts'
import { createAllowance } from './allowance.ts'
import type { Spot } from './saying.ts'

export type Topics = Readonly<Partial<Record<Purpose, number>>>

/** Which chats there are for us: whose they are, what has become of the group, and which will not have us for now. */
export type Chats = {
  /** Reads what was kept of groups that got another id. */
  readonly load: () => Promise<void>
  readonly group: () => string | undefined
  /** Whether people are heard there at all. */
  readonly isOurs: (spot: Spot) => boolean
  readonly places: (purpose: Purpose) => readonly Place[]
  readonly placeOf: (spot: Spot, account: string) => Place
  /** The id that a chat has by now. */
  readonly current: (chat: string) => string
  readonly moved: (from: string, to: string) => void
  /** Nothing is sent there for a while. */
  readonly refuse: (chat: string, why: string) => void
  readonly isRefused: (chat: string) => boolean
  readonly readmit: (chat: string) => void
}

export type ChatsOptions = {
  readonly group: string | undefined
  readonly topics: Topics
  readonly people: Directory
  readonly memory: Pick<ChatMemory, 'mark' | 'setMark'>
  readonly clock: Clock
  readonly refusedMs: number
  readonly note: (what: string, error?: unknown) => void
}

const MOVED = 'telegram moved'
/** A group moves once in its life; more than this are a mistake. */
const MOVES_MAX = 20
const REFUSED_MAX = 1_000

export function createChats(options: ChatsOptions): Chats {
  const { topics, people, memory, clock, note } = options
  const moves = new Map<string, string>()
  const refused = new Map<string, Instant>()
  const notes = createAllowance({ most: 1, perMs: options.refusedMs })

  const current = (chat: string): string => {
    let id = chat
    for (let steps = 0; steps < MOVES_MAX && moves.has(id); steps += 1) id = moves.get(id) ?? id
    return id
  }
  const group = (): string | undefined => (options.group === undefined ? undefined : current(options.group))

  return {
    load: async () => {
      const kept = movesIn((await memory.mark(MOVED)) ?? '[]')
      for (const [from, to] of kept) if (!moves.has(from)) moves.set(from, to)
    },
    group,
    isOurs: ({ chat, isPrivate }) => isPrivate || chat === group(),
    places: purpose => {
      const own = people.all.flatMap(({ id }) =>
        people.accounts(id, 'telegram').map(account => placeOf(account, undefined, purpose, id)),
      )
      const shared = group()
      return shared === undefined ? own : [...own, placeOf(shared, topics[purpose], purpose, undefined)]
    },
    placeOf: ({ chat, topic, isPrivate }, account) => {
      const purpose = (Object.keys(topics) as Purpose[]).find(name => topics[name] === topic) ?? 'log'
      return placeOf(chat, topic, purpose, isPrivate ? people.of('telegram', account)?.id : undefined)
    },
    current,
    moved: (from, to) => {
      if (from === to || current(from) === to || moves.size >= MOVES_MAX) return
      moves.set(from, to)
      note(`a group got another id: ${from} is ${to} now. Set REMORA_TELEGRAM_GROUP to it when convenient`)
      memory.setMark(MOVED, JSON.stringify([...moves])).catch(error => note('the new id could not be kept', error))
    },
    refuse: (chat, why) => {
      const now = clock.now()
      refused.delete(chat)
      refused.set(chat, now)
      const [oldest] = refused.keys()
      if (refused.size > REFUSED_MAX && oldest !== undefined) refused.delete(oldest)
      if (notes.take(chat, now)) note(`nothing reaches chat ${chat}: ${why}`)
    },
    isRefused: chat => {
      const since = refused.get(chat)
      return since !== undefined && clock.now() - since < options.refusedMs
    },
    readmit: chat => {
      refused.delete(chat)
    },
  }
}

const movesSchema = z.array(z.tuple([z.string(), z.string()])).max(MOVES_MAX)

function movesIn(text: string): z.infer<typeof movesSchema> {
  try {
    return movesSchema.parse(JSON.parse(text))
  } catch {
    // Only an older or damaged mark: Telegram says the new id again with its first refusal.
    return []
  }
}

function placeOf(chat: string, topic: number | undefined, purpose: Purpose, person: Place['person']): Place {
  return { surface: 'telegram', id: topic === undefined ? chat : `${chat}/${topic}`, purpose, person }
}
