import { describe, expect, test } from 'vitest'
import type { WhaleAddress } from '../../src/core/units/ids.ts'
import { filled, nodeStandIn, sent, ZERO_ADDRESS } from './chain-node-stand-in.ts'
import {
  buy,
  CONDITION,
  gamma,
  live,
  NO,
  node,
  OTHER,
  until,
  WHALE,
  watchedWallets,
  watching,
  YES,
} from './chain-world.ts'

test('a trade of a watched wallet is told with its market, its role and the time of its block', async () => {
  const chain = await node()
  const stream = await watching([chain.url])
  await live(chain, stream)
  const before = performance.now()
  const block = chain.mine([buy('a1')])
  expect(await stream.trades.first(1)).toEqual([
    {
      transaction: `0x${'a1'.padStart(64, '0')}`,
      whale: WHALE,
      name: WHALE,
      token: YES,
      condition: CONDITION,
      title: 'Will the lighthouse be painted green before June?',
      outcome: 'Yes',
      side: 'buy',
      isTaker: true,
      price: 500_000n,
      size: 10_000_000n,
      happenedAt: block.at * 1_000,
      source: 'chain',
    },
  ])
  expect(stream.received.held[0]).toBeGreaterThan(before)
  expect(stream.received.held[0]).toBeLessThan(performance.now())
  expect(await stream.reported(2)).toEqual(['connecting', 'live'])
})

test('a maker’s sell is a sell by a maker', async () => {
  const chain = await node()
  const stream = await watching([chain.url])
  await live(chain, stream)
  chain.mine([buy('a1', { side: 'sell', given: 10_000_000, taken: 4_000_000, counterparty: OTHER })])
  expect(await stream.trades.first(1)).toMatchObject([{ side: 'sell', isTaker: false, price: 400_000n }])
})

test('pieces of one order are told as one trade that grows', async () => {
  const chain = await node()
  const stream = await watching([chain.url])
  await live(chain, stream)
  chain.mine([buy('a1', { given: 4_000_000, order: 1 }), buy('a1', { given: 5_000_000, order: 2 }), buy('a2')])
  const told = await stream.trades.first(3)
  expect(told.map(trade => [trade.transaction.slice(-2), trade.size, trade.price])).toEqual([
    ['a1', 10_000_000n, 400_000n],
    ['a1', 20_000_000n, 450_000n],
    ['a2', 10_000_000n, 500_000n],
  ])
})

test('fifty strangers’ trades a second are not even sent, and those that are sent all the same are not told', async () => {
  const chain = await node()
  const stream = await watching([chain.url])
  await live(chain, stream)
  const stranger = `0x${'9'.repeat(40)}`
  chain.mine(Array.from({ length: 50 }, (_, index) => buy(`b${index}`, { whale: stranger, order: index })))
  const frame = (result: unknown) => {
    const subscription = chain.subscriptions().find(one => one.what === 'logs')?.id
    return JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params: { subscription, result } })
  }
  const [log] = chain.mine([buy('b99', { whale: stranger, token: '777' })]).logs
  for (let count = 0; count < 50; count += 1) chain.say(frame(log))
  chain.mine([buy('a1')])
  expect(await stream.trades.first(1)).toMatchObject([{ whale: WHALE }])
  expect(stream.trades.held).toHaveLength(1)
  expect(stream.gamma.asked).toHaveLength(1)
})

describe('after a connection is lost', () => {
  test('what happened meanwhile is caught up on, and nothing is told twice', async () => {
    const chain = await node()
    const stream = await watching([chain.url])
    await live(chain, stream)
    chain.mine([buy('a1')])
    await stream.trades.first(1)
    chain.cut()
    await stream.reported(3)
    chain.mine([buy('a2'), buy('a3')])
    await live(chain, stream)
    chain.mine([buy('a4')])
    const told = await stream.trades.first(4)
    expect(told.map(trade => trade.transaction.slice(-2))).toEqual(['a1', 'a2', 'a3', 'a4'])
    expect(await stream.reported(4)).toEqual(['connecting', 'live', 'connecting', 'live'])
  })

  test('what the node had not told of the last blocks is found', async () => {
    const chain = await node()
    const stream = await watching([chain.url])
    await live(chain, stream)
    const block = chain.mine([buy('a1')])
    await stream.trades.first(1)
    chain.slip(block, buy('a2', { order: 2 }))
    chain.cut()
    await stream.reported(3)
    expect((await stream.trades.first(2)).map(trade => trade.transaction.slice(-2))).toEqual(['a1', 'a2'])
  })

  test('a node that refuses long ranges is asked for shorter ones', async () => {
    const chain = await node({ blocksMax: 7, refusal: { code: -32_000, message: 'invalid block range params' } })
    for (let count = 0; count < 30; count += 1) chain.mine([buy(`a${count}`, { order: count })])
    const stream = await watching([chain.url])
    expect(await stream.trades.first(30)).toHaveLength(30)
    expect(chain.askedFor('eth_getLogs').length).toBeGreaterThan(4)
    await live(chain, stream)
    expect(stream.trades.held.map(trade => trade.transaction)).toEqual(
      Array.from({ length: 30 }, (_, count) => `0x${`a${count}`.padStart(64, '0')}`),
    )
  })

  test.each([
    [-32_005, 'query returned more than 10000 results'],
    [-32_602, 'eth_getLogs is limited to a 10,000 range'],
    [-32_000, 'exceed maximum block range: 50000'],
    [-32_000, 'block range is too wide'],
    [35, 'ranges over 10000 blocks are not supported on freetier'],
    [-32_602, 'Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range'],
  ])('the words of a node that wants shorter ranges are understood: %i %s', async (code, message) => {
    const chain = await node({ blocksMax: 2, refusal: { code, message } })
    for (let count = 0; count < 5; count += 1) chain.mine([buy(`a${count}`, { order: count })])
    const stream = await watching([chain.url])
    expect(await stream.trades.first(5)).toHaveLength(5)
    expect(stream.states.held).toHaveLength(1)
  })

  test('what is told during the catch-up comes after what it finds', async () => {
    const chain = await node()
    chain.mine([buy('a1')])
    let isAsked = false
    chain.conduct.answer = ({ method }) => {
      if (method === 'eth_getLogs' && !isAsked) {
        isAsked = true
        chain.mine([buy('a2', { order: 2 })])
      }
      return undefined
    }
    const stream = await watching([chain.url])
    expect((await stream.trades.first(2)).map(trade => trade.transaction.slice(-2))).toEqual(['a1', 'a2'])
  })

  test('a node that limits how often it is asked is not asked for halves', async () => {
    const chain = await node({ blocksMax: 0, refusal: { code: -32_005, message: 'rate limit exceeded' } })
    const stream = await watching([chain.url])
    expect(await stream.reported(2)).toEqual(['connecting', 'down'])
    expect(stream.states.held[1]?.why).toBe('the node refused eth_getLogs (code -32005)')
    expect(chain.askedFor('eth_getLogs').length).toBeLessThanOrEqual(chain.connections())
  })

  test('what is too long ago is noted, and the rest is told', async () => {
    const chain = await node()
    const stream = await watching([chain.url])
    await live(chain, stream)
    chain.cut()
    await stream.reported(3)
    chain.mine([buy('a1')])
    for (let count = 0; count < 2_100; count += 1) chain.mine()
    chain.mine([buy('a2')])
    await live(chain, stream)
    expect(await stream.trades.first(1)).toMatchObject([{ transaction: `0x${'a2'.padStart(64, '0')}` }])
    expect(stream.notes.held.filter(note => note.kind === 'chainGap')).toHaveLength(1)
  })
})

describe('a reorganisation', () => {
  test('takes back a log, which is no trade, and its transaction in another block is the same trade', async () => {
    const chain = await node()
    const stream = await watching([chain.url])
    await live(chain, stream)
    const [log] = chain.mine([buy('a1')]).logs
    await stream.trades.first(1)
    if (log !== undefined) chain.tellLog({ ...log, removed: true })
    chain.mine([buy('b1', { order: 7 }), buy('a1')])
    expect((await stream.trades.first(2)).map(trade => trade.transaction.slice(-2))).toEqual(['a1', 'b1'])
    stream.clock.move(61_000)
    chain.mine([buy('b2', { order: 8 })], stream.clock.now() / 1_000 - 1)
    await stream.trades.first(3)
    expect(stream.trades.held.map(trade => trade.transaction.slice(-2))).toEqual(['a1', 'b1', 'b2'])
    expect(stream.notes.held.filter(note => note.kind === 'chainTookBack')).toEqual([])
  })

  test('that does not give a log back is noted after a minute', async () => {
    const chain = await node()
    const stream = await watching([chain.url])
    await live(chain, stream)
    const [log] = chain.mine([buy('a1')]).logs
    if (log !== undefined) chain.tellLog({ ...log, removed: true })
    chain.mine([buy('a2')])
    await stream.trades.first(2)
    stream.clock.move(61_000)
    chain.mine()
    await until(() => stream.notes.held.some(note => note.kind === 'chainTookBack'))
    expect(stream.notes.held.find(note => note.kind === 'chainTookBack')).toMatchObject({
      transaction: `0x${'a1'.padStart(64, '0')}`,
    })
  })
})

describe('of several nodes', () => {
  test('the second is used where the first is not there', async () => {
    const gone = await nodeStandIn()
    await gone.stop()
    const chain = await node()
    const stream = await watching([gone.url, chain.url])
    await live(chain, stream)
    chain.mine([buy('a1')])
    expect(await stream.trades.first(1)).toHaveLength(1)
    expect(await stream.reported(3)).toEqual(['connecting', 'down', 'live'])
    expect(stream.states.held[1]?.why).toMatch(/^127\.0\.0\.1:\d+ cannot be reached: /)
  })

  test('one of another chain is not used, and it is said why', async () => {
    const foreign = await node({ chainId: 1 })
    const chain = await node()
    const stream = await watching([`${foreign.url}/v2/a-key-that-nobody-should-see`, chain.url])
    await live(chain, stream)
    expect(stream.states.held[1]).toMatchObject({ status: 'down', why: expect.stringMatching(/ is on chain 1, but /) })
    expect(JSON.stringify([stream.states.held, stream.notes.held])).not.toContain('a-key')
  })

  test('one that tells no blocks any more is stale and left', async () => {
    const still = await node()
    const chain = await node()
    const stream = await watching([still.url, chain.url], { timings: { silentAfterMs: 150 } })
    await live(still, stream)
    const beating = setInterval(() => chain.mine(), 20)
    expect(await stream.reported(4)).toEqual(['connecting', 'live', 'stale', 'live'])
    clearInterval(beating)
    expect(still.open()).toBe(0)
  })

  test('one that tells blocks is kept, however few trades there are', async () => {
    const chain = await node()
    const stream = await watching([chain.url], { timings: { silentAfterMs: 200 } })
    await live(chain, stream)
    const liveAt = performance.now()
    await until(() => {
      chain.mine()
      return performance.now() - liveAt > 600
    })
    expect(stream.states.held.map(state => state.status)).toEqual(['connecting', 'live'])
  })

  test('one that is open and answers nothing is stale and left', async () => {
    const dead = await node()
    const chain = await node()
    const timings = { heartbeatMs: 30, heartbeatWithinMs: 50 }
    const stream = await watching([dead.url, chain.url], { timings })
    await live(dead, stream)
    dead.conduct.isMute = true
    await stream.reported(3)
    await live(chain, stream)
    expect(await stream.reported(4)).toEqual(['connecting', 'live', 'stale', 'live'])
    expect(stream.states.held[2]?.why).toMatch(/did not answer eth_blockNumber: not within 50 ms$/)
  })

  test('one that is far behind the chain does not count as live', async () => {
    const late = await node()
    const chain = await node()
    const stream = await watching([late.url, chain.url], { timings: { silentAfterMs: 150 } })
    await until(() => late.subscriptions().length === 2)
    late.mine([], Math.floor(Date.now() / 1_000) - 3_600)
    await stream.reported(2)
    expect(stream.states.held[1]).toMatchObject({ status: 'stale', why: expect.stringMatching(/behind the chain$/) })
    await live(chain, stream)
  })
})

test('a node that is only asked tells the same, and its address is told to nobody', async () => {
  const chain = await node()
  const stream = await watching([`${chain.http}/v2/a-key`])
  chain.mine([buy('a1')])
  chain.mine([buy('a2')])
  expect((await stream.trades.first(2)).map(trade => trade.transaction.slice(-2))).toEqual(['a1', 'a2'])
  expect(await stream.reported(2)).toEqual(['connecting', 'live'])
  chain.mine([buy('a3')])
  await stream.trades.first(3)
  await chain.stop()
  expect(await stream.reported(3)).toEqual(['connecting', 'live', 'stale'])
  expect(JSON.stringify([stream.states.held, stream.notes.held])).not.toContain('a-key')
})

test('garbage frames are counted and no more', async () => {
  const chain = await node()
  const stream = await watching([chain.url])
  await live(chain, stream)
  const subscription = chain.subscriptions().find(one => one.what === 'logs')?.id
  const spoilt = { jsonrpc: '2.0', method: 'eth_subscription', params: { subscription, result: { address: 7 } } }
  const garbage = ['', 'hello', '[]', 'null', '7', '{"id":', '{"id":99999,"result":1}', '{"method":"eth_subscription"}']
  for (const frame of [...garbage, Buffer.from('{}'), JSON.stringify(spoilt)]) chain.say(frame)
  chain.mine([buy('a1')])
  expect(await stream.trades.first(1)).toHaveLength(1)
  expect(stream.notes.held.map(note => note.kind)).toEqual([
    ...Array.from({ length: 8 }, () => 'chainGarbage'),
    'chainLogRefused',
  ])
  expect(chain.connections()).toBe(1)
})

describe('wallets that are added while it runs', () => {
  test('are heard of without losing what the others do', async () => {
    const chain = await node()
    const watched = watchedWallets(WHALE)
    const stream = await watching([chain.url], { watched })
    await live(chain, stream)
    chain.mine([buy('b0', { whale: OTHER })])
    watched.add(OTHER)
    for (let count = 0; count < 20; count += 1) {
      chain.mine([buy(`a${count}`)])
      await until(() => stream.trades.held.filter(trade => trade.whale === WHALE).length > count)
    }
    await until(() => chain.askedFor('eth_unsubscribe').length === 1)
    chain.mine([buy('b1', { whale: OTHER })])
    const told = await stream.trades.first(22)
    expect(told.filter(trade => trade.whale === OTHER).map(trade => trade.transaction.slice(-2))).toEqual(['b0', 'b1'])
    expect(told.filter(trade => trade.whale === WHALE)).toHaveLength(20)
    expect(chain.subscriptions().map(one => one.what)).toEqual(['newHeads', 'logs'])
  })

  test('before the first block is told are heard of as well', async () => {
    const chain = await node()
    const watched = watchedWallets(WHALE)
    let isAdded = false
    chain.conduct.answer = ({ method }) => {
      if (method === 'eth_getLogs' && !isAdded) {
        isAdded = true
        watched.add(OTHER)
      }
      return undefined
    }
    const stream = await watching([chain.url], { watched })
    await until(() => chain.askedFor('eth_unsubscribe').length === 1)
    await live(chain, stream)
    chain.mine([buy('b1', { whale: OTHER })])
    expect(await stream.trades.first(1)).toMatchObject([{ whale: OTHER }])
    expect(chain.connections()).toBe(1)
  })

  test('in hundreds are asked for in groups that a node takes', async () => {
    const chain = await node()
    const many = Array.from(
      { length: 1_200 },
      (_, index) => `0x${index.toString(16).padStart(40, '0')}` as WhaleAddress,
    )
    const stream = await watching([chain.url], { watched: watchedWallets(...many) })
    await live(chain, stream)
    const sizes = chain.subscriptions().flatMap(one => (one.filter.topics?.[2] as string[] | undefined)?.length ?? [])
    expect(sizes).toEqual([500, 500, 200])
    chain.mine([buy('a1', { whale: many[1_199] ?? '' })])
    expect(await stream.trades.first(1)).toMatchObject([{ whale: many[1_199] }])
  })
})

describe('a token', () => {
  test('that Gamma does not know yet is asked for again, and the order of its trades is kept', async () => {
    const chain = await node()
    let asked = 0
    const service = await gamma(() => {
      asked += 1
      return asked > 3
    })
    const stream = await watching([chain.url], { gamma: service })
    await live(chain, stream)
    chain.mine([buy('a1'), buy('a2'), buy('a3')])
    expect((await stream.trades.first(3)).map(trade => trade.transaction.slice(-2))).toEqual(['a1', 'a2', 'a3'])
  })

  test('that Gamma never knows is noted, and holds up no other', async () => {
    const chain = await node()
    const stream = await watching([chain.url])
    await live(chain, stream)
    chain.mine([buy('a1', { token: '424242' }), buy('a2')])
    expect(await stream.trades.first(1)).toMatchObject([{ token: YES }])
    await until(() => stream.notes.held.some(note => note.kind === 'chainTokenUnknown'))
    expect(stream.notes.held).toContainEqual({
      kind: 'chainTokenUnknown',
      transaction: `0x${'a1'.padStart(64, '0')}`,
      token: '424242',
    })
  })
})

describe('shares that leave without an order', () => {
  test.each([
    ['to a person are a transfer', OTHER, [[YES, 5]], 'transfer', 1],
    ['to nobody, of one token, are redeemed', ZERO_ADDRESS, [[YES, 5]], 'redeem', 1],
    [
      'to nobody, of both tokens, are merged',
      ZERO_ADDRESS,
      [
        [YES, 5],
        [NO, 5],
      ],
      'merge',
      2,
    ],
  ] as const)('%s', async (_name, to, parts, how, count) => {
    const chain = await node()
    const stream = await watching([chain.url])
    await live(chain, stream)
    chain.mine([sent(WHALE, to, parts)])
    const told = await stream.trades.first(count)
    for (const trade of told)
      expect(trade).toMatchObject({ how, side: 'sell', price: 0n, size: 5n, condition: CONDITION })
    expect(new Set(told.map(trade => trade.token)).size).toBe(count)
  })

  test('are no departure where an order sold them, wherever they went', async () => {
    const chain = await node()
    const stream = await watching([chain.url])
    await live(chain, stream)
    const exchange = buy('a1').address
    const sale = { whale: WHALE, token: YES, side: 'sell', given: 5, taken: 2 } as const
    chain.mine([sent(WHALE, exchange, [[YES, 5]]), filled(sale)])
    const other = { transactionHash: `0x${'cd'.repeat(32)}` }
    chain.mine([sent(WHALE, OTHER, [[YES, 5]], other), filled({ ...sale, more: other })])
    chain.mine([sent(WHALE, OTHER, [[NO, 9]], { transactionHash: `0x${'ef'.repeat(32)}` })])
    const told = await stream.trades.first(3)
    expect(told.map(({ how, size }) => [how, size])).toEqual([
      [undefined, 5n],
      [undefined, 5n],
      ['transfer', 9n],
    ])
  })
})

describe('the time of a trade', () => {
  test('is the one that the node says in the log, where it does', async () => {
    const chain = await node()
    const stream = await watching([chain.url])
    await live(chain, stream)
    chain.mine([buy('a1', { more: { blockTimestamp: '0x6afe1d40' } })])
    expect(await stream.trades.first(1)).toMatchObject([{ happenedAt: 0x6afe1d40 * 1_000 }])
  })

  /** A node that knows its last block and no other. */
  const forgetful = {
    answer: ({ method, params }: { readonly method: string; readonly params: readonly unknown[] }) =>
      method === 'eth_getBlockByNumber' && params[0] !== 'latest' ? { number: 'x' } : undefined,
  }

  test('is that of its arrival where a new block’s cannot be had', async () => {
    const chain = await node(forgetful)
    const stream = await watching([chain.url])
    await live(chain, stream)
    const before = stream.clock.now()
    chain.tellLog({ ...buy('a1'), blockNumber: '0xfffff', blockHash: `0x${'9'.repeat(64)}`, logIndex: '0x0' })
    const [trade] = await stream.trades.first(1)
    expect(trade?.happenedAt).toBeGreaterThanOrEqual(before)
    expect(stream.notes.held).toMatchObject([{ kind: 'chainTimeUnknown', block: 0xfffff }])
  })

  test('is never young where an old block’s cannot be had', async () => {
    const chain = await node(forgetful)
    chain.mine([buy('a1')])
    for (let count = 0; count < 30; count += 1) chain.mine()
    const stream = await watching([chain.url])
    const [trade] = await stream.trades.first(1)
    expect(trade?.happenedAt).toBeLessThan(stream.clock.now() - 58_000)
    expect(trade?.happenedAt).toBeGreaterThan(stream.clock.now() - 90_000)
  })
})

describe('it ends at once', () => {
  test.each<[string, (chain: Awaited<ReturnType<typeof node>>) => void]>([
    ['while it is live', () => {}],
    [
      'while the node answers nothing',
      chain => {
        chain.conduct.isMute = true
        chain.mine()
      },
    ],
  ])('%s, and holds nothing more', async (_name, spoil) => {
    const chain = await node()
    const stream = await watching([chain.url])
    await live(chain, stream)
    spoil(chain)
    stream.stop.abort()
    await stream.done
    await until(() => chain.open() === 0)
    const told = stream.states.held.length
    chain.mine([buy('a1')])
    expect(stream.states.held).toHaveLength(told)
    expect(stream.trades.held).toEqual([])
  })

  test('while a trade waits for its market', async () => {
    const chain = await node()
    const service = await gamma(() => false)
    const stream = await watching([chain.url], { gamma: service, timings: { tokenRetryMs: [600_000] } })
    await live(chain, stream)
    chain.mine([buy('a1')])
    await until(() => service.asked.length === 2)
    stream.stop.abort()
    await stream.done
    expect(stream.trades.held).toEqual([])
  })

  test('while it is connecting', async () => {
    const chain = await node()
    const stream = await watching([chain.url])
    stream.stop.abort()
    await stream.done
    await until(() => chain.open() === 0)
  })

  test('when whoever hears it fails, with that failure', async () => {
    const chain = await node()
    const stream = await watching([chain.url], {
      hear: () => {
        throw new Error('the listener broke')
      },
    })
    await live(chain, stream)
    chain.mine([buy('a1')])
    await expect(stream.done).rejects.toThrow('the listener broke')
    await until(() => chain.open() === 0)
  })

  test.each([
    [[], 'there is no node to ask'],
    [['ftp://127.0.0.1'], 'the address of a node is none'],
    [['ws://'], 'the address of a node is none'],
  ])('with a sentence where the nodes are %j', async (urls, sentence) => {
    const stream = await watching(urls)
    await expect(stream.done).rejects.toThrow(sentence)
  })
})
