import { type Instant, instant } from '../../core/units/ids.ts'
import { closingOfSlug, closingOfTitle } from './closing.ts'

/** When a market's question runs, as far as its name says. */
export type Span = { readonly opensAt: Instant | undefined; readonly closesAt: Instant | undefined }

const HALF_DAY_MINUTES = 720
const DAY_MINUTES = 1440
const MINUTE_MS = 60_000

/** `Bitcoin Up or Down - March 22, 11:55PM-12:00AM ET` runs five minutes; the year is the one nearest to `near`. */
export function spanOfTitle(title: string, near: Instant): Span {
  const parts = / (\d{1,2}):(\d{2})(AM|PM)-(\d{1,2}):(\d{2})(AM|PM) ET$/.exec(title)
  if (parts === null) return { opensAt: undefined, closesAt: undefined }
  const [, startHour, startMinute, startHalf, endHour, endMinute, endHalf] = parts
  const length = minutesOf(endHour, endMinute, endHalf) - minutesOf(startHour, startMinute, startHalf)
  return spanOf(closingOfTitle(title, near), length > 0 ? length : length + DAY_MINUTES)
}

/** `btc-updown-5m-1778784900` runs five minutes from that second. */
export function spanOfSlug(slug: string): Span {
  const parts = /-updown-(\d{1,4})m-\d{10}$/.exec(slug)
  return spanOf(closingOfSlug(slug), Number(parts?.[1] ?? 0))
}

function spanOf(closesAt: Instant | undefined, minutes: number): Span {
  const opens = closesAt === undefined ? undefined : closesAt - minutes * MINUTE_MS
  return { opensAt: opens === undefined || opens < 0 ? undefined : instant(opens), closesAt }
}

function minutesOf(hour: string | undefined, minute: string | undefined, half: string | undefined): number {
  return (Number(hour) % 12) * 60 + (half === 'PM' ? HALF_DAY_MINUTES : 0) + Number(minute)
}
