import type { SurfaceHealth } from '../../../chat/desk.ts'
import { reply } from '../../../chat/reply.ts'
import type { Instant } from '../../../core/units/ids.ts'
import type { ChatMemory, Posted } from '../../../ports/chat-memory.ts'
import type { Clock } from '../../../ports/clock.ts'
import { createOutbox, type Outbox } from '../../../voices/outbox.ts'
import type { Parcel } from '../../../voices/outbox-parcel.ts'
import type { Place, Sender, SurfaceName, SurfaceStatus } from '../../../voices/surface.ts'
import type { Note } from '../live-services.ts'

/** One surface, ears and mouth: what it hears comes in through `surface.run`, and what is said goes out through its outbox. */
export type Voice = {
  readonly name: SurfaceName
  readonly offer: (parcel: Parcel) => void
  readonly run: (signal: AbortSignal) => Promise<void>
  readonly health: () => SurfaceHealth
  readonly outbox: Outbox
}

/** The surface itself, as far as every surface is alike. */
export type Spoken = {
  readonly sender: Sender
  readonly run: (signal: AbortSignal) => Promise<void>
  readonly view: () => { readonly status: SurfaceStatus; readonly since: number; readonly why: string }
  readonly faults?: () => readonly string[]
}

export type VoiceOptions = {
  readonly surface: Spoken
  readonly memory: ChatMemory
  readonly clock: Clock
  readonly note: Note
  readonly changed: (surface: SurfaceName, view: { readonly status: SurfaceStatus; readonly why: string }) => void
  /** The card of that short name as it stands now; nothing where it does not wait any more. */
  readonly card: (short: string, at: Instant) => Parcel['reply'] | undefined
  readonly seq: () => number
}

export function openVoice(options: VoiceOptions): Voice {
  const { surface, clock } = options
  const { surface: name } = surface.sender
  const outbox = createOutbox({
    sender: surface.sender,
    memory: options.memory,
    clock,
    note: options.note,
    closed: why => options.changed(name, { status: 'closed', why }),
    loaded: open => {
      for (const one of open) outbox.offer(restated(one, options))
    },
  })
  return {
    name,
    outbox,
    offer: outbox.offer,
    run: async signal => {
      // When the one fails the other ends too, and the supervisor starts both anew.
      const ending = new AbortController()
      const both = AbortSignal.any([signal, ending.signal])
      const end = (): void => ending.abort()
      await Promise.all([surface.run(both).finally(end), outbox.run(both).finally(end)])
    },
    health: () => {
      const { status, since, why } = surface.view()
      const { delivered, failed } = outbox.counts()
      const waiting = outbox.waiting()
      return {
        name,
        status,
        since: since as Instant,
        why,
        waiting,
        delivered,
        failed,
        faults: surface.faults?.() ?? [],
      }
    },
  }
}

/** A card that an earlier process left open: as it stands now, or that it is over. */
function restated(
  { surface, place: id, purpose, subject, message, nonce }: Posted,
  { card, clock, seq }: VoiceOptions,
): Parcel {
  const place = { surface: surface as SurfaceName, id, purpose: purpose as Place['purpose'], person: undefined }
  const short = subject.slice(subject.indexOf(':') + 1)
  const over = reply(`${short} was decided or expired while this message could not be reached`)
  const shown = card(short, clock.now()) ?? over.press('Why', `why ${short}`)
  const base = { place, priority: 'update', isSilent: true, calls: [], reply: shown, version: seq(), subject } as const
  // The last process ended with it on its way: asked for again under its own id, it is one message wherever that can be had.
  if (message === '') return { ...base, id: nonce, mayHaveArrived: true }
  return { ...base, id: `again ${seq()}`, isUpdate: true }
}
