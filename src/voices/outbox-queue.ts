import type { Instant } from '../core/units/ids.ts'
import { type Fate, type Parcel, PRIORITIES } from './outbox-parcel.ts'

/** A parcel in its turn. `tries` were made before, of which one may have arrived. */
export type Waiting = {
  readonly parcel: Parcel
  readonly tries: number
  readonly place: number
  readonly since: Instant
}

/** What waits for one chat: the most urgent first, then the oldest; of several about the same only the newest. */
export type Queue = {
  readonly put: (parcel: Parcel, tries: number, now: Instant) => void
  /** The next that is still wanted. */
  readonly take: (now: Instant) => Waiting | undefined
  /** One that was taken and not delivered keeps its turn, unless something newer about the same has come meanwhile. */
  readonly putBack: (taken: Waiting, tries: number) => void
  readonly size: () => number
  /** Whether the next is a page, or an answer that somebody waits for. */
  readonly isUrgent: () => boolean
}

/** As much as a chat takes in minutes; beyond it the least urgent goes. */
const WAITING_MAX = 1_000
/** A card that has waited for longer than this part of its time comes too late to be decided calmly: it is named in a list instead. */
const LATE_PART = 0.25

/** `end` hears of what is not sent: expired, overtaken by a newer one about the same, or too late for a card of its own. */
export function createQueue(end: (parcel: Parcel, fate: Fate) => void): Queue {
  let waiting: Waiting[] = []
  let count = 0

  const sameAs = (parcel: Parcel): Waiting | undefined =>
    parcel.subject === undefined
      ? undefined
      : waiting.find(
          ({ parcel: other }) =>
            other.subject === parcel.subject &&
            other.place.id === parcel.place.id &&
            other.place.purpose === parcel.place.purpose,
        )
  const remove = (one: Waiting): void => {
    waiting = waiting.filter(other => other !== one)
  }
  const insert = (one: Waiting): void => {
    const at = waiting.findIndex(other => isBefore(one, other))
    if (at < 0) waiting.push(one)
    else waiting.splice(at, 0, one)
  }
  /** A flood loses the least urgent of its oldest; a page is never among them. */
  const bound = (): void => {
    if (waiting.length <= WAITING_MAX) return
    const last = waiting.at(-1)
    const lowest = waiting.find(({ parcel }) => parcel.priority === last?.parcel.priority)
    if (lowest === undefined || lowest.parcel.priority === 'page') return
    remove(lowest)
    end(lowest.parcel, 'failed')
  }

  const add = (one: Waiting): void => {
    const same = sameAs(one.parcel)
    if (same === undefined) {
      insert(one)
      bound()
      return
    }
    const [older, newer] =
      same.parcel.version > one.parcel.version ? [one.parcel, same.parcel] : [same.parcel, one.parcel]
    remove(same)
    end(older, 'superseded')
    const tries = Math.max(same.tries, one.tries)
    // What nobody has seen need not be told that it is over.
    if (older.isUpdate !== true && newer.isUpdate === true && !isOpen(newer) && tries === 0) end(newer, 'superseded')
    else insert({ ...earlier(same, one), parcel: joined(older, newer, tries > 0), tries })
  }

  return {
    put: (parcel, tries, now) => {
      count += 1
      add({ parcel, tries, place: count, since: now })
    },
    putBack: (taken, tries) => add({ ...taken, tries }),
    take: now => {
      for (;;) {
        const next = waiting.shift()
        if (next === undefined) return undefined
        const { expiresAt, priority } = next.parcel
        const isLate = expiresAt !== undefined && now - next.since > LATE_PART * (expiresAt - next.since)
        if (expiresAt !== undefined && now >= expiresAt) end(next.parcel, 'expired')
        else if (isLate && priority === 'action') end(next.parcel, 'listed')
        else return next
      }
    },
    size: () => waiting.length,
    isUrgent: () => waiting[0]?.parcel.priority === 'page' || waiting[0]?.parcel.priority === 'answer',
  }
}

/** The newer words in the older's turn. A first message that has not gone out yet is still a first message, under its own id. */
function joined(older: Parcel, newer: Parcel, mayHaveArrived: boolean): Parcel {
  const isUpdate = older.isUpdate === true && newer.isUpdate === true
  const priority = isMoreUrgent(older, newer) ? older.priority : newer.priority
  return { ...newer, isUpdate, priority, id: mayHaveArrived ? older.id : newer.id }
}

function earlier(one: Waiting, other: Waiting): Waiting {
  return one.place < other.place ? one : other
}

/** Whether it still asks for a decision. */
export function isOpen({ reply }: Pick<Parcel, 'reply'>): boolean {
  return reply.presses.some(press => press.line.startsWith('approve '))
}

function isBefore(one: Waiting, other: Waiting): boolean {
  if (isMoreUrgent(one.parcel, other.parcel)) return true
  return !isMoreUrgent(other.parcel, one.parcel) && one.place < other.place
}

function isMoreUrgent(one: Parcel, other: Parcel): boolean {
  return PRIORITIES.indexOf(one.priority) < PRIORITIES.indexOf(other.priority)
}
