import type { Clock } from '../../ports/clock.ts'
import type { Directory } from '../../voices/people.ts'
import { createAllowance } from './allowance.ts'
import type { Chats } from './chats.ts'
import type { Letters } from './letters.ts'
import { sayingOf } from './saying.ts'
import type { Speech } from './speech.ts'
import type { Stops } from './stops.ts'
import type { Strangers } from './strangers.ts'
import { numberOf, readUpdate, type Update } from './updates.ts'

/** The way in of a batch: what is urgent is heard, what has to be kept is kept, and the rest is passed by. */
export type Intake = {
  /** Whether the batch is kept by now; where it is not, it will be given again. Never rejects. */
  readonly receive: (batch: readonly unknown[], signal: AbortSignal) => Promise<boolean>
}

export type IntakeOptions = {
  readonly chats: Chats
  readonly people: Directory
  readonly stops: Stops
  readonly strangers: Strangers
  readonly speech: Pick<Speech, 'isForUs'>
  readonly letters: Pick<Letters, 'keep'>
  readonly clock: Clock
  readonly keepMs: number
  readonly note: (what: string, error?: unknown) => void
}

/** Batches that cannot be kept are given again and again: what was seen to in them is not seen to twice. */
const SEEN_MAX = 2_000

export function createIntake(options: IntakeOptions): Intake {
  const { chats, people, stops, strangers, speech, letters, clock, keepMs, note } = options
  const seen = new Set<number>()
  const notes = createAllowance({ most: 1, perMs: 60_000 })
  let keeping: Promise<boolean> | undefined

  const isNew = (number: number): boolean => {
    if (seen.has(number)) return false
    seen.add(number)
    const [oldest] = seen
    if (seen.size > SEEN_MAX && oldest !== undefined) seen.delete(oldest)
    return true
  }
  const noteOnce = (key: string, what: string): void => {
    if (notes.take(key, clock.now())) note(what)
  }

  /** Sees to one update; whether it has to be kept. */
  const look = (update: Update): boolean => {
    seeToChat(update)
    const saying = sayingOf(update)
    if (saying === undefined) return false
    const { update: number, chat, account } = saying
    if (!chats.isOurs(saying)) {
      noteOnce(`chat ${chat}`, `chat ${chat} is not one that is listened to`)
      return false
    }
    const isNobody = saying.kind === 'typed' && saying.isNobody
    if (isNobody || people.of('telegram', account) === undefined) {
      if (isNew(number)) strangers.hear(saying).catch(error => note('a stranger could not be answered', error))
      return false
    }
    return stops.hear(saying) !== undefined || saying.kind === 'pressed' || speech.isForUs(saying)
  }
  /** What has become of a chat, and of us in it. */
  const seeToChat = ({ message, my_chat_member: membership }: Update): void => {
    const movedTo = message?.migrate_to_chat_id
    if (message !== undefined && movedTo !== undefined && String(message.chat.id) === chats.group())
      chats.moved(String(message.chat.id), String(movedTo))
    if (membership === undefined) return
    const chat = String(membership.chat.id)
    if (chat !== chats.group() && people.of('telegram', chat) === undefined) return
    const { status } = membership.new_chat_member
    if (status === 'kicked' || status === 'left') chats.refuse(chat, `the bot is ${status}`)
    else chats.readmit(chat)
  }
  const lookSafely = (raw: unknown): Update | undefined => {
    const number = numberOf(raw)
    try {
      const update = readUpdate(raw)
      if (update === undefined) noteOnce('odd', `update ${number} is not as Telegram says, and is passed by`)
      return update !== undefined && look(update) ? update : undefined
    } catch (error) {
      if (notes.take('look', clock.now())) note(`update ${number} could not be looked at, and is passed by`, error)
      return undefined
    }
  }

  return {
    receive: async (batch, signal) => {
      const kept = batch.map(lookSafely).filter(update => update !== undefined)
      const numbers = batch.map(numberOf).filter(number => number !== undefined)
      const last = numbers.length === 0 ? undefined : Math.max(...numbers)
      keeping ??= letters
        .keep(kept, last)
        .then(() => last !== undefined)
        .catch(error => {
          noteOnce('keeping', 'what was said could not be kept, and is asked for again')
          if (notes.take('why', clock.now())) note('keeping what was said', error)
          return false
        })
        .finally(() => {
          keeping = undefined
        })
      const waiting = new AbortController()
      const abort = (): void => waiting.abort()
      signal.addEventListener('abort', abort, { once: true })
      try {
        // A database that hangs must not keep Telegram from telling of a stop.
        const pause = clock.sleep(keepMs, waiting.signal).then(() => false)
        return await Promise.race([keeping, pause])
      } finally {
        signal.removeEventListener('abort', abort)
        waiting.abort()
      }
    },
  }
}
