import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, WebSocket, WebSocketServer } from 'ws'
import { activityFeed } from './activity-socket.ts'
import { faultyNodeFeed } from './faults/chain.ts'
import { connectionFaults } from './faults/connections.ts'
import type { Source, Switchboard } from './faults/faults.ts'
import { faultyLine, type Line } from './faults/frames.ts'
import { marketFeed } from './market-socket.ts'
import { nodeApi } from './node/api.ts'
import { nodeFeed } from './node/socket.ts'
import { SIMULATED_HEADER } from './rest.ts'
import type { World } from './world.ts'

export type Client = { readonly send: (text: string) => void }

/** What a feed does for one connection. `from` and `to` are the world's time since the last tick. */
export type Subscriber = {
  readonly heard: (frame: Readonly<Record<string, unknown>>, at: number) => void
  readonly ticked: (from: number, to: number, quietForMs: number) => void
}

export type Feed = { readonly connected: (client: Client) => Subscriber }

export type Sockets = { readonly stop: () => void }

type Stream = { readonly source: Source; readonly feed: Feed }

type Connection = {
  readonly source: Source
  readonly socket: WebSocket
  readonly line: Line
  readonly subscriber: Subscriber
  /** Counts the connections there ever were. */
  readonly place: number
  heardAt: number
}

const TICK_MS = 200
const CONNECTIONS_MAX = 64
const FRAME_BYTES_MAX = 262_144
/** Text waiting to be read by one connection, above which it is let go as too slow. */
const UNREAD_BYTES_MAX = 4_194_304
const TOO_SLOW = 1013
/** Streams have no replay: after a gap, such as a laptop's sleep, only this much of it is told. In wall time. */
const CATCH_UP_MS = 30_000

/** Puts the streams on the server and keeps them ticking while anybody listens. */
export function openSockets(server: Server, world: World, board: Switchboard, now: () => number): Sockets {
  const streams: Readonly<Record<string, Stream>> = {
    '/ws/market': { source: 'market', feed: marketFeed(world) },
    '/rtds': { source: 'activity', feed: activityFeed(world, board) },
    '/rpc': { source: 'chain', feed: faultyNodeFeed(nodeFeed(world), nodeApi(world), board) },
  }
  const upgrader = new WebSocketServer({ noServer: true, maxPayload: FRAME_BYTES_MAX, perMessageDeflate: false })
  upgrader.on('headers', headers => {
    for (const [name, value] of Object.entries(SIMULATED_HEADER)) headers.push(`${name}: ${value}`)
  })
  const faults = connectionFaults(board)
  const connections = new Set<Connection>()
  let told = world.clock.worldTime(now())
  let tendedAt = now()
  let places = 0

  const tick = (): void => {
    const wall = now()
    const to = world.clock.worldTime(wall)
    const from = Math.max(told, to - CATCH_UP_MS * world.clock.speed)
    told = to
    if (to <= from) return
    for (const { source, socket, subscriber, heardAt } of connections) {
      if (socket.bufferedAmount > UNREAD_BYTES_MAX) socket.close(TOO_SLOW, 'slow consumer')
      else if (!isMute(board, source)) subscriber.ticked(from, to, wall - heardAt)
    }
  }

  /** What faults do in their own time, also while the world's stands still. */
  const tend = (): void => {
    const at = now()
    const from = Math.min(tendedAt, at)
    tendedAt = at
    for (const { source, socket, line, place } of connections) {
      faults.tend(source, socket, place, from, at)
      line.beat(at)
    }
  }
  board.changed(tend)

  let timer: NodeJS.Timeout | undefined
  const join = (socket: WebSocket, { source, feed }: Stream): void => {
    // A new listener must not be told of the time before it came, nor make the others miss any.
    if (connections.size > 0) tick()
    else {
      told = world.clock.worldTime(now())
      tendedAt = now()
    }
    const send = (frame: string | Buffer): void => {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame)
    }
    const line = faultyLine(source, board, now, send)
    places += 1
    const subscriber = feed.connected({ send: line.send })
    const connection: Connection = { source, socket, line, subscriber, place: places, heardAt: now() }
    connections.add(connection)
    timer ??= setInterval(() => {
      tend()
      tick()
    }, TICK_MS)
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      connections.delete(connection)
      if (connections.size > 0) return
      clearInterval(timer)
      timer = undefined
    })
    socket.on('message', data => {
      connection.heardAt = now()
      const text = textOf(data)
      if (text.toUpperCase() === 'PING') return send('PONG')
      tick()
      const frame = parsed(text)
      if (frame !== undefined) connection.subscriber.heard(frame, told)
    })
    faults.tend(source, socket, places, now(), now())
  }

  server.on('upgrade', (incoming: IncomingMessage, stream: Duplex, head: Buffer) => {
    const path = new URL(incoming.url ?? '/', 'http://sandbox.invalid').pathname
    const found = streams[path === '/' ? '/rtds' : path]
    const welcome = found === undefined ? 'welcome' : faults.welcome(found.source)
    if (found !== undefined && welcome === 'ignored') return faults.ignore(found.source, stream)
    if (connections.size >= CONNECTIONS_MAX) letGo(connections)
    if (found === undefined || welcome === 'turnedAway' || connections.size >= CONNECTIONS_MAX) {
      stream.end(`HTTP/1.1 ${found === undefined ? '404 Not Found' : '503 Service Unavailable'}\r\n\r\n`)
      return
    }
    upgrader.handleUpgrade(incoming, stream, head, socket => join(socket, found))
  })

  return {
    stop: () => {
      clearInterval(timer)
      for (const { socket } of connections) socket.terminate()
      faults.stop()
      upgrader.close()
    },
  }
}

/** Nothing is even asked for that would not be told. */
function isMute(board: Switchboard, source: Source): boolean {
  return board.isTroubled(source) && (board.isOn(source, 'silent') || board.isOn(source, 'halfOpen'))
}

/** Half-open connections do not notice that the other end has gone, so the oldest makes room for a new one. */
function letGo(connections: Set<Connection>): void {
  for (const connection of connections) {
    if (!connection.socket.isPaused) continue
    connections.delete(connection)
    connection.socket.terminate()
    return
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : data.toString('utf8')
}

/** A frame that is not a JSON object is dropped: what to say about it is the feed's business only when it is one. */
function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
