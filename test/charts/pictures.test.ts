import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { EXAMPLES, made } from './make-pictures.ts'

const FOLDER = new URL('../../docs/pictures/', import.meta.url)
/** A page of a README is read on a phone as well. */
const BYTES_MAX = 200_000
/** Rasterisers of two machines may differ in a shade at the edge of a letter. */
const DIFFERENT_MAX = 0.002

/** The rows of colours behind the one chunk of pixels that our pictures have. */
function coloursOf(png: Uint8Array): Uint8Array {
  const bytes = Buffer.from(png)
  const data = bytes.indexOf('IDAT')
  return inflateSync(bytes.subarray(data + 4, data + 4 + bytes.readUInt32BE(data - 4)))
}

test.each(Object.entries(EXAMPLES))('the picture %s of the README is what is drawn today', (name, picture) => {
  const file = new URL(name, FOLDER)
  const drawn = made(picture)
  if (process.env.UPDATE_PICTURES === '1') {
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(file, drawn)
  }
  const kept = readFileSync(file)
  expect(kept.length).toBeLessThan(BYTES_MAX)
  const [today, before] = [coloursOf(drawn), coloursOf(kept)]
  expect(today.length).toBe(before.length)
  let different = 0
  for (const [index, shade] of today.entries()) if (Math.abs(shade - (before[index] ?? 0)) > 8) different += 1
  expect(different / today.length).toBeLessThan(DIFFERENT_MAX)
})
