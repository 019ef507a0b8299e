import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../src/core/units/brand.ts'
import {
  closingIdOf,
  conditionId,
  dayOf,
  hourOf,
  instant,
  later,
  orderKeyOf,
  type SignalId,
  shortOf,
  signalIdOf,
  startOfDay,
  startOfHour,
  tokenId,
  whaleAddress,
} from '../../src/core/units/ids.ts'
import { price, shares } from '../../src/core/units/money.ts'
import { token, trade, wallet } from '../support/made.ts'

const hex = (length: number): string => 'aB3'.padEnd(length, '0')

describe('what people and venues write', () => {
  test.each([
    ['a wallet', whaleAddress, `0x${hex(40)}`],
    ['a condition of 64 digits', conditionId, `0x${hex(64)}`],
    ['a condition of 62 digits', conditionId, `0x${hex(62)}`],
  ])('%s has one spelling, in small letters', (_, read, text) => {
    expect(read(text)).toBe(text.toLowerCase())
    expect(read(text.toLowerCase())).toBe(text.toLowerCase())
  })

  test.each([
    ['a wallet too short', whaleAddress(`0x${hex(39)}`)],
    ['a wallet too long', whaleAddress(`0x${hex(41)}`)],
    ['a wallet without 0x', whaleAddress(hex(40))],
    ['a wallet with a letter that is no digit', whaleAddress(`0x${hex(39)}g`)],
    ['a wallet with a line after it', whaleAddress(`0x${hex(40)}\n`)],
    ['a condition of 63 digits', conditionId(`0x${hex(63)}`)],
    ['a condition with a space before it', conditionId(` 0x${hex(64)}`)],
    ['a token that is empty', tokenId('')],
    ['a token in hex', tokenId('0x12')],
    ['a token below nothing', tokenId('-1')],
    ['a token of 79 digits', tokenId('1'.repeat(79))],
  ])('%s is none', (_, read) => {
    expect(read).toBeUndefined()
  })

  test('a token is kept digit for digit, since it is longer than any number of ours', () => {
    const text = '71321045679252212594626385532706912750332728571942532289631379312455583992563'
    expect(tokenId(text)).toBe(text)
  })
})

describe('instants', () => {
  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 8_640_000_000_000_001])('%s is none', ms => {
    expect(() => instant(ms)).toThrow(InvariantError)
  })

  test.each([
    [
      'the last millisecond of a day',
      '2026-07-15T23:59:59.999Z',
      '2026-07-15T00:00:00.000Z',
      '2026-07-15T23:00:00.000Z',
    ],
    ['the first of the next', '2026-07-16T00:00:00.000Z', '2026-07-16T00:00:00.000Z', '2026-07-16T00:00:00.000Z'],
    ['a leap day', '2028-02-29T12:34:56.789Z', '2028-02-29T00:00:00.000Z', '2028-02-29T12:00:00.000Z'],
  ])('%s belongs to its UTC day and hour', (_, text, day, hour) => {
    const at = instant(Date.parse(text))
    expect(startOfDay(dayOf(at))).toBe(Date.parse(day))
    expect(startOfHour(hourOf(at))).toBe(Date.parse(hour))
  })

  test('lie in the day and hour that they are told to, and later adds up', () => {
    const anyMs = fc.integer({ min: 0, max: 4_000_000_000_000 })
    fc.assert(
      fc.property(anyMs, fc.integer({ min: 0, max: 86_400_000 }), (ms, by) => {
        const at = instant(ms)
        expect(startOfDay(dayOf(at)) <= at && at < startOfDay(dayOf(at) + 1)).toBe(true)
        expect(startOfHour(hourOf(at)) <= at && at < startOfHour(hourOf(at) + 1)).toBe(true)
        expect(later(later(at, by), -by)).toBe(at)
      }),
    )
  })
})

describe('the identity of a trade', () => {
  const told = trade(1)

  test.each([
    ['told by another source', { source: 'sweep' }],
    ['a piece at another price', { price: price('0.53') }],
    ['a piece of another size', { size: shares('3') }],
    ['with another name and title', { name: 'x', title: 'y' }],
    ['stamped a second later', { happenedAt: later(told.happenedAt, 1_000) }],
  ])('is the same %s', (_, change) => {
    expect(signalIdOf({ ...told, ...change })).toBe(signalIdOf(told))
  })

  test.each([
    ['in another transaction', { transaction: '0x1' }],
    ['of another wallet', { whale: wallet(2) }],
    ['in another token', { token: token(1, 1) }],
    ['on the other side', { side: 'sell' as const }],
  ])('is another %s', (_, change) => {
    expect(signalIdOf({ ...told, ...change })).not.toBe(signalIdOf(told))
  })

  test('an order is named by its signal and attempt, and a press by itself', () => {
    const id = signalIdOf(told)
    expect(orderKeyOf(id, 1)).toBe(orderKeyOf(id, 1))
    expect(orderKeyOf(id, 2)).not.toBe(orderKeyOf(id, 1))
    expect(closingIdOf('press-1')).not.toBe(closingIdOf('press-2'))
  })
})

describe('what a person types for a signal', () => {
  test('is six letters or digits, none of which looks like another', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(shortOf(text as SignalId)).toMatch(/^[2-9a-hjkmnp-z]{6}$/)
      }),
    )
  })

  test('is the same for the same signal, and in ten thousand signals hardly ever the same for two', () => {
    const ids = Array.from({ length: 10_000 }, (_, number) => signalIdOf(trade(number)))
    const shorts = new Set(ids.map(shortOf))
    expect(shorts.size).toBeGreaterThan(9_990)
    expect(ids.slice(0, 100).map(shortOf)).toEqual(ids.slice(0, 100).map(shortOf))
  })
})
