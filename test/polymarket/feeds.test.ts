import { describe, expect, test } from 'vitest'
import { FeedError } from '../../src/ports/feeds.ts'
import { type Answers, always, condition, fixture, page, token } from './service.ts'
import { forever, json, wire } from './stand-in.ts'

const open = wire('gamma-market-open')
const resolved = wire('gamma-market-resolved')

/** Gamma as it is: closed markets only where they are asked for. */
function gamma(...rows: readonly Record<string, unknown>[]): Answers {
  return {
    '/markets': (asked, response) => {
      const wantsClosed = asked.url.searchParams.get('closed') === 'true'
      json(
        response,
        rows.filter(row => row.closed === wantsClosed),
      )
    },
  }
}

describe('a market', () => {
  test('is asked for by its condition, and not again at once', async () => {
    const { data, asked, clock } = await fixture(gamma(open))
    expect(await data.market(condition, forever())).toMatchObject({ condition, status: 'open' })
    await data.market(condition, forever())
    expect(asked.map(one => one.url.searchParams.getAll('condition_ids'))).toEqual([[condition]])
    await clock.sleep(20_000)
    await data.market(condition, forever())
    expect(asked).toHaveLength(2)
  })

  test('that is closed is found too', async () => {
    const { data } = await fixture(gamma(resolved))
    expect(await data.market(condition, forever())).toMatchObject({ status: 'closed' })
  })

  test('is not another that the service gave instead', async () => {
    const { data } = await fixture(gamma({ ...open, conditionId: `0x${'2d'.repeat(32)}` }))
    expect(await data.market(condition, forever())).toBeUndefined()
  })

  test('lies on the grid of its last book', async () => {
    const { data, clock } = await fixture({ ...gamma(open), '/book': always(wire('clob-book')).answer })
    expect(await data.market(condition, forever())).toMatchObject({ tick: 10_000n, sizeMin: 5_000_000n })
    await data.book(token, forever())
    expect(await data.market(condition, forever())).toMatchObject({ tick: 1_000n, sizeMin: 15_000_000n })
    await clock.sleep(600_000)
    expect(await data.market(condition, forever())).toMatchObject({ tick: 10_000n })
  })

  test('of an unknown version is a final error', async () => {
    const { data } = await fixture(gamma({ ...open, version: 'v9' }))
    await expect(data.market(condition, forever())).rejects.toMatchObject({ isFinal: true, source: 'gamma' })
  })

  test.each<[string, unknown]>([
    ['is not a list', { data: [] }],
    ['is a row of another shape', [{ id: 5 }]],
  ])('is an error when the answer %s', async (_name, body) => {
    const { data } = await fixture({ '/markets': always(body).answer })
    await expect(data.market(condition, forever())).rejects.toBeInstanceOf(FeedError)
  })
})

describe('a book', () => {
  test('that the exchange does not have is none', async () => {
    const error = { error: 'No orderbook exists for the requested token id' }
    const { data } = await fixture({ '/book': always(error, 404).answer })
    expect(await data.book(token, forever())).toBeUndefined()
  })

  test('on a path that is gone is an error, and not an empty book', async () => {
    const { data } = await fixture({})
    await expect(data.book(token, forever())).rejects.toMatchObject({ status: 404, isFinal: true })
  })

  test('that is crossed is an error', async () => {
    const crossed = { ...wire('clob-book'), bids: [{ price: '0.6', size: '1' }] }
    const { data } = await fixture({ '/book': always(crossed).answer })
    await expect(data.book(token, forever())).rejects.toThrow(/best bid/)
  })
})

test('many books are asked for in one question, which is asked again like any other read', async () => {
  let refusals = 1
  const { client, asked } = await fixture({
    '/books': (_asked, response) => {
      refusals -= 1
      json(response, [wire('clob-book')], refusals < 0 ? 200 : 503)
    },
  })
  expect(await client.books([token], forever())).toHaveLength(1)
  expect(asked.map(one => [one.method, one.body])).toEqual(Array(2).fill(['POST', `[{"token_id":"${token}"}]`]))
  await expect(client.books(Array(501).fill(token), forever())).rejects.toThrow(/500/)
})

describe('payouts', () => {
  const [row] = wire('data-resolutions').data as Record<string, unknown>[]
  const no = [0n, 1_000_000n]

  test.each<[string, Record<string, unknown>, Answers, readonly bigint[] | undefined]>([
    ['where both agree', resolved, { '/v2/resolutions': always(page([row])).answer }, no],
    ['where only Gamma answers', resolved, {}, no],
    ['where the oracle knows nothing', resolved, { '/v2/resolutions': always(page([])).answer }, no],
    [
      'where Gamma has not noticed and the oracle is sure',
      { ...resolved, umaResolutionStatus: null },
      { '/v2/resolutions': always(page([row])).answer },
      no,
    ],
    [
      'not where they disagree',
      resolved,
      { '/v2/resolutions': always(page([{ ...row, payouts: [1_000_000, 0] }])).answer },
      undefined,
    ],
    [
      'not while the oracle deliberates',
      resolved,
      { '/v2/resolutions': always(page([{ ...row, status: 'disputed' }])).answer },
      undefined,
    ],
    ['not on a price alone', { ...resolved, umaResolutionStatus: 'proposed' }, {}, undefined],
    ['not while the market is open', open, { '/v2/resolutions': always(page([row])).answer }, undefined],
  ])('are known %s', async (_name, market, answers, prices) => {
    const { data } = await fixture({ ...gamma(market), ...answers })
    const payouts = await data.payouts(condition, forever())
    expect(payouts?.map(payout => payout.price)).toEqual(prices)
  })
})

test('payouts that are disputed between the sources are said to be', async () => {
  const [row] = wire('data-resolutions').data as Record<string, unknown>[]
  const other = { ...row, payouts: [500_000, 500_000] }
  const { data, notes } = await fixture({ ...gamma(resolved), '/v2/resolutions': always(page([other])).answer })
  expect(await data.payouts(condition, forever())).toBeUndefined()
  expect(notes).toEqual([{ kind: 'payoutsDisagree', condition }])
})
