import { describe, expect, test } from 'vitest'
import type { Instruction } from '../../src/core/engine/input.ts'
import { LIMIT_NAMES, PRESETS } from '../../src/core/risk/limits.ts'
import type { SignalId } from '../../src/core/units/ids.ts'
import { usd } from '../../src/core/units/money.ts'
import { kindsOf, TestDesk } from '../support/desk.ts'
import { ANNA, GOOD_RECORD, POOR_RECORD, token, wallet } from '../support/made.ts'

describe('what comes to nothing is on record, with why and who asked', () => {
  const NOBODY = 'nobody' as SignalId
  const ROWS: readonly (readonly [string, Instruction, RegExp])[] = [
    [
      'following a wallet twice',
      { kind: 'follow', whale: wallet(1), name: 'x', record: undefined },
      /followed already/,
    ],
    ['unfollowing one that is not followed', { kind: 'unfollow', whale: wallet(9) }, /is not followed/],
    ['approving what is not there', { kind: 'approve', signal: NOBODY }, /no such trade/],
    ['rejecting what is not there', { kind: 'reject', signal: NOBODY, why: 'x' }, /no such trade/],
    ['closing what is not held', { kind: 'close', token: token(9), part: 1n, why: 'x' }, /no such position/],
    ['resuming what nobody stopped', { kind: 'resume' }, /nobody has stopped/],
    ['the mode that it is', { kind: 'setMode', wish: { kind: 'paper', approvals: false } }, /the mode already/],
    ['a limit out of its range', { kind: 'setLimit', name: 'qualityMin', value: 49 }, /between 50 and 100/],
    ['a limit as it is', { kind: 'setLimit', name: 'stakeMax', value: usd('1000') }, /nothing would change/],
    ['a smallest stake over the largest', { kind: 'setLimit', name: 'stakeMax', value: usd('49') }, /over the largest/],
    ['the preset that is in force', { kind: 'setPreset', preset: 'standard' }, /nothing would change/],
    ['resetting a breaker that is closed', { kind: 'resetBreaker', breaker: 'drawdown' }, /is closed/],
    ['accepting books that do not differ', { kind: 'acceptBooks', why: 'x' }, /no difference/],
  ]

  test.each(ROWS)('%s', (_, instruction, why) => {
    const desk = new TestDesk()
    expect(kindsOf(desk.ask(instruction))).toEqual(['instructionRefused'])
    const { by, ...refused } = desk.last('instructionRefused')
    expect(refused).toMatchObject({ instruction: instruction.kind, why: expect.stringMatching(why) })
    expect(by).toMatchObject({ person: ANNA, surface: 'console' })
    expect(desk.effects).toEqual([])
  })

  test('stopping twice', () => {
    const desk = new TestDesk()
    desk.ask({ kind: 'stop', why: 'lunch' })
    desk.ask({ kind: 'stop', why: 'again' })
    expect(desk.last('instructionRefused').why).toBe('trading is stopped already')
    expect(desk.state.holds.get('operator')?.why).toBe('lunch, by anna')
  })
})

describe('the mode', () => {
  test.each(['live', 'approval'] as const)('%s is refused in words, stays on record, and changes nothing', kind => {
    const desk = new TestDesk()
    expect(kindsOf(desk.ask({ kind: 'setMode', wish: { kind } }))).toEqual(['modeRefused'])
    expect(desk.last('modeRefused').faults.join()).toContain(`Cannot switch to ${kind.toUpperCase()}`)
    expect(desk.state.mode).toMatchObject({ kind: 'paper', approvals: false })
    desk.orders(1)
    expect(desk.last('orderPlanned').intent.account).toBe('paper')
  })

  test('says who changed it and when, and the very next trade follows it', () => {
    const desk = new TestDesk()
    const quoting = desk.hears(1)
    desk.ask({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
    expect(desk.state.mode).toEqual({ kind: 'paper', approvals: true, since: desk.at, by: ANNA })
    desk.quote(quoting)
    expect(desk.all('approvalAsked')).toHaveLength(1)
  })

  test('is not changed by a stop', () => {
    const desk = new TestDesk()
    const before = desk.state.mode
    desk.ask({ kind: 'stop', why: 'x' })
    expect(desk.state.mode).toEqual(before)
  })
})

describe('limits', () => {
  test('are in force for the very next decision, of a quote that is on its way too', () => {
    const desk = new TestDesk()
    const signal = desk.hears(1)
    desk.ask({ kind: 'setLimit', name: 'qualityMin', value: 100 })
    desk.quote(signal)
    expect(desk.refusals()).toContain('WHALE_BELOW_QUALITY_MIN')
  })

  test('are changed one by one, with what was before and after', () => {
    const desk = new TestDesk()
    desk.ask({ kind: 'setLimit', name: 'stakeMax', value: usd('300') })
    const { before, after, changed } = desk.last('limitsChanged')
    expect([before.stakeMax, after.stakeMax, changed]).toEqual([usd('1000'), usd('300'), ['stakeMax']])
    expect({ ...after, stakeMax: before.stakeMax }).toEqual(before)
    desk.orders(1)
    expect(desk.last('orderPlanned').reserve <= usd('300.00004')).toBe(true)
  })

  test.each(['conservative', 'aggressive'] as const)('are all changed by the one word %s', preset => {
    const desk = new TestDesk()
    desk.ask({ kind: 'setPreset', preset })
    expect(desk.state.limits).toEqual(PRESETS[preset])
    const { changed } = desk.last('limitsChanged')
    expect(changed).toEqual(LIMIT_NAMES.filter(name => PRESETS[preset][name] !== PRESETS.standard[name]))
  })

  test('are not changed in part when a part of the change may not be', () => {
    const desk = new TestDesk({ limits: { stakeMin: usd('500') } })
    desk.ask({ kind: 'setLimit', name: 'stakeMax', value: usd('400') })
    expect(desk.state.limits.stakeMax).toBe(usd('1000'))
  })
})

describe('whales', () => {
  test('are scored when they are followed with a record, and again when a new one comes', () => {
    const desk = new TestDesk()
    desk.ask({ kind: 'follow', whale: wallet(9), name: 'nine', record: GOOD_RECORD })
    expect(desk.state.whales.get(wallet(9))?.quality?.score).toBeGreaterThan(70)
    const told = desk.take({ kind: 'whaleRecorded', whale: wallet(9), record: POOR_RECORD })
    expect(kindsOf(told)).toEqual(['whaleScored'])
    desk.hears(1, { whale: wallet(9) })
    expect(desk.refusals()).toEqual(['WHALE_BELOW_QUALITY_MIN'])
  })

  test('that are followed no more are neither scored nor copied, and keep what they opened', () => {
    const desk = new TestDesk()
    desk.copies(1)
    desk.ask({ kind: 'unfollow', whale: wallet(1) })
    expect(desk.take({ kind: 'whaleRecorded', whale: wallet(1), record: GOOD_RECORD })).toEqual([])
    const told = desk.facts.length
    desk.hears(2)
    expect(desk.facts).toHaveLength(told)
    expect(desk.position(1)).toBeDefined()
  })

  test('remember their latest trade by its own time, also when an older one is told later', () => {
    const desk = new TestDesk()
    const { at } = desk
    desk.wait(5_000).hears(1)
    desk.hears(2, { happenedAt: at })
    expect(desk.state.whales.get(wallet(1))?.lastTradeAt).toBe(at + 5_000)
  })
})
