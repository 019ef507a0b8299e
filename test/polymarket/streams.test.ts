import { afterEach, describe, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { activityStream, type StreamOptions } from '../../src/adapters/polymarket/activity/stream.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import type { FeedState, Watched } from '../../src/ports/feeds.ts'
import { clientOf, gathering, hostsAt, leapingClock, serveSocket, wire } from './stand-in.ts'

const WHALE = '0x00000000000000000000000000000000000000b2'
/** Five seconds after the recorded row. */
const NOW = 1_795_132_805_000
const FRAME = JSON.stringify(wire('activity-frame'))
const STRANGERS = FRAME.replace(/0x0+B2/, `0x${'9'.repeat(40)}`)

type Server = Awaited<ReturnType<typeof serveSocket>>
let server: Server | undefined
let stop = new AbortController()
afterEach(async () => {
  stop.abort()
  await server?.stop()
})

/** A watch over these wallets and no other. */
function over(has: (whale: string) => boolean): Watched {
  return { has, all: () => [], onChange: () => {} }
}

async function watching(meet: (socket: WebSocket, number: number) => void, options: StreamOptions = {}) {
  const sockets = await serveSocket(meet)
  server = sockets
  stop = new AbortController()
  const clock = leapingClock(NOW)
  const trades = gathering<WhaleTrade>()
  const states = gathering<FeedState>()
  const notes = gathering<Record<string, unknown>>()
  const client = clientOf(hostsAt('http://127.0.0.1:9', sockets.url), clock, notes.add)
  const stream = activityStream(client, clock, { chance: () => 0.5, ...options })
  const done = stream.watch(
    over(whale => whale === WHALE),
    trades.add,
    states.add,
    stop.signal,
  )
  const reported = async (count: number) => (await states.first(count)).map(state => state.status)
  return { trades, states, notes, done, clock, reported, sockets }
}

/** The watched wallet's row with these changes, as a frame of this type. */
function rowOf(changes: Record<string, unknown>, type = 'trades'): string {
  const frame = wire('activity-frame')
  return JSON.stringify({ ...frame, type, payload: { ...(frame.payload as object), ...changes } })
}

/** A trade of its own, of the watched wallet. */
function traded(number: number): string {
  return rowOf({ transactionHash: `0x${number.toString(16).padStart(64, '0')}` })
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
  const { trades, notes, sockets } = await watching(socket => afterGreeting(socket, traded(1), ...garbage, traded(2)))
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
    afterGreeting(socket, traded(number))
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

test('a peer that answers neither pings nor anything is gone, and is left without a word', async () => {
  const { reported, states } = await watching(
    (socket, number) => {
      afterGreeting(socket, traded(number))
      if (number === 1) setTimeout(() => socket.pause(), 20).unref()
    },
    { goneAfterMs: 120, pingEveryMs: 20 },
  )
  expect(await reported(4)).toEqual(['connecting', 'live', 'stale', 'live'])
  expect(states.held[2]?.why).toMatch(/nothing came .* not even an answer to a ping/)
})

test('a peer that only answers the protocol’s own pings is not gone', async () => {
  const pings = gathering<Buffer>()
  const { sockets, states } = await watching(
    socket => {
      afterGreeting(socket, FRAME)
      socket.on('ping', pings.add)
    },
    { goneAfterMs: 100, pingEveryMs: 10 },
  )
  await pings.first(40)
  expect(sockets.connections()).toBe(1)
  expect(states.held.map(state => state.status)).toEqual(['connecting', 'live'])
})

test('rows of half an hour ago show no life, are told nevertheless, and are noted', async () => {
  const old = JSON.stringify(JSON.parse(STRANGERS, (key, value) => (key === 'timestamp' ? 1_795_131_000 : value)))
  const { reported, notes, trades } = await watching(
    (socket, number) => {
      afterGreeting(socket, number === 1 ? rowOf({ timestamp: 1_795_131_000 }) : traded(2))
      if (number > 1) return
      const more = setInterval(() => socket.send(old), 5)
      socket.on('close', () => clearInterval(more))
    },
    { silentAfterMs: 100 },
  )
  expect(await reported(3)).toEqual(['connecting', 'stale', 'live'])
  expect(await trades.first(2)).toHaveLength(2)
  expect(notes.held.filter(note => note.kind === 'activityOldRows')).toEqual([
    { kind: 'activityOldRows', olderThanMs: 60_000 },
  ])
  const ending = notes.held.find(note => note.kind === 'activityReconnect')
  expect(ending).toMatchObject({ ending: 'silent', rows: 0 })
  expect(ending?.oldRows).toBeGreaterThan(1)
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

describe('a connection is renewed', () => {
  test('with the new one open and telling before the old one is closed, so that nothing is lost', async () => {
    let number = 0
    const open = new Set<WebSocket>()
    const closedBeforeNext: boolean[] = []
    const { trades, states, notes, sockets } = await watching(
      socket => {
        socket.once('message', () => {
          open.add(socket)
        })
        socket.on('close', () => {
          open.delete(socket)
          closedBeforeNext.push(open.size === 0)
        })
      },
      { renewAfterMs: 100 },
    )
    const market = setInterval(() => {
      if (open.size === 0) return
      number += 1
      for (const socket of open) socket.send(traded(number))
    }, 2)
    await trades.first(400)
    clearInterval(market)
    expect(sockets.connections()).toBeGreaterThan(3)
    expect(closedBeforeNext.length).toBeGreaterThan(2)
    expect(closedBeforeNext).not.toContain(true)
    const told = trades.held.map(trade => Number(trade.transaction))
    expect(told).toEqual(Array.from({ length: told.length }, (_, index) => index + 1))
    expect(states.held.map(state => state.status)).toEqual(['connecting', 'live'])
    expect(notes.held[0]).toMatchObject({ kind: 'activityReconnect', ending: 'renewed' })
  })

  test('only by one that tells something: until then the old one goes on', async () => {
    const { trades, states, sockets } = await watching(
      (socket, number) => {
        if (number > 1 && number < 4) return socket.close()
        let told = number * 1_000
        const more = setInterval(() => {
          told += 1
          socket.send(traded(told))
        }, 2)
        socket.on('close', () => clearInterval(more))
        return undefined
      },
      { renewAfterMs: 40 },
    )
    while (!trades.held.some(trade => Number(trade.transaction) > 4_000)) await trades.first(trades.held.length + 1)
    expect(sockets.connections()).toBeGreaterThanOrEqual(4)
    expect(states.held.map(state => state.status)).toEqual(['connecting', 'live'])
  })

  test('by the one being tried where the old one ends meanwhile', async () => {
    const first = gathering<WebSocket>()
    const { trades, reported } = await watching(
      (socket, number) => {
        if (number === 1) {
          first.add(socket)
          return afterGreeting(socket, traded(1))
        }
        first.held[0]?.close()
        return void setTimeout(() => socket.send(traded(2)), 60).unref()
      },
      { renewAfterMs: 40 },
    )
    expect(await trades.first(2)).toHaveLength(2)
    expect(await reported(4)).toEqual(['connecting', 'live', 'connecting', 'live'])
  })
})

describe('what several rows tell of one trade', () => {
  const sizes = async (...frames: readonly string[]) => {
    const { trades } = await watching(socket => afterGreeting(socket, ...frames, traded(99)))
    while (Number(trades.held.at(-1)?.transaction) !== 99) await trades.first(trades.held.length + 1)
    return trades.held.slice(0, -1).map(trade => [Number(trade.size) / 1e6, Number(trade.price) / 1e6])
  }
  const piece = (size: number, price: number) => rowOf({ size, price })
  const order = (size: number, price: number) => rowOf({ size, price }, 'orders_matched')

  test.each<[string, readonly string[], readonly number[][]]>([
    [
      'pieces are added, at their average price',
      [piece(10, 0.5), piece(30, 0.6)],
      [
        [10, 0.5],
        [40, 0.575],
      ],
    ],
    ['an identical row is a repetition', [piece(10, 0.5), piece(10, 0.5), piece(10, 0.5)], [[10, 0.5]]],
    [
      'a piece that is repeated later is one still',
      [piece(10, 0.5), piece(5, 0.5), piece(10, 0.5)],
      [
        [10, 0.5],
        [15, 0.5],
      ],
    ],
    ['both types tell a taker’s order, once', [piece(40, 0.575), order(40, 0.575)], [[40, 0.575]]],
    ['the order first, its pieces add nothing', [order(40, 0.575), piece(10, 0.5), piece(30, 0.6)], [[40, 0.575]]],
    [
      'the pieces first, the order completes them',
      [piece(10, 0.5), order(40, 0.575)],
      [
        [10, 0.5],
        [40, 0.575],
      ],
    ],
    [
      'the pieces beyond the order stand',
      [order(10, 0.5), piece(10, 0.5), piece(30, 0.6)],
      [
        [10, 0.5],
        [40, 0.575],
      ],
    ],
    ['the order is told again by the new connection', [order(40, 0.575), order(40, 0.575)], [[40, 0.575]]],
  ])('%s', async (_name, frames, expected) => {
    expect(await sizes(...frames)).toEqual(expected)
  })

  test('both sides of one transaction, and both tokens, are trades of their own', async () => {
    const buy = rowOf({ size: 10 })
    const sell = rowOf({ size: 10, side: 'SELL' })
    const other = rowOf({ size: 10, asset: '22' })
    expect(await sizes(buy, sell, other)).toHaveLength(3)
  })

  test('in whatever order and however often rows come, the largest of them is the last one told', async () => {
    const rows = [piece(1, 0.5), piece(2, 0.5), piece(4, 0.5), order(7, 0.5)]
    for (const turn of [0, 1, 2, 3]) {
      const mixed = [...rows.slice(turn), ...rows.slice(0, turn), ...rows]
      const told = await sizes(...mixed)
      expect(told.at(-1)?.[0]).toBe(7)
      expect(told.map(([size]) => size)).toEqual([...told.map(([size = 0]) => size)].sort((a, b) => a - b))
      stop.abort()
      await server?.stop()
    }
  })
})

test('fifty strangers a second beside one watched wallet are read and passed over', async () => {
  const strangers = Array.from({ length: 500 }, (_, number) =>
    STRANGERS.replace('9'.repeat(40), number.toString(16).padStart(40, 'a')),
  )
  const { trades, notes, states } = await watching(socket => afterGreeting(socket, ...strangers, FRAME))
  expect(await trades.first(1)).toHaveLength(1)
  expect(notes.held).toEqual([])
  expect(states.held.map(state => state.status)).toEqual(['connecting', 'live'])
})

test('a trade comes with the moment of its frame', async () => {
  const sockets = await serveSocket(socket => afterGreeting(socket, FRAME))
  server = sockets
  stop = new AbortController()
  const clock = leapingClock(NOW)
  const received = gathering<number>()
  const startedAt = performance.now()
  const stream = activityStream(clientOf(hostsAt('http://127.0.0.1:9', sockets.url), clock), clock)
  const done = stream.watch(
    over(() => true),
    (_trade, receivedMs) => received.add(receivedMs),
    () => {},
    stop.signal,
  )
  const [at = 0] = await received.first(1)
  expect(at).toBeGreaterThan(startedAt)
  expect(at).toBeLessThanOrEqual(performance.now())
  stop.abort()
  await done
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
    const stream = activityStream(client, clock, { openWithinMs: 50 })
    const done = stream.watch(
      over(() => true),
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
    const stream = activityStream(clientOf(hostsAt('http://127.0.0.1:9', sockets.url), clock), clock)
    await stream.watch(
      over(() => true),
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
    const stream = activityStream(clientOf(hostsAt('http://127.0.0.1:9', sockets.url), clock), clock)
    const hear = () => {
      throw new RangeError('no more')
    }
    await expect(
      stream.watch(
        over(() => true),
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
