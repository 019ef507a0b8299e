import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Interface } from 'ethers'
import { afterEach } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { nodeApi } from '../../src/sandbox/node/api.ts'
import { nodeFeed } from '../../src/sandbox/node/socket.ts'
import { type SeededWorld, type SeededWorldOptions, seededWorld } from '../../src/sandbox/seeded-world.ts'
import type { Subscriber } from '../../src/sandbox/sockets.ts'
import { NOON, type Row } from './visitor.ts'

/** What the contracts log, in words that a library can read. */
export const CONTRACTS = new Interface([
  'event OrderFilled(bytes32 indexed orderHash, address indexed maker, address indexed taker, uint8 side, uint256 tokenId, uint256 makerAmountFilled, uint256 takerAmountFilled, uint256 fee, bytes32 builder, bytes32 metadata)',
  'event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)',
  'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] amounts)',
])

export type WireLog = {
  readonly address: string
  readonly topics: readonly string[]
  readonly data: string
  readonly blockNumber: string
  readonly blockHash: string
  readonly transactionHash: string
  readonly logIndex: string
  readonly removed: boolean
}

export type NodeHost = {
  readonly world: SeededWorld
  readonly http: string
  readonly socket: string
  /** The world's time, which only the test moves. */
  readonly now: () => number
  readonly advance: (ms: number) => void
}

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

export function worldOf(options: Partial<SeededWorldOptions> = {}): SeededWorld {
  return seededWorld({ seed: 'remora', speed: 1, strangersPerSecond: 1, ...options })
}

/** The node behind a real server on loopback. */
export async function nodeHost(options: Partial<SeededWorldOptions> = {}): Promise<NodeHost> {
  const world = worldOf(options)
  const [api, feed] = [nodeApi(world), nodeFeed(world)]
  const subscribers = new Map<WebSocket, Subscriber>()
  let at = world.clock.worldTime(NOON)
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    response.end(JSON.stringify(await api(JSON.parse(body), at)))
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', socket => {
    const subscriber = feed.connected({ send: text => socket.send(text) })
    subscribers.set(socket, subscriber)
    socket.on('message', data => subscriber.heard(JSON.parse(String(data)), at))
    socket.on('close', () => subscribers.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  closing.push(() => {
    for (const socket of subscribers.keys()) socket.terminate()
    server.closeAllConnections()
    server.close()
  })
  return {
    world,
    http: `http://127.0.0.1:${port}`,
    socket: `ws://127.0.0.1:${port}`,
    now: () => at,
    advance: ms => {
      const from = at
      at += ms
      for (const subscriber of subscribers.values()) subscriber.ticked(from, at, 0)
    },
  }
}

/** Asks a world's node one thing as of a moment. */
export function asking(world: SeededWorld) {
  const api = nodeApi(world)
  return async (at: number, method: string, ...params: readonly unknown[]): Promise<Row> =>
    (await api({ jsonrpc: '2.0', id: 1, method, params }, at)) as Row
}

/** The logs of these blocks as they stand at a moment, asked for a thousand blocks at a time. */
export async function logsBetween(
  world: SeededWorld,
  at: number,
  from: number,
  to: number,
  filter: object = {},
): Promise<readonly WireLog[]> {
  const ask = asking(world)
  const found: WireLog[] = []
  for (let first = from; first <= to; first += 1000) {
    const range = { fromBlock: hex(first), toBlock: hex(Math.min(to, first + 999)) }
    const { result, error } = await ask(at, 'eth_getLogs', { ...filter, ...range })
    if (error !== undefined) throw new Error(JSON.stringify(error))
    found.push(...(result as WireLog[]))
  }
  return found
}

export function hex(value: number): string {
  return `0x${value.toString(16)}`
}
