import { describe, expect, test } from 'vitest'
import { readClosedPosition, readUserStats } from '../../src/adapters/polymarket/wallets/wire-record.ts'
import { isFault } from '../../src/adapters/polymarket/wire.ts'
import { readBook } from '../../src/adapters/polymarket/wire-clob.ts'
import { asWholeTrades, readDataStatus, readResolution, readTradeRow } from '../../src/adapters/polymarket/wire-data.ts'
import { marketOf, payoutsOf, readGammaMarket } from '../../src/adapters/polymarket/wire-gamma.ts'
import type { Market } from '../../src/core/market/market.ts'
import { type TokenId, tokenId } from '../../src/core/units/ids.ts'
import { wire } from './stand-in.ts'

const TOKEN_TEXT = '11000000000000000000000000000000000000000000000000000000000000000000000000001'

function token(text: string): TokenId {
  const id = tokenId(text)
  if (id === undefined) throw new Error('a token id is needed')
  return id
}

function rowsOf(name: string): readonly Record<string, unknown>[] {
  return wire(name).data as Record<string, unknown>[]
}

function market(changes: Record<string, unknown> = {}): Market | string {
  const row = readGammaMarket({ ...wire('gamma-market-open'), ...changes })
  if (isFault(row)) return row.fault
  const read = marketOf(row)
  return isFault(read) ? read.fault : read
}

describe('a market', () => {
  test('is read with its lists in strings', () => {
    expect(market()).toEqual({
      condition: `0x${'1c'.repeat(32)}`,
      title: 'Will the lighthouse be painted green before June?',
      slug: 'lighthouse-painted-green-before-june',
      category: 'politics',
      outcomes: [
        { token: TOKEN_TEXT, name: 'Yes' },
        { token: `2${TOKEN_TEXT.slice(1, -1)}2`.replace('21', '22'), name: 'No' },
      ],
      status: 'open',
      tick: 10_000n,
      sizeMin: 5_000_000n,
      feeRate: 40_000n,
      closesAt: Date.parse('2027-06-01T00:00:00Z'),
      liquidity: 25_431_200_000n,
      isNegRisk: false,
    })
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['closed, though it still takes orders', { closed: true }, 'closed'],
    ['not active', { active: false }, 'paused'],
    ['not taking orders', { acceptingOrders: false }, 'paused'],
    ['without a book', { enableOrderBook: false }, 'paused'],
    ['silent about its book', { enableOrderBook: null }, 'paused'],
    ['resolved but not closed yet', { umaResolutionStatus: 'resolved' }, 'paused'],
    ['without a tick', { orderPriceMinTickSize: null }, 'paused'],
    ['on a tick that is no grid', { orderPriceMinTickSize: 0.003 }, 'paused'],
    ['proposed', { umaResolutionStatus: 'proposed' }, 'open'],
  ])('%s is %s', (_name, changes, status) => {
    expect(market(changes)).toMatchObject({ status })
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['its own', { category: 'US-current-affairs' }, 'us-current-affairs'],
    ['its event’s tag, whatever came before it', {}, 'politics'],
    ['its fees’ name without tags', { events: [], feeType: 'sports_fees_v2' }, 'sports'],
    ['other without anything', { events: null, feeType: null }, 'other'],
    ['other for a tag that is a subject', { events: [{ tags: [{ slug: 'madrid-open' }] }], feeType: null }, 'other'],
  ])('has a category: %s', (_name, changes, category) => {
    expect(market(changes)).toMatchObject({ category })
  })

  test.each<[string, Record<string, unknown>, bigint]>([
    ['as scheduled', {}, 40_000n],
    ['none where there are none', { feesEnabled: false }, 0n],
    ['the highest where none is told', { feeSchedule: null }, 70_000n],
  ])('has a fee: %s', (_name, changes, feeRate) => {
    expect(market(changes)).toMatchObject({ feeRate })
  })

  test('of version 2 is traded by its position ids, and one without a version by its tokens', () => {
    const tokens = (changes: Record<string, unknown>) => {
      const read = market(changes)
      return typeof read === 'string' ? read : read.outcomes.map(outcome => outcome.token)
    }
    expect(tokens({ version: 'v2' })).toEqual(['333', '444'])
    expect(tokens({ version: null })).toEqual(tokens({}))
  })

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['of a version unknown', { version: 'v3' }, /version/],
    ['with three outcomes', { outcomes: '["A","B","C"]' }, /two outcomes/],
    ['with one token', { clobTokenIds: '["1"]' }, /two tokens/],
    ['with the same token twice', { clobTokenIds: '["1","1"]' }, /one token/],
    ['with tokens as numbers, which lose digits', { clobTokenIds: '[1,2]' }, /clobTokenIds/],
    ['with a list that is cut off', { outcomes: '["Yes",' }, /outcomes/],
    ['whose fee grows faster than we reckon', { feeSchedule: { rate: 0.04, exponent: 0.5 } }, /exponent/],
    ['without a condition', { conditionId: '0x12' }, /condition/],
  ])('%s is refused', (_name, changes, fault) => {
    expect(market(changes)).toMatch(fault)
  })
})

describe('payouts', () => {
  const payouts = (changes: Record<string, unknown>) => {
    const row = readGammaMarket({ ...wire('gamma-market-resolved'), ...changes })
    return isFault(row) ? row.fault : payoutsOf(row)?.map(payout => payout.price)
  }
  test.each<[string, Record<string, unknown>, readonly bigint[] | undefined]>([
    ['the second outcome', {}, [0n, 1_000_000n]],
    ['half each', { outcomePrices: '["0.5", "0.5"]' }, [500_000n, 500_000n]],
    ['not while it is open', { closed: false }, undefined],
    ['not 0 and 0, as of old markets', { outcomePrices: '["0", "0"]' }, undefined],
    ['not 1 and 1', { outcomePrices: '["1", "1"]' }, undefined],
    ['not nearly', { outcomePrices: '["0.9999999", "0.0000001"]' }, undefined],
    ['not without prices', { outcomePrices: null }, undefined],
  ])('are %s', (_name, changes, expected) => {
    expect(payouts(changes)).toEqual(expected)
  })

  test.each<[string, Record<string, unknown>, object]>([
    ['by its payouts', {}, { isResolved: true, prices: [0n, 1_000_000n] }],
    ['by the oracle’s price', { payouts: null }, { isResolved: true, prices: [0n, 1_000_000n] }],
    ['by no price yet', { payouts: null, price: '69', status: 'posed' }, { isResolved: false, prices: undefined }],
    ['by payouts that are not whole', { payouts: [1, 2] }, { isResolved: true, prices: undefined }],
  ])('are told by the oracle %s', (_name, changes, expected) => {
    expect(readResolution({ ...rowsOf('data-resolutions')[0], ...changes })).toMatchObject(expected)
  })
})

describe('a trade of the Data API', () => {
  const [latest, first, second] = rowsOf('data-trades')

  test('is read with its noise rounded off', () => {
    expect(readTradeRow(latest)).toMatchObject({
      side: 'sell',
      size: 2_800_000n,
      price: 930_000n,
      happenedAt: 1_795_132_860_000,
      source: 'sweep',
      name: 'harbour',
      outcome: 'Yes',
    })
  })

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['a price of 0', { price: 0 }, /price/],
    ['a price of 1', { price: 1 }, /price/],
    ['a price that rounds to 1', { price: 0.9999999 }, /price/],
    ['no size', { size: 0 }, /size/],
    ['a negative size', { size: -3 }, /size/],
    ['dust under a millionth', { size: 1e-7 }, /size/],
    ['no side', { side: '' }, /side/],
    ['a token that lost its digits', { token_id: 1.1e76 }, /token_id/],
    ['a short market id', { condition_id: '0x0a' }, /condition/],
    ['a short hash', { transaction_hash: '0xabc' }, /hash/],
    ['a wallet that is none', { proxy_wallet: 'harbour' }, /wallet/],
    ['no time', { timestamp: 0 }, /time/],
    ['nothing at all', { size: undefined }, /size/],
  ])('with %s is refused', (_name, changes, fault) => {
    expect(readTradeRow({ ...first, ...changes })).toMatchObject({ fault: expect.stringMatching(fault) })
  })

  test('without an outcome’s name says what it knows', () => {
    expect(readTradeRow({ ...first, outcome: '', outcome_index: 999 })).toMatchObject({ outcome: 'unknown' })
    expect(readTradeRow({ ...first, outcome: '', outcome_index: 1 })).toMatchObject({ outcome: 'outcome 2' })
  })

  test('in pieces becomes one, its price rounded against those who copy it', () => {
    const whole = (side: string) =>
      asWholeTrades(
        [first, second].flatMap(row => {
          const trade = readTradeRow({ ...row, side })
          return isFault(trade) ? [] : [trade]
        }),
      )
    // (14.285715 × 0.61 + 10 × 0.6) ÷ 24.285715 = 0.60588235…
    expect(whole('BUY')).toMatchObject([{ size: 24_285_715n, price: 605_883n }])
    expect(whole('SELL')).toMatchObject([{ size: 24_285_715n, price: 605_882n }])
  })
})

describe('a book', () => {
  const TOKEN = token(TOKEN_TEXT)
  const prices = (read: ReturnType<typeof readBook>) =>
    isFault(read) ? read.fault : [read.book.bids.map(level => level.price), read.book.asks.map(level => level.price)]

  test('has its best level first, and says on what grid orders lie', () => {
    const read = readBook(wire('clob-book'), TOKEN)
    expect(prices(read)).toEqual([
      [500_000n, 490_000n, 480_000n],
      [511_000n, 521_000n, 530_000n],
    ])
    expect(read).toMatchObject({ tick: 1_000n, sizeMin: 15_000_000n, unknown: [] })
  })

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['of another token', { asset_id: '5' }, /another token/],
    ['without a time', { timestamp: '0' }, /time/],
    ['in no order', { bids: ['0.1', '0.3', '0.2'].map(price => ({ price, size: '1' })) }, /order/],
    ['that is crossed', { bids: [{ price: '0.52', size: '1' }] }, /best bid/],
    ['with a price of 1', { asks: [{ price: '1', size: '1' }] }, /price/],
    ['with a level of nothing', { asks: [{ price: '0.6', size: '0' }] }, /size/],
    ['without asks', { asks: undefined }, /asks/],
  ])('%s is refused', (_name, changes, fault) => {
    expect(readBook({ ...wire('clob-book'), ...changes }, TOKEN)).toMatchObject({ fault: expect.stringMatching(fault) })
  })

  test('may be empty, and may come the other way round', () => {
    expect(prices(readBook({ ...wire('clob-book'), bids: [], asks: [] }, TOKEN))).toEqual([[], []])
    const turned = { ...wire('clob-book'), bids: ['0.3', '0.2', '0.1'].map(price => ({ price, size: '1' })), asks: [] }
    expect(prices(readBook(turned, TOKEN))).toEqual([[300_000n, 200_000n, 100_000n], []])
  })
})

describe('a closed position', () => {
  const [won, lost] = rowsOf('data-positions')

  test('costs what was paid in all, fees included', () => {
    expect(readClosedPosition(won)).toMatchObject({ cost: 40_960_000n, profit: 19_040_000n, price: 400_000n })
  })

  test('whose cost went with its shares costs its size at its price', () => {
    expect(readClosedPosition(lost)).toMatchObject({ cost: 20_000_000n, profit: -20_000_000n, price: 250_000n })
  })

  test('that lost and was never redeemed is a loss all the same', () => {
    const [row] = rowsOf('data-positions-lost')
    expect(readClosedPosition(row)).toMatchObject({ cost: 15_000_000n, profit: -15_000_000n, isLost: true })
  })

  test('never lost more than it cost', () => {
    expect(readClosedPosition({ ...won, realized_pnl: -50 })).toMatchObject({ cost: 50_000_000n, profit: -50_000_000n })
  })

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['without a profit', { realized_pnl: null }, /profit/],
    ['without a time', { last_event_at: null }, /time/],
    ['that cost nothing', { total_cost_usdc: 0, entry_cost_usdc: 0, entry_fees_usdc: 0, avg_price: 0 }, /paid/],
  ])('%s is refused', (_name, changes, fault) => {
    expect(readClosedPosition({ ...won, ...changes })).toMatchObject({ fault: expect.stringMatching(fault) })
  })
})

test('a wallet nobody knows has no figures, and what is not told is not nothing', () => {
  expect(readUserStats({ data: null })).toBeUndefined()
  expect(readUserStats({ data: { trades: 12, all_time_pnl: { realized_pnl: -3.5, volume_usdc: null } } })).toEqual({
    markets: 12,
    realised: -3_500_000n,
    volume: undefined,
  })
})

test('the Data API says how late it is', () => {
  expect(readDataStatus({ data: { age_seconds: 2.5, ingestion: { lagging: true } } })).toEqual({
    ageMs: 2_500,
    isLagging: true,
  })
})
