import { later } from '../core/units/ids.ts'
import type { ChatMemory, Posted } from '../ports/chat-memory.ts'
import type { Clock } from '../ports/clock.ts'
import { createLane, type Lane } from './outbox-lane.ts'
import type { OutboxCounts, Parcel } from './outbox-parcel.ts'
import { createShelf, type Shelf } from './outbox-shelf.ts'
import type { Place, Sender } from './surface.ts'

/** The way out of one surface: in order of urgency, no faster than it is taken, and never what is not wanted any more. */
export type Outbox = {
  readonly offer: (parcel: Parcel) => void
  /** Delivers until the signal aborts. */
  readonly run: (signal: AbortSignal) => Promise<void>
  readonly waiting: () => number
  readonly counts: () => OutboxCounts
  /** Messages that still offer what an entry may have voided. */
  readonly open: () => readonly Posted[]
  /** Where the first message of a subject stands. */
  readonly find: (place: Place, subject: string) => Posted | undefined
}

export type OutboxOptions = {
  readonly sender: Sender
  readonly memory: Pick<ChatMemory, 'keep' | 'forget' | 'posted'>
  readonly clock: Clock
  readonly note: (what: string, error: unknown) => void
  /** The surface does not know us any more. */
  readonly closed: (why: string) => void
  /** Hears of the messages of an earlier process that still ask for a decision, once. */
  readonly loaded?: (open: readonly Posted[]) => void
}

/** Places that get their own lane: beyond it something is wrong. */
const LANES_MAX = 1_000
/** What is left to say when the process ends is given so long. */
const FLUSH_MS = 3_000

export function createOutbox(options: OutboxOptions): Outbox {
  const { sender, clock } = options
  const lanes = new Map<string, Lane>()
  const shelf: Shelf = createShelf(sender.surface, options)
  const counts = { delivered: 0, superseded: 0, expired: 0, listed: 0, failed: 0, repeated: 0, limited: 0 }
  const working = new Set<Promise<void>>()
  let signal: AbortSignal | undefined
  let isClosed = false

  const laneOf = (place: Place): Lane | undefined => {
    const [chat = ''] = place.id.split('/')
    const known = lanes.get(chat)
    if (known !== undefined || lanes.size >= LANES_MAX) return known
    const lane = createLane({
      ...options,
      shelf,
      count: what => {
        counts[what] += 1
      },
      pace: sender.pace(place),
      closed: why => {
        isClosed = true
        options.closed(why)
      },
      isClosed: () => isClosed,
    })
    lanes.set(chat, lane)
    return lane
  }
  const work = (lane: Lane): void => {
    if (signal === undefined || signal.aborted || isClosed) return
    const running = lane.work(signal)
    if (running === undefined) return
    working.add(running)
    void running.finally(() => working.delete(running))
  }

  return {
    offer: parcel => {
      const lane = isClosed ? undefined : laneOf(parcel.place)
      if (lane === undefined) {
        counts.failed += 1
        parcel.done?.('failed')
        return
      }
      lane.offer(parcel)
      work(lane)
    },
    run: async until => {
      if (await shelf.load()) options.loaded?.(shelf.open())
      isClosed = false
      const ending = new AbortController()
      signal = ending.signal
      for (const lane of lanes.values()) work(lane)
      await new Promise<void>(resolve => {
        if (until.aborted) resolve()
        else until.addEventListener('abort', () => resolve(), { once: true })
      })
      // What is on its way and what is urgent still goes out; the rest is told again from the record.
      const deadline = later(clock.now(), FLUSH_MS)
      while (working.size > 0 && clock.now() < deadline) await Promise.race([...working, clock.sleep(FLUSH_MS / 20)])
      ending.abort()
      signal = undefined
      await Promise.allSettled([...working])
    },
    waiting: () => [...lanes.values()].reduce((sum, lane) => sum + lane.size(), 0),
    counts: () => ({ ...counts }),
    open: () => shelf.open(),
    find: (place, subject) => shelf.find(place, subject),
  }
}
