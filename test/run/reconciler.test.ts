import { describe, expect, test } from 'vitest'
import { HttpError } from '../../src/adapters/system/http.ts'
import type { Instant, WhaleAddress } from '../../src/core/units/ids.ts'
import { FeedError, type FeedState } from '../../src/ports/feeds.ts'
import { advance, mostInWindow, reconciling, START, settled, tradeOf, whaleOf } from './world-of-wallets.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const OVERLAP = 10 * MINUTE

/** Runs the service for so long, and then ends it. */
async function ran(made: ReturnType<typeof reconciling>, ms: number): Promise<void> {
  const running = made.reconciler.run(made.stop.signal)
  await advance(made.clock, START + ms)
  made.stop.abort()
  await advance(made.clock, START + ms + MINUTE)
  await running
}

function gaps(asked: readonly { readonly at: number; readonly whale: WhaleAddress }[], whale: WhaleAddress): number[] {
  const times = asked.filter(one => one.whale === whale).map(one => one.at)
  return times.slice(1).map((time, index) => time - (times[index] ?? time))
}

describe('how often a wallet is asked', () => {
  test('every 30 s or so while the streams are healthy', async () => {
    const made = reconciling(3)
    await ran(made, 10 * MINUTE)
    for (const gap of gaps(made.asked, whaleOf(1))) {
      expect(gap).toBeGreaterThanOrEqual(27_000)
      expect(gap).toBeLessThan(33_100)
    }
    expect(new Set(gaps(made.asked, whaleOf(1))).size).toBeGreaterThan(5)
  })

  test('every 5 s or so from the moment that they are not', async () => {
    const made = reconciling(3)
    const running = made.reconciler.run(made.stop.signal)
    await advance(made.clock, START + MINUTE)
    made.world.isQuick = true
    const before = made.asked.length
    await advance(made.clock, START + 2 * MINUTE)
    const quick = gaps(made.asked.slice(before), whaleOf(2))
    expect(quick.length).toBeGreaterThanOrEqual(9)
    for (const gap of quick) expect(gap).toBeLessThanOrEqual(6_500)
    made.stop.abort()
    await running
  })

  test('twice as often where a copy of it is held, also when there are too many for the budget', async () => {
    const made = reconciling(1_000)
    for (let number = 1; number <= 100; number += 1) made.held.add(whaleOf(number))
    await ran(made, 20 * MINUTE)
    const of = (number: number) => made.asked.filter(one => one.whale === whaleOf(number)).length
    expect(of(5) / of(500)).toBeGreaterThan(1.8)
    expect(of(5) / of(500)).toBeLessThan(2.3)
  })

  test.each([
    [500, false, 166.7],
    [500, true, 150],
    [10_000, false, 150],
    [10_000, true, 150],
  ])('for %i wallets, quick: %s, within 150 questions in 10 s, everybody in turn', async (wallets, isQuick, wanted) => {
    const made = reconciling(wallets)
    made.world.isQuick = isQuick
    const minutes = wallets === 500 ? 5 : 12
    await ran(made, minutes * MINUTE)
    expect(mostInWindow(made.asked.map(one => one.at))).toBeLessThanOrEqual(150)
    const inTenSeconds = made.asked.length / (minutes * 6)
    expect(inTenSeconds).toBeGreaterThan(Math.min(wanted, 150) * 0.9)
    const counts = new Map<WhaleAddress, number>()
    for (const { whale } of made.asked) counts.set(whale, (counts.get(whale) ?? 0) + 1)
    expect(counts.size).toBe(wallets)
    expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(3)
    expect(made.reconciler.status().askedPeak).toBeLessThanOrEqual(150)
  })

  test('never more than eight at once', async () => {
    const made = reconciling(100)
    let underWay = 0
    let most = 0
    made.world.answer = async () => {
      underWay += 1
      most = Math.max(most, underWay)
      await made.clock.sleep(900)
      underWay -= 1
      return []
    }
    await ran(made, 2 * MINUTE)
    expect(most).toBe(8)
  })
})

describe('a wallet is asked from', () => {
  test('when it was followed, then from ten minutes before its last answered question began', async () => {
    const made = reconciling(1)
    made.world.answer = async () => {
      await made.clock.sleep(2_000)
      return []
    }
    await ran(made, 30 * MINUTE)
    expect(made.asked[0]?.since).toBe(START)
    const later = made.asked.filter(one => one.at > START + OVERLAP + MINUTE)
    for (const [index, { since }] of later.entries())
      if (index > 0) expect(since).toBe((later[index - 1]?.at ?? 0) - OVERLAP)
  })

  test('the last mark on record, and where there is none from hours before its last trade', async () => {
    const marked = START - HOUR
    const lastTradeAt = (START - 2 * HOUR) as Instant
    const followedAt = (START - 100 * HOUR) as Instant
    const whales = [1, 2, 3].map(whaleOf).map(address => ({ address, followedAt, lastTradeAt }))
    const late = { address: whaleOf(4), followedAt: START, lastTradeAt: undefined }
    const from = (whale: WhaleAddress) => (whale === whaleOf(3) ? undefined : (marked as Instant))
    const made = reconciling(0, { state: { whales: () => [...whales, late], from, isHeld: () => false } })
    expect(await made.reconciler.round()).toBe(true)
    const since = Object.fromEntries(made.asked.map(one => [one.whale, one.since]))
    expect(since).toEqual({
      [whaleOf(1)]: marked,
      [whaleOf(2)]: marked,
      [whaleOf(3)]: lastTradeAt - 6 * HOUR,
      [whaleOf(4)]: START,
    })
  })

  test('further back by as much as the service says it is behind', async () => {
    const made = reconciling(1)
    made.world.lagMs = async () => 20 * MINUTE
    await ran(made, 60 * MINUTE)
    const last = made.asked.at(-1)
    expect(last?.since).toBeLessThanOrEqual((last?.at ?? 0) - 30 * MINUTE)
    expect(last?.since).toBeGreaterThan((last?.at ?? 0) - 32 * MINUTE)
    expect(made.reconciler.status().state.status).toBe('stale')
  })

  test('before the service stood still, also when it goes on again before its answer comes', async () => {
    const made = reconciling(1)
    made.follows.set(whaleOf(1), {
      address: whaleOf(1),
      followedAt: (START - 10 * HOUR) as Instant,
      lastTradeAt: undefined,
    })
    made.world.isQuick = true
    made.world.lagMs = async () => (made.clock.now() < START + 60_000 ? 20 * MINUTE : 0)
    made.world.answer = async () => {
      await made.clock.sleep(29_000)
      return []
    }
    await ran(made, 2 * MINUTE)
    const [, , third, fourth] = made.asked
    expect(third?.at).toBeLessThan(START + 60_000)
    expect(fourth?.at).toBeGreaterThan(START + 60_000)
    expect(fourth?.since).toBe((third?.at ?? 0) - 20 * MINUTE - OVERLAP)
  })

  test('well before where nobody says how far behind the service is', async () => {
    const made = reconciling(1)
    made.world.lagMs = async () => {
      throw new FeedError('data', 'not now')
    }
    await ran(made, 90 * MINUTE)
    const last = made.asked.at(-1)
    expect(last?.since).toBeLessThanOrEqual((last?.at ?? 0) - 40 * MINUTE)
    expect(last?.since).toBeGreaterThan((last?.at ?? 0) - 60 * MINUTE)
  })

  test('the beginning when it is followed anew', async () => {
    const made = reconciling(1)
    const running = made.reconciler.run(made.stop.signal)
    await advance(made.clock, START + 30 * MINUTE)
    made.follows.clear()
    made.reconciler.forget(whaleOf(1))
    await advance(made.clock, START + 40 * MINUTE)
    const before = made.asked.length
    const followedAt = made.clock.now()
    made.follows.set(whaleOf(1), { address: whaleOf(1), followedAt, lastTradeAt: undefined })
    await advance(made.clock, START + 41 * MINUTE)
    expect(made.asked[before]?.since).toBe(followedAt)
    made.stop.abort()
    await running
  })
})

describe('a question that fails', () => {
  test('is asked again soon, from where it was, with growing waits', async () => {
    const made = reconciling(2)
    made.world.answer = async whale => {
      if (whale === whaleOf(1)) throw new FeedError('data', 'not now')
      return []
    }
    await ran(made, 10 * MINUTE)
    const mine = made.asked.filter(one => one.whale === whaleOf(1))
    expect(new Set(mine.map(one => one.since))).toEqual(new Set([START]))
    const waits = gaps(made.asked, whaleOf(1))
    expect(waits[0]).toBeLessThanOrEqual(2_000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_000)
    expect(waits.at(-1)).toBeGreaterThan(29_000)
    expect(gaps(made.asked, whaleOf(2)).every(gap => gap < 33_100)).toBe(true)
    expect(made.reconciler.status()).toMatchObject({ failing: 1, state: { status: 'live' } })
  })

  test.each([429, 503])('with %i slows everybody', async status => {
    const made = reconciling(50)
    let isRefusing = true
    made.world.answer = async () => {
      if (isRefusing) throw new HttpError('data', 'too many', 'status', { status, retryAfterMs: 20_000 })
      return []
    }
    const running = made.reconciler.run(made.stop.signal)
    await advance(made.clock, START + 19_000)
    expect(made.asked.length).toBeLessThanOrEqual(8)
    expect(made.reconciler.status().pausedUntil).toBeGreaterThanOrEqual(START + 20_000)
    isRefusing = false
    await advance(made.clock, START + 2 * MINUTE)
    expect(made.reconciler.status()).toMatchObject({ failing: 0, pausedUntil: undefined })
    made.stop.abort()
    await running
  })

  test('because there is too much to be read leaves a gap with a name, and the next asks for less', async () => {
    const made = reconciling(1)
    const followedAt = (START - 24 * HOUR) as Instant
    made.follows.set(whaleOf(1), { address: whaleOf(1), followedAt, lastTradeAt: undefined })
    made.world.answer = async (_, since) => {
      if (since === followedAt) throw new FeedError('data', 'more than can be read', { isFinal: true })
      return []
    }
    await ran(made, MINUTE)
    expect(made.asked[1]?.since).toBe(START - OVERLAP)
    expect(made.notes).toEqual([
      expect.stringContaining(`${whaleOf(1)} traded between ${new Date(followedAt).toISOString()} and`),
    ])
  })

  test('because the path is refused leaves no gap: it is asked again from where it was', async () => {
    const made = reconciling(1)
    made.world.answer = async () => {
      throw new HttpError('data', 'forbidden', 'status', { status: 403, isFinal: true })
    }
    await ran(made, 30 * MINUTE)
    expect(new Set(made.asked.map(one => one.since))).toEqual(new Set([START]))
    expect(made.marks.every(mark => mark.from === START)).toBe(true)
  })

  test('is one that was never answered, too', async () => {
    const made = reconciling(1)
    let isFirst = true
    made.world.answer = () => {
      if (!isFirst) return Promise.resolve([])
      isFirst = false
      return new Promise((_, reject) => void made.clock.sleep(31_000).then(() => reject(new Error('too late'))))
    }
    await ran(made, 2 * MINUTE)
    expect(made.asked.length).toBeGreaterThan(2)
    expect(made.asked[1]?.since).toBe(START)
  })
})

describe('a mark', () => {
  test('is made once a minute and at the end, and never without a wallet', async () => {
    const made = reconciling(5)
    await ran(made, 10 * MINUTE + 30_000)
    expect(made.marks.length).toBeGreaterThanOrEqual(10)
    expect(made.marks.length).toBeLessThanOrEqual(11)
    expect(made.marks.at(-1)?.at).toBe(START + 10 * MINUTE + 30_000)
    const nobody = reconciling(0)
    await ran(nobody, 5 * MINUTE)
    expect(nobody.marks).toEqual([])
  })

  test('names the few that lag and speaks for the others', async () => {
    const made = reconciling(20)
    made.world.answer = async whale => {
      if (whale === whaleOf(7)) throw new FeedError('data', 'not now')
      return []
    }
    await ran(made, 30 * MINUTE)
    const last = made.marks.at(-1)
    expect([...(last?.behind ?? [])]).toEqual([[whaleOf(7), START]])
    expect(last?.from).toBeGreaterThan(START + 18 * MINUTE)
  })

  test('lags with them where they are many', async () => {
    const made = reconciling(300)
    made.world.answer = async whale => {
      if (whale < whaleOf(200)) throw new FeedError('data', 'not now')
      return []
    }
    await ran(made, 30 * MINUTE)
    expect(made.marks.at(-1)).toMatchObject({ from: START, behind: new Map() })
  })
})

describe('a round', () => {
  test('asks everybody once, and is whole when all answered', async () => {
    const made = reconciling(20)
    made.world.answer = async whale => [tradeOf(whale, 1, START)]
    expect(await made.reconciler.round()).toBe(true)
    expect(new Set(made.asked.map(one => one.whale)).size).toBe(20)
    expect(made.asked).toHaveLength(20)
    expect(made.heard).toHaveLength(20)
  })

  test('is not whole when one did not', async () => {
    const made = reconciling(20)
    made.world.answer = async whale => {
      if (whale === whaleOf(13)) throw new FeedError('data', 'not now')
      return []
    }
    expect(await made.reconciler.round()).toBe(false)
    expect(made.asked).toHaveLength(20)
  })

  test('does not count an answer to a question that began before it', async () => {
    const made = reconciling(1)
    const running = made.reconciler.run(made.stop.signal)
    made.world.answer = async () => {
      await made.clock.sleep(5_000)
      return []
    }
    await advance(made.clock, START + 1_000)
    expect(made.asked).toHaveLength(1)
    const round = made.reconciler.round()
    await advance(made.clock, START + 6_000)
    expect(made.asked).toHaveLength(2)
    await advance(made.clock, START + 11_000)
    expect(await round).toBe(true)
    expect(made.asked).toHaveLength(2)
    made.stop.abort()
    await running
  })

  test('of nobody is whole', async () => {
    expect(await reconciling(0).reconciler.round()).toBe(true)
  })
})

test('how the rounds are doing is reported when it changes', async () => {
  const states: FeedState[] = []
  const made = reconciling(3, { report: state => states.push(state) })
  let isAway = false
  made.world.answer = async () => {
    if (isAway) throw new FeedError('data', 'not now')
    return []
  }
  const running = made.reconciler.run(made.stop.signal)
  await advance(made.clock, START + 5 * MINUTE)
  isAway = true
  await advance(made.clock, START + 10 * MINUTE)
  isAway = false
  await advance(made.clock, START + 15 * MINUTE)
  expect(states.map(state => state.status)).toEqual(['live', 'down', 'stale', 'live'])
  expect(states[1]?.why).toMatch(/nobody has answered/)
  made.stop.abort()
  await running
})

test('what hearing throws is a failure of that question, which is asked again', async () => {
  let isFull = true
  const heard: number[] = []
  const made = reconciling(1, {
    hear: trade => {
      if (isFull) throw new Error('too many wait')
      heard.push(trade.happenedAt)
    },
  })
  made.world.answer = async (whale, since) => (since === START ? [tradeOf(whale, 1, START + 500)] : [])
  const running = made.reconciler.run(made.stop.signal)
  await advance(made.clock, START + MINUTE)
  isFull = false
  await advance(made.clock, START + 3 * MINUTE)
  expect(heard).toContain(START + 500)
  made.stop.abort()
  await settled()
  await running
})
