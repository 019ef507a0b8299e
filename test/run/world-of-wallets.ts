import { type JumpingClock, jumpingClock } from '../../src/adapters/system/clock.ts'
import { type ConditionId, type Instant, instant, type TokenId, type WhaleAddress } from '../../src/core/units/ids.ts'
import { price, shares } from '../../src/core/units/money.ts'
import { seeded } from '../../src/core/units/seeded.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import { createReconciler, type Reconciler, type ReconcilerOptions } from '../../src/run/eyes/reconciler.ts'

export const START = instant(1_795_132_800_000)

export function whaleOf(number: number): WhaleAddress {
  return `0x${number.toString(16).padStart(40, '0')}` as WhaleAddress
}

/** A trade by its wallet, its own number and its time. */
export function tradeOf(whale: WhaleAddress, number: number, happenedAt: number): WhaleTrade {
  return {
    transaction: `0x${number.toString(16).padStart(64, '0')}`,
    whale,
    name: 'harbour',
    token: '1' as TokenId,
    condition: `0x${'1c'.repeat(32)}` as ConditionId,
    side: 'buy',
    price: price('0.5'),
    size: shares('10'),
    title: 'Will the lighthouse be painted green?',
    outcome: 'Yes',
    happenedAt: happenedAt as Instant,
    source: 'sweep',
  }
}

/** Lets every promise that can go on go on. */
export function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/** Moves time on to `to`, through every wait that ends by then. */
export async function advance(clock: JumpingClock, to: number): Promise<void> {
  await settled()
  for (let due = clock.next(); due !== undefined && due <= to; due = clock.next()) {
    clock.jump()
    await settled()
  }
  clock.set(instant(to))
  await settled()
}

/** The clock that jumps, whose waits leave nothing on a signal that outlives them: hours of waits would pile up there. */
export function tidyClock(): JumpingClock {
  const clock = jumpingClock(START)
  return {
    ...clock,
    sleep: async (ms, signal) => {
      const own = new AbortController()
      const abort = () => own.abort()
      if (signal?.aborted) abort()
      signal?.addEventListener('abort', abort)
      await clock.sleep(ms, own.signal)
      signal?.removeEventListener('abort', abort)
    },
  }
}

type Followed = {
  readonly address: WhaleAddress
  readonly followedAt: Instant
  readonly lastTradeAt: Instant | undefined
}
export type Mark = { readonly at: number; readonly from: Instant; readonly behind: ReadonlyMap<WhaleAddress, Instant> }

/** A reconciler over so many wallets in simulated time. `answer` is what a question comes to, and may be changed at any time. */
export function reconciling(wallets: number, more: Partial<ReconcilerOptions> = {}) {
  const clock = tidyClock()
  const stop = new AbortController()
  const asked: { readonly at: number; readonly whale: WhaleAddress; readonly since: number }[] = []
  const heard: WhaleTrade[] = []
  const marks: Mark[] = []
  const notes: string[] = []
  const held = new Set<WhaleAddress>()
  const follows = new Map<WhaleAddress, Followed>()
  for (let number = 1; number <= wallets; number += 1) {
    const address = whaleOf(number)
    follows.set(address, { address, followedAt: START, lastTradeAt: undefined })
  }
  const world = {
    isQuick: false,
    lagMs: async (): Promise<number | undefined> => 0,
    answer: async (_whale: WhaleAddress, _since: number): Promise<readonly WhaleTrade[]> => [],
  }
  const chance = seeded('reconciler')
  const reconciler: Reconciler = createReconciler({
    clock,
    activity: {
      since: async (whale, since) => {
        asked.push({ at: clock.now(), whale, since })
        return world.answer(whale, since)
      },
      lagMs: () => world.lagMs(),
    },
    state: { whales: () => follows.values(), from: () => undefined, isHeld: whale => held.has(whale) },
    hear: trade => heard.push(trade),
    mark: (from, behind) => marks.push({ at: clock.now(), from, behind: new Map(behind) }),
    isQuick: () => world.isQuick,
    note: (what, error) => notes.push(error instanceof Error ? `${what}: ${error.message}` : what),
    chance: chance.next,
    signal: stop.signal,
    ...more,
  })
  return { clock, stop, asked, heard, marks, notes, held, follows, world, reconciler }
}

/** The most entries of a list of times, in order, that any window of 10 s holds. */
export function mostInWindow(times: readonly number[]): number {
  let most = 0
  let first = 0
  for (const [last, time] of times.entries()) {
    while ((times[first] ?? time) <= time - 10_000) first += 1
    most = Math.max(most, last - first + 1)
  }
  return most
}
