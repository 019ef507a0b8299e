import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { altText } from '../../src/adapters/charts/alt-text.ts'
import { decodePicture, encodePicture } from '../../src/adapters/charts/picture-codec.ts'
import type { ProfitPicture } from '../../src/adapters/charts/profit-picture.ts'
import { bar, HOSTILE_NAMES, hourly, pictureOf } from './made.ts'

describe('the words for the picture', () => {
  const line = 'its peak was $10,120.50 and its deepest fall 1.6 %.'
  const from = 'equity went from $10,000.00 to $10,042.73 (+$42.73, +0.43 %)'
  test.each<[string, Partial<ProfitPicture>, string]>([
    [
      'a gain on paper',
      {},
      `PAPER on a simulated market, 2 Oct 2026, 11:02 – 14:02 UTC: ${from}, ${line} Of 2 whales the best is swisstony with +$214.55, the worst gemini with -$31.60.`,
    ],
    [
      'one whale',
      { whales: [bar('swisstony', '5')] },
      `PAPER on a simulated market, 2 Oct 2026, 11:02 – 14:02 UTC: ${from}, ${line} One whale, swisstony with +$5.00.`,
    ],
    [
      'no whale, on the real market',
      { whales: [], isSimulated: false },
      `PAPER, 2 Oct 2026, 11:02 – 14:02 UTC: ${from}, ${line}`,
    ],
    [
      'a loss of real money',
      { account: 'live', isSimulated: false, whales: [], points: hourly('50', '40') },
      'LIVE, 2 Oct 2026, 13:02 – 14:02 UTC: equity went from $50.00 to $40.00 (-$10.00, -20 %), its peak was $50.00 and its deepest fall 20 %.',
    ],
    [
      'a beginning with nothing',
      { account: 'live', isSimulated: false, whales: [], points: hourly('0', '0') },
      'LIVE, 2 Oct 2026, 13:02 – 14:02 UTC: equity went from $0.00 to $0.00 ($0.00), its peak was $0.00 and its deepest fall 0 %.',
    ],
  ])('%s', (_, change, words) => {
    expect(altText(pictureOf(change))).toBe(words)
  })

  test('are none where there is no picture', () => {
    expect(altText(pictureOf({ points: [] }))).toBeUndefined()
    expect(altText(pictureOf({ points: hourly('100') }))).toBeUndefined()
  })

  test('stay short and plain, whatever the whales are called', () => {
    for (const name of Object.values(HOSTILE_NAMES)) {
      const words = altText(pictureOf({ whales: [bar(name, '3'), bar(name, '-3')] })) ?? ''
      expect(words.length).toBeLessThan(400)
      expect(words).not.toMatch(/[\p{C}\p{Default_Ignorable_Code_Point}]/u)
    }
  })
})

describe('the data on its way to the process that draws', () => {
  test('comes back as it was, to the last millionth', () => {
    const picture = pictureOf({ points: hourly('9007199254.740993', '-0.000001') })
    expect(decodePicture(encodePicture(picture))).toEqual(picture)
  })

  test('has amounts as text, and names that were cleaned', () => {
    const text = encodePicture(pictureOf({ whales: [bar('\u202Eevil\u0000', '1.5')] }))
    expect(JSON.parse(text)).toMatchObject({ whales: [['evil', '1500000']] })
  })

  test.each([
    ['nothing', ''],
    ['no JSON', '{"points":['],
    ['another thing', '[]'],
    ['a float for money', JSON.stringify({ ...JSON.parse(encodePicture(pictureOf())), points: [[0, 1.5]] })],
    ['an account that is none', encodePicture(pictureOf()).replace('paper', 'savings')],
    ['a time that is none', encodePicture(pictureOf()).replace(/\[\d+,/, '[-1,')],
    ['an amount of a thousand digits', encodePicture(pictureOf()).replace('10000000000', '1'.repeat(1_000))],
  ])('is refused where it is %s', (_, text) => {
    expect(() => decodePicture(text)).toThrow()
  })

  test('is refused or understood, and never half of it', () => {
    const whole = encodePicture(pictureOf())
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), length => {
        expect(() => decodePicture(whole.slice(0, length))).toThrow()
      }),
    )
  })
})
