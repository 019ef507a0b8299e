import { interFonts } from '../../src/adapters/charts/inter.ts'
import { pngOf } from '../../src/adapters/charts/png.ts'
import { profitOption } from '../../src/adapters/charts/profit-option.ts'
import type { ProfitPicture } from '../../src/adapters/charts/profit-picture.ts'
import { svgOf } from '../../src/adapters/charts/svg.ts'
import { bar, pictureOf, wandering } from './made.ts'

const WEEK = 7 * 24

/** The pictures that the README shows, by their file in `docs/pictures`: a good week and a losing one of made-up accounts. */
export const EXAMPLES: Readonly<Record<string, ProfitPicture>> = {
  'profit.png': pictureOf({
    points: wandering('a good week 13', WEEK, 1.1, 10_000),
    whales: [
      bar('saltmarsh', '184.32'),
      bar('QuietLedger', '131.07'),
      bar('tidewatch', '58.4'),
      bar('Ottoline', '22.15'),
      bar('northgate', '3.2'),
      bar('crumbs', '-0.85'),
      bar('brass.monkey', '-17.6'),
      bar('lanternfish', '-46.91'),
      bar('Coinflip Carl', '-71.28'),
    ],
  }),
  'profit-loss.png': pictureOf({
    points: wandering('a losing week 4', WEEK, -1.6, 10_268.4),
    whales: [
      bar('saltmarsh', '64.18'),
      bar('Ottoline', '12.4'),
      bar('evenkeel', '-8.05'),
      bar('hotTip', '-39.72'),
      bar('MomentumMax', '-93.11'),
      bar('doubledown', '-141.66'),
    ],
  }),
}

/** Draws one; the same data gives the same bytes on the same machine. */
export function made(picture: ProfitPicture): Uint8Array {
  const option = profitOption(picture, interFonts())
  if (option === undefined) throw new Error('an example has something to draw')
  return pngOf(svgOf(option))
}
