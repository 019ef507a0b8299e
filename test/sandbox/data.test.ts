import { describe, expect, test } from 'vitest'
import { ALL_TRADES, allPages, ask, connect, fresh, NOON, page, type Row, visit } from './visitor.ts'

const EVENKEEL = 8

describe('trades', () => {
  test('every row of the activity stream is in the trades of its wallet', async () => {
    const sandbox = await visit()
    const line = await connect(sandbox.hosts.activitySocket)
    line.send(ALL_TRADES)
    line.send('PING')
    await line.until(() => line.texts.includes('PONG'))
    sandbox.clock.now += 20_000
    await line.until(() => line.heard.length >= 40)
    for (const { payload } of line.heard) {
      const told = payload as Row
      const { data } = await page(
        `${sandbox.hosts.data}/v2/trades?user=${String(told.proxyWallet)}&taker_only=false&start=${String(told.timestamp)}&limit=1000`,
      )
      expect(data).toContainEqual(
        expect.objectContaining({
          proxy_wallet: told.proxyWallet,
          transaction_hash: told.transactionHash,
          token_id: told.asset,
          condition_id: told.conditionId,
          side: told.side,
          size: told.size,
          price: told.price,
          timestamp: told.timestamp,
        }),
      )
    }
  })

  test('cursors show every trade exactly once, newest first', async () => {
    const { hosts, whales } = await visit()
    const address = `${hosts.data}/v2/trades?user=${whales[0]?.address}&taker_only=false`
    const whole = (await page(`${address}&limit=600`)).data
    const inPages = (await allPages(`${address}&limit=97&start=${Number(whole.at(-1)?.timestamp)}`)).slice(0, 600)
    expect(inPages).toEqual(whole)
    const times = whole.map(row => Number(row.timestamp))
    expect(times).toEqual([...times].sort((a, b) => b - a))
  })

  test('a cursor is refused with other filters than its own', async () => {
    const { hosts, whales } = await visit()
    const address = `${hosts.data}/v2/trades?user=${whales[0]?.address}&limit=3`
    const { pagination } = await page(address)
    const answer = await ask(`${address}&side=BUY&cursor=${String(pagination.next_cursor)}`)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', parameter: 'cursor' } })
  })

  test('maker rows are hidden unless asked for', async () => {
    const { hosts, whales } = await visit()
    const address = `${hosts.data}/v2/trades?user=${whales[EVENKEEL]?.address}&start=1&limit=200`
    const everything = (await page(`${address}&taker_only=false`)).data
    const oldest = everything.at(-1)?.timestamp
    const taken = (await page(address)).data.filter(row => Number(row.timestamp) > Number(oldest))
    expect(taken.length).toBeGreaterThan(0)
    expect(taken.length).toBeLessThan(everything.length / 2)
    for (const row of taken) expect(everything).toContainEqual(row)
  })

  test('the rows of one transaction have one taker and add up', async () => {
    const { hosts } = await visit()
    const taken = (await page(`${hosts.data}/v2/trades?limit=20`)).data
    const everything = (await page(`${hosts.data}/v2/trades?limit=200&taker_only=false`)).data
    for (const taker of taken) {
      const match = everything.filter(row => row.transaction_hash === taker.transaction_hash)
      const made = match.filter(row => row.proxy_wallet !== taker.proxy_wallet)
      expect(made.reduce((sum, row) => sum + Number(row.size), 0)).toBeCloseTo(Number(taker.size), 6)
    }
  })

  test('the edge repeats an answer until the address changes', async () => {
    const sandbox = await visit()
    const address = `${sandbox.hosts.data}/v2/trades?limit=5`
    const before = await ask(address)
    sandbox.clock.now += 60_000
    expect((await ask(address)).text).toBe(before.text)
    expect((await ask(fresh(address))).text).not.toBe(before.text)
    sandbox.clock.now += 241_000
    expect((await ask(address)).text).not.toBe(before.text)
  })
})

test.each(['/trades', '/activity', '/positions', '/closed-positions', '/value', '/v1/leaderboard', '/traded'])(
  'the retired path %s is not found',
  async path => {
    const { hosts, whales } = await visit()
    expect((await ask(`${hosts.data}${path}?user=${whales[0]?.address}`)).status).toBe(404)
  },
)

test.each([
  ['offset', 'offset=10'],
  ['limit', 'limit=1001'],
  ['user', 'user=0x12'],
  ['user', 'user=0xE111180000d2663C0091e4f400237545B87B996B'],
  ['start', 'start=yesterday'],
])('a bad %s is refused by name: %s', async (parameter, query) => {
  const { hosts } = await visit()
  expect(await ask(`${hosts.data}/v2/trades?${query}`)).toMatchObject({ status: 400, body: { parameter } })
})

describe('positions', () => {
  test('what a wallet holds is the sum of what it traded and redeemed', async () => {
    const { hosts, whales } = await visit()
    const user = whales[1]?.address
    const held = await allPages(`${hosts.data}/v2/positions?user=${user}&limit=50&filter_amount=0`)
    expect(held.length).toBeGreaterThan(5)
    for (const position of held) {
      const at = `user=${user}&condition=${String(position.condition_id)}&start=1&limit=1000`
      const entries = (await page(`${hosts.data}/v2/activity?${at}`)).data
      const own = entries.filter(entry => entry.token_id === position.token_id)
      const bought = own.filter(entry => entry.side === 'BUY').reduce((sum, entry) => sum + Number(entry.size), 0)
      const gone = own.filter(entry => entry.side !== 'BUY').reduce((sum, entry) => sum + Number(entry.size), 0)
      expect(position.current_size).toBeCloseTo(bought - gone, 4)
      expect(position.total_size).toBeCloseTo(bought, 4)
    }
  })

  test('closed ones come in pages exactly once and hold nothing', async () => {
    const { hosts, whales } = await visit()
    const address = `${hosts.data}/v2/positions?user=${whales[2]?.address}&status=CLOSED&sort_by=REALIZED_PNL`
    const closed = await allPages(`${address}&limit=100`)
    expect(closed).toEqual(await allPages(`${address}&limit=1000`))
    expect(new Set(closed.map(row => row.token_id)).size).toBe(closed.length)
    expect(closed.every(row => row.current_size === 0 && row.status === 'CLOSED')).toBe(true)
  })

  test('over a long past the skilled gain and the unskilled lose', async () => {
    const { hosts, whales } = await visit()
    for (const whale of whales) {
      if (Math.abs(whale.skill) < 0.5) continue
      const closed = await allPages(`${hosts.data}/v2/positions?user=${whale.address}&status=CLOSED&limit=1000`)
      const made = closed.reduce((sum, row) => sum + Number(row.realized_pnl), 0)
      expect(closed.length, whale.name).toBeGreaterThan(100)
      expect(Math.sign(made), whale.name).toBe(Math.sign(whale.skill))
    }
    const { data } = await page(`${hosts.data}/v2/leaderboard?time_period=all`)
    const skills = data.map(row => whales.find(whale => whale.address === row.user_id)?.skill ?? 0)
    expect(skills.slice(0, 3).every(skill => skill > 0)).toBe(true)
    expect(skills.slice(-3).every(skill => skill < 0)).toBe(true)
    const top = whales.find(whale => whale.address === data[0]?.user_id)
    const stats = (await ask(`${hosts.data}/v2/user-stats?user=${top?.address}`)).body as { data: Row }
    expect((stats.data.all_time_pnl as Row).realized_pnl).toBeCloseTo(Number(data[0]?.pnl), 3)
  })

  test('a lost holding is redeemable and worthless until it is redeemed', async () => {
    const { hosts, whales } = await visit()
    const found: Row[] = []
    for (const whale of whales) {
      const lost = await page(`${hosts.data}/v2/positions?user=${whale.address}&status=REDEEMABLE_LOST`)
      found.push(...lost.data)
    }
    expect(found.length).toBeGreaterThan(0)
    expect(found.every(row => row.status === 'REDEEMABLE' && row.redeemable === true && row.current_value === 0)).toBe(
      true,
    )
  })
})

test('redemptions of a winner pay a dollar a share, of a loser nothing', async () => {
  const { hosts, whales } = await visit()
  const { data } = await page(`${hosts.data}/v2/activity?user=${whales[0]?.address}&type=REDEEM&limit=100`)
  expect(data.every(row => row.type === 'REDEEM')).toBe(true)
  expect(data.some(row => row.usdc_size === row.size)).toBe(true)
  expect(data.some(row => row.usdc_size === 0)).toBe(true)
})

test('activity can be read forwards', async () => {
  const { hosts, whales } = await visit()
  const { data } = await page(
    `${hosts.data}/v2/activity?user=${whales[0]?.address}&sortDirection=ASC&start=${NOON / 1000 - 600}&limit=40`,
  )
  const times = data.map(row => Number(row.timestamp))
  expect(times.length).toBeGreaterThan(5)
  expect(times).toEqual([...times].sort((a, b) => a - b))
})
