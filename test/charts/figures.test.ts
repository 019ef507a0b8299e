import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { figuresOf, thinned } from '../../src/adapters/charts/figures.ts'
import type { EquityPoint } from '../../src/adapters/charts/profit-picture.ts'
import type { Instant } from '../../src/core/units/ids.ts'
import { type Usd, usd } from '../../src/core/units/money.ts'
import { hourly } from './made.ts'

const anyPoint = fc.record({
  at: fc.integer({ min: 0, max: 8.64e15 }).map(ms => ms as Instant),
  equity: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(amount => amount as Usd),
})

describe('the figures of a line', () => {
  test.each<[string, readonly EquityPoint[], object]>([
    ['that rose', hourly('100', '110'), { result: usd('10'), returned: 0.1, peak: usd('110'), deepest: 0 }],
    ['that fell', hourly('100', '80'), { result: usd('-20'), returned: -0.2, peak: usd('100'), deepest: 0.2 }],
    ['that fell and came back', hourly('100', '200', '150', '220'), { result: usd('120'), deepest: 0.25 }],
    ['that is flat', hourly('5', '5', '5'), { result: usd('0'), returned: 0, peak: usd('5'), deepest: 0 }],
    ['that began with nothing', hourly('0', '10'), { result: usd('10'), returned: undefined, deepest: 0 }],
    ['under zero', hourly('-10', '-30'), { result: usd('-20'), returned: undefined, peak: usd('-10'), deepest: 0 }],
    ['that fell under zero', hourly('10', '-10'), { returned: -2, peak: usd('10'), deepest: 2 }],
  ])('%s', (_, points, expected) => {
    expect(figuresOf(points)).toMatchObject(expected)
  })

  test('are none where there are not two instants', () => {
    expect(figuresOf([])).toBeUndefined()
    expect(figuresOf(hourly('100'))).toBeUndefined()
    expect(figuresOf([...hourly('100'), ...hourly('200')])).toBeUndefined()
  })

  test('do not depend on the order; of two words on one instant the later counts', () => {
    const points = hourly('100', '110', '90')
    expect(figuresOf([...points].reverse())).toEqual(figuresOf(points))
    const [first] = points
    if (first === undefined) throw new Error('there is a first')
    expect(figuresOf([...points, { ...first, equity: usd('95') }])?.first).toBe(usd('95'))
  })

  test('are exact, whatever the amounts, and no point stands over its peak', () => {
    fc.assert(
      fc.property(fc.array(anyPoint, { maxLength: 40 }), points => {
        const figures = figuresOf(points)
        const instants = new Set(points.map(({ at }) => at))
        expect(figures === undefined).toBe(instants.size < 2)
        if (figures === undefined) return
        expect(figures.result).toBe(figures.last - figures.first)
        expect(figures.line.map(({ at }) => at)).toEqual([...instants].sort((one, other) => one - other))
        for (const { equity, peak, drawdown } of figures.line) {
          expect(equity).toBeLessThanOrEqual(peak)
          expect(drawdown).toBeGreaterThanOrEqual(0)
          expect(drawdown).toBeLessThanOrEqual(figures.deepest)
        }
      }),
    )
  })
})

describe('a thinned line', () => {
  const anyValues = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 600 })
  const numbered = (values: readonly number[]) => values.map((value, index) => ({ value, index }))

  test('keeps the ends, the lowest and the highest, in their order, and is short', () => {
    fc.assert(
      fc.property(anyValues, fc.integer({ min: 1, max: 40 }), (values, parts) => {
        const points = numbered(values)
        const kept = thinned(points, ({ value }) => value, parts)
        expect(kept.length).toBeLessThanOrEqual(Math.max(4 * parts, 0))
        expect(kept.map(({ index }) => index)).toEqual(
          [...new Set(kept.map(({ index }) => index))].sort((a, b) => a - b),
        )
        for (const { value, index } of kept) expect(values[index]).toBe(value)
        if (values.length === 0) return
        const shown = kept.map(({ value }) => value)
        expect(Math.max(...shown)).toBe(Math.max(...values))
        expect(Math.min(...shown)).toBe(Math.min(...values))
        expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)])
      }),
    )
  })

  test('keeps a single spike among ten thousand', () => {
    const points = numbered(Array.from({ length: 10_000 }, (_, index) => (index === 7_321 ? 900 : index % 3)))
    const kept = thinned(points, ({ value }) => value, 500)
    expect(kept.length).toBeLessThanOrEqual(2_000)
    expect(kept.some(({ index }) => index === 7_321)).toBe(true)
  })
})
