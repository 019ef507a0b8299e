import { assert } from '../../core/units/brand.ts'

/** What a font says about its glyphs: how wide they are, and which there are. */
export type Font = {
  readonly has: (codePoint: number) => boolean
  /** In parts of the font's size, without kerning; what the font lacks counts as a whole one. */
  readonly widthOf: (text: string) => number
}

/**
 * Reads the three tables of a TrueType file that layout needs: `cmap` (which glyph draws a character), `hmtx` (how far it
 * advances) and `head` (the units of both). Asserts what every font of the package has: a `cmap` of format 4, for the first
 * 65,536 characters. Source: OpenType specification 1.9, the chapters of those tables.
 */
export function readFont(file: Uint8Array): Font {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const unitsPerEm = view.getUint16(tableAt(view, 'head') + 18)
  const metrics = view.getUint16(tableAt(view, 'hhea') + 34)
  const advances = tableAt(view, 'hmtx')
  const glyphs = glyphsOf(view, tableAt(view, 'cmap'))

  const advanceOf = (glyph: number): number => view.getUint16(advances + 4 * Math.min(glyph, metrics - 1)) / unitsPerEm
  return {
    has: codePoint => glyphs.has(codePoint),
    widthOf: text => {
      let width = 0
      for (const character of text) {
        const glyph = glyphs.get(character.codePointAt(0) ?? 0)
        width += glyph === undefined ? 1 : advanceOf(glyph)
      }
      return width
    },
  }
}

function tableAt(view: DataView, name: string): number {
  const count = view.getUint16(4)
  for (let index = 0; index < count; index += 1) {
    const record = 12 + 16 * index
    if (tagAt(view, record) === name) return view.getUint32(record + 8)
  }
  assert(false, `the font has a table ${name}`)
}

function tagAt(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
}

function glyphsOf(view: DataView, cmap: number): ReadonlyMap<number, number> {
  const count = view.getUint16(cmap + 2)
  const offsets = Array.from({ length: count }, (_, index) => cmap + view.getUint32(cmap + 4 + 8 * index + 4))
  const table = offsets.find(at => view.getUint16(at) === 4)
  assert(table !== undefined, 'the font maps the basic plane by a table of format 4')
  return segments(view, table)
}

/** Format 4: runs of characters, each with a number to add, or with a list of its own. */
function segments(view: DataView, table: number): ReadonlyMap<number, number> {
  const glyphs = new Map<number, number>()
  const twice = view.getUint16(table + 6)
  const ends = table + 14
  const starts = ends + twice + 2
  const deltas = starts + twice
  const ranges = deltas + twice
  for (let at = 0; at < twice; at += 2) {
    const [start, end] = [view.getUint16(starts + at), view.getUint16(ends + at)]
    const [delta, range] = [view.getUint16(deltas + at), view.getUint16(ranges + at)]
    for (let code = start; code <= end && code < 0xffff; code += 1) {
      const listed = range === 0 ? code : view.getUint16(ranges + at + range + 2 * (code - start))
      const glyph = range !== 0 && listed === 0 ? 0 : (listed + delta) & 0xffff
      if (glyph !== 0) glyphs.set(code, glyph)
    }
  }
  return glyphs
}
