import { describe, expect, test } from 'vitest'
import { decodeInput, encodeInput } from '../../src/core/engine/codec.ts'
import { step } from '../../src/core/engine/engine.ts'
import type { Input } from '../../src/core/engine/input.ts'
import type { Holder } from '../../src/core/risk/holds.ts'
import type { SourceName, SourceStatus } from '../../src/core/risk/sight.ts'
import { instant } from '../../src/core/units/ids.ts'
import { shares, usd } from '../../src/core/units/money.ts'
import { PLAIN_SETTINGS, type WhaleSettings } from '../../src/core/whale/whale.ts'
import { kindsOf, TestDesk } from '../support/desk.ts'
import { asker, GOOD_RECORD, prepare, wallet } from '../support/made.ts'

function sees(desk: TestDesk, source: SourceName, status: SourceStatus) {
  return kindsOf(desk.take({ kind: 'sourceSeen', source, status, why: 'for a test' }))
}

function feedHolds(desk: TestDesk): readonly Holder[] {
  return [...desk.state.holds.keys()].filter(holder => holder.startsWith('feed:'))
}

function seeing(...live: readonly SourceName[]): TestDesk {
  const desk = new TestDesk()
  for (const source of live) sees(desk, source, 'live')
  return desk
}

describe('what the sources of trades show', () => {
  test('while one stream lives the other may be away', () => {
    const desk = seeing('chain', 'activity', 'sweep')
    expect(sees(desk, 'activity', 'stale')).toEqual(['sourceChanged'])
    expect(feedHolds(desk)).toEqual([])
    expect(desk.copies(1)).toBeDefined()
  })

  test('with no stream alive nothing new is bought, and exits go on', () => {
    const desk = seeing('chain', 'activity', 'sweep')
    desk.copies(1, { size: shares('100') })
    sees(desk, 'chain', 'down')
    expect(sees(desk, 'activity', 'stale')).toEqual(['sourceChanged', 'holdPlaced', 'holdPlaced'])
    expect(feedHolds(desk)).toEqual(['feed:chain', 'feed:activity'])
    desk.hears(2)
    expect(desk.refusals()).toEqual(['TRADING_REDUCING'])
    desk.wait(10_000).orders(1, { side: 'sell', transaction: '0xsale', size: shares('100') })
    expect(desk.last('orderPlanned').intent.side).toBe('sell')
    expect(sees(desk, 'chain', 'live')).toEqual(['sourceChanged', 'holdReleased', 'holdReleased'])
    expect(feedHolds(desk)).toEqual([])
  })

  test('without the rounds nobody knows what the streams missed', () => {
    const desk = seeing('activity', 'sweep')
    expect(sees(desk, 'sweep', 'stale')).toEqual(['sourceChanged', 'holdPlaced'])
    expect(sees(desk, 'sweep', 'stale')).toEqual([])
    expect(feedHolds(desk)).toEqual(['feed:sweep'])
  })

  test('connecting is neither seeing nor blindness', () => {
    const desk = seeing('sweep')
    sees(desk, 'activity', 'connecting')
    expect(feedHolds(desk)).toEqual([])
  })

  test('is asked anew after a start: a source that is configured no more holds nothing', () => {
    const desk = seeing('chain', 'sweep')
    sees(desk, 'chain', 'down')
    expect(feedHolds(desk)).toEqual(['feed:chain'])
    desk.start()
    expect(feedHolds(desk)).toEqual([])
    expect(desk.state.sources.size).toBe(0)
  })
})

describe('how far the wallets were asked', () => {
  test('moves on and never back', () => {
    const desk = new TestDesk()
    const behind = new Map([[wallet(2), instant(50_000)]])
    const swept = (from: number) => desk.take({ kind: 'tradesSwept', from: instant(from), behind })
    expect(kindsOf(swept(90_000))).toEqual(['whalesSwept'])
    expect(desk.state.swept).toEqual({ from: 90_000, behind })
    expect(swept(80_000)).toEqual([])
  })
})

describe('what people set for one whale', () => {
  const set = (desk: TestDesk, change: Partial<WhaleSettings>) =>
    kindsOf(desk.ask({ kind: 'setWhale', whale: wallet(1), settings: { ...PLAIN_SETTINGS, ...change } }))

  test('switched off, it is shown and refused, and what was copied is followed out', () => {
    const desk = new TestDesk()
    desk.copies(1, { size: shares('100') })
    expect(set(desk, { isEnabled: false })).toEqual(['whaleSet'])
    desk.wait(10_000).hears(1, { transaction: '0xnext' })
    expect(desk.refusals()).toEqual(['WHALE_DISABLED'])
    desk.orders(1, { side: 'sell', transaction: '0xsale', size: shares('100') })
    expect(desk.last('orderPlanned').intent.side).toBe('sell')
  })

  test('muted, it is refused until the time has come', () => {
    const desk = new TestDesk()
    set(desk, { mutedUntil: instant(desk.at + 60_000) })
    desk.hears(1)
    expect(desk.refusals()).toEqual(['WHALE_MUTED'])
    desk.wait(60_000).orders(1, { transaction: '0xnext' })
    expect(desk.all('orderPlanned')).toHaveLength(1)
  })

  test('a weight and a cap hold every stake down', () => {
    const plain = new TestDesk()
    plain.orders(1)
    const whole = plain.last('signalWeighed').stake
    const half = new TestDesk()
    set(half, { weight: 0.5 })
    half.orders(1)
    const weighed = half.last('signalWeighed').stake
    expect(Number(weighed?.amount)).toBeCloseTo(Number(whole?.amount) / 2, -2)
    expect(weighed?.factors.map(({ name }) => name)).toContain('weight')
    const capped = new TestDesk()
    set(capped, { stakeMax: usd('60') })
    capped.orders(1)
    expect(capped.last('signalWeighed').stake).toMatchObject({ amount: usd('60') })
  })

  test.each([
    ['a wallet that nobody follows', wallet(9), { weight: 1 }, 'that wallet is not followed'],
    ['what it is already', wallet(1), { weight: 1 }, 'nothing would change'],
    ['a weight over two', wallet(1), { weight: 2.1 }, 'a weight lies between 0 and 2'],
    ['a weight that is no number', wallet(1), { weight: Number.NaN }, 'a weight lies between 0 and 2'],
    ['a cap of nothing', wallet(1), { stakeMax: usd('0') }, 'a cap is an amount over nothing'],
    ['a long note', wallet(1), { note: 'x'.repeat(201) }, 'a note has at most 200 characters'],
  ])('%s is refused with the reason', (_what, whale, change, why) => {
    const desk = new TestDesk()
    expect(desk.ask({ kind: 'setWhale', whale, settings: { ...PLAIN_SETTINGS, ...change } })).toMatchObject([
      { kind: 'instructionRefused', why },
    ])
  })

  test('our own record of a whale grows with what copying it brought', () => {
    const desk = new TestDesk({ record: GOOD_RECORD })
    desk.copies(1)
    const { cost } = desk.holding(1)
    expect(desk.state.whales.get(wallet(1))?.own).toEqual({ copies: 1, closed: 0, staked: cost, profit: 0n })
    desk.resolves(1, '0')
    expect(desk.state.whales.get(wallet(1))?.own).toEqual({ copies: 1, closed: 1, staked: cost, profit: -cost })
    expect(desk.effects.filter(({ kind }) => kind === 'askRecord')).toHaveLength(1)
  })
})

test('what was set and is cleared again stays cleared when the journal is decided again', () => {
  const desk = new TestDesk()
  const set = { kind: 'setWhale', whale: wallet(1), settings: { ...PLAIN_SETTINGS, stakeMax: usd('60') } } as const
  desk.ask(set)
  const input = {
    kind: 'instructed',
    at: desk.at,
    asker: asker('clear'),
    instruction: { ...set, settings: PLAIN_SETTINGS },
  }
  const read = decodeInput(encodeInput(input as Input))
  expect(kindsOf(step(desk.state, read, prepare).facts)).toEqual(['whaleSet'])
  expect(desk.state.whales.get(wallet(1))?.settings.stakeMax).toBeUndefined()
})
