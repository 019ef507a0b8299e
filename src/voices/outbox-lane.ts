import { counted } from '../chat/format.ts'
import { reply } from '../chat/reply.ts'
import { unreachable } from '../core/units/brand.ts'
import { type Instant, later } from '../core/units/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { Fate, OutboxCounts, Parcel } from './outbox-parcel.ts'
import { createQueue, isOpen, type Waiting } from './outbox-queue.ts'
import type { Shelf, Shown } from './outbox-shelf.ts'
import { DeliveryError, type Outgoing, type Sender } from './surface.ts'

/** The messages to one chat, one at a time: the surface counts by chat, and people read in order. */
export type Lane = {
  readonly offer: (parcel: Parcel) => void
  /** Works until nothing waits; `undefined` where it is at work already. */
  readonly work: (signal: AbortSignal) => Promise<void> | undefined
  readonly size: () => number
}

export type LaneOptions = {
  readonly sender: Sender
  readonly shelf: Shelf
  readonly clock: Clock
  readonly pace: { readonly most: number; readonly perMs: number }
  readonly count: (what: keyof OutboxCounts) => void
  readonly note: (what: string, error: unknown) => void
  readonly closed: (why: string) => void
  readonly isClosed: () => boolean
}

/** Tries of one message whose fate is unknown, or which the surface puts off. A page is tried for as long as it waits. */
const TRIES_MAX = 6
const BACKOFF_FIRST_MS = 500
const BACKOFF_MAX_MS = 30_000
/** Cards that one list names. */
const LISTED_MAX = 30
/** The message that lists what there was no time for. */
const CROWD = 'crowd'
/** One attempt that takes longer is given up, and its fate unknown. */
const ATTEMPT_MS = 10_000

export function createLane(options: LaneOptions): Lane {
  const { sender, shelf, clock, count } = options
  const queue = createQueue(end)
  let sent: Instant[] = []
  let listed: { readonly name: string; readonly until: Instant }[] = []
  let notBefore = 0
  let isWorking = false
  /** Rings when something more urgent has come while the lane waits for its turn. */
  let ring: () => void = () => undefined

  function end(parcel: Parcel, fate: Fate): void {
    count(fate)
    parcel.done?.(fate)
    if (fate === 'listed') list(parcel)
  }

  /** One message that names the cards for which there was no time, edited as they become more. */
  function list({ place, version, expiresAt, subject }: Parcel): void {
    const now = clock.now()
    listed = listed.filter(one => one.until > now).slice(-LISTED_MAX)
    if (expiresAt !== undefined && subject !== undefined)
      listed.push({ name: subject.slice(subject.indexOf(':') + 1), until: expiresAt })
    const names = listed.map(one => one.name).join(' ')
    const said = reply(`${counted(listed.length, 'more trade')} to decide, too many for a card each`, 'warn')
      .text(names)
      .press('Pending', 'pending')
    const id = `crowd ${version}`
    queue.put(
      { place, id, priority: 'action', reply: said, isSilent: false, calls: [], version, subject: CROWD },
      0,
      now,
    )
  }

  /**
   * When the next message may go: by the surface's own word, and by the pace that it is known for. That is an average: a page, or
   * the answer that somebody waits for, goes at once, and what only tells waits the longer.
   */
  const turn = (): number => {
    const { most, perMs } = options.pace
    if (queue.isUrgent()) return notBefore
    sent = sent.filter(at => clock.now() - at < perMs)
    const free = sent.length < most ? 0 : (sent[sent.length - most] ?? 0) + perMs
    return Math.max(notBefore, free)
  }

  const rest = async (until: number, signal: AbortSignal): Promise<void> => {
    const waitMs = until - clock.now()
    if (waitMs <= 0) return
    const woken = new AbortController()
    ring = () => woken.abort()
    await clock.sleep(waitMs, AbortSignal.any([signal, woken.signal]))
    ring = () => undefined
  }

  const deliver = async (taken: Waiting, signal: AbortSignal): Promise<void> => {
    const { parcel, tries } = taken
    const { place, subject, version } = parcel
    const known = subject === undefined ? undefined : shelf.find(place, subject)
    if (known === undefined && parcel.isUpdate === true) return end(parcel, 'superseded')
    // A message never goes back to what it showed before.
    if (known !== undefined && known.version >= version && parcel.isUpdate === true) return end(parcel, 'superseded')
    const shown: Outgoing = {
      id: parcel.id,
      reply: parcel.reply,
      isSilent: parcel.isSilent,
      calls: parcel.calls,
      isRepeat: tries > 0,
    }
    const kept = (shows: number): Shown => ({ nonce: parcel.id, version: shows, reply: parcel.reply, at: clock.now() })
    const attempt = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)])
    sent.push(clock.now())
    try {
      if (known === undefined) {
        if (subject !== undefined && isOpen(parcel)) await shelf.intend(place, subject, kept(version))
        const message = await sender.post(place, shown, attempt)
        // An earlier try may have arrived with earlier words, and is what the surface then gives back: they are put right.
        const isSure = tries === 0 || subject === undefined
        if (subject !== undefined) shelf.put(place, subject, message, kept(isSure ? version : version - 1))
        if (!isSure) queue.put({ ...parcel, isUpdate: true, done: undefined }, 0, clock.now())
        if (parcel.isPinned === true) await sender.pin?.(place, message, attempt)
      } else {
        await sender.edit(place, known.message, shown, attempt)
        if (subject !== undefined) shelf.put(place, subject, known.message, { ...kept(version), nonce: known.nonce })
      }
      end(parcel, 'delivered')
    } catch (error) {
      if (signal.aborted) queue.putBack(taken, tries)
      else failed(taken, known !== undefined, error)
    }
  }

  const failed = (taken: Waiting, wasEdit: boolean, error: unknown): void => {
    const { parcel, tries } = taken
    const fault = error instanceof DeliveryError ? error.fault : ({ kind: 'unknown' } as const)
    const isLast = tries + 1 >= TRIES_MAX && parcel.priority !== 'page'
    switch (fault.kind) {
      case 'later':
        count('limited')
        notBefore = later(clock.now(), Math.max(1, Math.ceil(fault.afterMs)))
        queue.putBack(taken, tries)
        return
      case 'unknown':
        if (isLast) break
        count('repeated')
        notBefore = later(clock.now(), Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** tries))
        queue.putBack(taken, tries + 1)
        return
      case 'gone':
        if (wasEdit && parcel.subject !== undefined) {
          // Somebody has deleted the message: what still matters is said anew.
          shelf.drop(parcel.place, parcel.subject)
          if (parcel.isUpdate !== true) {
            queue.put(parcel, 0, clock.now())
            return
          }
        }
        break
      case 'refused':
        break
      case 'closed':
        options.closed(error instanceof Error ? error.message : '')
        queue.putBack(taken, tries)
        return
      default:
        unreachable(fault)
    }
    options.note(`a message to ${parcel.place.surface} was not delivered`, error)
    end(parcel, 'failed')
  }

  /** The flag falls in the very turn in which the queue was found empty: what is offered a moment later finds nobody at work. */
  const work = async (signal: AbortSignal): Promise<void> => {
    isWorking = true
    try {
      await workOff(signal)
    } catch (error) {
      options.note(`the way out to ${sender.surface}`, error)
    } finally {
      isWorking = false
    }
  }

  const workOff = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted && !options.isClosed() && queue.size() > 0) {
      if (turn() > clock.now()) {
        await rest(turn(), signal)
        continue
      }
      const next = queue.take(clock.now())
      if (next === undefined) continue
      await deliver(next, signal)
    }
  }

  return {
    offer: parcel => {
      queue.put(parcel, parcel.mayHaveArrived === true ? 1 : 0, clock.now())
      ring()
    },
    work: signal => (isWorking ? undefined : work(signal)),
    size: () => queue.size(),
  }
}
