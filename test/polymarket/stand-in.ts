import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Hosts, type Note, polymarketClient } from '../../src/adapters/polymarket/client.ts'
import { instant } from '../../src/core/units/ids.ts'
import type { Clock } from '../../src/ports/clock.ts'

/** A row or an answer in the service's own words. */
export function wire(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`../wire/${name}.json`, import.meta.url), 'utf8'))
}

/** A clock on which every wait is over at once, and has taken its time. */
export function leapingClock(startsAt = 1_795_132_900_000): Clock & { readonly slept: number[] } {
  let now = startsAt
  const slept: number[] = []
  return {
    slept,
    now: () => instant(now),
    sleep: async ms => {
      slept.push(ms)
      now += ms
    },
  }
}

export type Asked = { readonly method: string; readonly url: URL; readonly body: string }

/** A server of the test's own that answers as it is told to, and remembers what it was asked. */
export async function serve(answer: (asked: Asked, response: ServerResponse) => void) {
  const asked: Asked[] = []
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const one = { method: request.method ?? '', url: new URL(request.url ?? '/', 'http://stand-in'), body }
    asked.push(one)
    answer(one, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    base,
    asked,
    hosts: hostsAt(base, 'ws://127.0.0.1:9'),
    stop: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export function json(response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

export function hostsAt(base: string, activitySocket: string): Hosts {
  return { gamma: base, data: base, clob: base, marketSocket: activitySocket, activitySocket }
}

/** A socket server that does with each connection what the test says; `number` counts connections from 1. */
export async function serveSocket(meet: (socket: WebSocket, number: number) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  let connections = 0
  server.on('connection', socket => {
    connections += 1
    socket.on('error', () => {})
    meet(socket, connections)
  })
  await new Promise<void>(resolve => server.on('listening', resolve))
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    open: () => server.clients.size,
    stop: () =>
      new Promise<void>(resolve => {
        for (const client of server.clients) client.terminate()
        server.close(() => resolve())
      }),
  }
}

export function clientOf(hosts: Hosts, clock: Clock, note: Note = () => {}) {
  return polymarketClient({ hosts, clock, note, chance: () => 0.5, attemptMs: 1_000 })
}

/** A list that can be waited on: `first` gives what it holds as soon as there are `count` of it. */
export function gathering<T>() {
  const held: T[] = []
  let wake = () => {}
  return {
    held,
    add: (one: T) => {
      held.push(one)
      wake()
    },
    first: async (count: number): Promise<readonly T[]> => {
      while (held.length < count) await new Promise<void>(resolve => (wake = resolve))
      return held.slice(0, count)
    },
  }
}

export const forever = () => new AbortController().signal
