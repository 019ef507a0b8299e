import type { Ask, Fields } from './wire.ts'

/** What goes wrong with a call, and when. */

export type Trouble =
  /** Refused with this code; nothing is done. */
  | { readonly kind: 'error'; readonly code: number; readonly description?: string; readonly parameters?: Fields }
  /** 409, as when another instance polls. Takes `getUpdates` unless aimed elsewhere. */
  | { readonly kind: 'conflict' }
  /** 401, as after the token was revoked: of everything and for good, unless aimed otherwise. */
  | { readonly kind: 'unauthorized' }
  /** Never answered; the socket stays open. */
  | { readonly kind: 'hang' }
  /** Done at once, answered later. */
  | { readonly kind: 'late'; readonly byMs: number }
  /** The connection is reset; nothing is done. */
  | { readonly kind: 'reset' }
  /** Done, then the connection is reset in place of an answer. */
  | { readonly kind: 'answerLost' }
  /** 200 with a page, as a captive portal answers; nothing is done. */
  | { readonly kind: 'html' }
  /** 502 with a page, as a proxy answers; nothing is done. */
  | { readonly kind: 'badGateway' }
  /** Done, and answered with half of the JSON. */
  | { readonly kind: 'truncated' }

/** Which calls a trouble takes. */
export type Aim = {
  /** The name of a method; any, unless the kind says otherwise. */
  readonly method?: string
  /** How many calls; one, unless the kind says otherwise. `Infinity` for all. */
  readonly times?: number
  readonly when?: (ask: Ask) => boolean
  /** Whether the method is carried out all the same; the kind says, unless it is said here. */
  readonly isDone?: boolean
}

/** A trouble that waits for its calls. */
export type Fault = {
  readonly trouble: Trouble
  /** How many calls it took. */
  readonly hits: () => number
  readonly end: () => void
}

/** The switches of a test. */
export type Faults = {
  readonly add: (trouble: Trouble, aim?: Aim) => Fault
  /** Nobody can connect, for so long or until `clear`. Resolves once the port is closed, and open connections are. */
  readonly refuseConnections: (forMs?: number) => Promise<void>
  /** Ends all of them. What hangs already goes on hanging: no answer comes from a dead connection. */
  readonly clear: () => Promise<void>
  readonly active: () => readonly Fault[]
}

/** What is to happen to one call. */
export type Struck = { readonly trouble: Trouble; readonly isDone: boolean }

const DONE: ReadonlySet<Trouble['kind']> = new Set(['late', 'answerLost', 'truncated'])

/** No faults at first. `take` is asked of every call. */
export function createFaults(tell: () => void) {
  const faults: (Fault & { readonly take: (ask: Ask) => Struck | undefined })[] = []

  const add = (trouble: Trouble, aim: Aim = {}): Fault => {
    const method = aim.method ?? (trouble.kind === 'conflict' ? 'getUpdates' : undefined)
    const times = aim.times ?? (trouble.kind === 'unauthorized' ? Number.POSITIVE_INFINITY : 1)
    let hits = 0
    const fault = {
      trouble,
      hits: () => hits,
      end: () => {
        const index = faults.indexOf(fault)
        if (index !== -1) faults.splice(index, 1)
        tell()
      },
      take: (ask: Ask): Struck | undefined => {
        if (method !== undefined && method !== ask.method) return undefined
        if (aim.when?.(ask) === false) return undefined
        hits += 1
        if (hits >= times) fault.end()
        return { trouble, isDone: aim.isDone ?? DONE.has(trouble.kind) }
      },
    }
    faults.push(fault)
    return fault
  }

  return {
    add,
    active: (): readonly Fault[] => [...faults],
    /** The first fault that a call meets takes it. */
    take: (ask: Ask): Struck | undefined => {
      for (const fault of [...faults]) {
        const struck = fault.take(ask)
        if (struck !== undefined) return struck
      }
      return undefined
    },
    clear: () => {
      for (const fault of [...faults]) fault.end()
    },
  }
}
