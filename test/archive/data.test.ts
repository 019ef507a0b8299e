import { expect, test } from 'vitest'
import { archiveData } from '../../src/adapters/archive/data.ts'
import { plainMarket, resolutionOf } from '../../src/adapters/archive/market-story.ts'
import { syntheticCondition, syntheticOutcomes } from '../../src/adapters/archive/synthetic.ts'
import type { Market } from '../../src/core/market/market.ts'
import { type Instant, instant, type TokenId } from '../../src/core/units/ids.ts'
import { price, shares, usd } from '../../src/core/units/money.ts'
import type { Archived } from '../../src/ports/archive.ts'

const signal = new AbortController().signal

function marketOf(name: string, closesAt: Instant | undefined): Market {
  const condition = syntheticCondition(name)
  const outcomes = syntheticOutcomes(condition, ['Yes', 'No'])
  return plainMarket({ condition, title: name, slug: name, category: 'other', outcomes, closesAt })
}

function bookOf(token: TokenId, at: number, happenedAt = at): Archived {
  const bids = [{ price: price('0.5'), size: shares('1') }]
  return { kind: 'book', at: instant(at), book: { token, bids, asks: [], happenedAt: instant(happenedAt) } }
}

const RAIN = marketOf('rain', instant(5_000))
const [YES] = RAIN.outcomes

test('nothing is known before it was told', async () => {
  const data = archiveData()
  expect(await data.market(RAIN.condition, signal)).toBeUndefined()
  expect(await data.book(YES.token, signal)).toBeUndefined()
  expect(await data.payouts(RAIN.condition, signal)).toBeUndefined()
})

test('the latest is told, with the book’s own time', async () => {
  const data = archiveData()
  data.take({ kind: 'market', at: instant(1), market: RAIN })
  data.take({ kind: 'market', at: instant(2), market: { ...RAIN, liquidity: usd('7') } })
  data.take(bookOf(YES.token, 3))
  data.take(bookOf(YES.token, 4, 2))
  expect(await data.market(RAIN.condition, signal)).toEqual({ ...RAIN, liquidity: usd('7') })
  expect((await data.book(YES.token, signal))?.happenedAt).toBe(2)
})

test('a market is closed from its close on, whatever told the time', async () => {
  const data = archiveData()
  data.take({ kind: 'market', at: instant(1), market: RAIN })
  data.take(bookOf('9' as TokenId, 4_999))
  expect((await data.market(RAIN.condition, signal))?.status).toBe('open')
  data.take(bookOf('9' as TokenId, 5_000))
  expect((await data.market(RAIN.condition, signal))?.status).toBe('closed')
})

test('a resolution closes the market, ends its books for good, and pays', async () => {
  const data = archiveData()
  const endless = marketOf('endless', undefined)
  const [first] = endless.outcomes
  data.take({ kind: 'market', at: instant(1), market: endless })
  data.take(bookOf(first.token, 2))
  data.take(resolutionOf(endless, 0, instant(3)))
  data.take(bookOf(first.token, 4))
  data.take({ kind: 'market', at: instant(5), market: endless })
  expect(await data.book(first.token, signal)).toBeUndefined()
  expect((await data.market(endless.condition, signal))?.status).toBe('closed')
  expect(await data.payouts(endless.condition, signal)).toEqual([
    { token: first.token, price: price('1') },
    { token: endless.outcomes[1].token, price: price('0') },
  ])
})

test('markets long resolved are forgotten, the latest are not', async () => {
  const data = archiveData()
  const markets = Array.from({ length: 2_001 }, (_, index) => marketOf(`market ${index}`, undefined))
  for (const [index, market] of markets.entries()) {
    data.take({ kind: 'market', at: instant(index), market })
    data.take(resolutionOf(market, 1, instant(index)))
  }
  const [oldest, next] = markets
  expect(await data.payouts(oldest?.condition ?? RAIN.condition, signal)).toBeUndefined()
  expect(await data.market(oldest?.condition ?? RAIN.condition, signal)).toBeUndefined()
  expect(await data.payouts(next?.condition ?? RAIN.condition, signal)).toHaveLength(2)
})

test('whoever gave up is not answered', async () => {
  await expect(archiveData().book(YES.token, AbortSignal.abort())).rejects.toThrow()
})
