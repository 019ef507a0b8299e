import { altText } from '../../adapters/charts/alt-text.ts'
import type { EquityPoint, ProfitPicture } from '../../adapters/charts/profit-picture.ts'
import { whaleText } from '../../chat/format.ts'
import type { Picture } from '../../chat/reply.ts'
import type { Account } from '../../core/order/order.ts'
import { InvariantError } from '../../core/units/brand.ts'
import { type Hour, type Instant, startOfHour } from '../../core/units/ids.ts'
import type { Usd } from '../../core/units/money.ts'
import type { EquityHour, Records, WhaleProfit } from '../../ports/records.ts'
import type { Draw } from './draw-child.ts'
import type { Note } from './live-services.ts'

/** All of them, since the worst stand last. */
const WHALES_MAX = 1_000
const HOURS_OF_DAY = 24
const HOUR_MS = 3_600_000
const DAY_MS = HOURS_OF_DAY * HOUR_MS

/** What an account is and is worth now, which no table knows. */
export type Present = {
  readonly account: Account
  readonly isSimulated: boolean
  readonly at: Instant
  readonly equity: Usd
}

export type Drawing = {
  readonly records: Records
  readonly draw: Draw
  readonly note: Note
  readonly signal: AbortSignal
}

/** The picture of the last days, drawn; `undefined` where there is nothing to draw yet, or where it failed, which is noted. */
export async function drawnProfit(drawing: Drawing, present: Present, days: number): Promise<Picture | undefined> {
  const { records, draw, note, signal } = drawing
  try {
    const picture = await profitPicture(records, present, days)
    const alt = altText(picture)
    return alt === undefined ? undefined : { name: 'profit.png', alt, png: await draw(picture, signal) }
  } catch (error) {
    if (error instanceof InvariantError) throw error
    if (!signal.aborted) note('a picture could not be drawn', error)
    return undefined
  }
}

/** The data of the picture of the last days, up to the present. */
export async function profitPicture(records: Records, present: Present, days: number): Promise<ProfitPicture> {
  const { account, isSimulated, at } = present
  const since = Math.max(0, at - days * DAY_MS)
  // One more than fit between, which says what the account was worth before the period.
  const hours = await records.equityByHour(account, days * HOURS_OF_DAY + 2)
  const whales = await records.profitByWhale(account, WHALES_MAX)
  const points = [...pointsSince(hours, since), { at, equity: present.equity }]
  return { account, isSimulated, points, whales: whales.map(barOf) }
}

/** The hours of the period; it begins with what was there before where Remora did not run at its begin. */
function pointsSince(hours: readonly EquityHour[], since: number): readonly EquityPoint[] {
  const begin = Math.ceil(since / HOUR_MS) as Hour
  const within = hours.filter(({ hour }) => hour >= begin)
  const before = hours.findLast(({ hour }) => hour < begin)
  const isWhole = before === undefined || within[0]?.hour === begin
  const first = isWhole ? [] : [{ hour: begin, equity: before.equity }]
  return [...first, ...within].map(({ hour, equity }) => ({ at: startOfHour(hour), equity }))
}

function barOf({ whale, name, profit }: WhaleProfit): ProfitPicture['whales'][number] {
  return { name: whale === undefined ? 'no whale' : whaleText(name, whale), profit }
}
