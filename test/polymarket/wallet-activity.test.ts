import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { polymarketActivity } from '../../src/adapters/polymarket/wallets/activity.ts'
import { conditionId, instant, tokenId, whaleAddress } from '../../src/core/units/ids.ts'
import { FeedError } from '../../src/ports/feeds.ts'
import { type Asked, clientOf, forever, json, leapingClock, serve, wire } from './stand-in.ts'

const WHALE = known(whaleAddress('0x00000000000000000000000000000000000000a1'))
const CONDITION = known(conditionId(`0x${'1c'.repeat(32)}`))
const OTHER = known(conditionId(`0x${'2d'.repeat(32)}`))
const TOKENS = ['11', '22'].map(text => known(tokenId(text)))
const NOW = 1_795_132_900_000

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an id of a row is an id')
  return value
}

type Answer = (asked: Asked, response: ServerResponse) => void

let server: Awaited<ReturnType<typeof serve>> | undefined
afterEach(async () => server?.stop())

async function asking(answer: Answer) {
  server = await serve(answer)
  const clock = leapingClock(NOW)
  const notes: Record<string, unknown>[] = []
  const markets: string[] = []
  const client = clientOf(server.hosts, clock, happening => notes.push(happening))
  const activity = polymarketActivity(client, clock, {
    tokensOf: async condition => {
      markets.push(condition)
      return condition === CONDITION ? TOKENS : []
    },
  })
  return { activity, notes, markets, client, asked: server.asked }
}

function page(rows: readonly unknown[], next: string | null = null): object {
  return { data: rows, pagination: { limit: 100, offset: 0, has_more: next !== null, next_cursor: next } }
}

const always =
  (body: unknown, status = 200): Answer =>
  (_asked, response) =>
    json(response, body, status)

describe('the trades of a wallet since an instant', () => {
  const rows = wire('data-trades').data as Record<string, unknown>[]

  test('are whole trades, oldest first, makers’ included, asked past the cache', async () => {
    const { activity, asked } = await asking(always(page(rows)))
    const trades = await activity.since(WHALE, instant(1_795_132_800_500), forever())
    expect(trades.map(trade => [trade.side, trade.size])).toEqual([
      ['buy', 24_285_715n],
      ['sell', 2_800_000n],
    ])
    await activity.since(WHALE, instant(1_795_132_800_500), forever())
    expect(asked[0]?.url.searchParams.get('taker_only')).toBe('false')
    expect(asked[0]?.url.searchParams.get('start')).toBe('1795132800')
    expect(new Set(asked.map(one => one.url.searchParams.get('_'))).size).toBe(2)
  })

  test('count fills that are alike in everything, since this service does not repeat itself', async () => {
    const { activity } = await asking(always(page([rows[1], rows[1], rows[1]])))
    const [trade] = await activity.since(WHALE, instant(0), forever())
    expect(trade?.size).toBe(3n * 14_285_715n)
  })

  test('that do not fit are a final error that names the gap', async () => {
    let pages = 0
    const many = Array.from({ length: 1_000 }, () => rows[0])
    const { activity } = await asking((_asked, response) => {
      pages += 1
      json(response, page(many, `page ${pages}`))
    })
    const reading = activity.since(WHALE, instant(1_795_000_000_000), forever())
    await expect(reading).rejects.toThrow(/more than 5000 times.*between 2026-11-18T.* and 2026-11-20T.* was not read/)
    await expect(reading).rejects.toMatchObject({ isFinal: true })
  })
})

describe('what left a wallet without an order', () => {
  const row = (type: string, more: Record<string, unknown> = {}) => ({
    ...(wire('data-trades').data as Record<string, unknown>[])[0],
    ...{ type, side: '', price: 0, outcome: '', usdc_size: 5, size: 5, token_id: '', timestamp: 1_795_132_860 },
    ...more,
  })

  test.each([
    ['MERGE', 'merge'],
    ['REDEEM', 'redeem'],
    ['CONVERSION', 'conversion'],
    ['MIGRATION', 'transfer'],
  ])('by %s is a sale without a price, by %s', async (type, how) => {
    const { activity } = await asking(always(page([row(type, { token_id: '7' })])))
    expect(await activity.departures(WHALE, instant(1_795_132_800_000), forever())).toMatchObject([
      { side: 'sell', how, price: 0n, size: 5_000_000n, token: '7', source: 'sweep', happenedAt: 1_795_132_860_000 },
    ])
  })

  test('without a token left with every token of the market, which is asked for once', async () => {
    const { activity, markets } = await asking(
      always(page([row('MERGE'), row('MERGE', { transaction_hash: `0x${'7c'.repeat(32)}` })])),
    )
    const told = await activity.departures(WHALE, instant(0), forever())
    expect(told.map(trade => trade.token).sort()).toEqual([...TOKENS, ...TOKENS].sort())
    expect(markets).toEqual([CONDITION])
  })

  test('twice in one transaction is one departure of both together', async () => {
    const { activity } = await asking(always(page([row('REDEEM', { token_id: '7' }), row('MERGE', { token_id: '7' })])))
    expect(await activity.departures(WHALE, instant(0), forever())).toMatchObject([{ token: '7', size: 10_000_000n }])
  })

  test('is nothing of trades, of what came, and of dollars', async () => {
    const types = ['TRADE', 'SPLIT', 'REWARD', 'YIELD', 'MAKER_REBATE', 'TAKER_REBATE', 'REFERRAL_REWARD', 'DEPOSIT']
    const { activity, notes } = await asking(always(page([...types, 'WITHDRAWAL', 'TIP'].map(type => row(type)))))
    expect(await activity.departures(WHALE, instant(0), forever())).toEqual([])
    expect(notes).toEqual([])
  })

  test('is noted and not guessed at where the type is unknown', async () => {
    const { activity, notes } = await asking(always(page([row('LENT'), row('LENT'), row('MERGE', { token_id: '7' })])))
    expect(await activity.departures(WHALE, instant(0), forever())).toHaveLength(1)
    expect(notes).toEqual([{ kind: 'unknownActivity', type: 'LENT' }])
  })

  test('of a market that nobody knows is noted', async () => {
    const { activity, notes } = await asking(always(page([row('MERGE', { condition_id: OTHER })])))
    expect(await activity.departures(WHALE, instant(0), forever())).toEqual([])
    expect(notes).toEqual([{ kind: 'departureOfUnknownMarket', condition: OTHER, whale: WHALE }])
  })

  test('leaves out what is older, another wallet’s or unreadable, and says so', async () => {
    const fine = row('MERGE', { token_id: '7' })
    const { activity, notes } = await asking(
      always(
        page([
          fine,
          row('MERGE', { token_id: '8', timestamp: 1_795_132_799 }),
          row('MERGE', { token_id: '9', proxy_wallet: `0x${'9'.repeat(40)}` }),
          row('MERGE', { size: 'much' }),
        ]),
      ),
    )
    expect(await activity.departures(WHALE, instant(1_795_132_800_000), forever())).toHaveLength(1)
    expect(notes).toMatchObject([
      { kind: 'rowsRefused', rows: 1 },
      { kind: 'rowsRefused', rows: 2, first: 'not what was asked' },
    ])
  })

  test.each([
    ['is heeded', (type: string) => [type]],
    ['is ignored', () => ['MERGE', 'REDEEM', 'CONVERSION', 'MIGRATION', 'TRADE']],
  ])(
    'of a wallet that trades too much is asked for type by type, and counts once where the type %s',
    async (_name, typesFor) => {
      let pages = 0
      const trades = Array.from({ length: 1_000 }, () => row('TRADE'))
      const { activity, asked } = await asking((one, response) => {
        const type = one.url.searchParams.get('type')
        pages += 1
        if (type === null) json(response, page(trades, `page ${pages}`))
        else
          json(response, page(typesFor(type).map((each, index) => row(each, { token_id: `${each.length}${index}` }))))
      })
      const told = await activity.departures(WHALE, instant(0), forever())
      expect(told.map(trade => trade.how).sort()).toEqual(['conversion', 'merge', 'redeem', 'transfer'])
      expect(told.every(trade => trade.size === 5_000_000n)).toBe(true)
      expect(asked.slice(2).map(one => one.url.searchParams.get('type'))).toEqual([
        ...['MERGE', 'REDEEM', 'CONVERSION', 'MIGRATION'],
      ])
      expect(new Set(asked.map(one => one.url.searchParams.get('_'))).size).toBe(5)
    },
  )
})

describe('what a wallet holds', () => {
  const holding = (token: string, size: unknown, more: Record<string, unknown> = {}) => ({
    ...(wire('data-positions').data as Record<string, unknown>[])[0],
    ...{ token_id: token, current_size: size, status: 'OPEN', condition_id: CONDITION },
    ...more,
  })

  test('of these markets is the size of each token, and of no other market', async () => {
    const { activity, asked } = await asking(
      always(page([holding('11', 2.8000000000000003), holding('22', 0), holding('33', 9, { condition_id: OTHER })])),
    )
    const held = await activity.holdings(WHALE, [CONDITION], forever())
    expect([...held]).toEqual([
      ['11', 2_800_000n],
      ['22', 0n],
    ])
    expect(asked[0]?.url.searchParams.get('condition')).toBe(CONDITION)
    expect(asked[0]?.url.searchParams.get('user')).toBe(WHALE)
  })

  test('of many markets is asked for in twenties, short ids filled up', async () => {
    const { activity, asked } = await asking(always(page([])))
    const short = Array.from({ length: 45 }, (_, index) => known(conditionId(`0x${String(index).padStart(62, '0')}`)))
    expect(await activity.holdings(WHALE, short, forever())).toEqual(new Map())
    const named = asked.map(one => one.url.searchParams.get('condition')?.split(',') ?? [])
    expect(named.map(list => list.length)).toEqual([20, 20, 5])
    expect(named[0]?.[7]).toBe(`${short[7]}00`)
  })

  test('of no market is asked of nobody', async () => {
    const { activity, asked } = await asking(always(page([])))
    expect(await activity.holdings(WHALE, [], forever())).toEqual(new Map())
    expect(asked).toHaveLength(0)
  })

  test.each<[string, object]>([
    ['a row cannot be read', page([holding('11', 5), holding('22', 'much')])],
    ['a row is another wallet’s', page([holding('11', 5, { proxy_wallet: `0x${'9'.repeat(40)}` })])],
    ['there are more rows than can be', page(Array.from({ length: 81 }, (_, index) => holding(String(index), 1)))],
    ['there is no page', { data: 7 }],
  ])('is unknown, and not nothing, where %s', async (_name, body) => {
    const { activity } = await asking(always(body))
    await expect(activity.holdings(WHALE, [CONDITION], forever())).rejects.toBeInstanceOf(FeedError)
  })
})

describe('how far behind the service is', () => {
  test.each<[string, object, number | undefined]>([
    ['its age', { age_seconds: 2.5 }, 2_500],
    [
      'the age of the wallets’ feed, where that is more',
      { age_seconds: 1, serving: { mechanisms: [{ name: 'activity_feed', age_seconds: 40 }] } },
      40_000,
    ],
    ['not said', { ingestion: { lagging: true } }, undefined],
  ])('is %s', async (_name, data, expected) => {
    const { activity } = await asking(always({ data }))
    expect(await activity.lagMs(forever())).toBe(expected)
  })

  test('is an error where it does not answer in its own words', async () => {
    const { activity } = await asking(always({ status: 'ok' }))
    await expect(activity.lagMs(forever())).rejects.toBeInstanceOf(FeedError)
  })
})

test('the client says what it has asked, by group', async () => {
  const { activity, client } = await asking(always(page([])))
  await activity.since(WHALE, instant(0), forever())
  await activity.since(WHALE, instant(0), forever())
  await activity.holdings(WHALE, [CONDITION], forever())
  expect(client.usage()).toEqual([
    { group: 'all', inWindow: 3, peak: 3, limit: 15_000 },
    { group: 'data', inWindow: 3, peak: 3, limit: 800 },
    { group: 'data/v2/trades', inWindow: 2, peak: 2, limit: 300 },
    { group: 'data/v2/positions', inWindow: 1, peak: 1, limit: 200 },
  ])
})
