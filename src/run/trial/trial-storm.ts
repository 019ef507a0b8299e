import type { Seeded } from '../../core/units/seeded.ts'
import type { Clock } from '../../ports/clock.ts'
import { type Fault, type FaultAt, SOURCES, TAKES } from '../../sandbox/faults/faults.ts'

/** Switches faults of the simulated market on and off at random, over HTTP as a person would. */
export type Storm = {
  /** Until the signal aborts; then everything is switched off. */
  readonly run: (signal: AbortSignal) => Promise<void>
  /** How often each fault was switched on. */
  readonly switched: () => ReadonlyMap<string, number>
}

/** How long a fault lasts, and how long until the next one: three or four are on at a time, at any of the six sources. */
const LASTS_MS = [4_000, 40_000] as const
const NEXT_MS = [1_000, 9_000] as const

export function createStorm(address: string, clock: Clock, chance: Seeded): Storm {
  const all: readonly FaultAt[] = SOURCES.flatMap(source => TAKES[source].map((fault: Fault) => ({ source, fault })))
  const counts = new Map<string, number>(all.map(({ source, fault }) => [`${source} ${fault}`, 0]))
  /** Each once before any twice, so that a short storm leaves none out. */
  let deck: FaultAt[] = []
  const draw = (): FaultAt => {
    if (deck.length === 0) deck = [...all]
    const [drawn] = deck.splice(chance.whole(deck.length), 1)
    if (drawn === undefined) throw new RangeError('there are faults to draw from')
    return drawn
  }
  const set = async ({ source, fault }: FaultAt, on: boolean): Promise<void> => {
    const body = JSON.stringify({ source, fault, on })
    const answer = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    if (!answer.ok) throw new Error(`${source} ${fault} could not be switched: ${answer.status}`)
  }
  return {
    run: async signal => {
      const on = new Map<string, { readonly at: FaultAt; until: number }>()
      while (!signal.aborted) {
        await clock.sleep(Math.round(chance.between(...NEXT_MS)), signal)
        for (const [name, { at, until }] of on) {
          if (clock.now() < until) continue
          on.delete(name)
          await set(at, false)
        }
        if (signal.aborted) break
        const at = draw()
        const name = `${at.source} ${at.fault}`
        counts.set(name, (counts.get(name) ?? 0) + 1)
        on.set(name, { at, until: clock.now() + chance.between(...LASTS_MS) })
        await set(at, true)
      }
      for (const { at } of on.values()) await set(at, false)
    },
    switched: () => counts,
  }
}
