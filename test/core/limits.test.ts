import { describe, expect, test } from 'vitest'
import {
  isLooser,
  LIMIT_NAMES,
  LIMIT_RULES,
  type LimitName,
  type Limits,
  limitFault,
  PRESETS,
} from '../../src/core/risk/limits.ts'
import { modeFaults } from '../../src/core/risk/mode.ts'
import { price, usd } from '../../src/core/units/money.ts'

const NUMBERS = LIMIT_NAMES.filter(name => name !== 'sizing')

/** A number as a value of this limit. */
function valueFor(name: LimitName, number: number): Limits[LimitName] {
  const { unit } = LIMIT_RULES[name]
  if (unit === 'usd') return usd(number.toFixed(6))
  if (unit === 'price') return number <= 1 && number >= 0 ? price(number.toFixed(6)) : (usd(number.toFixed(6)) as never)
  return number
}

describe('R3.10: the presets', () => {
  test.each([
    ['conservative', 0.15, 0.03, 0.05, 10, 80],
    ['standard', 0.25, 0.05, 0.1, 15, 70],
    ['aggressive', 0.35, 0.07, 0.15, 20, 60],
  ] as const)('%s', (preset, kellyFraction, basePositionPct, positionPctMax, positionsMax, qualityMin) => {
    expect(PRESETS[preset]).toMatchObject({ kellyFraction, basePositionPct, positionPctMax, positionsMax, qualityMin })
  })

  test.each(['conservative', 'standard', 'aggressive'] as const)('%s stakes and stops as required', preset => {
    expect(PRESETS[preset]).toMatchObject({
      stakeMin: usd('50'),
      stakeMax: usd('1000'),
      exposurePctMax: 0.8,
      marketPctMax: 0.2,
      categoryPctMax: 0.4,
      confidenceMin: 50,
      dailyLossMax: usd('500'),
      dailyLossPctMax: 0.05,
      hourlyLossMax: usd('200'),
      lossesInARowMax: 5,
      drawdownPctMax: 0.15,
    })
  })

  test.each(['conservative', 'standard', 'aggressive'] as const)('every value of %s is one that may be set', preset => {
    for (const name of LIMIT_NAMES) expect([name, limitFault(name, PRESETS[preset][name])]).toEqual([name, undefined])
  })
})

describe('which way is looser', () => {
  test.each([
    ['stakeMax', '1000', '1001'],
    ['dailyLossMax', '500', '501'],
    ['hourlyLossMax', '200', '201'],
  ] as const)('more of %s is looser, less is not, the same is not', (name, before, more) => {
    expect(isLooser(name, usd(before), usd(more))).toBe(true)
    expect(isLooser(name, usd(more), usd(before))).toBe(false)
    expect(isLooser(name, usd(before), usd(before))).toBe(false)
  })

  test.each(['stakeMin', 'qualityMin', 'confidenceMin', 'liquidityMin', 'closesInMinMs'] as const)(
    'less of %s is looser',
    name => {
      expect(isLooser(name, valueFor(name, 60), valueFor(name, 59))).toBe(true)
      expect(isLooser(name, valueFor(name, 59), valueFor(name, 60))).toBe(false)
    },
  )

  test.each(NUMBERS)('of two values of %s just one way is looser', name => {
    const { min, max } = LIMIT_RULES[name]
    const both = [
      isLooser(name, valueFor(name, min), valueFor(name, max)),
      isLooser(name, valueFor(name, max), valueFor(name, min)),
    ]
    expect(both.filter(is => is)).toHaveLength(1)
  })

  test('another way of sizing is always looser, and the same never', () => {
    expect(isLooser('sizing', 'kelly', 'simple')).toBe(true)
    expect(isLooser('sizing', 'simple', 'kelly')).toBe(true)
    expect(isLooser('sizing', 'kelly', 'kelly')).toBe(false)
  })

  test('the way from conservative to aggressive is looser in what differs, and back it is not', () => {
    const { conservative, aggressive } = PRESETS
    for (const name of LIMIT_NAMES.filter(each => conservative[each] !== aggressive[each])) {
      expect([name, isLooser(name, conservative[name], aggressive[name])]).toEqual([name, true])
      expect([name, isLooser(name, aggressive[name], conservative[name])]).toEqual([name, false])
    }
  })
})

describe('what a limit may be', () => {
  test.each(NUMBERS)('%s at either end of its range, and not beyond', name => {
    const { min, max, unit } = LIMIT_RULES[name]
    const beyond = unit === 'count' || unit === 'ms' || unit === 'points' ? 1 : 0.000001
    expect(limitFault(name, valueFor(name, min))).toBeUndefined()
    expect(limitFault(name, valueFor(name, max))).toBeUndefined()
    expect(limitFault(name, valueFor(name, max + beyond))).toContain(name)
    expect(limitFault(name, valueFor(name, min - beyond))).toContain(name)
  })

  test.each(NUMBERS)('%s is no text and nothing that is not a number', name => {
    expect(limitFault(name, 'kelly')).toBeDefined()
    expect(limitFault(name, Number.NaN)).toBeDefined()
  })

  test.each([
    ['an amount of dollars as a plain number', 'stakeMin', 50],
    ['a price as a plain number', 'spreadMax', 0.05],
    ['a ratio as an amount', 'kellyFraction', usd('0.25')],
    ['half a position', 'positionsMax', 2.5],
    ['half a loss', 'lossesInARowMax', 4.5],
    ['a part of a millisecond', 'approvalWaitMs', 60_000.5],
  ] as const)('it is not %s', (_, name, value) => {
    expect(limitFault(name, value)).toContain(name)
  })

  test('R2.4: the quality of a whale that is copied is never under 50', () => {
    expect(limitFault('qualityMin', 49)).toBeDefined()
    expect(limitFault('qualityMin', 50)).toBeUndefined()
  })

  test.each(['kelly', 'simple', 'mirror'] as const)('sizing is %s', sizing => {
    expect(limitFault('sizing', sizing)).toBeUndefined()
    expect(limitFault('sizing', 1)).toBeDefined()
  })
})

describe('the mode', () => {
  test.each([true, false])('paper can always be had, with approvals %s', approvals => {
    expect(modeFaults({ kind: 'paper', approvals })).toEqual([])
  })

  test.each(['live', 'approval'] as const)('%s cannot, and says so in the words that were asked for', kind => {
    expect(modeFaults({ kind })).toEqual([
      expect.stringMatching(new RegExp(`^Cannot switch to ${kind.toUpperCase()}: .+`)),
    ])
  })
})
