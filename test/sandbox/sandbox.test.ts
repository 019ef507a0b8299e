import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runSandbox } from '../../src/sandbox/main-sandbox.ts'
import { ALL_TRADES, ask, connect, page, type Row, rows, tokensOf, visit } from './visitor.ts'

test('after a restart the same seed and time give the same bytes', async () => {
  const read = async (seed: string) => {
    const sandbox = await visit({ seed })
    const wallet = sandbox.whales[0]?.address
    const [market] = await rows(`${sandbox.hosts.gamma}/markets?limit=1`)
    const [token] = tokensOf(market)
    const { data, gamma, clob } = sandbox.hosts
    const addresses = [
      `${data}/v2/trades?limit=50&taker_only=false`,
      `${data}/v2/activity?user=${wallet}&limit=200`,
      `${data}/v2/positions?user=${wallet}`,
      `${data}/v2/user-stats?user=${wallet}`,
      `${gamma}/markets?limit=100`,
      `${clob}/book?token_id=${token}`,
    ]
    const texts = await Promise.all(addresses.map(async address => (await ask(address)).text))
    await sandbox.stop()
    return texts
  }
  const before = await read('first')
  expect(await read('first')).toEqual(before)
  expect((await read('second'))[0]).not.toBe(before[0])
})

test('the root says that nothing here is real', async () => {
  const { port } = await visit()
  expect((await ask(`http://127.0.0.1:${port}/`)).body).toMatchObject({ simulated: true })
})

test('no order is taken', async () => {
  const { hosts } = await visit()
  expect((await ask(`${hosts.clob}/order`, { method: 'POST', body: '{}' })).status).toBe(405)
})

describe('streams', () => {
  test('a subscription without an action is dropped without a word', async () => {
    const sandbox = await visit()
    const [deaf, listening] = [await connect(sandbox.hosts.activitySocket), await connect(sandbox.hosts.activitySocket)]
    deaf.send({ subscriptions: ALL_TRADES.subscriptions })
    listening.send(ALL_TRADES)
    for (const line of [deaf, listening]) line.send('PING')
    await deaf.until(() => deaf.texts.includes('PONG'))
    await listening.until(() => listening.texts.includes('PONG'))
    sandbox.clock.now += 10_000
    await listening.until(() => listening.heard.length > 10)
    deaf.send('PING')
    await deaf.until(() => deaf.texts.filter(text => text === 'PONG').length === 2)
    expect(deaf.heard).toEqual([])
    const envelope = listening.heard[0]
    expect(Number(envelope?.timestamp)).toBeGreaterThan(1e12)
    const payload = envelope?.payload as Row | undefined
    expect(Number(payload?.timestamp)).toBeLessThan(1e10)
  })

  test('matched orders are told once a transaction', async () => {
    const sandbox = await visit()
    const line = await connect(`ws://127.0.0.1:${sandbox.port}/`)
    line.send({ action: 'subscribe', subscriptions: [{ topic: 'activity', type: '*' }] })
    line.send('PING')
    await line.until(() => line.texts.includes('PONG'))
    sandbox.clock.now += 15_000
    await line.until(() => line.heard.length > 30)
    const hashes = (type: string) =>
      line.heard.filter(it => it.type === type).map(it => (it.payload as Row).transactionHash)
    const matched = hashes('orders_matched')
    expect(new Set(matched).size).toBe(matched.length)
    expect(hashes('trades').length).toBeGreaterThan(matched.length)
  })

  test('a resolution is told only to those who ask for such frames', async () => {
    const sandbox = await visit()
    const open = await rows(`${sandbox.hosts.gamma}/markets?limit=500&order=endDate`)
    const market = open[0]
    const ids = tokensOf(market)
    const [plain, eager] = [await connect(sandbox.hosts.marketSocket), await connect(sandbox.hosts.marketSocket)]
    plain.send({ assets_ids: ids, type: 'market' })
    eager.send({ assets_ids: ids, type: 'market', custom_feature_enabled: true })
    for (const line of [plain, eager]) await line.until(() => line.texts.length > 0)
    const isResolved = (row: Row) => row.event_type === 'market_resolved'
    // Steps no longer than what a stream catches up, each heard before the next.
    for (let step = 0; step < 60 && !eager.heard.some(isResolved); step += 1) {
      sandbox.clock.now += 20_000
      const before = eager.texts.length
      eager.send({ operation: 'subscribe', assets_ids: [] })
      await eager.until(() => eager.texts.length > before)
    }
    const told = eager.heard.find(isResolved)
    expect(told?.market).toBe(market?.conditionId)
    plain.send('PING')
    await plain.until(() => plain.texts.includes('PONG'))
    expect(plain.heard.some(isResolved)).toBe(false)
    const [closed] = await rows(`${sandbox.hosts.gamma}/markets?closed=true&id=${String(market?.id)}`)
    const prices = JSON.parse(String(closed?.outcomePrices)) as string[]
    expect(ids[prices.indexOf('1')]).toBe(told?.winning_asset_id)
  })
})

describe('a recording', () => {
  const START = 1_700_000_000_000
  const lines = [
    {
      kind: 'market',
      at: START,
      conditionId: `0x${'ab'.repeat(32)}`,
      tokens: ['1111111111', '2222222222'],
      outcomes: ['Yes', 'No'],
      title: 'Was this recorded?',
      slug: 'was-this-recorded',
      category: 'tech',
      tick: '0.01',
      minSize: '5',
      feeRate: '0.04',
      closesAt: START + 600_000,
    },
    {
      kind: 'book',
      at: START,
      token: '1111111111',
      bids: [['0.40', '100']],
      asks: [
        ['0.42', '50'],
        ['0.43', '70'],
      ],
    },
    ...['BUY', 'SELL'].map((side, index) => ({
      kind: 'trade',
      at: START + 5000 * (index + 1),
      tx: `0x${String(index).repeat(64)}`,
      wallet: `0x${'cd'.repeat(20)}`,
      name: 'kept',
      token: '1111111111',
      conditionId: `0x${'ab'.repeat(32)}`,
      side,
      price: index === 0 ? '0.42' : '0.40',
      size: index === 0 ? '30' : '10',
    })),
    { kind: 'resolution', at: START + 20_000, conditionId: `0x${'ab'.repeat(32)}`, payouts: ['1', '0'] },
  ]

  test('is played from its first line at the moment of starting', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recording-'))
    await writeFile(join(folder, 'one.jsonl'), lines.map(line => JSON.stringify(line)).join('\n'))
    const sandbox = await visit({ recording: folder })
    const { hosts, clock } = sandbox
    expect((await ask(`${hosts.clob}/book?token_id=2222222222`)).body).toMatchObject({
      bids: [
        { price: '0.57', size: '70.00' },
        { price: '0.58', size: '50.00' },
      ],
      asks: [{ price: '0.60', size: '100.00' }],
    })
    const trades = `${hosts.data}/v2/trades?user=0x${'cd'.repeat(20)}`
    expect((await page(trades)).data).toEqual([])
    clock.now += 10_000
    expect((await page(trades)).data).toMatchObject([
      { side: 'SELL', timestamp: Math.floor(clock.now / 1000) },
      { side: 'BUY', timestamp: Math.floor(clock.now / 1000) - 5 },
    ])
    clock.now += 60_000
    const closed = await page(`${hosts.data}/v2/positions?user=0x${'cd'.repeat(20)}&status=CLOSED`)
    expect(closed.data).toMatchObject([{ total_size: 30, current_size: 0, title: 'Was this recorded?' }])
    expect(Number(closed.data[0]?.realized_pnl)).toBeGreaterThan(10)
    await rm(folder, { recursive: true })
  })

  test('that cannot be read is refused with its line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recording-'))
    await writeFile(join(folder, 'one.jsonl'), `${JSON.stringify(lines[0])}\n{"kind":"trade","at":1}\n`)
    await expect(visit({ recording: folder })).rejects.toThrow(/one\.jsonl:2: tx must be text/)
    await rm(folder, { recursive: true })
  })
})

describe('the command', () => {
  test('prints the hosts and what to set, and ends with the signal', async () => {
    const stop = new AbortController()
    const printed: string[] = []
    const done = runSandbox(['--seed', 'x', '--speed', '2'], line => printed.push(line), stop.signal)
    const isUp = () => printed.some(line => line.startsWith('REMORA_ACTIVITY_SOCKET_URL=ws://127.0.0.1:'))
    while (!isUp()) await new Promise(resolve => setImmediate(resolve))
    const gamma = printed.find(line => line.startsWith('REMORA_GAMMA_URL='))?.split('=')[1]
    expect((await ask(`${gamma}/tags`)).status).toBe(200)
    expect(printed[0]).toContain('SIMULATED')
    stop.abort()
    await done
    await expect(fetch(`${gamma}/tags`)).rejects.toThrow()
  })

  test.each([
    [['--port', 'many'], /--port must be/],
    [['--speed', '0'], /--speed must be/],
    [['--sped', '2'], /Unknown option '--sped'/],
    [['--recording', 'nowhere'], /there is no recording at nowhere/],
  ])('says in one line what is wrong with %j', async (args, sentence) => {
    const printed: string[] = []
    const code = process.exitCode
    await runSandbox(args, line => printed.push(line), new AbortController().signal)
    expect(process.exitCode).toBe(2)
    process.exitCode = code
    expect(printed).toHaveLength(1)
    expect(printed[0]).toMatch(sentence)
  })
})
