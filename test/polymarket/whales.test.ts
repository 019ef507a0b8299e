import { describe, expect, test } from 'vitest'
import { instant } from '../../src/core/units/ids.ts'
import { FeedError } from '../../src/ports/feeds.ts'
import { type Answers, always, fixture, NOW, page, whale } from './service.ts'
import { forever, json, wire } from './stand-in.ts'

describe('the trades of a wallet since an instant', () => {
  const rows = wire('data-trades').data as Record<string, unknown>[]

  test('are whole trades, oldest first, makers’ included, asked past the cache', async () => {
    const { feed, asked } = await fixture({ '/v2/trades': always(page(rows)).answer })
    const trades = await feed.since(whale, instant(1_795_132_800_500), forever())
    expect(trades.map(trade => [trade.side, trade.size])).toEqual([
      ['buy', 24_285_715n],
      ['sell', 2_800_000n],
    ])
    await feed.since(whale, instant(1_795_132_800_500), forever())
    expect(asked[0]?.url.searchParams.get('taker_only')).toBe('false')
    expect(asked[0]?.url.searchParams.get('start')).toBe('1795132800')
    expect(new Set(asked.map(one => one.url.searchParams.get('_'))).size).toBe(2)
  })

  test('are read page by page with the filters unchanged', async () => {
    const { feed, asked } = await fixture({
      '/v2/trades': (one, response) => {
        const cursor = one.url.searchParams.get('cursor')
        json(response, cursor === null ? page(rows.slice(0, 2), 'second') : page(rows.slice(2)))
      },
    })
    expect(await feed.since(whale, instant(0), forever())).toHaveLength(2)
    const filters = asked.map(one => {
      one.url.searchParams.delete('cursor')
      return one.url.search
    })
    expect(filters).toHaveLength(2)
    expect(new Set(filters).size).toBe(1)
  })

  test('that do not fit are an error that names the gap', async () => {
    let pages = 0
    const many = Array.from({ length: 1_000 }, () => rows[0])
    const { feed, asked } = await fixture({
      '/v2/trades': (_asked, response) => {
        pages += 1
        json(response, page(many, `page ${pages}`))
      },
    })
    const reading = feed.since(whale, instant(1_795_000_000_000), forever())
    await expect(reading).rejects.toThrow(/more than 5000 times.*between 2026-11-18T.* and 2026-11-20T.* was not read/)
    expect(asked).toHaveLength(5)
  })

  test('are an error where pages lead nowhere', async () => {
    const { feed } = await fixture({ '/v2/trades': always(page(rows, 'again')).answer })
    await expect(feed.since(whale, instant(0), forever())).rejects.toThrow(/same page/)
  })

  test('leave out what cannot be read and what is not this wallet’s, and say so', async () => {
    const stranger = { ...rows[0], proxy_wallet: `0x${'9'.repeat(40)}` }
    const { feed, notes } = await fixture({
      '/v2/trades': always(page([...rows, stranger, { ...rows[0], price: 1 }, { ...rows[0], novel: 1 }])).answer,
    })
    expect(await feed.since(whale, instant(0), forever())).toHaveLength(2)
    expect(notes.filter(note => note.kind === 'rowsRefused')).toHaveLength(2)
  })

  test.each<[string, unknown, number]>([
    ['the path is retired', { error: 'gone' }, 404],
    ['the rows have another shape', page([{ proxyWallet: whale }]), 200],
    ['there is no page', [], 200],
  ])('are an error when %s', async (_name, body, status) => {
    const { feed } = await fixture({ '/v2/trades': always(body, status).answer })
    await expect(feed.since(whale, instant(0), forever())).rejects.toBeInstanceOf(FeedError)
  })
})

describe('the past of a wallet', () => {
  const positions = (withLost: boolean): Answers => ({
    '/v2/positions': (asked, response) => {
      if (asked.url.searchParams.get('status') === 'CLOSED') json(response, wire('data-positions'))
      else if (withLost) json(response, wire('data-positions-lost'))
      else json(response, { error: 'status', code: 'invalid_request' }, 400)
    },
  })

  test('counts the losers that nobody redeemed', async () => {
    const { history } = await fixture(positions(true))
    expect(await history.record(whale, NOW, forever())).toMatchObject({
      resolved: 3,
      won: 1,
      cost: 75_960_000n,
      profit: -15_960_000n,
    })
  })

  test('is of closed positions alone where lost ones cannot be asked for, and says so', async () => {
    const { history, notes } = await fixture(positions(false))
    expect(await history.record(whale, NOW, forever())).toMatchObject({ resolved: 2 })
    expect(notes).toMatchObject([{ kind: 'lostPositionsUnanswered' }])
  })

  test('knows nothing of what closed afterwards', async () => {
    const { history } = await fixture(positions(true))
    expect(await history.record(whale, instant(1_793_500_000_000), forever())).toMatchObject({ resolved: 1 })
  })

  test('has a name, or none', async () => {
    const profile = { name: 'harbour', pseudonym: 'Quiet-Gull', displayUsernamePublic: true }
    const known = await fixture({ '/public-profile': always(profile).answer })
    expect(await known.history.name(whale, forever())).toBe('harbour')
    const hidden = await fixture({ '/public-profile': always({ ...profile, displayUsernamePublic: false }).answer })
    expect(await hidden.history.name(whale, forever())).toBe('Quiet-Gull')
    const unknown = await fixture({
      '/public-profile': always({ type: 'not found error', error: 'profile not found' }, 404).answer,
    })
    expect(await unknown.history.name(whale, forever())).toBeUndefined()
  })

  test('leads the month’s ranking, best first', async () => {
    const { history, asked } = await fixture({ '/v2/leaderboard': always(wire('data-leaderboard')).answer })
    expect(await history.leaders(10, forever())).toEqual([whale, '0x00000000000000000000000000000000000000b2'])
    expect(asked[0]?.url.searchParams.get('time_period')).toBe('month')
  })
})
