import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  age,
  cents,
  clean,
  clock,
  dollars,
  percent,
  shareCount,
  shortAddress,
  signedDollars,
} from '../../src/chat/format.ts'
import { instant } from '../../src/core/units/ids.ts'
import { price, shares, usd } from '../../src/core/units/money.ts'
import { SWISS } from './stand-in.ts'

const SHOWN: readonly (readonly [string, string])[] = [
  [dollars(usd('1234.5')), '$1,234.50'],
  [dollars(usd('-3.2')), '-$3.20'],
  [dollars(usd('-0.004')), '$0.00'],
  [dollars(usd('0.005')), '$0.01'],
  [dollars(usd('1234567.999')), '$1,234,568.00'],
  [signedDollars(usd('12')), '+$12.00'],
  [signedDollars(usd('-12')), '-$12.00'],
  [signedDollars(usd('0.004')), '$0.00'],
  [cents(price('0.624')), '62.4¢'],
  [cents(price('0.62')), '62.0¢'],
  [cents(price('0.6235')), '62.35¢'],
  [cents(price('0.001')), '0.1¢'],
  [cents(price('1')), '100.0¢'],
  [percent(0.042), '4.2 %'],
  [percent(0.7), '70 %'],
  [percent(0), '0 %'],
  [percent(-0.0001), '0 %'],
  [percent(0.001, 4), '0.1 %'],
  [shareCount(shares('1204.509')), '1,204.5'],
  [shareCount(shares('0.019')), '0.01'],
  [shareCount(shares('2000')), '2,000'],
  [age(420), '420 ms'],
  [age(90_000), '90 s'],
  [age(720_000), '12 min'],
  [age(11_100_000), '3 h 5 min'],
  [age(86_400_000), '24 h'],
  [age(18 * 86_400_000), '18 d'],
  [age(-5), '0 ms'],
  [clock(instant(Date.UTC(2026, 9, 2, 14, 3, 20, 999))), '14:03:20Z'],
  [shortAddress(SWISS), '0xaaaa…aaaa'],
]

test.each(SHOWN)('%s is %s', (shown, expected) => {
  expect(shown).toBe(expected)
})

const HOSTILE: readonly (readonly [string, string, string])[] = [
  ['escape sequences', 'a\u001b[31mred\u001b[0m', 'ared'],
  ['newlines', 'one\ntwo\r\nthree\u2028four', 'one two three four'],
  ['right to left overrides', 'pay \u202e001$\u202c now', 'pay 001$ now'],
  ['zero width', 'pass\u200bword\u2060\ufeff', 'password'],
  ['stacked marks', `z${'\u0301'.repeat(40)}`, 'ź\u0301\u0301'],
  ['compatibility forms', 'Ｆｕｌｌ ①', 'Full 1'],
  ['tag characters', 'a\u{e0041}\u{e0042}', 'a'],
  ['lone halves', 'a\ud800b', 'ab'],
  ['fillers', '\u3164\u2800\u115f', ''],
  ['white space', '  a \t\u00a0 b ', 'a b'],
]

test.each(HOSTILE)('%s are cleaned away', (_name, hostile, expected) => {
  expect(clean(hostile)).toBe(expected)
})

test('clean gives one short visible line of anything', () => {
  const parts = fc.constantFrom(
    '\u001b[2J',
    '\u202e',
    '\u0301',
    '👩‍👩‍👧',
    'ﷺ',
    '\u200d',
    '字',
    '\u0000',
    ' ',
    'e',
    '\ud83d',
    '\u115f',
    '\n',
  )
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.array(parts, { maxLength: 300 }).map(each => each.join('')),
  )
  fc.assert(
    fc.property(hostile, text => {
      const seen = clean(text)
      expect(seen).not.toMatch(/[\p{C}\p{Default_Ignorable_Code_Point}]|\p{M}{3}|\s\s/u)
      expect(seen.trim()).toBe(seen)
      expect([...new Intl.Segmenter().segment(seen)].length).toBeLessThanOrEqual(90)
      if (!seen.endsWith('…')) expect(clean(seen)).toBe(seen)
    }),
    { numRuns: 1_000 },
  )
})
