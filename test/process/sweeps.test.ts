import { expect, test } from 'vitest'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { type EngineState, emptyState } from '../../src/core/engine/state.ts'
import type { Instant, WhaleAddress } from '../../src/core/units/ids.ts'
import { FeedError } from '../../src/ports/feeds.ts'
import { createSweeps } from '../../src/run/sweeps.ts'

const HOUR_MS = 3_600_000
const WHALE = `0x${'a'.repeat(40)}` as WhaleAddress

/** Sweeps over one wallet, and since when each question asked. `answer` is what a question comes to. */
function sweeping(whale: { readonly followedAt: number; readonly lastTradeAt: number | undefined }) {
  const state: EngineState = emptyState()
  const told = (lastTradeAt: number | undefined): void => {
    const known = { address: WHALE, name: '', record: undefined, quality: undefined }
    const at = lastTradeAt as Instant | undefined
    state.whales.set(WHALE, { ...known, followedAt: whale.followedAt as Instant, lastTradeAt: at })
  }
  told(whale.lastTradeAt)
  const asked: number[] = []
  const notes: string[] = []
  const world = { answer: (): Error | undefined => undefined }
  const nowhere = (): never => {
    throw new Error('only trades are asked for')
  }
  const sweeps = createSweeps({
    clock: systemClock,
    intake: { offer: nowhere, ask: nowhere, take: nowhere, size: nowhere, ready: nowhere, close: nowhere },
    state,
    data: { market: nowhere, book: nowhere, payouts: nowhere },
    feed: {
      watch: nowhere,
      since: async (_, since) => {
        asked.push(since)
        const refused = world.answer()
        if (refused !== undefined) throw refused
        return []
      },
    },
    history: { record: nowhere, name: nowhere, leaders: nowhere },
    venue: {
      account: 'paper',
      prepare: nowhere,
      send: nowhere,
      cancel: nowhere,
      findOrder: nowhere,
      redeem: nowhere,
      books: nowhere,
    },
    signal: new AbortController().signal,
    note: what => notes.push(what),
  })
  return { sweeps, asked, notes, world, told }
}

test('after hours away, a trade that the stream tells first does not hide what was missed', async () => {
  const now = Date.now()
  const away = now - 5 * HOUR_MS
  const { sweeps, asked, told } = sweeping({ followedAt: now - 100 * HOUR_MS, lastTradeAt: away })
  told(now)
  expect(await sweeps.trades()).toBe(true)
  expect(asked[0]).toBeLessThan(away)
})

test('while the service is away, the next answered round begins where the last answered one ended', async () => {
  const now = Date.now()
  const { sweeps, asked, notes, world, told } = sweeping({ followedAt: now - HOUR_MS, lastTradeAt: undefined })
  world.answer = () => new FeedError('data', 'not now')
  expect(await sweeps.trades()).toBe(false)
  told(now)
  expect(await sweeps.trades()).toBe(false)
  world.answer = () => undefined
  expect(await sweeps.trades()).toBe(true)
  expect(asked).toEqual([now - HOUR_MS, now - HOUR_MS, now - HOUR_MS])
  expect(notes).toHaveLength(2)
  expect(await sweeps.trades()).toBe(true)
  expect(asked[3]).toBeGreaterThan(now - HOUR_MS)
})

test('a question that will always be refused is not asked for ever: the next one asks for less', async () => {
  const now = Date.now()
  const { sweeps, asked, world } = sweeping({ followedAt: now - 100 * HOUR_MS, lastTradeAt: now })
  world.answer = () => new FeedError('data', 'more than can be read', { isFinal: true })
  expect(await sweeps.trades()).toBe(false)
  expect(await sweeps.trades()).toBe(false)
  expect(asked[1]).toBeGreaterThan(Number(asked[0]) + HOUR_MS)
})
