import { afterEach, describe, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { type FeedOptions, polymarketFeed } from '../../src/adapters/polymarket/streams.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import type { FeedState } from '../../src/ports/feeds.ts'
import { clientOf, gathering, hostsAt, leapingClock, serveSocket, wire } from './stand-in.ts'

const WHALE = '0x00000000000000000000000000000000000000b2'
const FRAME = JSON.stringify(wire('activity-frame'))
const STRANGERS = FRAME.replace(/0x0+B2/, `0x${'9'.repeat(40)}`)

type Server = Awaited<ReturnType<typeof serveSocket>>
let server: Server | undefined
let stop = new AbortController()
afterEach(async () => {
  stop.abort()
  await server?.stop()
})

async function watching(meet: (socket: WebSocket, number: number) => void, options: FeedOptions = {}) {
  const sockets = await serveSocket(meet)
  server = sockets
  stop = new AbortController()
  const clock = leapingClock()
  const trades = gathering<WhaleTrade>()
  const states = gathering<FeedState>()
  const notes = gathering<Record<string, unknown>>()
  const client = clientOf(hostsAt('http://127.0.0.1:9', sockets.url), clock, notes.add)
  const feed = polymarketFeed(client, clock, { chance: () => 0.5, ...options })
  const done = feed.watch(whale => whale === WHALE, trades.add, states.add, stop.signal)
  const reported = async (count: number) => (await states.first(count)).map(state => state.status)
  return { trades, states, notes, done, clock, reported, sockets }
}

/** Sends these once it is asked for both kinds of rows in the one way that works. */
function afterGreeting(socket: WebSocket, ...frames: readonly (string | Buffer)[]) {
  socket.once('message', data => {
    const greeting = JSON.parse(String(data))
    const types = greeting.subscriptions.map((one: { topic: string; type: string }) => `${one.topic}/${one.type}`)
    if (greeting.action !== 'subscribe' || String(types) !== 'activity/trades,activity/orders_matched') return
    for (const frame of frames) socket.send(frame)
  })
}

test('a watched wallet’s trade is heard, once the stream is live', async () => {
  const { trades, reported } = await watching(socket => afterGreeting(socket, '', STRANGERS, FRAME))
  expect(await trades.first(1)).toMatchObject([{ whale: WHALE, price: 930_000n, source: 'activity' }])
  expect(await reported(2)).toEqual(['connecting', 'live'])
  expect(trades.held).toHaveLength(1)
})

test('garbage between two trades is counted and no more', async () => {
  const garbage = [FRAME.slice(0, 100), 'hello', '[]', Buffer.from(FRAME), FRAME.replace('0.9300000035', '1.5')]
  const { trades, notes, sockets } = await watching(socket => afterGreeting(socket, FRAME, ...garbage, FRAME))
  expect(await trades.first(2)).toHaveLength(2)
  expect(notes.held.map(note => note.kind)).toEqual([
    'activityGarbage',
    'activityGarbage',
    'activityGarbage',
    'activityRowRefused',
  ])
  expect(sockets.connections()).toBe(1)
})

test('a frame beyond all bounds ends the connection, and the next one goes on', async () => {
  const { trades, notes } = await watching((socket, number) =>
    afterGreeting(socket, ...(number === 1 ? ['x'.repeat(1_048_577)] : [FRAME])),
  )
  expect(await trades.first(1)).toHaveLength(1)
  expect(notes.held).toMatchObject([{ kind: 'activityReconnect', ending: 'closed', why: /payload size/ }].map(loose))
})

test('a connection that was closed is made again', async () => {
  const { trades, reported } = await watching((socket, number) => {
    afterGreeting(socket, FRAME)
    if (number === 1) setImmediate(() => socket.once('message', () => {}))
    socket.on('message', () => number === 1 && socket.close())
  })
  expect(await trades.first(2)).toHaveLength(2)
  expect(await reported(4)).toEqual(['connecting', 'live', 'connecting', 'live'])
})

test('a socket that is open and silent is stale and replaced, even while it answers pings', async () => {
  const { trades, reported, states } = await watching(
    (socket, number) => {
      if (number === 1) socket.on('message', () => socket.send('PONG'))
      else afterGreeting(socket, FRAME)
    },
    { silentAfterMs: 80, pingEveryMs: 10 },
  )
  expect(await trades.first(1)).toHaveLength(1)
  expect(await reported(3)).toEqual(['connecting', 'stale', 'live'])
  expect(states.held[1]?.why).toMatch(/no trade was told/)
})

test('a peer that is gone without a word is left without one', async () => {
  const { reported } = await watching(
    socket => {
      afterGreeting(socket, STRANGERS)
      setTimeout(() => socket.pause(), 20).unref()
    },
    { silentAfterMs: 80 },
  )
  expect(await reported(4)).toEqual(['connecting', 'live', 'stale', 'live'])
})

test('strangers’ trades show that the stream lives', async () => {
  const { states, sockets, done } = await watching(
    socket => {
      afterGreeting(socket, STRANGERS)
      const more = setInterval(() => socket.send(STRANGERS), 10)
      socket.on('close', () => clearInterval(more))
      setTimeout(() => stop.abort(), 300).unref()
    },
    { silentAfterMs: 100 },
  )
  await done
  expect(states.held.map(state => state.status)).toEqual(['connecting', 'live'])
  expect(sockets.connections()).toBe(1)
})

test('it says PING', async () => {
  const heard = gathering<string>()
  await watching(socket => socket.on('message', data => heard.add(String(data))), { pingEveryMs: 10 })
  expect((await heard.first(3)).slice(1)).toEqual(['PING', 'PING'])
})

test('a connection is renewed before it is old', async () => {
  const { trades, notes } = await watching(socket => afterGreeting(socket, FRAME), { renewAfterMs: 60 })
  expect(await trades.first(3)).toHaveLength(3)
  expect(notes.held[0]).toMatchObject({ kind: 'activityReconnect', ending: 'renewed' })
})

describe('a server that is not there', () => {
  test('is down, and is tried ever more seldom', async () => {
    const { states, clock, notes } = await watching(socket => socket.close())
    await server?.stop()
    await notes.first(12)
    expect(states.held.map(state => state.status).slice(0, 2)).toEqual(['connecting', 'down'])
    expect(states.held[1]?.why).toMatch(/^the connection ended: /)
    expect(clock.slept.slice(0, 9)).toEqual([750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500, 22_500, 22_500])
  })

  test('that takes the call and says nothing is given up in time', async () => {
    const { createServer } = await import('node:net')
    const mute = createServer(socket => socket.on('error', () => {}).resume())
    await new Promise<void>(resolve => mute.listen(0, '127.0.0.1', resolve))
    const address = mute.address()
    const port = typeof address === 'object' ? address?.port : 0
    const clock = leapingClock()
    const states = gathering<FeedState>()
    stop = new AbortController()
    const client = clientOf(hostsAt('http://127.0.0.1:9', `ws://127.0.0.1:${port}`), clock)
    const feed = polymarketFeed(client, clock, { openWithinMs: 50 })
    const done = feed.watch(
      () => true,
      () => {},
      states.add,
      stop.signal,
    )
    expect((await states.first(2)).map(state => state.status)).toEqual(['connecting', 'down'])
    stop.abort()
    await done
    mute.close()
  })
})

describe('it ends at once', () => {
  test.each<[string, (socket: WebSocket) => void]>([
    ['while it is live', socket => afterGreeting(socket, FRAME)],
    ['while the peer does not read', socket => socket.pause()],
  ])('%s, and holds nothing more', async (_name, meet) => {
    const connected = gathering<WebSocket>()
    const { done, sockets } = await watching(socket => {
      meet(socket)
      connected.add(socket)
    })
    const [socket] = await connected.first(1)
    const closed = new Promise<void>(resolve => socket?.once('close', () => resolve()))
    const startedAt = performance.now()
    stop.abort()
    await done
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    socket?.resume()
    await closed
    expect(sockets.open()).toBe(0)
    expect(process.getActiveResourcesInfo().filter(resource => resource === 'TCPSocketWrap')).toHaveLength(0)
  })

  test('when it was over before it began', async () => {
    const sockets = await serveSocket(() => {})
    server = sockets
    const clock = leapingClock()
    const feed = polymarketFeed(clientOf(hostsAt('http://127.0.0.1:9', sockets.url), clock), clock)
    await feed.watch(
      () => true,
      () => {},
      () => {},
      AbortSignal.abort(),
    )
    expect(sockets.connections()).toBe(0)
  })

  test('when whoever hears it fails, with that failure', async () => {
    const sockets = await serveSocket(socket => afterGreeting(socket, FRAME))
    server = sockets
    const clock = leapingClock()
    const feed = polymarketFeed(clientOf(hostsAt('http://127.0.0.1:9', sockets.url), clock), clock)
    const hear = () => {
      throw new RangeError('no more')
    }
    await expect(
      feed.watch(
        () => true,
        hear,
        () => {},
        new AbortController().signal,
      ),
    ).rejects.toThrow('no more')
  })
})

/** An expectation whose `why` is a pattern. */
function loose(expected: { readonly why: RegExp; readonly [field: string]: unknown }) {
  return { ...expected, why: expect.stringMatching(expected.why) }
}
