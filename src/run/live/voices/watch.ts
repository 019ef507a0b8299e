import type { Announcement } from '../../../chat/announce-words.ts'
import { age } from '../../../chat/format.ts'
import { reply } from '../../../chat/reply.ts'
import { type Instant, later } from '../../../core/units/ids.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { SurfaceName, SurfaceStatus } from '../../../voices/surface.ts'
import type { Unstamped } from '../../intake.ts'

/** How the surfaces are doing, and what follows of it: the others are told, and with none left nothing new is bought. */
export type Watch = {
  readonly changed: (surface: SurfaceName, view: { readonly status: SurfaceStatus; readonly why: string }) => void
  readonly run: (signal: AbortSignal) => Promise<void>
}

export type WatchOptions = {
  readonly surfaces: readonly SurfaceName[]
  readonly clock: Clock
  readonly offer: (input: Unstamped) => void
  readonly say: (announcement: Announcement) => void
  /** The number of the latest entry: what is said now is later than all before. */
  readonly seq: () => number
  readonly nobodyMs?: number
  readonly awayMs?: number
}

/** With nobody to be reached for so long, nobody could stop what is bought. A judgement of the reference's. */
const NOBODY_MS = 5 * 60_000
/** A surface that is away for less is not worth a page: gateways and polls break off and come back. */
const AWAY_MS = 60_000
const LOOK_MS = 1_000

type Seen = { readonly status: SurfaceStatus; readonly why: string; readonly since: Instant; readonly isTold: boolean }

export function createWatch(options: WatchOptions): Watch {
  const { clock, nobodyMs = NOBODY_MS, awayMs = AWAY_MS } = options
  const seen = new Map<SurfaceName, Seen>(
    options.surfaces.map(name => [name, { status: 'connecting', why: 'starting', since: clock.now(), isTold: false }]),
  )
  let told = 0
  let reachedAt = clock.now()
  let isHeld = false

  const look = (): void => {
    const now = clock.now()
    for (const [name, view] of seen) {
      const isAway = view.status === 'closed' || (view.status !== 'live' && now - view.since >= awayMs)
      if (isAway && !view.isTold) {
        seen.set(name, { ...view, isTold: true })
        say(name, awayMessage(name, view, now))
      }
    }
    const isReached = [...seen.values()].some(view => view.status === 'live')
    if (isReached) reachedAt = now
    hold(isReached, now)
  }

  /** The hold comes only after a while, and goes at once. */
  const hold = (isReached: boolean, now: Instant): void => {
    if (isReached && isHeld) {
      isHeld = false
      options.offer({ kind: 'voicesSeen', isReached: true, why: 'people can be reached again' })
    } else if (!isReached && !isHeld && now >= later(reachedAt, nobodyMs)) {
      isHeld = true
      const why = `no surface (${[...seen.keys()].join(', ')}) has been up for ${age(now - reachedAt)}`
      options.offer({ kind: 'voicesSeen', isReached: false, why })
    }
  }

  const say = (name: SurfaceName, message: Pick<Announcement, 'level' | 'event' | 'reply'>): void => {
    told += 1
    const subject = `surface:${name}`
    options.say({ id: `${name} ${told}`, version: options.seq(), at: clock.now(), subject, ...message })
  }

  return {
    changed: (name, { status, why }) => {
      const before = seen.get(name)
      if (before === undefined || (before.status === status && before.why === why)) return
      // A surface that tries again is away since it was last there.
      const isStillAway = before.status !== 'live' && status !== 'live'
      const since = isStillAway ? before.since : clock.now()
      seen.set(name, { status, why, since, isTold: isStillAway && before.isTold })
      if (status === 'live' && before.isTold) say(name, backMessage(name))
      look()
    },
    run: async signal => {
      while (!signal.aborted) {
        look()
        await clock.sleep(LOOK_MS, signal)
      }
    },
  }
}

function awayMessage(name: SurfaceName, { status, why, since }: Seen, now: Instant) {
  const is = status === 'closed' ? 'IS CLOSED TO US' : `IS AWAY for ${age(now - since)}`
  const said = reply(`${titled(name)} ${is}: ${why}`, 'danger').text(
    status === 'closed'
      ? 'It is not tried again before a restart. Look whether its token was changed or stolen.'
      : 'It is tried again and again. What waits there is told when it is back, if it is still of use.',
  )
  return { level: 'page', event: 'surface', reply: said.press('Health', 'health') } as const
}

function backMessage(name: SurfaceName) {
  return { level: 'outcome', event: 'resume', reply: reply(`${titled(name)} is back`, 'good') } as const
}

function titled(name: SurfaceName): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
}
