import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

/** A log in a node's words, with what a test may want to spoil. */
export type WireLog = Record<string, unknown> & {
  readonly address: string
  readonly topics: readonly string[]
  readonly data: string
}

export type Asked = { readonly method: string; readonly params: readonly unknown[]; readonly id: unknown }
type Subscription = { readonly id: string; readonly what: string; readonly filter: Filter; readonly socket: WebSocket }
type Filter = { readonly address?: readonly string[]; readonly topics?: readonly unknown[] }
type Block = { readonly number: number; readonly hash: string; readonly at: number; readonly logs: WireLog[] }

/** What the node does otherwise than a good one. */
export type NodeConduct = {
  chainId?: number
  /** Most blocks of one `eth_getLogs`. */
  blocksMax?: number
  /** The words of its refusal. */
  refusal?: { code: number; message: string }
  /** Takes frames and answers none. */
  isMute?: boolean
  /** Answers in place of the node; `undefined` leaves it to the node. */
  answer?: (asked: Asked) => unknown
}

/**
 * A node of a chain of the test's own, over WebSocket and HTTP on loopback, as far as logs and heads go. It keeps every question
 * in `asked`, and its chain when its connections are cut.
 */
export async function nodeStandIn(conduct: NodeConduct = {}) {
  const blocks: Block[] = []
  const asked: Asked[] = []
  const subscriptions = new Map<string, Subscription>()
  const raw = new Set<Socket>()
  let made = 0
  let connections = 0
  const head = () => blocks.at(-1)?.number ?? 0

  const mine = (logs: readonly WireLog[] = [], at = Math.floor(Date.now() / 1_000)): Block => {
    const number = head() + 1
    const hash = hashOf(number)
    const placed = logs.map((log, index) => placedIn(number, index, log))
    const block = { number, hash, at, logs: placed }
    blocks.push(block)
    for (const log of placed) tellLog(log)
    tell('newHeads', headOf(block), () => true)
    return block
  }
  const tell = (what: string, result: unknown, isFor: (filter: Filter) => boolean) => {
    if (conduct.isMute) return
    for (const one of subscriptions.values())
      if (one.what === what && isFor(one.filter))
        one.socket.send(
          JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params: { subscription: one.id, result } }),
        )
  }
  const tellLog = (log: WireLog) => tell('logs', log, filter => matches(filter, log))

  const result = ({ method, params }: Asked, socket?: WebSocket): unknown => {
    const [first, second] = params as [string & Filter & { fromBlock: string; toBlock: string }, Filter]
    switch (method) {
      case 'eth_chainId':
        return `0x${(conduct.chainId ?? 137).toString(16)}`
      case 'eth_blockNumber':
        return `0x${head().toString(16)}`
      case 'eth_getBlockByNumber': {
        const block = first === 'latest' ? blocks.at(-1) : blocks.find(one => one.number === Number(first))
        return block === undefined ? null : headOf(block)
      }
      case 'eth_getLogs': {
        const [from, to] = [Number(first.fromBlock), Number(first.toBlock)]
        if (to - from + 1 > (conduct.blocksMax ?? Number.POSITIVE_INFINITY)) throw conduct.refusal
        const within = blocks.filter(block => block.number >= from && block.number <= to)
        return within.flatMap(block => block.logs).filter(log => matches(first, log))
      }
      case 'eth_subscribe': {
        if (socket === undefined) throw { code: -32_601, message: 'no subscriptions here' }
        made += 1
        const id = `0x${made.toString(16)}`
        subscriptions.set(id, { id, what: first, filter: second ?? {}, socket })
        return id
      }
      case 'eth_unsubscribe':
        return subscriptions.delete(first)
      default:
        throw { code: -32_601, message: `the method ${method} does not exist` }
    }
  }
  const answer = (text: string, socket?: WebSocket): unknown => {
    const question = JSON.parse(text) as Asked
    asked.push(question)
    const { id } = question
    try {
      return { jsonrpc: '2.0', id, result: conduct.answer?.(question) ?? result(question, socket) }
    } catch (error) {
      return { jsonrpc: '2.0', id, error }
    }
  }

  const server = createServer(async (request: IncomingMessage, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    if (conduct.isMute) return
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(body)))
  })
  server.on('connection', socket => {
    raw.add(socket)
    socket.on('close', () => raw.delete(socket))
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', socket => {
    connections += 1
    socket.on('error', () => {})
    socket.on('message', data => {
      if (!conduct.isMute) socket.send(JSON.stringify(answer(String(data), socket)))
    })
    socket.on('close', () => {
      for (const one of subscriptions.values()) if (one.socket === socket) subscriptions.delete(one.id)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const cut = () => {
    for (const socket of sockets.clients) socket.terminate()
  }
  return {
    url: `ws://127.0.0.1:${port}`,
    http: `http://127.0.0.1:${port}`,
    conduct,
    asked,
    mine,
    tellLog,
    /** Puts a log into a block that was told already, and tells nobody. */
    slip: (block: Block, log: WireLog) => block.logs.push(placedIn(block.number, block.logs.length, log)),
    /** Sends a frame as it is to whoever is connected. */
    say: (frame: string | Buffer) => {
      for (const socket of sockets.clients) socket.send(frame)
    },
    cut,
    connections: () => connections,
    open: () => sockets.clients.size,
    subscriptions: () => [...subscriptions.values()],
    askedFor: (method: string) => asked.filter(one => one.method === method),
    stop: () =>
      new Promise<void>(resolve => {
        cut()
        sockets.close()
        server.close(() => resolve())
        for (const socket of raw) socket.destroy()
      }),
  }
}

export type NodeStandIn = Awaited<ReturnType<typeof nodeStandIn>>

/** A log as the node tells it of a block, unless the test says otherwise in it. */
function placedIn(number: number, index: number, log: WireLog): WireLog {
  return {
    blockNumber: `0x${number.toString(16)}`,
    blockHash: hashOf(number),
    transactionHash: `0x${'ab'.repeat(32)}`,
    logIndex: `0x${index.toString(16)}`,
    removed: false,
    ...log,
  }
}

function hashOf(number: number): string {
  return `0x${number.toString(16).padStart(64, '0')}`
}

function headOf({ number, hash, at }: Block): object {
  return { number: `0x${number.toString(16)}`, hash, timestamp: `0x${at.toString(16)}` }
}

function matches({ address, topics }: Filter, log: WireLog): boolean {
  if (address !== undefined && !address.includes(log.address.toLowerCase())) return false
  return (topics ?? []).every((wanted, index) => {
    if (wanted === null) return true
    const topic = log.topics[index]?.toLowerCase() ?? ''
    return Array.isArray(wanted) ? wanted.includes(topic) : wanted === topic
  })
}

const ORDER_FILLED = '0xd543adfd945773f1a62f74f0ee55a5e3b9b1a28262980ba90b1a89f2ea84d8ee'
const TRANSFER_SINGLE = '0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62'
const TRANSFER_BATCH = '0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb'
export const EXCHANGE = '0xe111180000d2663c0091e4f400237545b87b996b'
export const SHARES = '0x4d97dcd97ec945f40cf65f87097ace5ea0476045'
export const ZERO_ADDRESS = `0x${'0'.repeat(40)}`

const word = (value: bigint | number) => BigInt(value).toString(16).padStart(64, '0')
export const topic = (address: string) => `0x${'0'.repeat(24)}${address.slice(2).toLowerCase()}`

/** An order of this wallet that was filled; amounts in millionths. `given` is what the wallet gave. */
export function filled(order: {
  readonly whale: string
  readonly token: string
  readonly side: 'buy' | 'sell'
  readonly given: number
  readonly taken: number
  readonly exchange?: string
  readonly counterparty?: string
  readonly order?: number
  readonly more?: Record<string, unknown>
}): WireLog {
  const address = order.exchange ?? EXCHANGE
  const words = [order.side === 'buy' ? 0 : 1, BigInt(order.token), order.given, order.taken, 0, 0, 0]
  return {
    address,
    topics: [ORDER_FILLED, `0x${word(order.order ?? 1)}`, topic(order.whale), topic(order.counterparty ?? address)],
    data: `0x${words.map(word).join('')}`,
    ...order.more,
  }
}

/** Shares that went from one address to another, one token or several. */
export function sent(
  from: string,
  to: string,
  parts: readonly (readonly [token: string, size: number])[],
  more: Record<string, unknown> = {},
): WireLog {
  const isBatch = parts.length > 1
  const list = (values: readonly (bigint | number)[]) => [values.length, ...values]
  const ids = list(parts.map(([token]) => BigInt(token)))
  const sizes = list(parts.map(([, size]) => size))
  const batch = [64, 64 + 32 * ids.length, ...ids, ...sizes]
  const [token = '0', size = 0] = parts[0] ?? []
  return {
    address: SHARES,
    topics: [isBatch ? TRANSFER_BATCH : TRANSFER_SINGLE, topic(from), topic(from), topic(to)],
    data: `0x${(isBatch ? batch : [BigInt(token), size]).map(word).join('')}`,
    ...more,
  }
}
