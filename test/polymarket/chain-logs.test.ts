import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { POLYGON_CONTRACTS } from '../../src/adapters/polymarket/chain/contracts.ts'
import { howOf, Sales } from '../../src/adapters/polymarket/chain/departures.ts'
import { Inclusions } from '../../src/adapters/polymarket/chain/inclusions.ts'
import { decodeLog, filterOf, type Sent } from '../../src/adapters/polymarket/chain/logs.ts'
import { type ChainLog, readHead, readLog } from '../../src/adapters/polymarket/chain/wire.ts'
import { isFault } from '../../src/adapters/polymarket/wire.ts'
import { instant, tokenId, whaleAddress } from '../../src/core/units/ids.ts'
import type { Shares } from '../../src/core/units/money.ts'
import { EXCHANGE, filled, SHARES, sent, topic, type WireLog, ZERO_ADDRESS } from './chain-node-stand-in.ts'

const WHALE = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const OTHER = '0x00000000000000000000000000000000000000b2'
const TOKEN = '107505882767731489358349912513945399560393482969656700824895970500493757150417'
const YES = '11'
const NO = '22'

/** The published example: a taker's buy of 100 shares at 0.52, whose fee is no part of the price. */
const PUBLISHED: WireLog = {
  address: '0xE111180000d2663C0091e4f400237545B87B996B',
  topics: [
    '0xd543adfd945773f1a62f74f0ee55a5e3b9b1a28262980ba90b1a89f2ea84d8ee',
    `0x${'a'.repeat(64)}`,
    '0x00000000000000000000000070997970c51812dc3a010c7d01b50e0d17dc79c8',
    '0x000000000000000000000000e111180000d2663c0091e4f400237545b87b996b',
  ],
  data: '0x0000000000000000000000000000000000000000000000000000000000000000edae2c5ff8b48e0855e82793b494cab468f87b2974b1432930d549f0665874d100000000000000000000000000000000000000000000000000000000031975000000000000000000000000000000000000000000000000000000000005f5e10000000000000000000000000000000000000000000000000000000000000f3c0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',
}

function placed(log: WireLog, more: Record<string, unknown> = {}): ChainLog {
  const read = readLog({
    blockNumber: '0x10',
    blockHash: `0x${'1'.repeat(64)}`,
    transactionHash: `0x${'AB'.repeat(32)}`,
    logIndex: '0x3',
    ...log,
    ...more,
  })
  if (isFault(read)) throw new Error(read.fault)
  return read
}

const decoded = (log: WireLog) => decodeLog(placed(log), POLYGON_CONTRACTS)

describe('a filled order', () => {
  test('of the published example is a taker’s buy of 100 shares at 0.52', () => {
    expect(decoded(PUBLISHED)).toEqual({
      kind: 'filled',
      whale: WHALE,
      token: TOKEN,
      side: 'buy',
      price: 520_000n,
      size: 100_000_000n,
      isTaker: true,
    })
  })

  test.each([
    ['a buy gives dollars, rounded up', 'buy', 1_000_000, 3_000_000, { price: 333_334n, size: 3_000_000n }],
    ['a sell gives shares, rounded down', 'sell', 3_000_000, 1_000_000, { price: 333_333n, size: 3_000_000n }],
  ] as const)('%s', (_name, side, given, taken, expected) => {
    expect(decoded(filled({ whale: WHALE, token: YES, side, given, taken }))).toMatchObject({ side, ...expected })
  })

  test('whose counterparty is a person is a maker’s, whatever the person did', () => {
    const log = filled({ whale: WHALE, token: YES, side: 'buy', given: 1, taken: 2, counterparty: OTHER })
    expect(decoded(log)).toMatchObject({ isTaker: false })
  })

  test('whose counterparty is another exchange is not a taker’s', () => {
    const [, second] = POLYGON_CONTRACTS.exchanges
    const log = filled({
      whale: WHALE,
      token: YES,
      side: 'buy',
      given: 1,
      taken: 2,
      counterparty: second?.address ?? '',
    })
    expect(decoded(log)).toMatchObject({ isTaker: false })
  })

  const good = filled({ whale: WHALE, token: YES, side: 'buy', given: 520_000, taken: 1_000_000 })
  test.each<[string, WireLog]>([
    ['an unknown exchange', { ...good, address: OTHER }],
    ['an old exchange', { ...good, address: '0x4bfb41d5b3570defd03c39a9a4d8de6bd8b8982e' }],
    ['another kind of log', { ...good, topics: [`0x${'9'.repeat(64)}`, ...good.topics.slice(1)] }],
    ['three topics', { ...good, topics: good.topics.slice(0, 3) }],
    [
      'a wallet longer than an address',
      { ...good, topics: [...good.topics.slice(0, 2), `0x${'7'.repeat(64)}`, topic(OTHER)] },
    ],
    ['no shares', filled({ whale: WHALE, token: YES, side: 'buy', given: 1, taken: 0 })],
    ['no dollars', filled({ whale: WHALE, token: YES, side: 'buy', given: 0, taken: 5 })],
    ['a price of one', filled({ whale: WHALE, token: YES, side: 'buy', given: 5, taken: 5 })],
    ['a price over one', filled({ whale: WHALE, token: YES, side: 'sell', given: 5, taken: 6 })],
    [
      'more shares than there are dollars',
      filled({ whale: WHALE, token: YES, side: 'sell', given: 1e16, taken: 5e15 }),
    ],
    ['a side that is none', { ...good, data: `0x${'0'.repeat(61)}100${good.data.slice(66)}` }],
    ['half its data', { ...good, data: good.data.slice(0, 200) }],
    ['more data than it has words', { ...good, data: `${good.data}00` }],
    ['shares of an unknown contract', { ...sent(WHALE, OTHER, [[YES, 5]]), address: EXCHANGE }],
    [
      'a batch that lies about its length',
      {
        ...sent(WHALE, OTHER, [
          [YES, 5],
          [NO, 5],
        ]),
        data: `0x${'f'.repeat(512)}`,
      },
    ],
    [
      'a batch of two tokens and one amount',
      {
        ...sent(WHALE, OTHER, [
          [YES, 1],
          [NO, 1],
        ]),
        data: `0x${[64, 160, 2, 11, 22, 1, 5].map(value => value.toString(16).padStart(64, '0')).join('')}`,
      },
    ],
  ])('with %s is refused', (_name, log) => {
    expect(decoded(log)).toEqual({ fault: expect.any(String) })
  })

  test('never gives a price outside 0 and 1, nor one that would be good for whoever copies', () => {
    const amount = fc.bigInt({ min: 0n, max: 2n ** 60n })
    fc.assert(
      fc.property(amount, amount, fc.constantFrom('buy', 'sell'), (given, taken, side) => {
        const said = decoded(
          filled({ whale: WHALE, token: YES, side: side as 'buy', given: given as never, taken: taken as never }),
        )
        if (isFault(said) || said.kind !== 'filled') return
        const paid = side === 'buy' ? given : taken
        const exact = paid * 1_000_000n
        expect(said.price > 0n && said.price < 1_000_000n).toBe(true)
        if (side === 'buy') expect(said.price * said.size >= exact).toBe(true)
        else expect(said.price * said.size <= exact).toBe(true)
      }),
    )
  })
})

describe('shares that are sent', () => {
  test.each([
    ['to an exchange', EXCHANGE, 'exchange'],
    ['to nobody', ZERO_ADDRESS, 'nobody'],
    ['to an adapter', POLYGON_CONTRACTS.adapters[0]?.address ?? '', 'adapter'],
    ['to a person', OTHER, 'other'],
  ])('%s are told as such', (_name, to, expected) => {
    expect(decoded(sent(WHALE, to, [[YES, 7]]))).toEqual({
      kind: 'sent',
      whale: WHALE,
      to: expected,
      parts: [{ token: YES, size: 7n }],
    })
  })

  test('in a batch are told one by one, without the empty ones', () => {
    const batch = sent(WHALE, ZERO_ADDRESS, [
      [YES, 5],
      [NO, 5],
      ['33', 0],
    ])
    expect(decoded(batch)).toMatchObject({
      parts: [
        { token: YES, size: 5n },
        { token: NO, size: 5n },
      ],
    })
  })

  const part = (token: string) => ({ token: tokenId(token), size: 5n }) as Sent['parts'][number]
  const facts = (condition: string) => ({ condition, title: '', outcome: '' }) as never
  test.each([
    ['one token to a person', 'other', [YES], [], 'transfer'],
    ['one token to nobody', 'nobody', [YES], [], 'redeem'],
    ['both tokens of a market', 'nobody', [YES, NO], [facts('a'), facts('a')], 'merge'],
    ['both tokens, by an adapter', 'adapter', [YES, NO], [facts('a'), facts('a')], 'merge'],
    ['tokens of two markets', 'adapter', [YES, NO], [facts('a'), facts('b')], 'conversion'],
  ] as const)('%s: a %s leaves by', (_name, to, tokens, known, how) => {
    expect(howOf({ kind: 'sent', whale: WHALE as never, to, parts: tokens.map(part) }, known)).toBe(how)
  })

  test('straight to the buyer are part of the order, once', () => {
    const sales = new Sales()
    const gone = { kind: 'sent', whale: WHALE, to: 'other', parts: [part(YES)] } as unknown as Sent
    sales.sold('0x1', { whale: WHALE, token: YES, side: 'sell', size: 5n } as never)
    expect([1, 2].map(() => sales.covers('0x1', gone, part(YES)))).toEqual([true, false])
    expect(sales.covers('0x2', gone, part(YES))).toBe(false)
  })

  test('to the exchange leave nothing that a transfer could hide behind', () => {
    const sales = new Sales()
    const gone = { kind: 'sent', whale: WHALE, to: 'other', parts: [part(YES)] } as unknown as Sent
    sales.handedOver('0x1', { ...gone, to: 'exchange' })
    sales.sold('0x1', { whale: WHALE, token: YES, side: 'sell', size: 5n as Shares } as never)
    expect(sales.covers('0x1', gone, part(YES))).toBe(false)
  })
})

test('one filter asks for the orders and the departures of each wallet, by the published topics', () => {
  const whale = whaleAddress(WHALE)
  const { address, topics } = filterOf(POLYGON_CONTRACTS, whale === undefined ? [] : [whale])
  expect(address).toEqual(expect.arrayContaining([EXCHANGE, SHARES]))
  expect(address).toHaveLength(5)
  expect(topics).toEqual([
    [
      PUBLISHED.topics[0],
      sent(OTHER, OTHER, [[YES, 1]]).topics[0],
      sent(OTHER, OTHER, [
        [YES, 1],
        [NO, 1],
      ]).topics[0],
    ],
    null,
    [PUBLISHED.topics[2]],
  ])
})

describe('a node’s words', () => {
  test.each<[string, Record<string, unknown>]>([
    ['a pending log', { blockNumber: null }],
    ['a number in decimal', { logIndex: 3 }],
    ['a number beyond all blocks', { blockNumber: `0x${'f'.repeat(30)}` }],
    ['odd hex', { data: '0x123' }],
    ['endless data', { data: `0x${'00'.repeat(60_000)}` }],
    ['no hash', { transactionHash: '0x12' }],
  ])('that are %s are no log', (_name, more) => {
    expect(
      readLog({
        ...PUBLISHED,
        blockNumber: '0x10',
        blockHash: `0x${'1'.repeat(64)}`,
        transactionHash: `0x${'2'.repeat(64)}`,
        logIndex: '0x1',
        ...more,
      }),
    ).toEqual({ fault: expect.any(String) })
  })

  test('are never so strange that reading them fails', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        readLog(value)
        readHead(value)
      }),
    )
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0n, 1n, 32n, 64n, 96n, 128n, 2n ** 255n), { maxLength: 12 }), words => {
        const data = `0x${words.map(value => value.toString(16).padStart(64, '0')).join('')}`
        for (const log of [
          PUBLISHED,
          sent(WHALE, OTHER, [[YES, 1]]),
          sent(WHALE, OTHER, [
            [YES, 1],
            [NO, 1],
          ]),
        ])
          decoded({ ...log, data })
      }),
    )
  })

  test('say the time of a block in seconds', () => {
    expect(readHead({ number: '0x10', timestamp: '0x6afe1d40' })).toEqual({ block: 16, at: 0x6afe1d40 * 1_000 })
    expect(placed(PUBLISHED, { blockTimestamp: '0x6afe1d40' }).blockTime).toBe(0x6afe1d40 * 1_000)
  })
})

describe('a log that is told again', () => {
  const one = filled({ whale: WHALE, token: YES, side: 'buy', given: 1, taken: 2, order: 1 })
  const two = filled({ whale: WHALE, token: YES, side: 'buy', given: 1, taken: 2, order: 2 })
  const inBlock = (log: WireLog, block: string, index: number) =>
    placed(log, { blockHash: `0x${block.repeat(64)}`, logIndex: `0x${index}` })

  test('from the same block is known by its place', () => {
    const inclusions = new Inclusions()
    expect(inclusions.take(inBlock(one, '1', 3))).toBeDefined()
    expect(inclusions.take(inBlock(one, '1', 3))).toBeUndefined()
    expect(inclusions.take(inBlock(two, '1', 4))).toBeDefined()
  })

  test('from another block, at another place, is the same log', () => {
    const inclusions = new Inclusions()
    expect([3, 4].map(index => inclusions.take(inBlock(one, '1', index)))).toEqual([
      expect.any(String),
      expect.any(String),
    ])
    expect([7, 8].map(index => inclusions.take(inBlock(one, '2', index)))).toEqual([undefined, undefined])
    expect(inclusions.take(inBlock(one, '2', 9))).toBeDefined()
  })

  test('was not lost, and one that is not told again was, once', () => {
    const inclusions = new Inclusions()
    const at = instant(1_000)
    inclusions.takeBack(inBlock(one, '1', 3), at)
    inclusions.takeBack(inBlock(two, '1', 4), at)
    inclusions.take(inBlock(one, '2', 3))
    expect(inclusions.lost(instant(60_999))).toEqual([])
    expect(inclusions.lost(instant(61_000))).toEqual([{ transaction: placed(two).transaction, block: 16, at }])
    expect(inclusions.lost(instant(61_000))).toEqual([])
  })
})
