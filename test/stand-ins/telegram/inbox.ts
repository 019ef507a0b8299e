import { type Fields, Refusal, type Update } from './wire.ts'

/** The updates that wait for the bot, and the poll that waits for them. */
export type Inbox = {
  /** Puts in a fresh update, unless the bot said that it wants none of its kind. */
  readonly add: (kind: string, content: Fields) => Update
  /**
   * Puts in an update as it is, wanted or not, under the next number if it has none.
   * It waits until it was handed out once, whatever offset was asked for.
   */
  readonly force: (update: Fields) => Update
  readonly poll: (poll: Poll) => Promise<readonly Update[]>
  readonly clear: () => void
  readonly pending: () => readonly Update[]
  readonly isPolled: () => boolean
  /** Everything below is confirmed. */
  readonly confirmedBelow: () => number
}

/** What one `getUpdates` asks for. */
export type Poll = {
  readonly offset: number | undefined
  readonly limit: number
  readonly timeoutSeconds: number
  readonly allowed: readonly string[] | undefined
  readonly gone: AbortSignal
}

type Waiting = { readonly update: Update; readonly at: number; isForced: boolean }
type Held = { readonly deliver: () => void; readonly refuse: (refusal: Refusal) => void }

const FIRST_UPDATE = 700_000_001
/** Updates are kept for a day. */
const UPDATE_LIFE_MS = 24 * 60 * 60 * 1_000
const UPDATES_MAX = 100_000
/** What a bot gets only when it asks for it by name. */
const UNASKED: ReadonlySet<string> = new Set(['chat_member', 'message_reaction', 'message_reaction_count'])
const OTHER_POLL = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'

/** Nothing waits yet. `tell` hears of every change. */
export function createInbox(now: () => number, tell: () => void): Inbox {
  let waiting: readonly Waiting[] = []
  let held: Held | undefined
  let isWaking = false
  let next = FIRST_UPDATE
  let confirmedBelow = 0
  let allowed: readonly string[] = []

  const accept = (update: Update, isForced: boolean) => {
    waiting = [...waiting.slice(-UPDATES_MAX + 1), { update, at: now(), isForced }]
    tell()
    if (isWaking) return
    isWaking = true
    queueMicrotask(wake)
  }
  /** After the turn in which updates came in, so that they are handed out together. */
  const wake = () => {
    isWaking = false
    held?.deliver()
  }
  const confirm = (offset: number | undefined) => {
    const unconfirmed = waiting.filter(({ at }) => now() - at < UPDATE_LIFE_MS)
    if (offset !== undefined && offset < 0) {
      waiting = unconfirmed.slice(offset)
      confirmedBelow = waiting[0]?.update.update_id ?? confirmedBelow
      return
    }
    waiting = unconfirmed.filter(({ update, isForced }) => isForced || update.update_id >= (offset ?? 0))
    confirmedBelow = Math.max(confirmedBelow, offset ?? 0)
  }
  const handOut = (limit: number): readonly Update[] => {
    const handed = waiting.slice(0, limit)
    for (const one of handed) one.isForced = false
    return handed.map(({ update }) => update)
  }

  return {
    add: (kind, content) => {
      const update = { update_id: next, [kind]: content }
      next += 1
      const isWanted = allowed.length === 0 ? !UNASKED.has(kind) : allowed.includes(kind)
      if (isWanted) accept(update, false)
      return update
    },
    force: given => {
      const update = { update_id: next, ...given }
      if (given.update_id === undefined) next += 1
      accept(update, true)
      return update
    },
    poll: poll => {
      held?.refuse(new Refusal(409, OTHER_POLL))
      if (poll.allowed !== undefined) allowed = poll.allowed
      confirm(poll.offset)
      tell()
      if (waiting.length > 0 || poll.timeoutSeconds === 0 || poll.gone.aborted)
        return Promise.resolve(handOut(poll.limit))
      return new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          clearTimeout(timer)
          if (held === mine) held = undefined
          settle()
          tell()
        }
        const mine: Held = {
          deliver: () => end(() => resolve(handOut(poll.limit))),
          refuse: refusal => end(() => reject(refusal)),
        }
        const timer = setTimeout(mine.deliver, poll.timeoutSeconds * 1_000)
        poll.gone.addEventListener('abort', () => end(() => resolve([])), { once: true })
        held = mine
        tell()
      })
    },
    clear: () => {
      waiting = []
      tell()
    },
    pending: () => waiting.map(({ update }) => update),
    isPolled: () => held !== undefined,
    confirmedBelow: () => confirmedBelow,
  }
}
