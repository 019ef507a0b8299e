import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brierOf, calibrationOf, type Forecast } from '../../src/core/whale/calibration.ts'

const anyForecasts = fc.array(fc.record({ chance: fc.double({ min: 0, max: 1, noNaN: true }), isTrue: fc.boolean() }), {
  maxLength: 60,
})

describe('the Brier score', () => {
  test.each<[string, readonly Forecast[], number | undefined]>([
    ['nothing is none', [], undefined],
    [
      'certainty that came true is 0',
      [
        { chance: 1, isTrue: true },
        { chance: 0, isTrue: false },
      ],
      0,
    ],
    ['certainty that did not is 1', [{ chance: 1, isTrue: false }], 1],
    [
      'even odds is a quarter, whatever happens',
      [
        { chance: 0.5, isTrue: true },
        { chance: 0.5, isTrue: false },
      ],
      0.25,
    ],
    ['the published rain of 70 % that fell is 0.09', [{ chance: 0.7, isTrue: true }], 0.09],
  ])('of %s', (_, forecasts, score) => {
    if (score === undefined) expect(brierOf(forecasts)).toBeUndefined()
    else expect(brierOf(forecasts)).toBeCloseTo(score, 12)
  })
})

describe('a calibration', () => {
  test('holds every forecast once, each in the tenth that it lies in', () => {
    fc.assert(
      fc.property(anyForecasts, forecasts => {
        const bins = calibrationOf(forecasts)
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(forecasts.length)
        for (const { from, meanChance, cameTrue } of bins) {
          expect(meanChance >= from - 1e-9 && meanChance <= from + 0.1 + 1e-9).toBe(true)
          expect(cameTrue >= 0 && cameTrue <= 1).toBe(true)
        }
      }),
    )
  })

  test('says how often what was given came true', () => {
    const given = [0.61, 0.65, 0.69, 1].map((chance, index) => ({ chance, isTrue: index !== 1 }))
    expect(calibrationOf(given)).toEqual([
      { from: 0.6, count: 3, meanChance: expect.closeTo(0.65, 9), cameTrue: expect.closeTo(2 / 3, 9) },
      { from: 0.9, count: 1, meanChance: 1, cameTrue: 1 },
    ])
  })
})
