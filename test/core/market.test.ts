import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOnGrid, outcomeOf, takerFee, toGrid } from '../../src/core/market/market.ts'
import { decimal, type Price, price, type Shares, shares } from '../../src/core/units/money.ts'
import { market, token } from '../support/made.ts'

const anyTick = fc.constantFrom(
  price('0.1'),
  price('0.01'),
  price('0.005'),
  price('0.0025'),
  price('0.001'),
  price('0.0001'),
)
const anyPrice = fc.bigInt({ min: 0n, max: 1_000_000n }).map(at => at as Price)

describe("a taker's fee", () => {
  test.each([
    ['100', '0.52', '0.04', '0.9984'],
    ['25', '0.64', '0.07', '0.4032'],
    // On chain: maker 5000000, taker 7575758, fee 85000.
    ['7.575758', '0.66', '0.05', '0.085'],
    ['100', '0.5', '0', '0'],
    ['100', '0', '0.05', '0'],
    ['100', '1', '0.05', '0'],
    ['1000000', '0.5', '0.1', '25000'],
  ])('for %s shares at %s with a rate of %s is $%s', (size, at, rate, fee) => {
    expect(decimal(takerFee(shares(size), price(at), price(rate)))).toBe(fee)
  })

  test.each([
    ['0.0009', '0.000009', '0'],
    ['0.001', '0.00001', '0.00001'],
    ['0.0019', '0.000019', '0.00001'],
  ])('is cut to a hundred-thousandth of a dollar: %s shares owe %s and pay %s', (size, _, fee) => {
    expect(decimal(takerFee(shares(size), price('0.5'), price('0.04')))).toBe(fee)
  })

  test('is largest at a half, the same on either side of it, and grows with the size', () => {
    const anySize = fc.bigInt({ min: 0n, max: 10n ** 12n }).map(size => size as Shares)
    const anyRate = fc.bigInt({ min: 0n, max: 100_000n }).map(rate => rate as Price)
    fc.assert(
      fc.property(anySize, anySize, anyPrice, anyRate, (one, other, at, rate) => {
        const fee = takerFee(one, at, rate)
        expect(fee <= takerFee(one, price('0.5'), rate)).toBe(true)
        expect(fee).toBe(takerFee(one, (1_000_000n - at) as Price, rate))
        const [small, large] = one < other ? [one, other] : [other, one]
        expect(takerFee(small, at, rate) <= takerFee(large, at, rate)).toBe(true)
      }),
    )
  })
})

describe('the grid of prices', () => {
  test.each([
    ['0.52', '0.01', true],
    ['0.525', '0.01', false],
    ['0.525', '0.005', true],
    ['0.01', '0.01', true],
    ['0.99', '0.01', true],
    ['0', '0.01', false],
    ['1', '0.01', false],
    ['0.995', '0.01', false],
  ])('%s on a grid of %s: %s', (at, tick, is) => {
    expect(isOnGrid(price(at), price(tick))).toBe(is)
  })

  test.each([
    ['0.526', '0.01', '0.52', '0.53'],
    ['0.52', '0.01', '0.52', '0.52'],
    ['0.9999', '0.01', '0.99', '0.99'],
    ['0', '0.01', '0.01', '0.01'],
    ['1', '0.001', '0.999', '0.999'],
  ])('%s on a grid of %s is %s below and %s above', (at, tick, down, up) => {
    expect(decimal(toGrid(price(at), price(tick), 'down'))).toBe(down)
    expect(decimal(toGrid(price(at), price(tick), 'up'))).toBe(up)
  })

  test('every price finds one that can be sent, less than a tick away where there is one', () => {
    fc.assert(
      fc.property(anyPrice, anyTick, (at, tick) => {
        const down = toGrid(at, tick, 'down')
        const up = toGrid(at, tick, 'up')
        expect(isOnGrid(down, tick) && isOnGrid(up, tick)).toBe(true)
        const isInside = at >= tick && at <= 1_000_000n - tick
        if (isInside) expect(down <= at && at <= up && up - down <= tick).toBe(true)
      }),
    )
  })
})

test('a token of another market has no outcome here', () => {
  expect(outcomeOf(market(1), token(1, 1))?.name).toBe('No')
  expect(outcomeOf(market(1), token(2))).toBeUndefined()
})
