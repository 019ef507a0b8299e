import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { inFile, inMemory, type VenueMemory } from '../../src/adapters/simulated/record.ts'
import { type Mishap, simulatedVenue } from '../../src/adapters/simulated/venue.ts'
import { jumpingClock } from '../../src/adapters/system/clock.ts'
import { type OrderBook, orderBook } from '../../src/core/market/book.ts'
import type { Market } from '../../src/core/market/market.ts'
import type { ClearedIntent } from '../../src/core/order/order.ts'
import type { ConditionId, OrderKey, SignalId, TokenId } from '../../src/core/units/ids.ts'
import { instant } from '../../src/core/units/ids.ts'
import { price, shares, usd } from '../../src/core/units/money.ts'
import { type Table, venueDeck } from './deck.ts'

const MARKET: Market = {
  condition: `0x${'ab'.repeat(32)}` as ConditionId,
  title: 'Does it rain on Sunday?',
  slug: 'rain-on-sunday',
  category: 'weather',
  outcomes: [
    { token: '71' as TokenId, name: 'Yes' },
    { token: '72' as TokenId, name: 'No' },
  ],
  status: 'open',
  tick: price('0.01'),
  sizeMin: shares('5'),
  feeRate: price('0.05'),
  closesAt: undefined,
  liquidity: usd('1000'),
  isNegRisk: false,
}

function deal(memory: VenueMemory = inMemory()): Table {
  const clock = jumpingClock(instant(1_795_000_000_000))
  let market = MARKET
  let book: OrderBook | undefined
  let mishap: Mishap = 'none'
  let told = 0
  const venue = simulatedVenue({
    account: 'paper',
    data: { market: async () => market, book: async () => book },
    clock: { ...clock, sleep: async () => undefined },
    memory,
    deposit: usd('10000'),
    latencyMs: () => 0,
    mishap: () => {
      const now = mishap
      mishap = 'none'
      return now
    },
  })
  return {
    venue,
    market,
    setBook: (bids, asks) => {
      told += 1
      const level = ([at, size]: readonly [string, string]) => ({ price: price(at), size: shares(size) })
      const made = orderBook(
        MARKET.outcomes[0].token,
        bids.map(level),
        asks.map(level),
        instant(1_795_000_000_000 + told),
      )
      if ('fault' in made) throw new Error(made.fault)
      book = made
    },
    setMarket: change => {
      market = { ...market, ...change }
    },
    loseNext: what => {
      mishap = what === 'request' ? 'lost before' : 'lost after'
    },
  }
}

venueDeck('the simulated venue', deal)

const folder = mkdtempSync(join(tmpdir(), 'remora-venue-'))
afterAll(() => rmSync(folder, { recursive: true }))

const never = new AbortController().signal
const intent = {
  key: 'kept/1' as OrderKey,
  signal: 'kept' as SignalId,
  account: 'paper',
  condition: MARKET.condition,
  token: MARKET.outcomes[0].token,
  side: 'buy',
  limit: price('0.55'),
  size: shares('10'),
  lifetime: 'kill',
  feeRate: MARKET.feeRate,
} as const

test('the venue remembers what it carried out when it is opened again, and deposits once', async () => {
  const file = join(folder, 'kept.jsonl')
  const first = deal(inFile(file))
  first.setBook([], [['0.50', '100']])
  const order = first.venue.prepare(intent as unknown as ClearedIntent, instant(1))
  const answer = await first.venue.send(order, never)
  const before = await first.venue.books(never)

  const second = deal(inFile(file))
  expect(await second.venue.books(never)).toEqual(before)
  expect(await second.venue.send(order, never)).toEqual(answer)
  expect(await second.venue.books(never)).toEqual(before)
})

test('a last line that a crash tore is cut off, and the rest is kept', async () => {
  const file = join(folder, 'torn.jsonl')
  const first = deal(inFile(file))
  first.setBook([], [['0.50', '100']])
  const whole = readFileSync(file, 'utf8')
  await first.venue.send(first.venue.prepare(intent as unknown as ClearedIntent, instant(1)), never)
  const grown = readFileSync(file, 'utf8')
  writeFileSync(file, grown.slice(0, whole.length + 40))

  const second = deal(inFile(file))
  expect((await second.venue.books(never)).cash).toBe(usd('10000'))
  expect(readFileSync(file, 'utf8')).toBe(whole)
})
