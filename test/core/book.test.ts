import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  averagePrice,
  bestAsk,
  bestBid,
  depth,
  LEVELS_MAX,
  type Level,
  type OrderBook,
  orderBook,
  spread,
  walk,
} from '../../src/core/market/book.ts'
import type { Side } from '../../src/core/market/market.ts'
import { InvariantError } from '../../src/core/units/brand.ts'
import { decimal, notional, type Price, price, type Shares, shares } from '../../src/core/units/money.ts'
import { bookOf, HALF_PAST_NOON, levels, token, type Written } from '../support/made.ts'

const BOOK = bookOf(
  token(0),
  [
    ['0.51', '100'],
    ['0.5', '200'],
  ],
  [
    ['0.52', '100'],
    ['0.53', '50'],
    ['0.6', '1000'],
  ],
)

const anyLevels = fc
  .uniqueArray(fc.bigInt({ min: 1n, max: 499_999n }), { maxLength: 8 })
  .chain(prices =>
    fc
      .array(fc.bigInt({ min: 1n, max: 10n ** 10n }), { minLength: prices.length, maxLength: prices.length })
      .map(sizes => prices.map((at, index): Level => ({ price: at as Price, size: (sizes[index] ?? 1n) as Shares }))),
  )

/** Bids under a half and asks above it, best first. */
const anyBook = fc.tuple(anyLevels, anyLevels).map(([below, above]): OrderBook => {
  const bids = [...below].sort((one, other) => Number(other.price - one.price))
  const asks = above
    .map(level => ({ ...level, price: (1_000_000n - level.price) as Price }))
    .sort((one, other) => Number(one.price - other.price))
  return { token: token(0), bids, asks, happenedAt: HALF_PAST_NOON }
})
const anySide = fc.constantFrom<Side>('buy', 'sell')
const anySize = fc.bigInt({ min: 1n, max: 10n ** 11n }).map(size => size as Shares)
const anyLimit = fc.bigInt({ min: 1n, max: 999_999n }).map(at => at as Price)

describe('what a venue says', () => {
  test.each<[string, Written, Written, string]>([
    ['a bid at the ask', [['0.52', '1']], [['0.52', '1']], 'the best bid is not under the best ask'],
    ['a bid over the ask', [['0.53', '1']], [['0.52', '1']], 'the best bid is not under the best ask'],
    ['a bid for nothing', [['0', '1']], [], 'a price outside 0 to 1'],
    ['an ask of a dollar', [], [['1', '1']], 'a price outside 0 to 1'],
    ['a level without size', [], [['0.5', '0']], 'a level without size'],
    ['a level of less than nothing', [['0.5', '-1']], [], 'a level without size'],
    [
      'bids from the worst',
      [
        ['0.5', '1'],
        ['0.51', '1'],
      ],
      [],
      'levels out of order',
    ],
    [
      'asks from the worst',
      [],
      [
        ['0.53', '1'],
        ['0.52', '1'],
      ],
      'levels out of order',
    ],
    [
      'one price twice',
      [],
      [
        ['0.52', '1'],
        ['0.52', '1'],
      ],
      'levels out of order',
    ],
  ])('%s is no book', (_, bids, asks, fault) => {
    expect(orderBook(token(0), levels(bids), levels(asks), HALF_PAST_NOON)).toEqual({ fault })
  })

  test('an empty book is one, and so is one with a side empty', () => {
    const empty = bookOf(token(0), [], [])
    expect([bestBid(empty), bestAsk(empty), spread(empty)]).toEqual([undefined, undefined, undefined])
    const bidsOnly = bookOf(token(0), [['0.4', '1']], [])
    expect([bestBid(bidsOnly), spread(bidsOnly)]).toEqual([price('0.4'), undefined])
  })

  test('the best levels are kept, as many as a decision needs', () => {
    const asks = Array.from({ length: 30 }, (_, index) => ({
      price: BigInt(500_000 + index) as Price,
      size: shares('1'),
    }))
    const book = orderBook(token(0), [], asks, HALF_PAST_NOON)
    expect('asks' in book ? book.asks : []).toEqual(asks.slice(0, LEVELS_MAX))
  })

  test('the spread is between the best of both sides', () => {
    expect(spread(BOOK)).toBe(price('0.01'))
  })
})

describe('walking a book', () => {
  test.each([
    ['part of the first level', 'buy', '40', '0.6', '40', '20.8', '0'],
    ['the first level and some of the second', 'buy', '120', '0.6', '120', '62.6', '0'],
    ['no further than the limit', 'buy', '500', '0.53', '150', '78.5', '350'],
    ['nothing under the best ask', 'buy', '10', '0.51', '0', '0', '10'],
    ['bids from the best down', 'sell', '150', '0.5', '150', '76', '0'],
    ['no bid under the limit', 'sell', '150', '0.51', '100', '51', '50'],
  ] as const)('takes %s', (_, side, size, limit, met, sum, left) => {
    const walked = walk(BOOK, side, shares(size), price(limit))
    expect(decimal(walked.size)).toBe(met)
    expect(decimal(walked.notional)).toBe(sum)
    expect(decimal(walked.left)).toBe(left)
  })

  test('size and rest are the wish; no level is worse than the limit nor larger than what stood there', () => {
    fc.assert(
      fc.property(anyBook, anySide, anySize, anyLimit, (book, side, size, limit) => {
        const walked = walk(book, side, size, limit)
        expect(walked.size + walked.left).toBe(size)
        const standing = side === 'buy' ? book.asks : book.bids
        walked.levels.forEach((taken, index) => {
          expect(side === 'buy' ? taken.price <= limit : taken.price >= limit).toBe(true)
          const level = standing[index]
          expect(taken.price).toBe(level?.price)
          expect(taken.size > 0n && taken.size <= (level?.size ?? 0n)).toBe(true)
        })
        expect(walked.levels.reduce((sum, level) => sum + level.size, 0n)).toBe(walked.size)
      }),
    )
  })

  test('what is left was not to be had: with a rest, every acceptable level is gone', () => {
    fc.assert(
      fc.property(anyBook, anySide, anySize, anyLimit, (book, side, size, limit) => {
        const walked = walk(book, side, size, limit)
        if (walked.left === 0n) return
        const acceptable = (side === 'buy' ? book.asks : book.bids).filter(level =>
          side === 'buy' ? level.price <= limit : level.price >= limit,
        )
        expect(walked.levels).toEqual(acceptable)
      }),
    )
  })

  test('a buy costs between the best price and the limit, a sale brings between the limit and the best price', () => {
    fc.assert(
      fc.property(anyBook, anySide, anySize, anyLimit, (book, side, size, limit) => {
        const walked = walk(book, side, size, limit)
        const average = averagePrice(walked, side)
        const best = side === 'buy' ? bestAsk(book) : bestBid(book)
        if (average === undefined || best === undefined) {
          expect(walked.size).toBe(0n)
          return
        }
        const atBest = notional(walked.size, best, side === 'buy' ? 'down' : 'up')
        const atLimit = notional(walked.size, limit, side === 'buy' ? 'up' : 'down')
        const slack = BigInt(walked.levels.length)
        const [low, high] = side === 'buy' ? [atBest, atLimit + slack] : [atLimit - slack, atBest]
        expect(low <= walked.notional && walked.notional <= high).toBe(true)
      }),
    )
  })

  test('a larger wish never meets less, and its average is never better but by rounding', () => {
    fc.assert(
      fc.property(anyBook, anySide, anySize, anySize, anyLimit, (book, side, one, other, limit) => {
        const [few, many] = one < other ? [one, other] : [other, one]
        const small = walk(book, side, few, limit)
        const large = walk(book, side, many, limit)
        expect(small.size <= large.size).toBe(true)
        expect(small.notional <= large.notional).toBe(true)
      }),
    )
  })

  test('a wish for nothing is a fault of the program', () => {
    expect(() => walk(BOOK, 'buy', shares('0'), price('0.5'))).toThrow(InvariantError)
  })
})

describe('depth', () => {
  test.each([
    ['buy', '0.52', '52'],
    ['buy', '0.59', '78.5'],
    ['buy', '0.6', '678.5'],
    ['buy', '0.51', '0'],
    ['sell', '0.5', '151'],
    ['sell', '0.52', '0'],
  ] as const)('to %s at %s or better is $%s', (side, limit, dollars) => {
    expect(decimal(depth(BOOK, side, price(limit)))).toBe(dollars)
  })
})
