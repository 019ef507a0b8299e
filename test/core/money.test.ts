import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../src/core/units/brand.ts'
import {
  decimal,
  floorTo,
  fraction,
  greatest,
  least,
  millionths,
  minus,
  mulDiv,
  negated,
  notional,
  type Price,
  plus,
  price,
  priceOf,
  type Shares,
  scaled,
  shares,
  sharesFor,
  type Usd,
  usd,
} from '../../src/core/units/money.ts'

const BILLION = 1_000_000_000_000_000n
const anyUsd = fc.bigInt({ min: -BILLION, max: BILLION }).map(amount => amount as Usd)
const anyBudget = fc.bigInt({ min: 0n, max: BILLION }).map(amount => amount as Usd)
const anySize = fc.bigInt({ min: 0n, max: BILLION }).map(amount => amount as Shares)
const anyPrice = fc.bigInt({ min: 1n, max: 999_999n }).map(amount => amount as Price)

describe('an amount as text', () => {
  test.each([
    ['0.52', 520_000n],
    ['12.5', 12_500_000n],
    ['-12.5', -12_500_000n],
    ['0', 0n],
    ['-0', 0n],
    ['0.000001', 1n],
    ['1000000000', 1_000_000_000_000_000n],
    ['0.1000000000', 100_000n],
  ])('%s is %s millionths, whichever way it would be rounded', (text, amount) => {
    expect(millionths(text, 'down')).toBe(amount)
    expect(millionths(text, 'up')).toBe(amount)
  })

  test.each([
    ['0.0000015', 1n, 2n],
    ['0.0000001', 0n, 1n],
    ['-0.0000015', -2n, -1n],
    ['-0.0000001', -1n, 0n],
  ])('%s is %s rounded down and %s rounded up', (text, down, up) => {
    expect(millionths(text, 'down')).toBe(down)
    expect(millionths(text, 'up')).toBe(up)
  })

  test.each([
    '',
    '-',
    '.5',
    '5.',
    '1e3',
    '+1',
    ' 1',
    '1 ',
    '1,000',
    '0x10',
    'NaN',
    '1_000',
    '1'.repeat(16),
    `0.${'1'.repeat(19)}`,
  ])('%j is no amount', text => {
    expect(millionths(text, 'down')).toBeUndefined()
  })

  test('is read back as exactly what was written', () => {
    fc.assert(
      fc.property(anyUsd, amount => {
        expect(millionths(decimal(amount), 'up')).toBe(amount)
        expect(millionths(decimal(amount), 'down')).toBe(amount)
      }),
    )
  })

  test.each([
    [12_500_000n, '12.5'],
    [-1n, '-0.000001'],
    [0n, '0'],
    [1_000_000n, '1'],
    [-1_000_000n, '-1'],
    [1_234_567n, '1.234567'],
  ])('%s is written %s', (amount, text) => {
    expect(decimal(amount as Usd)).toBe(text)
  })

  test.each([
    ['more than six decimals', () => usd('0.0000001')],
    ['a word', () => shares('many')],
    ['a price over 1', () => price('1.000001')],
    ['a price under 0', () => price('-0.01')],
  ])('the program itself may not write %s', (_, write) => {
    expect(write).toThrow(InvariantError)
  })
})

describe('multiplying and dividing', () => {
  test.each([
    [7n, 1n, 2n, 3n, 4n],
    [-7n, 1n, 2n, -4n, -3n],
    [7n, -1n, 2n, -4n, -3n],
    [-7n, -1n, 2n, 3n, 4n],
    [8n, 1n, 2n, 4n, 4n],
    [-8n, 1n, 2n, -4n, -4n],
    [0n, 5n, 3n, 0n, 0n],
  ])('%s × %s ÷ %s lies between %s and %s', (amount, numerator, denominator, down, up) => {
    expect(mulDiv(amount, numerator, denominator, 'down')).toBe(down)
    expect(mulDiv(amount, numerator, denominator, 'up')).toBe(up)
  })

  test('up is never under the exact value nor down above it, and they are at most one apart', () => {
    const any = fc.bigInt({ min: -BILLION, max: BILLION })
    fc.assert(
      fc.property(any, any, fc.bigInt({ min: 1n, max: BILLION }), (amount, numerator, denominator) => {
        const exact = amount * numerator
        const down = mulDiv(amount, numerator, denominator, 'down')
        const up = mulDiv(amount, numerator, denominator, 'up')
        expect(down * denominator <= exact && exact <= up * denominator).toBe(true)
        expect(up - down).toBe(exact % denominator === 0n ? 0n : 1n)
      }),
    )
  })

  test.each([0n, -1n])('a denominator of %s is a fault of the program', denominator => {
    expect(() => mulDiv(1n, 1n, denominator, 'up')).toThrow(InvariantError)
  })
})

describe('what we pay and what we get', () => {
  test('what a budget buys never costs more than the budget', () => {
    fc.assert(
      fc.property(anyBudget, anyPrice, (budget, at) => {
        expect(notional(sharesFor(budget, at), at, 'up') <= budget).toBe(true)
      }),
    )
  })

  test('one more millionth of a share would be beyond the budget', () => {
    fc.assert(
      fc.property(anyBudget, anyPrice, (budget, at) => {
        const more = plus(sharesFor(budget, at), 1n as Shares)
        expect(more * at > budget * 1_000_000n).toBe(true)
      }),
    )
  })

  test('buying and selling at once at one price never gains', () => {
    fc.assert(
      fc.property(anySize, anyPrice, (size, at) => {
        const paid = notional(size, at, 'up')
        const got = notional(size, at, 'down')
        expect(paid - got === 0n || paid - got === 1n).toBe(true)
      }),
    )
  })

  test('in many pieces costs at least as much as in one, and brings at most as much', () => {
    fc.assert(
      fc.property(fc.array(anySize, { minLength: 1, maxLength: 20 }), anyPrice, (sizes, at) => {
        const whole = sizes.reduce((sum, size) => plus(sum, size), 0n as Shares)
        const paid = sizes.reduce((sum, size) => plus(sum, notional(size, at, 'up')), 0n as Usd)
        const got = sizes.reduce((sum, size) => plus(sum, notional(size, at, 'down')), 0n as Usd)
        expect(paid >= notional(whole, at, 'up')).toBe(true)
        expect(got <= notional(whole, at, 'down')).toBe(true)
      }),
    )
  })

  test('an average price times the shares covers what was paid when rounded up, and no more than that when down', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: BILLION }), anyPrice, (size, at) => {
        const paid = notional(size as Shares, at, 'up')
        expect(notional(size as Shares, priceOf(paid, size as Shares, 'up'), 'up') >= paid).toBe(true)
        expect(notional(size as Shares, priceOf(paid, size as Shares, 'down'), 'down') <= paid).toBe(true)
      }),
    )
  })

  test.each([
    ['shares for nothing each', () => sharesFor(usd('1'), price('0'))],
    ['an average of no shares', () => priceOf(usd('1'), shares('0'), 'up')],
    ['more than a dollar a share', () => priceOf(usd('1.000001'), shares('1'), 'up')],
    ['less than nothing a share', () => priceOf(usd('-1'), shares('1'), 'up')],
  ])('%s is a fault of the program', (_, ask) => {
    expect(ask).toThrow(InvariantError)
  })
})

describe('adding and taking away', () => {
  test('minus undoes plus, in any order, and negating twice is nothing', () => {
    fc.assert(
      fc.property(anyUsd, anyUsd, (one, other) => {
        expect(minus(plus(one, other), other)).toBe(one)
        expect(plus(one, other)).toBe(plus(other, one))
        expect(plus(one, negated(one))).toBe(0n)
        expect(negated(negated(one))).toBe(one)
      }),
    )
  })

  test('the least and the greatest are among those that were given, with nothing beyond them', () => {
    fc.assert(
      fc.property(anyUsd, fc.array(anyUsd, { maxLength: 5 }), (first, others) => {
        const all = [first, ...others]
        const low = least(first, ...others)
        const high = greatest(first, ...others)
        expect(all).toContain(low)
        expect(all).toContain(high)
        expect(all.every(amount => low <= amount && amount <= high)).toBe(true)
      }),
    )
  })
})

describe('cutting to a step', () => {
  test('gives a whole multiple at or just under the amount, below nothing too', () => {
    fc.assert(
      fc.property(anyUsd, fc.bigInt({ min: 1n, max: 10_000_000n }), (amount, step) => {
        const cut = floorTo(amount, step as Usd)
        expect(cut % step).toBe(0n)
        expect(cut <= amount && amount - cut < step).toBe(true)
      }),
    )
  })

  test('a step of nothing is a fault of the program', () => {
    expect(() => floorTo(usd('1'), usd('0'))).toThrow(InvariantError)
  })
})

describe('from an estimate back to money', () => {
  test.each([
    ['1000', 0.05, '50'],
    ['10000', 0.15, '1500'],
    ['0.000001', 0.999999, '0'],
    ['-1', 0.0000015, '-0.000001'],
    ['10', 2, '20'],
    ['10', 0, '0'],
    ['1000000', 0.0000019, '1'],
  ])('$%s × %s is $%s: the ratio is cut to parts per million, the amount rounded down', (amount, ratio, result) => {
    expect(decimal(scaled(usd(amount), ratio))).toBe(result)
  })

  test.each([2.000001, 3, -0.000001, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'a ratio of %s is a mistake in the estimate and is refused',
    ratio => {
      expect(() => scaled(usd('1'), ratio)).toThrow(InvariantError)
    },
  )

  test('never gives more than the exact product, and a part never more than the whole', () => {
    fc.assert(
      fc.property(anyBudget, fc.double({ min: 0, max: 1, noNaN: true }), (amount, ratio) => {
        const part = scaled(amount, ratio)
        expect(part >= 0n && part <= amount).toBe(true)
        expect(Number(part) <= Number(amount) * ratio + 1).toBe(true)
      }),
    )
  })

  test('a larger ratio never gives less', () => {
    const anyRatio = fc.double({ min: 0, max: 2, noNaN: true })
    fc.assert(
      fc.property(anyBudget, anyRatio, anyRatio, (amount, one, other) => {
        expect(scaled(amount, Math.min(one, other)) <= scaled(amount, Math.max(one, other))).toBe(true)
      }),
    )
  })

  test('how much of nothing something is, is nothing', () => {
    expect(fraction(usd('5'), usd('0'))).toBe(0)
    expect(fraction(usd('5'), usd('20'))).toBe(0.25)
  })
})
