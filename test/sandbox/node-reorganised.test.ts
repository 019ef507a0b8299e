import { describe, expect, test } from 'vitest'
import { nodeFeed } from '../../src/sandbox/node/socket.ts'
import { asking, hex, logsBetween, type WireLog, worldOf } from './node-host.ts'
import { NOON, type Row } from './visitor.ts'

const BLOCK_MS = 2000
const BLOCKS = 900

type Told = { readonly head: number; readonly log: WireLog }

/** Listens to everything for a while, and says at which block each log was told. */
function listened(world: ReturnType<typeof worldOf>) {
  const start = world.clock.worldTime(NOON)
  const told: Told[] = []
  const heads: Row[] = []
  let head = 0
  const line = nodeFeed(world).connected({
    send: text => {
      const { params } = JSON.parse(text) as { params?: { result: WireLog & Row } }
      if (params === undefined) return
      if ('parentHash' in params.result) heads.push(params.result)
      else told.push({ head, log: params.result })
    },
  })
  line.heard({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['logs', {}] }, start)
  line.heard({ jsonrpc: '2.0', id: 2, method: 'eth_subscribe', params: ['newHeads'] }, start)
  for (let turn = 0; turn < BLOCKS; turn += 1) {
    head = NOON / BLOCK_MS + turn
    line.ticked(start + turn * BLOCK_MS, start + (turn + 1) * BLOCK_MS, 0)
  }
  return { told, heads, start, end: start + BLOCKS * BLOCK_MS }
}

describe('a block that is taken back', () => {
  const world = worldOf({ strangersPerSecond: 0.5 })
  const { told, heads, start, end } = listened(world)
  const removed = told.filter(it => it.log.removed)

  test('is seen now and then', () => {
    const blocks = new Set(removed.map(it => it.log.blockHash))
    expect(blocks.size).toBeGreaterThan(2)
    expect(blocks.size).toBeLessThan(40)
  })

  test('has been told before, one or two blocks earlier, and its transactions come again under another block', () => {
    for (const { head, log } of removed) {
      const alike = told.filter(it => it.log.transactionHash === log.transactionHash && !it.log.removed)
      const before = alike.filter(it => it.log.blockHash === log.blockHash)
      const after = alike.filter(it => it.log.blockHash !== log.blockHash)
      expect(before.map(it => it.log.data)).toContain(log.data)
      expect(after.map(it => it.log.data)).toContain(log.data)
      expect(new Set(before.map(it => it.head)).size).toBe(1)
      expect([1, 2]).toContain(head - (before[0]?.head ?? 0))
      expect(after.every(it => it.head === head && it.log.blockNumber === log.blockNumber)).toBe(true)
    }
    const indexes = (logs: readonly Told[]) => logs.map(it => `${it.log.transactionHash}/${it.log.logIndex}`)
    const replaced = new Set(indexes(told.filter(it => !it.log.removed)))
    expect(indexes(removed).some(it => replaced.has(it))).toBe(true)
  })

  test('leaves whoever follows the stream with exactly what is asked for afterwards', async () => {
    const known = new Map<string, WireLog>()
    for (const { log } of told) {
      const name = `${log.blockHash}/${log.logIndex}`
      if (log.removed) expect(known.delete(name)).toBe(true)
      else known.set(name, log)
    }
    const first = NOON / BLOCK_MS
    const asked = await logsBetween(world, end, first, first + BLOCKS - 1)
    const inOrder = (logs: readonly WireLog[]) => logs.map(log => JSON.stringify(log)).sort()
    expect(inOrder([...known.values()])).toEqual(inOrder(asked))
    expect(asked.length).toBeGreaterThan(1000)
  })

  test('is what is asked for until it is taken back, and is unknown afterwards', async () => {
    const one = removed[0]
    if (one === undefined) throw new Error('a block was taken back')
    const ask = asking(world)
    const number = one.log.blockNumber
    const at = (head: number) => start + (head + 1 - NOON / BLOCK_MS) * BLOCK_MS
    const range = { fromBlock: number, toBlock: number }
    const hashesAt = async (head: number) =>
      new Set(((await ask(at(head), 'eth_getLogs', range)).result as WireLog[]).map(log => log.blockHash))
    expect(await hashesAt(one.head - 1)).toEqual(new Set([one.log.blockHash]))
    expect(await hashesAt(one.head)).not.toContain(one.log.blockHash)
    const named = (head: number) => ask(at(head), 'eth_getLogs', { blockHash: one.log.blockHash })
    expect(await named(one.head - 1)).toHaveProperty('result')
    expect(await named(one.head)).toMatchObject({ error: { message: 'unknown block' } })
  })

  test('does not break the chain: every head stands on the one told before it, or on the one that replaced it', () => {
    const known = new Map(heads.map(head => [head.hash, Number(head.number)]))
    for (const head of heads.slice(1)) expect(known.get(head.parentHash)).toBe(Number(head.number) - 1)
    expect(heads.length).toBeGreaterThan(BLOCKS)
  })
})

test('at any moment the last blocks are linked', async () => {
  const world = worldOf()
  const ask = asking(world)
  const start = world.clock.worldTime(NOON)
  for (let turn = 0; turn < 400; turn += 1) {
    const at = start + turn * BLOCK_MS
    const head = NOON / BLOCK_MS + turn - 1
    const blocks = await Promise.all(
      [0, 1, 2, 3].map(async back => (await ask(at, 'eth_getBlockByNumber', hex(head - back), false)).result as Row),
    )
    for (const [place, block] of blocks.slice(1).entries()) expect(blocks[place]?.parentHash).toBe(block.hash)
  }
})
