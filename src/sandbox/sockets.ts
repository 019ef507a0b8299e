import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, WebSocket, WebSocketServer } from 'ws'
import { activityFeed } from './activity-socket.ts'
import { marketFeed } from './market-socket.ts'
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

type Connection = { readonly socket: WebSocket; readonly subscriber: Subscriber; heardAt: number }

const TICK_MS = 200
const CONNECTIONS_MAX = 64
const FRAME_BYTES_MAX = 262_144
/** Text waiting to be read by one connection, above which it is let go as too slow. */
const UNREAD_BYTES_MAX = 4_194_304
const TOO_SLOW = 1013
/** Streams have no replay: after a gap, such as a laptop's sleep, only this much of it is told. In wall time. */
const CATCH_UP_MS = 30_000

/** Puts the two streams on the server and keeps them ticking while anybody listens. */
export function openSockets(server: Server, world: World, now: () => number): Sockets {
  const feeds: Readonly<Record<string, Feed>> = {
    '/ws/market': marketFeed(world),
    '/rtds': activityFeed(world),
  }
  const upgrader = new WebSocketServer({ noServer: true, maxPayload: FRAME_BYTES_MAX, perMessageDeflate: false })
  upgrader.on('headers', headers => {
    for (const [name, value] of Object.entries(SIMULATED_HEADER)) headers.push(`${name}: ${value}`)
  })
  const connections = new Set<Connection>()
  let told = world.clock.worldTime(now())

  const tick = (): void => {
    const wall = now()
    const to = world.clock.worldTime(wall)
    const from = Math.max(told, to - CATCH_UP_MS * world.clock.speed)
    told = to
    if (to <= from) return
    for (const { socket, subscriber, heardAt } of connections) {
      if (socket.bufferedAmount > UNREAD_BYTES_MAX) socket.close(TOO_SLOW, 'slow consumer')
      else subscriber.ticked(from, to, wall - heardAt)
    }
  }

  let timer: NodeJS.Timeout | undefined
  const join = (socket: WebSocket, feed: Feed): void => {
    // A new listener must not be told of the time before it came, nor make the others miss any.
    if (connections.size === 0) told = world.clock.worldTime(now())
    else tick()
    const send = (text: string): void => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
    }
    const connection: Connection = { socket, subscriber: feed.connected({ send }), heardAt: now() }
    connections.add(connection)
    timer ??= setInterval(tick, TICK_MS)
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
  }

  server.on('upgrade', (incoming: IncomingMessage, stream: Duplex, head: Buffer) => {
    const path = new URL(incoming.url ?? '/', 'http://sandbox.invalid').pathname
    const feed = feeds[path === '/' ? '/rtds' : path]
    if (feed === undefined || connections.size >= CONNECTIONS_MAX) {
      stream.end(`HTTP/1.1 ${feed === undefined ? '404 Not Found' : '503 Service Unavailable'}\r\n\r\n`)
      return
    }
    upgrader.handleUpgrade(incoming, stream, head, socket => join(socket, feed))
  })

  return {
    stop: () => {
      clearInterval(timer)
      for (const { socket } of connections) socket.terminate()
      upgrader.close()
    },
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
