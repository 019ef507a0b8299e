import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readComplements } from '../../src/adapters/archive/wallet-complements.ts'
import { signalIdOf } from '../../src/core/units/ids.ts'
import { MILLION, plus, shares } from '../../src/core/units/money.ts'
import { withFiles } from './made.ts'

const FOLDER = process.env.REMORA_RECORDED_DATA ?? ''
const isThere = FOLDER !== '' && existsSync(FOLDER)
const WALLET = `0x${'1'.repeat(40)}`

type Telling = { readonly side: string; readonly outcome: string; readonly price: number; readonly size: number }

const OURS: Telling = { side: 'BUY', outcome: 'Yes', price: 0.56, size: 100 }

function comparison(market: Telling, own: Telling = OURS): string {
  const joined = { type: 'TRADE', timestamp: 1_769_634_592, title: 'Will it?', conditionId: `0x${'e'.repeat(64)}` }
  return JSON.stringify({
    wallet: WALLET,
    wallet_trades: [{ ...own, ...joined, tx_hash: '0x1' }],
    matches: [],
    discrepancies: [{ tx_hash: '0x1', activity_api: own, filtered_trades: market }],
  })
}

async function read(text: string) {
  return withFiles({ 'comparison.json': text }, folder => readComplements(join(folder, 'comparison.json')))
}

describe('a fill told twice', () => {
  test.each([
    ['own', OURS, OURS],
    ['minted', OURS, { ...OURS, outcome: 'No', price: 0.44 }],
    ['minted', OURS, { ...OURS, outcome: 'No', price: 0.44, size: 130 }],
    ['handedOver', OURS, { ...OURS, side: 'SELL' }],
    ['merged', { ...OURS, side: 'SELL' }, { ...OURS, side: 'SELL', outcome: 'No', price: 0.44 }],
    ['unrelated', OURS, { ...OURS, outcome: 'No', price: 0.45 }],
    ['unrelated', OURS, { ...OURS, outcome: 'No', price: 0.44, size: 99 }],
    ['unrelated', OURS, { ...OURS, size: 130 }],
  ])('is %s: %j against %j', async (relation, own, market) => {
    const [fill] = await read(comparison(market, own))
    expect(fill?.relation).toBe(relation)
    // What another did is never put down to the wallet.
    expect(fill?.market.whale === WALLET).toBe(relation === 'own')
  })

  test('takes market and time from the wallet’s own row, and invents the tokens from market and outcome', async () => {
    const text = comparison({ ...OURS, outcome: 'No', price: 0.44 })
    const [fill] = await read(text)
    expect(fill?.own).toMatchObject({
      condition: `0x${'e'.repeat(64)}`,
      happenedAt: 1_769_634_592_000,
      title: 'Will it?',
    })
    expect(fill?.own.token).not.toBe(fill?.market.token)
    expect(await read(text)).toEqual([fill])
  })

  test('is refused where the wallet’s own rows do not have it', async () => {
    const text = comparison(OURS)
      .replace('"wallet_trades":[{', '"wallet_trades":[{"type":"REDEEM"},{')
      .replace('"size":100', '"size":101')
    await expect(read(text)).rejects.toThrow('the fill must be in wallet_trades')
  })
})

describe.skipIf(!isThere)('the real comparison (skipped unless REMORA_RECORDED_DATA names their folder)', () => {
  const fills = isThere ? readComplements(join(FOLDER, 'wallet-activity', 'complement-token-comparison.json')) : []

  test('has seventeen orders of the wallet as taker, and thirty-five of others that it was the maker for', async () => {
    const counts: Record<string, number> = {}
    for (const { relation } of await fills) counts[relation] = (counts[relation] ?? 0) + 1
    expect(counts).toEqual({ own: 17, minted: 34, handedOver: 1 })
  })

  test('pays a dollar for every pair that was minted', async () => {
    const minted = (await fills).filter(({ relation }) => relation === 'minted')
    expect(minted.every(({ own, market }) => plus(own.price, market.price) === MILLION)).toBe(true)
    expect(minted.every(({ own, market }) => own.outcome === 'Yes' && market.outcome === 'No')).toBe(true)
  })

  test('shows by four larger sizes that the other telling is another’s order', async () => {
    const larger = (await fills).filter(({ own, market }) => market.size > own.size)
    expect(larger.map(({ own, market }) => [own.size, market.size])).toEqual([
      [shares('27123.33'), shares('27227.33')],
      [shares('10605'), shares('14613')],
      [shares('2594.32'), shares('4998.15')],
      [shares('2227.83'), shares('4998.15')],
    ])
  })

  test('is one signal of the wallet a transaction, whichever of its tellings count', async () => {
    const all = await fills
    const tellings = all.flatMap(({ own, market }) => [own, market]).filter(({ whale }) => whale === all[0]?.own.whale)
    const transactions = new Set(all.map(({ own }) => own.transaction))
    expect(tellings).toHaveLength(52 + 17)
    expect(new Set(tellings.map(trade => signalIdOf(trade))).size).toBe(transactions.size)
    expect(transactions.size).toBe(51)
  })
})
