import { describe, expect, test } from 'vitest'
import { ORDER_FILLED, TRANSFER_BATCH, TRANSFER_SINGLE } from '../../src/sandbox/node/logs.ts'
import { addressTopic } from '../../src/sandbox/node/words.ts'
import type { SeededWorld } from '../../src/sandbox/seeded-world.ts'
import { whalesOf } from '../../src/sandbox/whales.ts'
import type { World } from '../../src/sandbox/world.ts'
import { CONTRACTS, logsBetween, type WireLog, worldOf } from './node-host.ts'
import { allPages, NOON, page, type Row, visit } from './visitor.ts'

const MERGER = 'northgate'
const SENDER = 'Coinflip Carl'
const NOBODY = `0x${'0'.repeat(40)}`
/** Over an hour of blocks: many fast markets from their first trade to their last redemption. */
const BLOCKS = 2000
/** Nobody else is needed: what the cast does is the same without them. */
const ALONE = { strangersPerSecond: 0 }

const visited = async () => {
  const sandbox = await visit()
  const named = (name: string) => {
    const whale = sandbox.whales.find(it => it.name === name)
    if (whale === undefined) throw new Error(`the cast has ${name}`)
    return whale.address
  }
  return { ...sandbox, named }
}

/** What went out of a wallet (a size below zero) or into it: one token, in millionths of a share. */
type Move = {
  readonly wallet: string
  readonly token: string
  readonly size: bigint
  readonly other: string
  readonly isPair: boolean
  readonly transaction: string
}

/** What moved out of these wallets and into them on the chain. */
async function movesOf(world: SeededWorld, wallets: readonly string[]): Promise<readonly Move[]> {
  const at = world.clock.worldTime(NOON)
  const read = (topics: readonly (readonly string[] | null)[]) =>
    logsBetween(world, at, NOON / 2000 - BLOCKS, NOON / 2000 - 1, {
      topics: [[TRANSFER_SINGLE, TRANSFER_BATCH], ...topics],
    })
  const named = wallets.map(addressTopic)
  const [out, into] = [await read([null, named]), await read([null, null, named])]
  return [...out.flatMap(log => movesIn(log, true)), ...into.flatMap(log => movesIn(log, false))]
}

function movesIn(log: WireLog, isOut: boolean): readonly Move[] {
  const parsed = CONTRACTS.parseLog(log)
  if (parsed === null) throw new Error('every log is one of the three that are known')
  const { from, to, id, value, ids, amounts } = parsed.args.toObject()
  const isPair = parsed.name === 'TransferBatch'
  const moved: readonly (readonly [bigint, bigint])[] = isPair
    ? [...ids].map((one: bigint, place: number) => [one, amounts[place]] as const)
    : [[id, value]]
  const [wallet, other] = (isOut ? [from, to] : [to, from]).map((it: string) => it.toLowerCase())
  const transaction = log.transactionHash
  return moved.map(([token, size]) => ({
    ...{ wallet: String(wallet), other: String(other), token: String(token), isPair, transaction },
    size: isOut ? -size : size,
  }))
}

describe('shares that leave without an order', () => {
  test('what a wallet holds is what moved into it less what moved out of it on the chain', async () => {
    const { hosts, whales: cast } = await visited()
    const whales = cast.filter(whale => [MERGER, SENDER, 'MomentumMax', 'evenkeel', 'QuietLedger'].includes(whale.name))
    const since = NOON / 1000 - BLOCKS * 2
    const moved = new Map<string, bigint>()
    const wallets = whales.map(whale => whale.address)
    for (const { wallet, token, size } of await movesOf(worldOf(ALONE), wallets)) {
      moved.set(`${wallet}/${token}`, (moved.get(`${wallet}/${token}`) ?? 0n) + size)
    }
    let seen = 0
    for (const whale of whales) {
      for (const status of ['OPEN', 'CLOSED']) {
        const address = `${hosts.data}/v2/positions?user=${whale.address}&status=${status}&filter_amount=0&limit=1000`
        for (const row of await allPages(address)) {
          if (Number(row.first_entry_at) < since) continue
          const left = moved.get(`${whale.address}/${String(row.token_id)}`)
          expect(left, `${whale.name} ${status}`).toBe(micros(row.current_size))
          seen += 1
        }
      }
    }
    expect(seen).toBeGreaterThan(100)
  })

  test('a merge is told with no token, no side and no price, and pays a dollar a pair', async () => {
    const { hosts, named } = await visited()
    const address = `${hosts.data}/v2/activity?user=${named(MERGER)}&type=MERGE&limit=100&_=1`
    const { data } = await page(address)
    expect(data.length).toBeGreaterThan(10)
    for (const row of data) {
      expect(row).toMatchObject({ type: 'MERGE', token_id: '', side: '', price: 0, outcome: '', outcome_index: 999 })
      expect(row.usdc_size).toBe(row.size)
      const condition = `condition=${String(row.condition_id)}&start=1&limit=1000`
      const entries = (await page(`${hosts.data}/v2/activity?user=${named(MERGER)}&${condition}`)).data
      const bought = entries.filter(it => it.side === 'BUY' && Number(it.timestamp) <= Number(row.timestamp))
      expect(new Set(bought.map(it => it.token_id)).size).toBe(2)
    }
  })

  test('a merge burns both tokens in one log, and a sale goes to the exchange', async () => {
    const { named } = await visited()
    const moves = await movesOf(worldOf(ALONE), [named(MERGER)])
    const burned = moves.filter(it => it.isPair)
    expect(burned.length).toBeGreaterThan(0)
    expect(burned.every(it => it.other === NOBODY && it.size < 0n)).toBe(true)
    for (const one of burned) {
      const pair = burned.filter(it => it.transaction === one.transaction)
      expect(new Set(pair.map(it => it.token)).size).toBe(2)
      expect(new Set(pair.map(it => it.size)).size).toBe(1)
    }
    expect(moves.some(it => !it.isPair && it.size < 0n && it.other.startsWith('0xe'))).toBe(true)
  })

  test('shares sent to another wallet are seen on the chain alone, and are gone from the position', async () => {
    const { hosts, named } = await visited()
    const world = worldOf(ALONE)
    const sender = world.whales.find(whale => whale.name === SENDER)
    const moves = await movesOf(world, [named(SENDER)])
    const sent = moves.filter(it => it.other === sender?.otherWallet)
    expect(sent.length).toBeGreaterThan(3)
    const rows = await allPages(`${hosts.data}/v2/activity?user=${named(SENDER)}&start=${NOON / 1000 - 6000}&limit=500`)
    const told = new Set(rows.map(row => row.transaction_hash))
    expect(sent.filter(it => told.has(it.transaction))).toEqual([])
    expect(new Set(rows.map(row => row.type))).toEqual(new Set(['TRADE', 'REDEEM']))
  })

  test('what closed positions made is what came in less what went out, merges included', async () => {
    const { hosts, named } = await visited()
    const world = worldOf(ALONE)
    const head = NOON / 2000 - 1
    const topics = [ORDER_FILLED, null, addressTopic(named(MERGER))]
    const logs = await logsBetween(world, world.clock.worldTime(NOON), head - BLOCKS + 1, head, { topics })
    const fees = new Map<string, number>()
    for (const log of logs) {
      fees.set(log.transactionHash, Number(CONTRACTS.parseLog(log)?.args.fee) / 1e6)
    }
    const closed = await allPages(`${hosts.data}/v2/positions?user=${named(MERGER)}&status=CLOSED&limit=1000`)
    const fresh = closed.filter(row => Number(row.first_entry_at) > NOON / 1000 - BLOCKS * 2 + 60)
    let merges = 0
    for (const condition of new Set(fresh.map(row => row.condition_id))) {
      const own = fresh.filter(row => row.condition_id === condition)
      const at = `user=${named(MERGER)}&condition=${String(condition)}&start=1&limit=1000`
      const entries = (await page(`${hosts.data}/v2/activity?${at}`)).data
      if (entries.some(row => !isCounted(row, own))) continue
      const cash = entries.reduce((sum, row) => sum + cashOf(row) - (fees.get(String(row.transaction_hash)) ?? 0), 0)
      expect(own.reduce((sum, row) => sum + Number(row.realized_pnl), 0)).toBeCloseTo(cash, 3)
      merges += entries.filter(row => row.type === 'MERGE').length
    }
    expect(merges).toBeGreaterThan(1)
  })
})

/** Whether the closed positions at hand include the token of this row: one may still be held, and then is not closed. */
function isCounted(row: Row, own: readonly Row[]): boolean {
  return row.type === 'MERGE' ? own.length === 2 : own.some(it => it.token_id === row.token_id)
}

function cashOf(row: Row): number {
  return row.side === 'BUY' ? -Number(row.usdc_size) : Number(row.usdc_size)
}

function micros(size: unknown): bigint {
  return BigInt(Math.round(Number(size) * 1e6))
}

describe('a cast of any size', () => {
  test('begins with the same sixteen and has a wallet and a name for everybody', () => {
    const [small, large] = [whalesOf(7), whalesOf(7, 200)]
    expect(small).toHaveLength(16)
    expect(large.slice(0, 16)).toEqual(small)
    expect(large).toHaveLength(200)
    for (const field of ['address', 'name', 'otherWallet'] as const) {
      expect(new Set(large.map(whale => whale[field])).size).toBe(200)
    }
    expect(large.filter(whale => whale.mergeShare + whale.transferShare > 0).length).toBeGreaterThan(10)
    expect(whalesOf(8, 200)[150]).not.toEqual(large[150])
  })

  test.each([0, 2001, 1.5])('is refused at %s', count => {
    expect(() => whalesOf(7, count)).toThrow(/1 to 2000 whales/)
  })

  test('a large one trades, and what the named sixteen do is not changed by it', () => {
    const [small, large] = [worldOf(), worldOf({ whales: 200 })]
    const at = small.clock.worldTime(NOON)
    const rowsIn = (world: World, wallet: string | undefined) =>
      world.numbersBetween(at - 600_000, at).flatMap(number => {
        const market = world.marketByNumber(number)
        return market === undefined ? [] : world.executions(market, at - 600_000, at, wallet)
      })
    for (const whale of small.whales) expect(rowsIn(large, whale.address)).toEqual(rowsIn(small, whale.address))
    const traders = new Set(rowsIn(large, undefined).map(row => row.trader.address))
    expect(large.whales.filter(whale => traders.has(whale.address)).length).toBeGreaterThan(60)
  })
})
