import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  FILLS_MAX,
  isClosed,
  mayMove,
  move,
  ORDER_STATUSES,
  type OrderStatus,
  openSize,
  withFill,
} from '../../src/core/order/order.ts'
import { InvariantError } from '../../src/core/units/brand.ts'
import type { FillId } from '../../src/core/units/ids.ts'
import { price, type Shares, shares } from '../../src/core/units/money.ts'
import { fill, intent, order } from '../support/made.ts'

/** The machine as it is drawn above its type, written down a second time. */
const DRAWN: ReadonlySet<string> = new Set([
  'sent > uncertain',
  'sent > resting',
  'sent > filled',
  'sent > cancelled',
  'sent > expired',
  'sent > rejected',
  'uncertain > resting',
  'uncertain > filled',
  'uncertain > cancelled',
  'uncertain > expired',
  'uncertain > rejected',
  'resting > cancelling',
  'resting > uncertain',
  'resting > filled',
  'resting > cancelled',
  'resting > expired',
  'cancelling > resting',
  'cancelling > uncertain',
  'cancelling > filled',
  'cancelling > cancelled',
  'cancelling > expired',
])
const PAIRS = ORDER_STATUSES.flatMap(from => ORDER_STATUSES.map(to => [from, to] as const))

describe('every pair of statuses', () => {
  test.each(PAIRS)('%s to %s moves if it is drawn, and else stops the program', (from, to) => {
    const isDrawn = DRAWN.has(`${from} > ${to}`)
    expect(mayMove(from, to)).toBe(isDrawn)
    if (isDrawn) expect(move(order({ status: from }), to).status).toBe(to)
    else expect(() => move(order({ status: from }), to)).toThrow(InvariantError)
  })

  test('those that are closed are the four ends, and nothing leads out of them', () => {
    expect(ORDER_STATUSES.filter(isClosed)).toEqual(['filled', 'cancelled', 'expired', 'rejected'])
    expect(ORDER_STATUSES).toHaveLength(8)
  })
})

describe('fills of an order', () => {
  const half = fill('a', shares('50'), price('0.5'))

  test.each<OrderStatus>(['sent', 'uncertain', 'resting', 'cancelling', 'cancelled', 'expired', 'rejected'])(
    'count while it is %s, and leave its status alone: a match and a cancel can cross',
    status => {
      const filled = withFill(order({ status }), half)
      expect(filled).toMatchObject({ status, filled: shares('50'), fills: ['a'] })
      expect(openSize(filled)).toBe(shares('50'))
    },
  )

  test.each([
    ['a fill told twice', () => withFill(withFill(order(), half), half)],
    ['a fill without shares', () => withFill(order(), fill('a', shares('0'), price('0.5')))],
    ['a millionth beyond the size', () => withFill(order(), fill('a', shares('100.000001'), price('0.5')))],
    [
      'a second fill beyond the size',
      () => withFill(withFill(order(), half), fill('b', shares('50.01'), price('0.5'))),
    ],
    [
      'more fills than a book can give',
      () => withFill(order({ fills: Array.from({ length: FILLS_MAX }, (_, index) => String(index) as FillId) }), half),
    ],
  ])('%s stops the program', (_, count) => {
    expect(count).toThrow(InvariantError)
  })

  test('in any pieces, what is filled and what is open are the size', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 1n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 }), sizes => {
        const size = sizes.reduce((sum, each) => sum + each, 0n) as Shares
        let held = order({ intent: intent({ size }) })
        sizes.forEach((each, index) => {
          held = withFill(held, fill(String(index), each as Shares, price('0.5')))
          expect(held.filled + openSize(held)).toBe(size)
        })
        expect(openSize(held)).toBe(0n)
      }),
    )
  })
})
