import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { finishedMarkets } from '../../src/adapters/polymarket/wallets/finished-markets.ts'
import { polymarketHistory } from '../../src/adapters/polymarket/wallets/history.ts'
import { type ConditionId, instant, type WhaleAddress } from '../../src/core/units/ids.ts'
import { FeedError } from '../../src/ports/feeds.ts'
import { type Asked, clientOf, forever, json, leapingClock, serve, wire } from './stand-in.ts'

const WHALE = '0x00000000000000000000000000000000000000a1' as WhaleAddress
const OTHER = '0x00000000000000000000000000000000000000b2' as WhaleAddress
const CONDITION = `0x${'1c'.repeat(32)}` as ConditionId
const NOW = instant(1_795_132_900_000)

const servers: { readonly stop: () => Promise<void> }[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

type Answers = Record<string, (asked: Asked, response: ServerResponse) => void>

/** A service that knows these paths and no other, as a retired one would not. */
async function fixture(answers: Answers) {
  const server = await serve((asked, response) => {
    const answer = answers[asked.url.pathname]
    if (answer === undefined) json(response, { error: 'no such route', code: 'not_found' }, 404)
    else answer(asked, response)
  })
  servers.push(server)
  const notes: Record<string, unknown>[] = []
  const client = clientOf(server.hosts, leapingClock(NOW), happening => notes.push(happening))
  return { notes, asked: server.asked, client, history: polymarketHistory(client) }
}

const always =
  (body: unknown, status = 200) =>
  (_asked: Asked, response: ServerResponse): void =>
    json(response, body, status)

function page(rows: readonly unknown[]): object {
  return { data: rows, pagination: { limit: 100, offset: 0, has_more: false, next_cursor: null } }
}

const closedRows = wire('data-positions').data as Record<string, unknown>[]
const held = { ...closedRows[0], token_id: '777', status: 'OPEN', total_cost_usdc: 50, unrealized_pnl: -8 }

/** The positions of a wallet in each of the states that are asked for. */
function positions(lost: 'lost' | 'unknown state' = 'lost', open: readonly unknown[] = [held]): Answers {
  return {
    '/v2/positions': (asked, response) => {
      const status = asked.url.searchParams.get('status')
      if (status === 'CLOSED') json(response, wire('data-positions'))
      else if (status === 'OPEN') json(response, page(open))
      else if (lost === 'lost') json(response, wire('data-positions-lost'))
      else json(response, { error: 'status', code: 'invalid_request' }, 400)
    },
  }
}

const tradeRow = (wire('data-trades').data as Record<string, unknown>[])[0]
const purchase = (size: number, timestamp: number, over: object = {}) => ({
  ...tradeRow,
  ...{ side: 'BUY', price: 0.5, size, timestamp, proxy_wallet: WHALE },
  ...over,
})

/** All trades of the wallet, and those of them in which it was the taker. */
function trades(all: readonly unknown[], takers: readonly unknown[]): Answers {
  return {
    '/v2/trades': (asked, response) =>
      json(response, page(asked.url.searchParams.get('taker_only') === 'true' ? takers : all)),
  }
}

const about = (over: object = {}) => ({ conditionId: CONDITION, closed: true, category: 'Sports', ...over })

describe('the past of a wallet', () => {
  test('counts the losers that nobody redeemed', async () => {
    const { history } = await fixture(positions())
    expect(await history.record(WHALE, NOW, forever())).toMatchObject({
      resolved: 3,
      won: 1,
      cost: 75_960_000n,
      profit: -15_960_000n,
    })
  })

  test('is of closed positions alone where lost ones cannot be asked for, and says so', async () => {
    const { history, notes } = await fixture(positions('unknown state'))
    expect(await history.record(WHALE, NOW, forever())).toMatchObject({ resolved: 2 })
    expect(notes).toContainEqual(expect.objectContaining({ kind: 'lostPositionsUnanswered' }))
  })

  test('knows nothing of what closed afterwards', async () => {
    const { history } = await fixture(positions())
    expect(await history.record(WHALE, instant(1_793_500_000_000), forever())).toMatchObject({ resolved: 1 })
  })

  test('is an error without its finished positions, whatever else is told', async () => {
    const { history } = await fixture({
      ...trades([], []),
      '/v2/positions': (asked, response) =>
        asked.url.searchParams.get('status') === 'OPEN' ? json(response, page([])) : json(response, {}, 404),
    })
    await expect(history.record(WHALE, NOW, forever())).rejects.toBeInstanceOf(FeedError)
  })

  test('has what is still held, without what can be redeemed', async () => {
    const redeemable = { ...held, token_id: '888', status: 'REDEEMABLE', redeemable: true, unrealized_pnl: 90 }
    const gaining = { ...held, token_id: '999', unrealized_pnl: 3 }
    const { history } = await fixture(positions('lost', [held, redeemable, gaining]))
    const { open } = await history.record(WHALE, NOW, forever())
    expect(open).toEqual({ count: 2, cost: 100_000_000n, profit: -5_000_000n })
  })

  test('has what the service says of it', async () => {
    const stats = { data: { trades: 12, all_time_pnl: { realized_pnl: -3.5, volume_usdc: '1e3' } } }
    const { history } = await fixture({ ...positions(), '/v2/user-stats': always(stats) })
    expect((await history.record(WHALE, NOW, forever())).service).toEqual({
      markets: 12,
      realised: -3_500_000n,
      volume: 1_000_000_000n,
    })
  })

  test('has the share of its purchases in which it was the taker', async () => {
    const [small, large, sale] = [purchase(100, 1_795_000_000), purchase(300, 1_795_000_100), { side: 'SELL' }]
    const all = [large, small, { ...purchase(900, 1_795_000_200), ...sale }]
    const { history } = await fixture({ ...positions(), ...trades(all, [small]) })
    expect((await history.record(WHALE, NOW, forever())).takerShare).toBeCloseTo(0.25, 9)
  })

  test('compares only the time that both pages of trades cover', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => purchase(1, 1_795_000_999 - index))
    const takers = [purchase(500, 1_795_000_500), purchase(50_000, 1_700_000_000)]
    const more = { data: many, pagination: { has_more: true, next_cursor: 'older' } }
    const { history } = await fixture({
      ...positions(),
      '/v2/trades': (asked, response) =>
        json(response, asked.url.searchParams.get('taker_only') === 'true' ? page(takers) : more),
    })
    expect((await history.record(WHALE, NOW, forever())).takerShare).toBeCloseTo(500 / 999, 6)
  })

  test('is told by category and size of its markets, which are asked about once for all wallets', async () => {
    const { history, asked } = await fixture({
      ...positions(),
      '/markets': always([about({ volumeNum: 250 }), about({ conditionId: `0x${'2d'.repeat(32)}` })]),
    })
    const record = await history.record(WHALE, NOW, forever())
    expect(record.categories).toMatchObject([{ category: 'sports', resolved: 3, won: 1 }])
    expect(record.liquidShare).toBe(0)
    expect(await history.record(OTHER, NOW, forever())).toMatchObject({ categories: record.categories })
    const questions = asked.filter(one => one.url.pathname === '/markets')
    expect(questions).toHaveLength(1)
    expect(questions[0]?.url.searchParams.getAll('condition_ids')).toEqual([CONDITION])
    expect(questions[0]?.url.searchParams.get('closed')).toBe('true')
  })

  test('stands without the parts that cannot be had, which are undefined and noted', async () => {
    const { history, notes } = await fixture({
      ...positions('lost', [{ ...held, unrealized_pnl: null }]),
      '/v2/user-stats': always({ data: 'none of your business' }),
      '/v2/trades': always([]),
      '/markets': always({ error: 'down' }, 418),
    })
    const { open, service, takerShare, liquidShare, categories, resolved } = await history.record(WHALE, NOW, forever())
    expect(resolved).toBe(3)
    expect([open, service, takerShare, liquidShare, categories]).toEqual(Array(5).fill(undefined))
    const missing = notes.filter(note => note.kind === 'recordPartMissing').map(note => note.part)
    expect(missing.sort()).toEqual(['finished markets', 'newest trades', 'open positions', 'user stats'])
  })

  test('is called off at once, parts and all', async () => {
    const caller = new AbortController()
    const { history } = await fixture({ ...positions(), '/v2/user-stats': () => caller.abort() })
    await expect(history.record(WHALE, NOW, caller.signal)).rejects.toMatchObject({ kind: 'aborted' })
  })
})

describe('finished markets', () => {
  const condition = (number: number) => `0x${number.toString(16).padStart(64, '0')}` as ConditionId
  const answering = (asked: Asked, response: ServerResponse): void =>
    json(
      response,
      asked.url.searchParams.getAll('condition_ids').map(conditionId => about({ conditionId })),
    )

  test('are asked for in batches of fifty', async () => {
    const { client, asked } = await fixture({ '/markets': answering })
    const wanted = Array.from({ length: 120 }, (_, index) => condition(index))
    expect((await finishedMarkets(client).of([...wanted, ...wanted], forever())).size).toBe(120)
    expect(asked.map(one => one.url.searchParams.getAll('condition_ids').length)).toEqual([50, 50, 20])
  })

  test('are remembered up to a bound, the one unused for longest forgotten first', async () => {
    const { client, asked } = await fixture({ '/markets': answering })
    const markets = finishedMarkets(client, 2)
    for (const number of [1, 2, 1, 3, 1, 2]) await markets.of([condition(number)], forever())
    const questions = asked.map(one => Number(one.url.searchParams.get('condition_ids')))
    expect(questions).toEqual([1, 2, 3, 2])
  })
})

describe('who a wallet is', () => {
  const profile = {
    ...{ name: 'harbour', pseudonym: 'Quiet-Gull', displayUsernamePublic: true, bio: 'b'.repeat(400) },
    ...{ createdAt: '2025-01-02T03:04:05Z', verifiedBadge: true, proxyWallet: WHALE.toUpperCase().replace('0X', '0x') },
  }

  test('is told by its profile, strangers’ words bounded', async () => {
    const { history } = await fixture({ '/public-profile': always(profile) })
    expect(await history.profile(OTHER, forever())).toEqual({
      whale: WHALE,
      name: 'harbour',
      pseudonym: 'Quiet-Gull',
      bio: 'b'.repeat(300),
      joinedAt: Date.parse('2025-01-02T03:04:05Z'),
      isVerified: true,
    })
  })

  test('is its pseudonym where it hides its name, and nothing where it has no profile', async () => {
    const hidden = await fixture({ '/public-profile': always({ ...profile, displayUsernamePublic: false }) })
    expect(await hidden.history.profile(WHALE, forever())).toMatchObject({ name: 'Quiet-Gull' })
    const absent = { type: 'not found error', error: 'profile not found' }
    const unknown = await fixture({ '/public-profile': always(absent, 404) })
    expect(await unknown.history.profile(WHALE, forever())).toBeUndefined()
  })

  test('is found by its exact public name, letter case aside', async () => {
    const profiles = [
      { ...profile, name: 'Harbour' },
      { ...profile, name: 'harbour lights', proxyWallet: OTHER },
      { ...profile, displayUsernamePublic: false, proxyWallet: OTHER },
      { ...profile, proxyWallet: 'nobody' },
    ]
    const { history, asked, notes } = await fixture({ '/public-search': always({ events: [], profiles }) })
    expect((await history.named(' HARBOUR ', forever())).map(found => found.whale)).toEqual([WHALE])
    expect(notes).toMatchObject([{ kind: 'rowsRefused', rows: 1 }])
    expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toEqual({
      ...{ q: 'harbour', search_profiles: 'true', limit_per_type: '10' },
    })
    expect(await history.named('quiet-gull', forever())).toEqual([])
    expect(await history.named('  ', forever())).toEqual([])
    expect(asked).toHaveLength(2)
  })

  test('is not guessed at where the search has another shape', async () => {
    const { history } = await fixture({ '/public-search': always({ profiles: 'none' }) })
    await expect(history.named('harbour', forever())).rejects.toThrow(/search/)
  })
})

test('the wallets that lead a ranking come best first, of the period and category that was asked for', async () => {
  const { history, asked } = await fixture({ '/v2/leaderboard': always(wire('data-leaderboard')) })
  expect(await history.leaders({ period: 'month', most: 10 }, forever())).toEqual([WHALE, OTHER])
  await history.leaders({ period: 'all', category: 'sports', most: 2 }, forever())
  expect(asked.map(one => one.url.search)).toEqual([
    '?time_period=month&sort_by=PNL&limit=10',
    '?time_period=all&category=sports&sort_by=PNL&limit=2',
  ])
})
