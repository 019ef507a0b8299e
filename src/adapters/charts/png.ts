import { crc32, deflateSync } from 'node:zlib'
import { Resvg } from '@resvg/resvg-js'
import { FAMILY } from './element.ts'
import { BOLD_FILE, REGULAR_FILE } from './inter.ts'
import { PNG_SIGNATURE } from './png-signature.ts'

/**
 * SVG as PNG. Only our own font is loaded: a letter that it lacks is left blank, whatever the machine has.
 *
 * What it takes of memory is unseen by the garbage collector, and stays taken (1 GB after 600 drawings, measured in November 2026
 * with resvg-js 2.6.2); so whoever draws more than once does so in a process that ends.
 */
export function pngOf(svg: string): Uint8Array {
  const font = { loadSystemFonts: false, fontFiles: [REGULAR_FILE, BOLD_FILE], defaultFontFamily: FAMILY }
  const { pixels, width, height } = new Resvg(svg, { font }).render()
  return encoded(pixels, width, height)
}

const BITS = 8
const RGB = 2
const NO_FILTER = 0

/**
 * Opaque pixels as a PNG without filters: even ground and letters come to two thirds of what the library's own encoder makes of
 * them. Source: the PNG specification, third edition (2025).
 */
function encoded(rgba: Uint8Array, width: number, height: number): Uint8Array {
  const rows = new Uint8Array((1 + 3 * width) * height)
  let to = 0
  for (let from = 0; from < rgba.length; from += 4) {
    if (from % (4 * width) === 0) rows[to++] = NO_FILTER
    for (let colour = 0; colour < 3; colour += 1) rows[to++] = rgba[from + colour] ?? 0
  }
  const header = new DataView(new ArrayBuffer(13))
  header.setUint32(0, width)
  header.setUint32(4, height)
  header.setUint8(8, BITS)
  header.setUint8(9, RGB)
  const parts = [chunk('IHDR', new Uint8Array(header.buffer)), chunk('IDAT', deflateSync(rows, { level: 9 }))]
  return Buffer.concat([PNG_SIGNATURE, ...parts, chunk('IEND', new Uint8Array())])
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const frame = Buffer.alloc(4 + named.length + 4)
  frame.writeUInt32BE(data.length)
  named.copy(frame, 4)
  frame.writeUInt32BE(crc32(named), 4 + named.length)
  return frame
}
