import { describe, expect, test } from 'vitest'
import { later } from '../../src/core/units/ids.ts'
import { usd } from '../../src/core/units/money.ts'
import { audit } from '../support/audit.ts'
import { kindsOf, TestDesk } from '../support/desk.ts'
import { condition, HALF_PAST_NOON } from '../support/made.ts'

const HOUR_MS = 3_600_000
const WIDE = { hourlyLossMax: usd('100000'), dailyLossMax: usd('100000'), dailyLossPctMax: 0.5, drawdownPctMax: 0.9 }

/** A desk that holds 1,000 shares at a cost of 0.52, which can be sold for 0.51. */
function holding(limits: ConstructorParameters<typeof TestDesk>[0] = {}): TestDesk {
  const desk = new TestDesk({ deposit: '10000', ...limits, limits: { ...WIDE, sizing: 'mirror', ...limits?.limits } })
  desk.copies(1)
  return desk
}

function holders(desk: TestDesk): readonly string[] {
  return [...desk.state.holds.keys()]
}

describe('the hourly loss', () => {
  test('opens at the limit, stops entries, and closes by itself at the next hour', () => {
    const desk = holding({ limits: { hourlyLossMax: usd('200') } })
    expect(kindsOf(desk.marks([1, '0.320001']))).toEqual(['positionsMarked'])
    expect(kindsOf(desk.marks([1, '0.32']))).toEqual(['positionsMarked', 'breakerOpened'])
    desk.hears(2)
    expect(desk.refusals()).toEqual(['TRADING_HALTED'])

    desk.wait(HOUR_MS / 2 - 1).clockTurns()
    expect(holders(desk)).toEqual(['hourly-loss'])
    expect(kindsOf(desk.wait(1).clockTurns())).toEqual(['hourTurned', 'holdReleased'])
    expect(desk.books.performance.hourOpen).toBe(usd('9800'))
    desk.orders(3)
    expect(desk.all('orderPlanned')).toHaveLength(2)
  })

  test('closes with whatever comes in first after the hour, without a tick', () => {
    const desk = holding({ limits: { hourlyLossMax: usd('200') } })
    desk.marks([1, '0.3'])
    desk.wait(HOUR_MS).orders(2)
    expect(desk.all('orderPlanned')).toHaveLength(2)
  })

  test('is told once while it is open', () => {
    const desk = holding({ limits: { hourlyLossMax: usd('200') } })
    desk.marks([1, '0.3'])
    desk.marks([1, '0.2'])
    expect(desk.all('breakerOpened')).toHaveLength(1)
  })
})

describe('the daily loss', () => {
  test('opens at 5 % of the day’s opening, and closes at midnight in UTC and not at the hour', () => {
    const desk = holding({ limits: { dailyLossPctMax: 0.05, dailyLossMax: usd('500') } })
    expect(kindsOf(desk.marks([1, '0.020001']))).not.toContain('breakerOpened')
    expect(kindsOf(desk.marks([1, '0.02']))).toContain('breakerOpened')
    expect(desk.last('breakerOpened').opening).toMatchObject({ by: 'daily-loss', until: Date.UTC(2026, 6, 16) })
    desk.wait(HOUR_MS).clockTurns()
    expect(holders(desk)).toEqual(['daily-loss'])
    desk.wait(later(HALF_PAST_NOON, 11.5 * HOUR_MS) - desk.at).clockTurns()
    expect(holders(desk)).toEqual([])
    expect(desk.books.performance.dayOpen).toBe(usd('9500'))
  })

  test('counts what was lost for good as well as what is marked down', () => {
    const desk = holding({ limits: { dailyLossMax: usd('500') } })
    expect(kindsOf(desk.resolves(1, '0'))).toContain('breakerOpened')
  })
})

describe('a losing streak', () => {
  test('opens at the fifth loss, and only a hand closes it', () => {
    const desk = new TestDesk({ deposit: '100000', limits: { ...WIDE, sizing: 'mirror', lossesInARowMax: 5 } })
    for (const number of [1, 2, 3, 4]) {
      desk.copies(number)
      desk.resolves(number, '0.5')
    }
    expect(holders(desk)).toEqual([])
    desk.copies(5)
    desk.resolves(5, '0.5')
    expect(holders(desk)).toEqual(['losing-streak'])
    desk.wait(48 * HOUR_MS).clockTurns()
    expect(holders(desk)).toEqual(['losing-streak'])
    desk.start()
    expect(holders(desk)).toContain('losing-streak')
    for (const number of [1, 2, 3, 4, 5]) {
      desk.take({ kind: 'redeemed', account: 'paper', condition: condition(number) })
    }
    desk.fires({ kind: 'books', account: 'paper' })
    desk.reportBooks()
    expect(holders(desk)).toEqual(['losing-streak'])
    expect(kindsOf(desk.ask({ kind: 'resetBreaker', breaker: 'losing-streak' }))).toEqual(['breakerReset'])
    expect(desk.books.performance.lossesInARow).toBe(0)
    desk.orders(6)
    expect(desk.all('orderPlanned')).toHaveLength(6)
  })
})

describe('the drawdown', () => {
  test('cancels every order that rests, and after a hand has closed it counts from what is left', () => {
    const desk = holding({ limits: { drawdownPctMax: 0.05 } })
    const key = desk.orders(2)
    desk.answers(key, { kind: 'accepted', status: 'resting', fills: [] })
    expect(kindsOf(desk.marks([1, '0.02']))).toEqual(['positionsMarked', 'breakerOpened', 'cancelAsked'])
    expect(desk.effects).toMatchObject([{ kind: 'cancelOrder', order: key }])
    desk.ask({ kind: 'resetBreaker', breaker: 'drawdown' })
    expect(desk.books.performance.peak).toBe(usd('9500'))
    desk.marks([1, '0.03'])
    expect(holders(desk)).toEqual([])
    audit(desk)
  })
})

describe('a breaker', () => {
  test('opens when its limit is made tighter than what is lost already', () => {
    const desk = holding()
    desk.marks([1, '0.3'])
    expect(kindsOf(desk.ask({ kind: 'setLimit', name: 'hourlyLossMax', value: usd('100') }))).toEqual([
      'limitsChanged',
      'breakerOpened',
    ])
  })

  test('that closes by itself is not closed by hand, and one that is closed says so', () => {
    const desk = holding({ limits: { hourlyLossMax: usd('100') } })
    desk.marks([1, '0.3'])
    desk.ask({ kind: 'resetBreaker', breaker: 'hourly-loss' })
    expect(desk.last('instructionRefused').why).toContain('closes by itself')
    desk.ask({ kind: 'resetBreaker', breaker: 'drawdown' })
    expect(desk.last('instructionRefused').why).toContain('is closed')
    expect(holders(desk)).toEqual(['hourly-loss'])
  })

  test('stays open when a person resumes what a person has stopped', () => {
    const desk = holding({ limits: { hourlyLossMax: usd('100') } })
    desk.marks([1, '0.3'])
    desk.ask({ kind: 'stop', why: 'too' })
    desk.ask({ kind: 'resume' })
    expect(holders(desk)).toEqual(['hourly-loss'])
    desk.ask({ kind: 'resume' })
    expect(desk.last('instructionRefused').why).toBe('nobody has stopped trading')
  })

  test('of a card that waits lets no yes through', () => {
    const desk = holding({ limits: { hourlyLossMax: usd('100') } })
    desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
    const signal = desk.hears(2)
    desk.quote(signal)
    desk.marks([1, '0.3'])
    desk.ask({ kind: 'approve', signal })
    expect(desk.last('instructionRefused').instruction).toBe('approve')
  })
})

describe('the turn of the hour and the day', () => {
  test('is a fact once, with what each account opens with', () => {
    const desk = holding()
    expect(kindsOf(desk.wait(HOUR_MS).clockTurns())).toEqual(['hourTurned'])
    expect(desk.clockTurns()).toEqual([])
    expect(desk.last('hourTurned').accounts).toEqual([{ account: 'paper', equity: usd('9990') }])
  })

  test('keeps the day’s opening over its hours and takes a new one at midnight', () => {
    const desk = holding()
    desk.marks([1, '0.4'])
    desk.wait(HOUR_MS).clockTurns()
    expect(desk.books.performance).toMatchObject({ dayOpen: usd('10000'), hourOpen: usd('9880'), entriesToday: 1 })
    desk.wait(12 * HOUR_MS).clockTurns()
    expect(desk.books.performance).toMatchObject({ dayOpen: usd('9880'), entriesToday: 0, entries: 1 })
  })

  test('is not undone by an input that is stamped earlier', () => {
    const desk = holding()
    desk.wait(HOUR_MS).clockTurns()
    expect(desk.wait(-HOUR_MS).clockTurns()).toEqual([])
    expect(desk.state.now).toBe(HALF_PAST_NOON + HOUR_MS)
  })
})
