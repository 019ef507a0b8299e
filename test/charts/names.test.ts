import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { interFonts } from '../../src/adapters/charts/inter.ts'
import { fitted, oneLine } from '../../src/adapters/charts/name-text.ts'
import { HOSTILE_NAMES } from './made.ts'

const { regular, bold } = interFonts()
const WIDTH = 10

describe('the font', () => {
  test('has what the pictures say, in both weights', () => {
    for (const letter of 'ABCxyz0189$%+−·–…▲▼□,.:') {
      for (const font of [regular, bold]) expect([letter, font.has(letter.codePointAt(0) ?? 0)]).toEqual([letter, true])
    }
  })

  test('knows its widths: a letter, more of them, and none that it lacks', () => {
    expect(regular.widthOf('W')).toBeGreaterThan(2 * regular.widthOf('i'))
    expect(bold.widthOf('profit')).toBeGreaterThan(regular.widthOf('profit'))
    expect(regular.widthOf('ab')).toBeCloseTo(regular.widthOf('a') + regular.widthOf('b'))
    expect(regular.widthOf('')).toBe(0)
    expect(regular.has('鲸'.codePointAt(0) ?? 0)).toBe(false)
    expect(regular.has(0x1f40b)).toBe(false)
  })
})

describe('a name in a picture', () => {
  test.each([
    ['swisstony', 'swisstony'],
    ['Łódź Ωμέγα Жук', 'Łódź Ωμέγα Жук'],
    ['大鲸鱼deep', '□deep'],
    ['swisstony🚀', 'swisstony□'],
    ['  two\n lines ', 'two lines'],
    ['大鲸鱼', 'unreadable name'],
    ['\u200B', 'unreadable name'],
    ['<b>bold</b>', '<b>bold</b>'],
  ])('%j is drawn as %j', (name, drawn) => {
    expect(fitted(name, regular, WIDTH * 2)).toBe(drawn)
  })

  test.each(Object.entries(HOSTILE_NAMES))('that is hostile (%s) fits, in letters of the font', (_, name) => {
    const drawn = fitted(name, regular, WIDTH)
    expect(drawn).not.toBe('')
    expect(regular.widthOf(drawn)).toBeLessThanOrEqual(WIDTH)
    for (const letter of drawn) expect(regular.has(letter.codePointAt(0) ?? 0)).toBe(true)
  })

  test('is one line without anything unseen, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), name => {
        const line = oneLine(name)
        expect(line).not.toMatch(/[\p{C}\p{Default_Ignorable_Code_Point}\n\r\u2028]/u)
        expect(line).not.toMatch(/\p{M}{3}/u)
        expect(regular.widthOf(fitted(name, regular, WIDTH))).toBeLessThanOrEqual(WIDTH)
      }),
    )
  })
})
