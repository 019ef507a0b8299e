import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  dollars,
  hourAndMinute,
  percent,
  period,
  signedDollars,
  signedPercent,
  tickLabels,
} from '../../src/adapters/charts/figure-text.ts'
import { DAY_MS, roundUp, scaleOf, timeTicks } from '../../src/adapters/charts/ticks.ts'
import { instant } from '../../src/core/units/ids.ts'
import { type Usd, usd } from '../../src/core/units/money.ts'
import { HOUR_MS, NOW } from './made.ts'

test.each([
  ['0', '$0.00', '$0.00'],
  ['12', '$12.00', '+$12.00'],
  ['-3.2', '−$3.20', '−$3.20'],
  ['0.004', '$0.00', '$0.00'],
  ['-0.004', '$0.00', '$0.00'],
  ['9999999.99', '$9,999,999.99', '+$9,999,999.99'],
  ['12345678.9', '$12.35M', '+$12.35M'],
  ['-9223372036854.775808', '−$9.223T', '−$9.223T'],
])('%s dollars are %s, as a change %s', (text, plain, change) => {
  expect([dollars(usd(text)), signedDollars(usd(text))]).toEqual([plain, change])
})

test.each([
  [0, '0 %', '0 %'],
  [0.0312, '3.1 %', '+3.1 %'],
  [-0.2, '−20 %', '−20 %'],
  [0.00001, '0 %', '0 %'],
  [-0.00001, '0 %', '0 %'],
  [1e9, 'over 100,000 %', 'over 100,000 %'],
  [-1e9, 'under −100,000 %', 'under −100,000 %'],
])('a ratio of %s is %s, as a change %s', (ratio, plain, change) => {
  expect([percent(ratio), signedPercent(ratio)]).toEqual([plain, change])
})

test.each([
  ['2026-09-25T14:00Z', '2026-10-02T14:02Z', '25 Sep – 2 Oct 2026 UTC'],
  ['2026-10-02T09:05Z', '2026-10-02T14:02Z', '2 Oct 2026, 09:05 – 14:02 UTC'],
  ['2025-12-30T00:00Z', '2026-01-02T00:00Z', '30 Dec 2025 – 2 Jan 2026 UTC'],
])('%s to %s is %s', (from, to, text) => {
  expect(period(instant(Date.parse(from)), instant(Date.parse(to)))).toBe(text)
})

describe('the axis of dollars', () => {
  test.each<[number, number, readonly string[]]>([
    [9_856, 10_123, ['$9,800', '$9,900', '$10,000', '$10,100', '$10,200']],
    [10_000, 10_000, ['$9,980', '$10,000', '$10,020']],
    [0, 0, ['$0']],
    [-40e9, 0, ['−$40B', '−$20B', '$0']],
    [1_230_000, 1_240_000, ['$1,230,000', '$1,235,000', '$1,240,000']],
    [10_000_000, 16_000_000, ['$10M', '$12M', '$14M', '$16M']],
    [1, 1.05, ['$1.00', '$1.02', '$1.04', '$1.06']],
  ])('from %s to %s', (low, high, labels) => {
    const scale = scaleOf(low, high, 4)
    const label = tickLabels(scale)
    const count = Math.round((scale.high - scale.low) / scale.step) + 1
    expect(Array.from({ length: count }, (_, index) => label(scale.low + index * scale.step))).toEqual(labels)
  })

  test('covers the line, in few steps, with labels that differ', () => {
    const anyDollars = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(amount => Number(amount as Usd) / 1e6)
    fc.assert(
      fc.property(anyDollars, anyDollars, fc.integer({ min: 3, max: 6 }), (one, other, steps) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)]
        const scale = scaleOf(low, high, steps)
        expect(scale.low).toBeLessThanOrEqual(low)
        expect(scale.high).toBeGreaterThanOrEqual(high)
        const count = Math.round((scale.high - scale.low) / scale.step)
        expect(count).toBeLessThanOrEqual(steps + 1)
        const label = tickLabels(scale)
        const labels = Array.from({ length: count + 1 }, (_, index) => label(scale.low + index * scale.step))
        expect(new Set(labels).size).toBe(labels.length)
        for (const text of labels) expect(text.length).toBeLessThan(14)
      }),
    )
  })

  test('rounds up to a round number and no further than it must', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e15, noNaN: true }), value => {
        const round = roundUp(value)
        expect(round).toBeGreaterThanOrEqual(value * (1 - 1e-6))
        expect(round).toBeLessThanOrEqual(value * 2.01)
      }),
    )
  })
})

describe('the axis of time', () => {
  test.each([
    ['a week', 168, 24],
    ['a day', 24, 3],
    ['a month', 720, 168],
    ['a quarter of a year', 2_160, 336],
    ['five years', 43_800, 5_760],
  ])('of %s', (_, hours, step) => {
    const { stepMs, at } = timeTicks(NOW - hours * HOUR_MS, NOW, 8)
    expect(stepMs).toBe(step * HOUR_MS)
    expect(at.length).toBeGreaterThan(2)
    expect(at.length).toBeLessThanOrEqual(8)
    if (stepMs >= DAY_MS) expect(at.map(hourAndMinute)).toEqual(at.map(() => '00:00'))
  })

  test('stays inside, and is short, for any two instants', () => {
    const anyInstant = fc.integer({ min: 0, max: 8.64e15 })
    fc.assert(
      fc.property(anyInstant, anyInstant, (one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other) + 1]
        const { at } = timeTicks(from, to, 8)
        expect(at.length).toBeLessThanOrEqual(9)
        for (const tick of at) expect(tick >= from && tick <= to).toBe(true)
      }),
    )
  })
})
