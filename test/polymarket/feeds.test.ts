import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { polymarketData } from '../../src/adapters/polymarket/feeds.ts'
import { conditionId } from '../../src/core/units/ids.ts'
import { FeedError } from '../../src/ports/feeds.ts'
import { CONDITION as condition, NOW, TOKEN as token, tokenNumber } from './book-venue.ts'
import { type Asked, clientOf, forever, json, leapingClock, serve, wire } from './stand-in.ts'

type Answers = Record<string, (asked: Asked, response: ServerResponse) => void>

const servers: { readonly stop: () => Promise<void> }[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

/** A service that knows these paths and no other. */
async function fixture(answers: Answers) {
  const server = await serve((asked, response) => {
    const answer = answers[asked.url.pathname]
    if (answer === undefined) json(response, { error: 'no such route', code: 'not_found' }, 404)
    else answer(asked, response)
  })
  servers.push(server)
  const clock = leapingClock(NOW)
  const notes: Record<string, unknown>[] = []
  const client = clientOf(server.hosts, clock, happening => notes.push(happening))
  return { clock, notes, asked: server.asked, client, data: polymarketData(client, clock) }
}

const always = (body: unknown, status = 200) => ({
  answer: (_asked: Asked, response: ServerResponse) => json(response, body, status),
})

function page(rows: readonly unknown[]): object {
  return { data: rows, pagination: { limit: 100, offset: 0, has_more: false, next_cursor: null } }
}

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

describe('many books', () => {
  const other = tokenNumber(2)

  test('are told apart by their tokens; one that cannot be used spoils no other, one that nobody asked for is left', async () => {
    const rows = [
      { ...wire('clob-book'), asset_id: tokenNumber(9) },
      { ...wire('clob-book'), asset_id: other, bids: [{ price: '0.6', size: '1' }] },
      wire('clob-book'),
      { asset_id: 7 },
      null,
    ]
    const { data } = await fixture({ '/books': always(rows).answer })
    const books = await data.books([token, other, tokenNumber(3), tokenNumber(4), tokenNumber(5)], forever())
    expect([...books.keys()].toSorted()).toEqual([token, other].toSorted())
    expect(books.get(token)).toMatchObject({ token, bids: [{ price: 500_000n }, {}, {}] })
    expect(books.get(other)).toMatchObject({ fault: expect.stringMatching(/best bid/) })
  })

  test('tell the grid of their markets too', async () => {
    const { data } = await fixture({ ...gamma(open), '/books': always([wire('clob-book')]).answer })
    await data.books([token], forever())
    expect(await data.market(condition, forever())).toMatchObject({ tick: 1_000n, sizeMin: 15_000_000n })
  })

  test('that are no list are an error', async () => {
    const { data } = await fixture({ '/books': always({ error: 'no' }).answer })
    await expect(data.books([token], forever())).rejects.toThrow(/list/)
  })
})

describe('a grid that a frame told', () => {
  test('counts at once for the market, and leaves the smallest order as the book said it', async () => {
    const { data } = await fixture({ ...gamma(open), '/book': always(wire('clob-book')).answer })
    await data.book(token, forever())
    const [yes, no] = (await data.market(condition, forever()))?.outcomes ?? []
    if (yes === undefined || no === undefined) throw new Error('the market has two outcomes')
    for (const outcome of [yes, no]) {
      data.learnGrid(outcome.token, { tick: 2_500n as never, sizeMin: undefined })
      expect(await data.market(condition, forever())).toMatchObject({ tick: 2_500n, sizeMin: 15_000_000n })
    }
  })

  test('is younger than an answer to a question that was asked before it', async () => {
    let answer = () => {}
    let isAsked = () => {}
    const asked = new Promise<void>(resolve => (isAsked = resolve))
    const made = await fixture({
      ...gamma(open),
      '/book': (_asked, response) => {
        answer = () => json(response, wire('clob-book'))
        isAsked()
      },
    })
    const book = made.data.book(token, forever())
    await asked
    await made.clock.sleep(1)
    made.data.learnGrid(token, { tick: 2_500n as never, sizeMin: undefined })
    answer()
    await book
    expect(await made.data.market(condition, forever())).toMatchObject({ tick: 2_500n })
  })
})

test('a market that is to be forgotten is asked for anew', async () => {
  const { data, asked } = await fixture(gamma(open))
  await data.market(condition, forever())
  data.forget(condition)
  await data.market(condition, forever())
  expect(asked).toHaveLength(2)
})

describe('the version of a market decides which of its ids are its tokens', () => {
  const v1 = JSON.parse(String(open.clobTokenIds)) as string[]
  const v2 = ['333', '444']

  test.each<[string, Record<string, unknown>, readonly string[]]>([
    ['v1, though it carries position ids too', { version: 'v1', positionIds: v2 }, v1],
    ['v1 with position ids in text', { version: 'v1', positionIds: JSON.stringify(v2) }, v1],
    ['v1 without any', { version: 'v1', positionIds: [] }, v1],
    ['v2 in a list', { version: 'v2', positionIds: v2 }, v2],
    ['v2 in text', { version: 'v2', positionIds: JSON.stringify(v2) }, v2],
    ['v2 without the ids of v1', { version: 'v2', clobTokenIds: null, positionIds: v2 }, v2],
    ['none, from before there were versions', { version: undefined, positionIds: v2 }, v1],
  ])('%s', async (_name, changes, tokens) => {
    const { data } = await fixture(gamma({ ...open, ...changes }))
    const market = await data.market(condition, forever())
    expect(market?.outcomes.map(outcome => outcome.token)).toEqual(tokens)
  })

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['a version that is not known', { version: 'v3' }, /version/],
    ['a version in other letters', { version: 'V2' }, /version/],
    ['an empty version', { version: '' }, /version/],
    ['v2 with the ids of v1 only', { version: 'v2', positionIds: [] }, /two tokens/],
    ['v2 with ids that are numbers', { version: 'v2', positionIds: [333, 444] }, /cannot be/],
    ['v2 with ids that are none', { version: 'v2', positionIds: ['0x14d', '0x1bc'] }, /token id/],
    [
      'v1 without its ids, though it has the others',
      { version: 'v1', clobTokenIds: '[]', positionIds: v2 },
      /two tokens/,
    ],
  ])('and %s is refused', async (_name, changes, words) => {
    const { data } = await fixture(gamma({ ...open, ...changes }))
    await expect(data.market(condition, forever())).rejects.toThrow(words)
  })

  test('a condition of 62 digits is asked for as it is, and filled up on the right where resolutions are', async () => {
    const short = conditionId(`0x${'1c'.repeat(31)}`)
    if (short === undefined) throw new Error('62 digits are a condition id')
    const closed = { ...resolved, conditionId: short, version: 'v2', positionIds: v2 }
    const [row] = wire('data-resolutions').data as Record<string, unknown>[]
    const padded = `${short}00`
    const { data, asked } = await fixture({
      ...gamma(closed),
      '/v2/resolutions': (one, response) =>
        json(
          response,
          page(one.url.searchParams.get('condition') === padded ? [{ ...row, condition_id: padded }] : []),
        ),
    })
    expect(await data.market(short, forever())).toMatchObject({ condition: short })
    expect((await data.payouts(short, forever()))?.map(payout => payout.token)).toEqual(v2)
    expect(asked.flatMap(one => one.url.searchParams.getAll('condition_ids'))).toContain(short)
    expect(asked.find(one => one.url.pathname === '/v2/resolutions')?.url.searchParams.get('condition')).toBe(padded)
  })
})
