import { once } from 'node:events'
import { afterEach } from 'vitest'
import { WebSocket } from 'ws'
import type { Source } from '../../src/sandbox/faults/faults.ts'
import { ALL_TRADES, rows, type Visited } from './visitor.ts'

export type StreamSource = Extract<Source, 'chain' | 'activity' | 'market'>

const sockets: WebSocket[] = []

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate()
})

/** A connection that takes whatever comes. */
export type Ear = {
  readonly socket: WebSocket
  /** Frames as they came; binary ones as `undefined`. */
  readonly frames: readonly (string | undefined)[]
  /** How the connection ended, once it has. */
  readonly end: () => number | undefined
  readonly pongs: () => number
}

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(resolve => setTimeout(resolve, 5))
}

export function dial(address: string): Ear & { readonly opened: Promise<boolean> } {
  const socket = new WebSocket(address)
  sockets.push(socket)
  const frames: (string | undefined)[] = []
  let end: number | undefined
  let pongs = 0
  socket.on('message', (data, isBinary) => frames.push(isBinary ? undefined : String(data)))
  socket.on('pong', () => {
    pongs += 1
  })
  socket.on('close', code => {
    end = code
  })
  const opened = Promise.race([
    once(socket, 'open').then(() => true),
    new Promise<boolean>(resolve => socket.on('error', () => resolve(false))),
  ])
  opened.catch(() => undefined)
  return { socket, frames, end: () => end, pongs: () => pongs, opened }
}

/** Connects and subscribes to everything that the source tells. */
export async function listen(sandbox: Visited, source: StreamSource): Promise<Ear> {
  const ear = dial(addressOf(sandbox, source))
  if (!(await ear.opened)) throw new Error(`${source} did not open`)
  for (const frame of await subscriptions(sandbox, source)) ear.socket.send(JSON.stringify(frame))
  await settled(ear)
  return ear
}

export function addressOf({ hosts }: Visited, source: StreamSource): string {
  if (source === 'chain') return hosts.rpc[0] ?? ''
  return source === 'market' ? hosts.marketSocket : hosts.activitySocket
}

async function subscriptions(sandbox: Visited, source: StreamSource): Promise<readonly object[]> {
  if (source === 'activity') return [ALL_TRADES]
  if (source === 'chain') {
    const call = { jsonrpc: '2.0', id: 1, method: 'eth_subscribe' }
    return [
      { ...call, params: ['newHeads'] },
      { ...call, params: ['logs', {}] },
    ]
  }
  return [{ type: 'market', assets_ids: (await tokensOf(sandbox)).slice(0, 60) }]
}

export async function tokensOf({ hosts }: Visited): Promise<readonly string[]> {
  const markets = await rows(`${hosts.gamma}/markets?limit=100`)
  return markets.flatMap(market => JSON.parse(String(market.clobTokenIds)) as string[])
}

/** Waits until everything up to now was told: any frame makes the sandbox tell what happened, before it answers. */
export async function settled(ear: Ear): Promise<void> {
  const before = ear.frames.filter(text => text === 'PONG').length
  ear.socket.send('{}')
  ear.socket.send('PING')
  await until(() => ear.frames.filter(text => text === 'PONG').length > before)
}

/** What a source told, without what it answered. */
export function told(source: StreamSource, { frames }: Ear): readonly string[] {
  return frames.filter((text): text is string => {
    if (text === undefined) return false
    if (source === 'chain') return text.includes('"eth_subscription"')
    return text.startsWith(source === 'market' ? '{"event_type"' : '{"topic"') || text.startsWith('{"market"')
  })
}

/** Lets so many seconds pass one by one, and everything of each be told. */
export async function pass(sandbox: Visited, ear: Ear, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    sandbox.clock.now += 1000
    await settled(ear)
  }
}
