import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HttpError } from '../../src/adapters/system/http.ts'
import type { Instant, WhaleAddress } from '../../src/core/units/ids.ts'
import { type Seeded, seeded } from '../../src/core/units/seeded.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import { FeedError } from '../../src/ports/feeds.ts'
import { createReconciler } from '../../src/run/eyes/reconciler.ts'
import { advance, START, tidyClock, tradeOf, whaleOf } from './world-of-wallets.ts'

const MINUTE = 60_000
const WALLETS = 12
/** Faults end here, so that it can be asked whether everything is found in the end. */
const FAULTS_END = START + 90 * MINUTE
const END = FAULTS_END + 25 * MINUTE
/** The latest that a row comes, beyond what the service says it is behind: inside the overlap. */
const LATE_MAX_MS = 7 * MINUTE

type Row = { readonly trade: WhaleTrade; readonly lateMs: number }

/** A Data API whose rows come late and out of order, whose indexer stands still for minutes, and which fails in every way. */
function service(draw: Seeded, clock: ReturnType<typeof tidyClock>) {
  const stalls = Array.from({ length: 3 }, (_, index) => {
    const from = START + (index * 30 + draw.whole(12)) * MINUTE
    return { from, to: from + draw.whole(15) * MINUTE }
  })
  const stallAt = (now: number) => stalls.find(stall => stall.from <= now && now < stall.to)
  const rows = new Map<WhaleAddress, Row[]>()
  for (let number = 1; number <= WALLETS; number += 1) {
    const whale = whaleOf(number)
    const mine = Array.from({ length: 60 }, (_, index) => ({
      trade: tradeOf(whale, number * 1_000 + index, START + draw.whole(FAULTS_END - START)),
      lateMs: draw.chance(0.8) ? draw.whole(20_000) : draw.whole(LATE_MAX_MS),
    }))
    rows.set(whale, mine)
  }
  const failure = (): unknown =>
    draw.pick([
      () => new FeedError('data', 'not now'),
      () => new HttpError('data', 'too many', 'status', { status: 429, retryAfterMs: draw.whole(20_000) }),
      () => new HttpError('data', 'later', 'status', { status: 503 }),
      () => new HttpError('data', 'forbidden', 'status', { status: 403, isFinal: true }),
    ])()
  const meet = async (failing: number): Promise<void> => {
    const isFaulty = clock.now() < FAULTS_END
    await clock.sleep(isFaulty && draw.chance(0.05) ? draw.whole(60_000) : draw.whole(3_000))
    if (isFaulty && draw.chance(failing)) throw failure()
  }
  return {
    all: () => [...rows.values()].flat().map(row => row.trade),
    since: async (whale: WhaleAddress, since: Instant): Promise<readonly WhaleTrade[]> => {
      const seenAt = clock.now()
      const edge = stallAt(seenAt)?.from ?? seenAt
      await meet(0.3)
      const told = (rows.get(whale) ?? []).filter(({ trade, lateMs }) => trade.happenedAt + lateMs <= edge)
      return told.map(row => row.trade).filter(trade => trade.happenedAt >= since)
    },
    lagMs: async (): Promise<number> => {
      await meet(0.3)
      const stall = stallAt(clock.now())
      return stall === undefined ? 0 : clock.now() - stall.from
    },
  }
}

/** One world: a reconciler that is killed and started again on its last mark, over that service. */
async function lived(seed: number) {
  const draw = seeded(seed)
  const clock = tidyClock()
  const data = service(draw.fork('service'), clock)
  const heard = new Set<string>()
  const broken: string[] = []
  let marked: { readonly from: Instant; readonly behind: ReadonlyMap<WhaleAddress, Instant> } | undefined
  const fromOf = (whale: WhaleAddress) => marked?.behind.get(whale) ?? marked?.from
  const whales = Array.from({ length: WALLETS }, (_, index) => ({
    address: whaleOf(index + 1),
    followedAt: START,
    lastTradeAt: undefined,
  }))
  const live = async (until: number, isKilled: boolean): Promise<void> => {
    const stop = new AbortController()
    let isDead = false
    const reconciler = createReconciler({
      clock,
      activity: data,
      state: { whales: () => whales, from: fromOf, isHeld: whale => whale === whaleOf(1) },
      hear: trade => {
        if (!isDead) heard.add(trade.transaction)
      },
      mark: (from, behind) => {
        if (isDead) return
        marked = { from, behind: new Map(behind) }
        for (const trade of data.all())
          if (trade.happenedAt < (fromOf(trade.whale) ?? 0) && !heard.has(trade.transaction))
            broken.push(`the mark of ${clock.now() - START} passed a trade of ${trade.happenedAt - START}`)
      },
      isQuick: () => draw.chance(0.3),
      note: () => {},
      chance: draw.next,
      signal: stop.signal,
    })
    const running = reconciler.run(stop.signal)
    const round = draw.chance(0.5) ? reconciler.round() : Promise.resolve(true)
    await advance(clock, until)
    isDead = isKilled
    stop.abort()
    await advance(clock, until + MINUTE)
    await running
    await round
  }
  for (let at = START; at < END; at = clock.now())
    await live(Math.min(END, at + draw.whole(40 * MINUTE)), at < FAULTS_END)
  await live(END + 20 * MINUTE, false)
  return { heard, broken, all: data.all(), marked }
}

test('whatever fails, lags, comes late and is killed, no trade is lost and no mark passes one that was not heard', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async seed => {
      const { heard, broken, all, marked } = await lived(seed)
      expect(broken.slice(0, 3)).toEqual([])
      expect(all.filter(trade => !heard.has(trade.transaction))).toEqual([])
      expect(marked?.from).toBeGreaterThan(FAULTS_END)
    }),
    { numRuns: 12 },
  )
})
