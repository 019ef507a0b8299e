import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RESERVE_FIXED } from '../../src/core/engine/candidate.ts'
import { takerFee } from '../../src/core/market/market.ts'
import { boundFor, personsNeeded, SIZE_STEP } from '../../src/core/order/approval.ts'
import {
  floorTo,
  least,
  notional,
  type Price,
  plus,
  price,
  type Shares,
  shares,
  type Usd,
  usd,
} from '../../src/core/units/money.ts'
import type { Bound } from '../../src/core/whale/signal.ts'
import { HALF_PAST_NOON } from '../support/made.ts'

/** What an order sets aside, as a card was made with. */
function reserveOf(size: Shares, limit: Price, feeRate: Price): Usd {
  const fee = takerFee(size, least(limit, price('0.5')), feeRate)
  return plus(plus(notional(size, limit, 'up'), fee), RESERVE_FIXED)
}

function boundOf(size: Shares, limit: Price, feeRate: Price): Bound {
  return { side: 'buy', limit, size, dollars: reserveOf(size, limit, feeRate), expiresAt: HALF_PAST_NOON }
}

const anySize = fc.bigInt({ min: 1n, max: 500_000n }).map(steps => (steps * SIZE_STEP) as Shares)
const anyLimit = fc.bigInt({ min: 1n, max: 999n }).map(mills => (mills * 1_000n) as Price)
const anyRate = fc.bigInt({ min: 0n, max: 100_000n }).map(rate => rate as Price)
const anyWish = fc.bigInt({ min: 1n, max: 10_000_000_000n }).map(amount => amount as Usd)

describe('the bound for another amount', () => {
  test('never costs more than was wished, whatever the card, the fee and the wish are', () => {
    fc.assert(
      fc.property(anySize, anyLimit, anyRate, anyWish, (size, limit, feeRate, wish) => {
        const bound = boundFor(boundOf(size, limit, feeRate), wish, RESERVE_FIXED)
        expect(bound).toMatchObject({ side: 'buy', limit, wish, dollars: wish })
        if (bound.size > 0n) expect(reserveOf(bound.size, limit, feeRate) <= wish).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })

  test('of another amount still never costs more, nor does the size leave its grid', () => {
    fc.assert(
      fc.property(anySize, anyLimit, anyRate, fc.array(anyWish, { minLength: 2 }), (size, limit, feeRate, wishes) => {
        let bound = boundOf(size, limit, feeRate)
        for (const wish of wishes) {
          if (bound.size === 0n) return
          bound = boundFor(bound, wish, RESERVE_FIXED)
          expect(bound.size % SIZE_STEP).toBe(0n)
          if (bound.size > 0n) expect(reserveOf(bound.size, limit, feeRate) <= wish).toBe(true)
        }
      }),
    )
  })

  test('wastes less than a step of the size and what rounding takes', () => {
    fc.assert(
      fc.property(anyLimit, anyRate, anyWish, (limit, feeRate, wish) => {
        const card = boundOf(shares('200'), limit, feeRate)
        const { size } = boundFor(card, wish, RESERVE_FIXED)
        const exact = floorTo(size, SIZE_STEP)
        const next = plus(exact, shares('0.02'))
        const slack = (wish / 10_000n + 10n) as Usd
        expect(plus(reserveOf(next, limit, feeRate), slack) >= wish).toBe(true)
      }),
    )
  })

  test.each([
    ['half', '25', '48.07'],
    ['double', '100', '192.3'],
    ['all but nothing', '0.00004', '0'],
    ['nothing', '0', '0'],
  ])('of a card of 96.15 shares at 52 ¢: %s', (_, wish, size) => {
    const card: Bound = { ...boundOf(shares('96.15'), price('0.52'), price('0')), dollars: usd('50') }
    expect(boundFor(card, usd(wish), RESERVE_FIXED).size).toBe(shares(size))
  })
})

describe('how many people are needed', () => {
  const limits = { approvalPersons: 3, approvalPersonsFrom: usd('250') }
  test.each([
    ['0', 1],
    ['249.999999', 1],
    ['250', 1],
    ['250.000001', 3],
    ['9000', 3],
  ])('for $%s: %s', (dollars, persons) => {
    expect(personsNeeded(limits, usd(dollars))).toBe(persons)
  })
})
