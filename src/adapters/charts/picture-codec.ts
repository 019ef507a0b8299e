import { z } from 'zod'
import { instant } from '../../core/units/ids.ts'
import type { Usd } from '../../core/units/money.ts'
import { oneLine } from './name-text.ts'
import { BARS_MAX, POINTS_MAX, type ProfitPicture } from './profit-picture.ts'

/** What a column of the database can hold has 19 digits. */
const amount = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .transform(text => BigInt(text) as Usd)
const at = z
  .int()
  .min(0)
  .max(8_640_000_000_000_000)
  .transform(ms => instant(ms))

const picture = z.object({
  account: z.enum(['paper', 'live']),
  isSimulated: z.boolean(),
  points: z.array(z.tuple([at, amount]).transform(([when, equity]) => ({ at: when, equity }))).max(POINTS_MAX),
  whales: z
    .array(z.tuple([z.string().max(2_000), amount]).transform(([name, profit]) => ({ name, profit })))
    .max(BARS_MAX),
})

/** The picture's data as one text, amounts as digits. The newest points and the first whales where there are too many. */
export function encodePicture({ account, isSimulated, points, whales }: ProfitPicture): string {
  return JSON.stringify({
    account,
    isSimulated,
    points: points.slice(-POINTS_MAX).map(point => [point.at, point.equity.toString()]),
    whales: whales.slice(0, BARS_MAX).map(({ name, profit }) => [oneLine(name).slice(0, 400), profit.toString()]),
  })
}

/** Throws where the text is not what `encodePicture` gives. */
export function decodePicture(text: string): ProfitPicture {
  return picture.parse(JSON.parse(text))
}
