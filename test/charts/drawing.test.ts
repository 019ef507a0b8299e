import { inflateSync } from 'node:zlib'
import { Resvg } from '@resvg/resvg-js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { interFonts } from '../../src/adapters/charts/inter.ts'
import { HEIGHT, WIDTH } from '../../src/adapters/charts/look.ts'
import { pngOf } from '../../src/adapters/charts/png.ts'
import { PNG_SIGNATURE } from '../../src/adapters/charts/png-signature.ts'
import { profitOption } from '../../src/adapters/charts/profit-option.ts'
import type { EquityPoint, ProfitPicture } from '../../src/adapters/charts/profit-picture.ts'
import { svgOf } from '../../src/adapters/charts/svg.ts'
import type { Instant } from '../../src/core/units/ids.ts'
import type { Usd } from '../../src/core/units/money.ts'
import { bar, HOSTILE_NAMES, HOUR_MS, hourly, NOW, pictureOf, wandering } from './made.ts'

const fonts = interFonts()

function drawn(picture: ProfitPicture): string | undefined {
  const option = profitOption(picture, fonts)
  return option === undefined ? undefined : svgOf(option)
}

function drawnOr(picture: ProfitPicture): string {
  const svg = drawn(picture)
  if (svg === undefined) throw new Error('there is something to draw')
  return svg
}

/** All that the charting library makes of our charts; a stranger's markup would be something else. */
const ELEMENTS = new Set([
  'svg',
  'g',
  'rect',
  'path',
  'text',
  'circle',
  'polygon',
  'polyline',
  'line',
  'defs',
  'clipPath',
])
/** That nothing may be pointed at, which the library says in a sheet of its own. */
const SHEET = /<style\s*><!\[CDATA\[[\s\w.:{};-]*\]\]>\s*<\/style>/g
const ATTRIBUTE = /^(?:\s+[\w:-]+="[^"<]*")*\s*$/

/** What in an SVG is not well-formed, not ours, or would load or do something. The parser of the rasteriser is a strict one. */
function faultsIn(svg: string): readonly string[] {
  const faults: string[] = []
  try {
    new Resvg(svg, { font: { loadSystemFonts: false } })
  } catch (error) {
    faults.push(`not well-formed: ${String(error)}`)
  }
  for (const [, closing, name = '', rest = ''] of svg.replace(SHEET, '').matchAll(/<(\/?)([^\s>/]+)([^>]*?)\/?>/g)) {
    if (!ELEMENTS.has(name)) faults.push(`an element ${name}`)
    if (closing === '' && !ATTRIBUTE.test(rest)) faults.push(`attributes ${rest}`)
    if (/\s(?:on\w+|href|xlink:href)=/.test(rest)) faults.push(`something that acts: ${rest}`)
  }
  if (/NaN|Infinity|undefined|\[object/.test(svg)) faults.push('a number that is none')
  return faults
}

/** What is written in an SVG, each text in full. */
function wordsIn(svg: string): readonly string[] {
  const plain = (text: string): string =>
    text
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&amp;/g, '&')
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => plain(text))
}

const anyPoints = fc.array(
  fc.record({
    at: fc
      .oneof(fc.integer({ min: 0, max: 8.64e15 }), fc.integer({ min: NOW - 200 * HOUR_MS, max: NOW }))
      .map(ms => ms as Instant),
    equity: fc
      .oneof(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.bigInt({ min: -3n, max: 3n }),
        fc.bigInt({ min: 9_900_000_000n, max: 10_100_000_000n }),
      )
      .map(amount => amount as Usd),
  }),
  { maxLength: 30 },
)
const anyWhales = fc.array(
  fc.record({
    name: fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom(...Object.values(HOSTILE_NAMES))),
    profit: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(amount => amount as Usd),
  }),
  { maxLength: 12 },
)

describe('any series', () => {
  test('is drawn as sound SVG, or as nothing where there are not two instants', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(anyPoints, anyWhales, fc.boolean(), (points, whales, isSimulated) => {
        const svg = drawn(pictureOf({ points, whales, isSimulated }))
        expect(svg === undefined).toBe(new Set(points.map(({ at }) => at)).size < 2)
        if (svg !== undefined) expect(faultsIn(svg)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  test.each<[string, readonly EquityPoint[]]>([
    ['of one hour', hourly('10000', '10001')],
    ['that is flat', hourly('10000', '10000', '10000')],
    ['of nothing at all', hourly('0', '0')],
    ['that is a debt', hourly('-5', '-10', '-3')],
    ['that falls from a fortune to nothing', hourly('9000000000000', '0')],
    ['of millionths', hourly('0.000001', '0.000003', '0.000002')],
    ['of ninety days', wandering('ninety', 90 * 24, 0.4)],
    ['of ten thousand hours', wandering('many', 10_000, 0.1)],
  ])('%s is drawn', (_, points) => {
    const svg = drawnOr(pictureOf({ points }))
    expect(faultsIn(svg)).toEqual([])
    // Many points are thinned to what can be seen, or a year would be a megabyte.
    expect(svg.length).toBeLessThan(200_000)
  })
})

describe('what the picture says', () => {
  test('is whose money, which market, when, and the result with its sign', () => {
    const words = wordsIn(drawnOr(pictureOf()))
    expect(words).toEqual(expect.arrayContaining(['PAPER', 'SIMULATED MARKET', '▲ +$42.73', '+0.43 %']))
    expect(words).toContain('2 Oct 2026, 11:02 – 14:02 UTC')
    expect(words).toContain('Equity $10,042.73  ·  peak $10,120.50  ·  deepest fall 1.6 %')
    expect(words).toEqual(expect.arrayContaining(['swisstony', '+$214.55', 'gemini', '−$31.60']))
  })

  test('is LIVE where it is real money, and nothing of a simulation', () => {
    const words = wordsIn(drawnOr(pictureOf({ account: 'live', isSimulated: false, points: hourly('50', '40') })))
    expect(words).toEqual(expect.arrayContaining(['LIVE', '▼ −$10.00', '−20 %']))
    expect(words).not.toContain('SIMULATED MARKET')
  })

  test('is no arrow and no colour where nothing came of it', () => {
    const svg = drawnOr(pictureOf({ points: hourly('50', '50'), whales: [] }))
    expect(wordsIn(svg)).toContain('$0.00')
    expect(svg).not.toMatch(/[▲▼]/u)
  })

  test('is the three best and the three worst of many whales, and how many there are', () => {
    const whales = Array.from({ length: 40 }, (_, index) => bar(`whale ${index}`, String(index - 20)))
    const words = wordsIn(drawnOr(pictureOf({ whales })))
    expect(words.filter(text => text.startsWith('whale '))).toEqual(
      [39, 38, 37, 2, 1, 0].map(index => `whale ${index}`),
    )
    expect(words).toContain('best 3 and worst 3 of 40')
  })

  test('is nothing about whales where there are none', () => {
    expect(wordsIn(drawnOr(pictureOf({ whales: [] }))).join()).not.toContain('whale')
  })
})

describe('a hostile name', () => {
  test.each(Object.entries(HOSTILE_NAMES))('%s is words and nothing else', (_, name) => {
    const svg = drawnOr(pictureOf({ whales: [bar(name, '12'), bar('plain', '3')] }))
    expect(faultsIn(svg)).toEqual([])
    expect(wordsIn(svg)).toContain('plain')
    expect(svg).not.toMatch(/<script|<image|<svg [^>]*onload/)
    // As many texts as with a harmless name: it added none and took none away.
    const harmless = drawnOr(pictureOf({ whales: [bar('harmless', '12'), bar('plain', '3')] }))
    expect(wordsIn(svg)).toHaveLength(wordsIn(harmless).length)
  })

  test('is shown as far as it fits', () => {
    const words = wordsIn(
      drawnOr(pictureOf({ whales: [bar(HOSTILE_NAMES.markup ?? '', '1'), bar('W'.repeat(10_000), '2')] })),
    )
    expect(words).toContain('<svg onload="alert(…')
    expect(words.some(text => /^W{8,14}…$/.test(text))).toBe(true)
  })
})

describe('the PNG', () => {
  test('is one, of the size that was meant, and every pixel of it is there', () => {
    const png = Buffer.from(pngOf(drawnOr(pictureOf())))
    expect(png.subarray(0, 8)).toEqual(PNG_SIGNATURE)
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([WIDTH, HEIGHT])
    const data = png.indexOf('IDAT')
    const pixels = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)))
    expect(pixels).toHaveLength((1 + 4 * WIDTH) * HEIGHT)
    expect(png.length).toBeLessThan(200_000)
    // More than a ground: letters and lines in many shades.
    expect(new Set(pixels.subarray(0, 4 * WIDTH * 200)).size).toBeGreaterThan(50)
  })

  test('is the same bytes for the same data', () => {
    const first = pngOf(drawnOr(pictureOf()))
    drawnOr(pictureOf({ whales: [] }))
    expect(Buffer.from(pngOf(drawnOr(pictureOf()))).equals(Buffer.from(first))).toBe(true)
  })

  test('of letters that the font lacks is one as well', () => {
    const png = pngOf(drawnOr(pictureOf({ whales: [bar('鲸🐋حوت', '1')] })))
    expect(png.length).toBeGreaterThan(10_000)
  })
})
