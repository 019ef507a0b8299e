import { afterAll, beforeAll, expect, test } from 'vitest'
import { activityStream } from '../../src/adapters/polymarket/activity/stream.ts'
import { polymarketData } from '../../src/adapters/polymarket/feeds.ts'
import { polymarketActivity } from '../../src/adapters/polymarket/wallets/activity.ts'
import { polymarketHistory } from '../../src/adapters/polymarket/wallets/history.ts'
import { bestAsk, bestBid } from '../../src/core/market/book.ts'
import { isOnGrid } from '../../src/core/market/market.ts'
import { instant, signalIdOf, type WhaleAddress, whaleAddress } from '../../src/core/units/ids.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import type { FeedState, Watched } from '../../src/ports/feeds.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { clientOf, forever, gathering, leapingClock } from './stand-in.ts'

/** A minute of the sandbox's world passes in a second, so that whales trade while the test looks on. */
const SPEED = 60
const DAY_MS = 86_400_000

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ seed: 'adapter', speed: SPEED, strangersPerSecond: 2 })
})
afterAll(() => sandbox.stop())

function fixture() {
  const clock = leapingClock(Date.now())
  const notes: Record<string, unknown>[] = []
  const client = clientOf(sandbox.hosts, clock, happening => notes.push(happening))
  const whales = sandbox.whales.flatMap(whale => whaleAddress(whale.address) ?? [])
  return {
    clock,
    notes,
    whales,
    data: polymarketData(client, clock),
    history: polymarketHistory(client),
    stream: activityStream(client, clock, { chance: () => 0.5 }),
    activity: polymarketActivity(client, clock, { tokensOf: async () => [] }),
  }
}

function watching(has: Watched['has'], all: readonly WhaleAddress[] = []): Watched {
  return { has, all: () => all, onChange: () => undefined }
}

/** The latest trades of the first whale that has any. */
async function someTrades({ activity, whales }: ReturnType<typeof fixture>): Promise<readonly WhaleTrade[]> {
  for (const whale of whales) {
    const trades = await activity.since(whale, instant(Date.now() - 120_000), forever())
    if (trades.length > 0) return trades
  }
  throw new Error('some whale of the sandbox has traded')
}

test('whales are heard on the socket, and the sweep tells the same trades', async () => {
  const { stream, activity, whales, notes } = fixture()
  const heard = gathering<WhaleTrade>()
  const states = gathering<FeedState>()
  const stop = new AbortController()
  const watched = new Set<WhaleAddress>(whales)
  const done = stream.watch(
    watching(whale => watched.has(whale), whales),
    heard.add,
    states.add,
    stop.signal,
  )
  const [first] = await heard.first(1)
  stop.abort()
  await done
  if (first === undefined) throw new Error('a trade was heard')
  expect(states.held.map(state => state.status)).toEqual(['connecting', 'live'])
  const swept = await activity.since(first.whale, instant(first.happenedAt - 1_000), forever())
  expect(swept.map(signalIdOf)).toContain(signalIdOf(first))
  expect(notes).toEqual([])
})

test('trades come oldest first and in whole', async () => {
  const trades = await someTrades(fixture())
  const times = trades.map(trade => trade.happenedAt)
  expect(times).toEqual(times.toSorted((one, other) => one - other))
  expect(new Set(trades.map(signalIdOf)).size).toBe(trades.length)
})

test('the market and the book of a trade are found, on one grid', async () => {
  const made = fixture()
  const heard = gathering<WhaleTrade>()
  const stop = new AbortController()
  const done = made.stream.watch(
    watching(() => true),
    heard.add,
    () => {},
    stop.signal,
  )
  // At this speed some markets end between the trade and the question; of so many trades in a row not all are in such a one.
  const trades = await heard.first(20)
  stop.abort()
  await done
  for (const trade of trades) {
    const book = await made.data.book(trade.token, forever())
    const market = await made.data.market(trade.condition, forever())
    if (market === undefined) throw new Error('a traded market is known')
    expect(market.outcomes.find(outcome => outcome.token === trade.token)?.name).toBe(trade.outcome)
    expect(market.title).toBe(trade.title)
    if (book === undefined || market.status !== 'open') continue
    for (const at of [bestBid(book), bestAsk(book)]) if (at !== undefined) expect(isOnGrid(at, market.tick)).toBe(true)
    return
  }
  throw new Error('some traded market is still open')
})

test('a finished market is found closed, and pays one dollar in all', async () => {
  const made = fixture()
  for (const whale of made.whales) {
    const [oldest] = await made.activity.since(whale, instant(Date.now() - 600_000), forever())
    const payouts = oldest && (await made.data.payouts(oldest.condition, forever()))
    if (oldest === undefined || payouts === undefined) continue
    expect(payouts.reduce((sum, payout) => sum + payout.price, 0n)).toBe(1_000_000n)
    expect(await made.data.market(oldest.condition, forever())).toMatchObject({ status: 'closed' })
    return
  }
  throw new Error('some market of the sandbox has finished')
})

test('leaders have a name and a record that adds up', async () => {
  const { history, notes } = fixture()
  const leaders = await history.leaders({ period: 'month', most: 3 }, forever())
  expect(leaders).toHaveLength(3)
  const [best] = leaders
  if (best === undefined) throw new Error('somebody leads')
  expect(sandbox.whales.map(whale => whale.name)).toContain((await history.profile(best, forever()))?.name)
  const record = await history.record(best, instant(Date.now() + DAY_MS), forever())
  expect(record.resolved).toBeGreaterThan(0)
  expect(record.cost).toBeGreaterThan(0n)
  expect(record.won).toBeLessThanOrEqual(record.resolved)
  expect(record.pricePaid).toBeGreaterThan(0)
  expect(notes).toEqual([])
})

test('a wallet that nobody knows has an empty past and no name', async () => {
  const { history, activity } = fixture()
  const nobody = whaleAddress(`0x${'ab'.repeat(20)}`)
  if (nobody === undefined) throw new Error('an address is one')
  expect(await history.record(nobody, instant(Date.now()), forever())).toMatchObject({ resolved: 0, cost: 0n })
  expect(await history.profile(nobody, forever())).toBeUndefined()
  expect(await activity.since(nobody, instant(Date.now() - DAY_MS), forever())).toEqual([])
})
