import { describe, expect, test } from 'vitest'
import type { SourceStatus } from '../../src/core/risk/sight.ts'
import { FeedBoard } from '../../src/run/eyes/feed-board.ts'
import { advance, START, settled, tidyClock, tradeOf, whaleOf } from './world-of-wallets.ts'

/** A board, what the engine is told by it, and rounds that end when the test says how. */
function boarded() {
  const clock = tidyClock()
  const stop = new AbortController()
  const told: string[] = []
  const rounds: ((isWhole: boolean) => void)[] = []
  const notes: string[] = []
  const board = new FeedBoard({
    clock,
    note: what => notes.push(what),
    catchUp: () => new Promise(resolve => rounds.push(resolve)),
    signal: stop.signal,
  })
  board.onChange((source, status, why) => told.push(why === '' ? `${source} ${status}` : `${source} ${status}: ${why}`))
  const see = (status: SourceStatus, why?: string) =>
    board.see('activity', { status, since: clock.now(), ...(why !== undefined && { why }) })
  const wait = (ms: number) => advance(clock, clock.now() + ms)
  return { board, clock, stop, told, rounds, notes, see, wait }
}

describe('what the engine is told', () => {
  test('is at first whatever it is, and the first time that it lives', async () => {
    const { see, told, rounds } = boarded()
    see('connecting', 'the first connection is being made')
    see('live')
    expect(told).toEqual(['activity connecting: the first connection is being made', 'activity live'])
    expect(rounds).toHaveLength(0)
  })

  test('is nothing of a stream that reconnects within ten seconds', async () => {
    const { see, told, wait, rounds } = boarded()
    see('live')
    for (let times = 0; times < 5; times += 1) {
      see('connecting', 'the connection ended')
      await wait(4_000)
      see('down', 'refused')
      await wait(5_000)
      see('live')
      await wait(20_000)
    }
    expect(told).toEqual(['activity live'])
    expect(rounds).toHaveLength(0)
  })

  test.each<[SourceStatus, SourceStatus]>([
    ['down', 'down'],
    ['stale', 'stale'],
    ['connecting', 'down'],
  ])('of one that is %s for ten seconds is that it is %s', async (status, passed) => {
    const { see, told, wait } = boarded()
    see('live')
    see(status, 'gone')
    await wait(9_999)
    expect(told).toHaveLength(1)
    await wait(1)
    expect(told[1]).toBe(`activity ${passed}: gone`)
  })

  test('counts ten seconds from when it was last live, whatever it was in between', async () => {
    const { see, told, wait } = boarded()
    see('live')
    see('connecting')
    await wait(6_000)
    see('stale')
    await wait(4_000)
    expect(told).toEqual(['activity live', 'activity stale'])
  })
})

describe('a stream that was away and is back', () => {
  async function back() {
    const made = boarded()
    made.see('live')
    made.see('down')
    await made.wait(10_000)
    made.see('live')
    await settled()
    return made
  }

  test('is live again once a round that began since was whole', async () => {
    const { told, rounds, board } = await back()
    expect(told).toEqual(['activity live', 'activity down'])
    expect(board.views()[0]).toMatchObject({ status: 'live', passedOn: 'down' })
    rounds[0]?.(true)
    await settled()
    expect(told.at(-1)).toBe('activity live')
    expect(board.views()[0]).toMatchObject({ status: 'live', passedOn: 'live' })
  })

  test('is caught up with again where the round was not whole', async () => {
    const { told, rounds, wait } = await back()
    rounds[0]?.(false)
    await wait(5_000)
    expect(rounds).toHaveLength(2)
    expect(told).toHaveLength(2)
    rounds[1]?.(true)
    await settled()
    expect(told.at(-1)).toBe('activity live')
  })

  test('is not live again by a round that began before it went away once more', async () => {
    const { told, rounds, see } = await back()
    see('stale')
    see('live')
    await settled()
    expect(rounds).toHaveLength(2)
    rounds[0]?.(true)
    await settled()
    expect(told.at(-1)).toBe('activity stale')
    rounds[1]?.(true)
    await settled()
    expect(told.at(-1)).toBe('activity live')
  })

  test('waits for nothing any more when the run ends', async () => {
    const { board, stop, rounds, told } = await back()
    stop.abort()
    rounds[0]?.(true)
    await board.ended()
    expect(told.at(-1)).toBe('activity down')
  })
})

describe('what people see', () => {
  test('is each state at once, with what was told and how late', async () => {
    const { board, see, wait, clock } = boarded()
    see('live')
    await wait(5_000)
    const trade = tradeOf(whaleOf(1), 1, START + 3_000)
    board.heard('activity', trade)
    see('stale', 'nothing came')
    expect(board.views()).toMatchObject([
      { name: 'activity', status: 'stale', why: 'nothing came', lastAt: clock.now(), lagMs: 2_000 },
    ])
    expect(board.views()[0]).toMatchObject({ toldFirst: 1, confirmed: 0, missed: 0, late: 0, lagP50Ms: 2_000 })
  })

  test('is noted where a source is not live any more', () => {
    const { see, notes } = boarded()
    see('live')
    see('stale')
    see('down')
    expect(notes).toEqual(['the feed activity is stale', 'the feed activity is down'])
  })

  test('holds what a stream missed, by the word of the rounds', async () => {
    const { board, see, wait } = boarded()
    see('live')
    await wait(5_000)
    board.heard('sweep', tradeOf(whaleOf(1), 1, START + 3_000))
    await wait(60_000)
    expect(board.views()[0]).toMatchObject({ name: 'activity', missed: 1 })
  })
})

test('whoever listens later hears at once what was passed on', async () => {
  const { board, see } = boarded()
  see('live')
  const told: string[] = []
  board.onChange((source, status) => told.push(`${source} ${status}`))
  expect(told).toEqual(['activity live'])
})
