import { id, JsonRpcProvider, Network, WebSocketProvider, zeroPadValue } from 'ethers'
import { describe, expect, test } from 'vitest'
import { dataApi } from '../../src/sandbox/data/data.ts'
import { addressTopic } from '../../src/sandbox/node/words.ts'
import { asking, CONTRACTS, hex, logsBetween, nodeHost, type WireLog, worldOf } from './node-host.ts'
import { NOON, type Row } from './visitor.ts'

const POLYGON = Network.from(137)
const FILLED = id('OrderFilled(bytes32,address,address,uint8,uint256,uint256,uint256,uint256,bytes32,bytes32)')
const EXCHANGES = [
  '0xE111180000d2663C0091e4f400237545B87B996B',
  '0xe2222d279d744050d28e00520010520000310F59',
  '0xe3333700cA9d93003F00f0F71f8515005F6c00Aa',
]

async function headOf(world: ReturnType<typeof worldOf>, at: number): Promise<number> {
  return Number((await asking(world)(at, 'eth_blockNumber')).result)
}

function decoded(log: WireLog) {
  const read = CONTRACTS.parseLog(log)
  if (read === null) throw new Error('every log is one of the three that are known')
  return read
}

describe('a client of its own', () => {
  test('over HTTP reads linked blocks, logs and the receipt of a log', async () => {
    const host = await nodeHost()
    const provider = new JsonRpcProvider(host.http, POLYGON, { staticNetwork: POLYGON })
    const head = await provider.getBlockNumber()
    const [before, last] = [await provider.getBlock(head - 1), await provider.getBlock('latest')]
    expect(last?.number).toBe(head)
    expect(last?.parentHash).toBe(before?.hash)
    expect(Number(last?.timestamp) - Number(before?.timestamp)).toBe(2)
    expect(await provider.getBlock(String(last?.hash))).toEqual(last)
    expect(await provider.getBlock(head + 1)).toBeNull()
    const logs = await provider.getLogs({ address: EXCHANGES, topics: [FILLED], fromBlock: head - 200, toBlock: head })
    expect(logs.length).toBeGreaterThan(50)
    const one = logs[20]
    const receipt = await provider.getTransactionReceipt(String(one?.transactionHash))
    expect(receipt?.logs.map(log => log.index)).toContain(one?.index)
    expect(receipt?.blockHash).toBe(one?.blockHash)
    expect(await provider.getTransactionReceipt(`0x${'ab'.repeat(32)}`)).toBeNull()
    provider.destroy()
  })

  test('over a socket hears heads and the logs of the wallets it names', async () => {
    const host = await nodeHost()
    const provider = new WebSocketProvider(host.socket, POLYGON, { staticNetwork: POLYGON })
    const wallets = host.world.whales.slice(0, 8).map(whale => whale.address)
    const heads: number[] = []
    const heard: Row[] = []
    const filter = { address: EXCHANGES, topics: [FILLED, null, wallets.map(it => zeroPadValue(it, 32))] }
    await provider.on('block', (number: number) => heads.push(number))
    await provider.on(filter, (log: Row) => heard.push(log))
    const first = await provider.getBlockNumber()
    for (let turn = 0; turn < 2000 && (heard.length < 5 || heads.length < 20); turn += 1) {
      host.advance(2000)
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(heads.slice(0, 3)).toEqual([first + 1, first + 2, first + 3])
    const asked = await logsBetween(host.world, host.now(), first + 1, await headOf(host.world, host.now()), filter)
    expect(heard[0]?.transactionHash).toBe(asked[0]?.transactionHash)
    expect(asked.every(log => wallets.includes(`0x${log.topics[2]?.slice(26)}`))).toBe(true)
    await provider.destroy()
  })
})

test('every trade that is told of a wallet is a filled order of the same size, price and second or so', async () => {
  const world = worldOf({ strangersPerSecond: 0 })
  const at = world.clock.worldTime(NOON)
  const head = await headOf(world, at)
  const data = dataApi(world)
  const wallets = world.whales.map(whale => addressTopic(whale.address))
  const filled = await logsBetween(world, at, head - 999, head, { topics: [FILLED, null, wallets] })
  for (const whale of world.whales) {
    const logs = filled.filter(log => log.topics[2] === addressTopic(whale.address))
    const start = (head - 999) * 2
    const query = new URLSearchParams({ user: whale.address, taker_only: 'false', limit: '1000', start: String(start) })
    const { body } = await data({ method: 'GET', path: '/v2/trades', query, body: '' }, at)
    const rows = (body as { data: readonly Row[] }).data.filter(row => Number(row.timestamp) < (head + 1) * 2)
    const told = rows.map(row => [
      row.transaction_hash,
      row.token_id,
      row.side,
      row.size,
      row.price,
      block(row.timestamp),
    ])
    const logged = logs.map(log => {
      const { args } = decoded(log)
      const [paid, got] = [Number(args.makerAmountFilled), Number(args.takerAmountFilled)]
      const [dollars, shares] = args.side === 0n ? [paid, got] : [got, paid]
      const price = Math.round((dollars / shares) * 1000) / 1000
      const side = args.side === 0n ? 'BUY' : 'SELL'
      return [log.transactionHash, String(args.tokenId), side, shares / 1e6, price, Number(log.blockNumber)]
    })
    expect(sorted(logged)).toEqual(sorted(told))
  }
  expect(filled.length).toBeGreaterThan(500)
})

function block(seconds: unknown): number {
  return Math.floor(Number(seconds) / 2)
}

function sorted(rows: readonly (readonly unknown[])[]): readonly string[] {
  return rows.map(row => JSON.stringify(row)).sort()
}

test('the makers of a match come first, then its taker, whose counterparty is the exchange of its market', async () => {
  const world = worldOf({ strangersPerSecond: 5 })
  const at = world.clock.worldTime(NOON)
  const head = await headOf(world, at)
  const logs = await logsBetween(world, at, head - 300, head, { topics: [FILLED] })
  const byTransaction = grouped(logs)
  for (const match of byTransaction.values()) {
    const orders = match.map(log => ({ log, ...decoded(log).args.toObject() })) as unknown as Filled[]
    const taker = orders.at(-1)
    expect(taker?.taker).toBe(taker && EXCHANGES.find(it => it.toLowerCase() === taker.log.address))
    for (const maker of orders.slice(0, -1)) expect(maker).toMatchObject({ taker: taker?.maker, fee: 0n })
    const made = orders.slice(0, -1).reduce((sum, order) => sum + sharesIn(order), 0n)
    expect(made).toBe(taker && sharesIn(taker))
  }
  expect(new Set(logs.map(log => log.address)).size).toBe(3)
})

type Filled = {
  readonly log: WireLog
  readonly maker: string
  readonly taker: string
  readonly side: bigint
  readonly makerAmountFilled: bigint
  readonly takerAmountFilled: bigint
}

function sharesIn(order: Filled): bigint {
  return order.side === 0n ? order.takerAmountFilled : order.makerAmountFilled
}

function grouped(logs: readonly WireLog[]): Map<string, WireLog[]> {
  const found = new Map<string, WireLog[]>()
  for (const log of logs) found.set(log.transactionHash, [...(found.get(log.transactionHash) ?? []), log])
  return found
}

describe('what is refused', () => {
  const world = worldOf({ strangersPerSecond: 12 })
  const at = world.clock.worldTime(NOON)
  const ask = asking(world)

  test.each([
    ['a method that is not known', 'eth_call', [], -32601],
    ['a subscription without a socket', 'eth_subscribe', ['newHeads'], -32601],
    ['a number that is none', 'eth_getBlockByNumber', ['last', false], -32602],
    ['a hash that is none', 'eth_getTransactionReceipt', ['0x12'], -32602],
    ['an address that is none', 'eth_getLogs', [{ address: '0x12' }], -32602],
    ['five topics', 'eth_getLogs', [{ topics: [null, null, null, null, null] }], -32602],
    ['a block that nobody knows', 'eth_getLogs', [{ blockHash: `0x${'ab'.repeat(32)}` }], -32000],
  ])('%s', async (_, method, params, code) => {
    expect(await ask(at, method, ...params)).toMatchObject({ id: 1, error: { code } })
  })

  test('more than a thousand blocks, and more than ten thousand logs', async () => {
    const head = await headOf(world, at)
    const asked = (from: number, filter: object) =>
      ask(at, 'eth_getLogs', { fromBlock: hex(from), toBlock: 'latest', ...filter })
    const nobody = { address: `0x${'12'.repeat(20)}` }
    expect(await asked(head - 999, nobody)).toMatchObject({ result: [] })
    expect(await asked(head - 1000, nobody)).toMatchObject({ error: { code: -32000, message: 'invalid block range' } })
    expect(await asked(head - 999, {})).toMatchObject({ error: { message: expect.stringContaining('10000') } })
  })

  test('a batch is answered one by one, and one that is too long not at all', async () => {
    const host = await nodeHost()
    const send = async (body: unknown): Promise<unknown> =>
      (await fetch(host.http, { method: 'POST', body: JSON.stringify(body) })).json()
    const one = { jsonrpc: '2.0', id: 'a', method: 'eth_chainId' }
    expect(await send([one, { id: 7 }])).toMatchObject([
      { id: 'a', result: '0x89' },
      { id: 7, error: { code: -32600 } },
    ])
    expect(await send(Array.from({ length: 101 }, () => one))).toMatchObject({ error: { code: -32600 } })
  })
})

test('another node of the same seed tells the same bytes', async () => {
  const read = async (seed: string) => {
    const world = worldOf({ seed })
    const at = world.clock.worldTime(NOON)
    const head = await headOf(world, at)
    return JSON.stringify([
      await asking(world)(at, 'eth_getBlockByNumber', 'latest'),
      await logsBetween(world, at, head - 50, head),
    ])
  }
  expect(await read('one')).toBe(await read('one'))
  expect(await read('two')).not.toBe(await read('one'))
})
