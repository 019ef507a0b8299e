import { describe, expect, test } from 'vitest'
import { seededWorld } from '../../src/sandbox/seeded-world.ts'
import { ask, connect, NOON, type Row, rows, tokensOf, visit } from './visitor.ts'

type WireLevel = { readonly price: string; readonly size: string }
type WireBook = { readonly asset_id: string; readonly bids: readonly WireLevel[]; readonly asks: readonly WireLevel[] }

describe('markets', () => {
  test('about forty are open, in several categories, and some titles are hostile', async () => {
    const { hosts } = await visit()
    const markets = await rows(`${hosts.gamma}/markets?limit=500`)
    expect(markets.length).toBeGreaterThan(28)
    expect(markets.length).toBeLessThan(55)
    expect(markets.every(market => market.closed === false && typeof market.outcomes === 'string')).toBe(true)
    expect(markets.some(market => market.category === null)).toBe(true)
    const closed = await rows(`${hosts.gamma}/markets?limit=500&closed=true`)
    expect([...markets, ...closed].some(market => /[*@#<\u202e\u{1F40B}]|.{300}/u.test(String(market.question)))).toBe(
      true,
    )
  })

  test('a finished market is only found as a closed one, and pays one token a dollar', async () => {
    const { hosts } = await visit()
    const [market] = await rows(`${hosts.gamma}/markets?closed=true&limit=1`)
    const [token] = tokensOf(market)
    expect(await rows(`${hosts.gamma}/markets?clob_token_ids=${token}`)).toEqual([])
    const [again] = await rows(`${hosts.gamma}/markets?clob_token_ids=${token}&closed=true`)
    expect(again?.conditionId).toBe(market?.conditionId)
    expect([...(JSON.parse(String(market?.outcomePrices)) as string[])].sort()).toEqual(['0', '1'])
    const resolution = await ask(
      `${hosts.data}/v2/resolutions?condition=${String(market?.conditionId).padEnd(66, '0')}`,
    )
    const payouts = JSON.parse(String(market?.outcomePrices)).map((price: string) => Number(price) * 1_000_000)
    expect(resolution.body).toMatchObject({ data: [{ status: 'resolved', payouts }] })
    expect((await ask(`${hosts.clob}/book?token_id=${token}`)).status).toBe(404)
  })

  test('several ids are given as repeated keys, and any market has its id, slug and condition', async () => {
    const { hosts } = await visit()
    const [first, second] = await rows(`${hosts.gamma}/markets?limit=2`)
    const both = `condition_ids=${String(first?.conditionId)}&condition_ids=${String(second?.conditionId)}`
    expect((await rows(`${hosts.gamma}/markets?${both}`)).map(it => it.id)).toEqual([first?.id, second?.id])
    expect((await ask(`${hosts.gamma}/markets/${String(first?.id)}`)).body).toMatchObject({ slug: first?.slug })
    expect((await ask(`${hosts.gamma}/markets/slug/${String(first?.slug)}`)).body).toMatchObject({ id: first?.id })
  })

  test('some are of the second protocol: tokens by position id, and a shorter condition that may be padded', async () => {
    const { hosts } = await visit()
    const markets = await rows(`${hosts.gamma}/markets?limit=500`)
    const second = markets.filter(market => market.version === 'v2')
    expect(second.length).toBeGreaterThan(0)
    expect(second.length).toBeLessThan(markets.length / 3)
    for (const market of second) {
      const condition = String(market.conditionId)
      expect(condition).toMatch(/^0x[0-9a-f]{62}$/)
      expect(market.clobTokenIds).toBe('[]')
      for (const token of tokensOf(market)) {
        expect((BigInt(token) >> 40n) & 0xffff_ffff_ffff_ffffn).toBe(0n)
        expect((await rows(`${hosts.gamma}/markets?clob_token_ids=${token}`)).map(it => it.id)).toEqual([market.id])
      }
      expect(await rows(`${hosts.gamma}/markets?condition_ids=${condition}00`)).toHaveLength(1)
      expect((await ask(`${hosts.data}/v2/resolutions?condition=${condition}`)).status).toBe(400)
      expect((await ask(`${hosts.data}/v2/resolutions?condition=${condition}00`)).body).toMatchObject({
        data: [{ condition_id: `${condition}00` }],
      })
    }
    const decoyed = markets.find(market => market.version === 'v1' && (market.positionIds as string[]).length > 0)
    const [decoy] = (decoyed?.positionIds ?? []) as string[]
    expect(decoy).toMatch(/^\d{70,}$/)
    expect((await ask(`${hosts.clob}/book?token_id=${decoy}`)).status).toBe(404)
  })

  test('the keyset listing shows every open market once and takes no offset', async () => {
    const { hosts } = await visit()
    const ids: unknown[] = []
    let cursor: unknown = null
    do {
      const after = cursor === null ? '' : `&after_cursor=${String(cursor)}`
      const { body } = await ask(`${hosts.gamma}/markets/keyset?limit=7${after}`)
      const { markets, next_cursor } = body as { markets: readonly Row[]; next_cursor: unknown }
      ids.push(...markets.map(market => market.id))
      cursor = next_cursor
    } while (cursor !== null && ids.length < 200)
    expect(ids).toEqual((await rows(`${hosts.gamma}/markets?limit=500`)).map(market => market.id))
    expect((await ask(`${hosts.gamma}/markets/keyset?offset=7`)).status).toBe(422)
    expect((await ask(`${hosts.gamma}/markets?order=volume_24hr`)).status).toBe(422)
  })

  test('a whale is found by name and by wallet', async () => {
    const { hosts, whales } = await visit()
    const whale = whales[0]
    const search = await ask(`${hosts.gamma}/public-search?q=SALTMARSH&search_profiles=true`)
    expect(search.body).toMatchObject({ profiles: [{ name: whale?.name, proxyWallet: whale?.address }] })
    const profile = await ask(
      `${hosts.gamma}/public-profile?address=${whale?.address.toUpperCase().replace('0X', '0x')}`,
    )
    expect(profile.body).toMatchObject({ name: whale?.name })
    expect((await ask(`${hosts.gamma}/public-profile?address=0x1`)).status).toBe(400)
    expect((await ask(`${hosts.gamma}/public-profile?address=0x${'1'.repeat(40)}`)).status).toBe(404)
  })
})

describe('books', () => {
  test('the best level is last, on the grid, and the two tokens mirror each other', async () => {
    const { hosts } = await visit()
    const markets = await rows(`${hosts.gamma}/markets?limit=500`)
    const asked = markets.flatMap(market => (market.acceptingOrders ? tokensOf(market) : []))
    const answer = await ask(`${hosts.clob}/books`, {
      method: 'POST',
      body: JSON.stringify(asked.map(token => ({ token_id: token }))),
    })
    const books = new Map((answer.body as readonly WireBook[]).map(book => [book.asset_id, book]))
    expect(books.size).toBe(asked.length)
    for (const market of markets.filter(it => it.acceptingOrders)) {
      const [first, second] = tokensOf(market).map(token => books.get(token))
      const ticks = (levels: readonly WireLevel[] = []) => levels.map(level => Math.round(Number(level.price) * 1000))
      const bids = ticks(first?.bids)
      const asks = ticks(first?.asks)
      expect(bids).toEqual([...bids].sort((a, b) => a - b))
      expect(asks).toEqual([...asks].sort((a, b) => b - a))
      expect(Number(asks.at(-1))).toBeGreaterThan(Number(bids.at(-1)))
      const grid = Number(market.orderPriceMinTickSize) * 1000
      expect([...bids, ...asks].every(price => price % grid === 0)).toBe(true)
      expect(ticks(second?.asks)).toEqual(bids.map(price => 1000 - price))
      expect(second?.bids.map(level => level.size)).toEqual(first?.asks.map(level => level.size))
    }
  })

  test('an order takes the best price of its moment, or rests at it', () => {
    const world = seededWorld({ seed: 'remora', speed: 1, strangersPerSecond: 5 })
    const at = world.clock.worldTime(NOON)
    let seen = 0
    for (const number of world.numbersBetween(at, at)) {
      const market = world.marketByNumber(number)
      if (market === undefined) continue
      for (const trade of world.executions(market, at - 300_000, at)) {
        const book = world.bookAt(market, trade.token, trade.at)
        const best = (trade.side === 'BUY') === trade.isTaker ? book?.asks[0] : book?.bids[0]
        expect(trade.price).toBe(best?.[0])
        expect(trade.size).toBeLessThanOrEqual(best?.[1] ?? 0)
        seen += 1
      }
    }
    expect(seen).toBeGreaterThan(500)
  })

  test('the book on the stream, kept up to date from its changes, is the book asked for', async () => {
    const sandbox = await visit()
    const [market] = await rows(`${sandbox.hosts.gamma}/markets?order=endDate&ascending=false&limit=1`)
    const [token] = tokensOf(market)
    const line = await connect(sandbox.hosts.marketSocket)
    line.send({ assets_ids: [token], type: 'market', initial_dump: true })
    await line.until(() => line.heard.length > 0)
    for (let seconds = 0; seconds < 5; seconds += 1) {
      const before = line.heard.length
      sandbox.clock.now += 4000
      await line.until(() => line.heard.length > before)
    }
    const kept = { BUY: new Map<number, string>(), SELL: new Map<number, string>() }
    for (const frame of line.heard) {
      if (frame.event_type === 'book') {
        const book = frame as unknown as WireBook
        kept.BUY = new Map(book.bids.map(level => [Number(level.price), level.size]))
        kept.SELL = new Map(book.asks.map(level => [Number(level.price), level.size]))
      }
      const changes = (frame.price_changes ?? []) as readonly { price: string; size: string; side: 'BUY' | 'SELL' }[]
      for (const { price, size, side } of changes) {
        if (size === '0') kept[side].delete(Number(price))
        else kept[side].set(Number(price), size)
      }
    }
    expect(line.heard.some(frame => frame.event_type === 'price_change')).toBe(true)
    const asked = (await ask(`${sandbox.hosts.clob}/book?token_id=${token}`)).body as WireBook
    const levels = (side: 'BUY' | 'SELL') =>
      [...kept[side]].sort((a, b) => (side === 'BUY' ? a[0] - b[0] : b[0] - a[0]))
    expect(levels('BUY')).toEqual(asked.bids.map(level => [Number(level.price), level.size]))
    expect(levels('SELL')).toEqual(asked.asks.map(level => [Number(level.price), level.size]))
  })
})
