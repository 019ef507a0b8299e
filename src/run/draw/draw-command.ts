import type { Readable, Writable } from 'node:stream'
import { interFonts } from '../../adapters/charts/inter.ts'
import { decodePicture } from '../../adapters/charts/picture-codec.ts'
import { pngOf } from '../../adapters/charts/png.ts'
import { profitOption } from '../../adapters/charts/profit-option.ts'
import type { ProfitPicture } from '../../adapters/charts/profit-picture.ts'
import { svgOf } from '../../adapters/charts/svg.ts'
import { UsageError } from '../usage-error.ts'

/** All points and all whales that a picture may have, with room to spare. */
const INPUT_MAX = 8 * 1024 * 1024

/** The other end of `drawInChild`: one picture's data in, its PNG out, and nothing else on that line. */
export async function runDraw(input: Readable, output: Writable): Promise<void> {
  const option = profitOption(read(await textOf(input)), interFonts())
  if (option === undefined) throw new UsageError('there is nothing to draw: a line joins two instants')
  const png = pngOf(svgOf(option))
  // The process is ended as soon as this resolves, so not before the last byte has left.
  await new Promise<void>((resolve, reject) => {
    output.write(png, error => (error ? reject(error) : resolve()))
  })
}

function read(text: string): ProfitPicture {
  try {
    return decodePicture(text)
  } catch {
    throw new UsageError('what came in is not the data of a picture')
  }
}

async function textOf(input: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > INPUT_MAX) throw new UsageError(`the data of a picture has at most ${INPUT_MAX} bytes`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}
