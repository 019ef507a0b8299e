import { type Instant, instant } from '../../core/units/ids.ts'
import { asInstant } from './fields.ts'

const MONTHS = 'January February March April May June July August September October November December'.split(' ')
const TITLE = / - ([A-Z][a-z]+) (\d{1,2}), (\d{1,2}):(\d{2})(AM|PM)-(\d{1,2}):(\d{2})(AM|PM) ET$/
const HOUR_MS = 3_600_000
const DAY_MINUTES = 1440
/** Eastern time is four hours behind in summer and five in winter. */
const BEHIND_HOURS = [4, 5]
const EASTERN_HOUR = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hour: '2-digit',
  hourCycle: 'h23',
})

/** `btc-updown-5m-1778784900` says how many minutes the market runs and in which second it begins. */
export function closingOfSlug(slug: string): Instant | undefined {
  const parts = /-updown-(\d{1,4})m-(\d{10})$/.exec(slug)
  return parts === null ? undefined : asInstant((Number(parts[2]) + Number(parts[1]) * 60) * 1000)
}

/** `Bitcoin Up or Down - March 22, 11:55PM-12:00AM ET` says all but the year, which is the one that is nearest to `near`. */
export function closingOfTitle(title: string, near: Instant): Instant | undefined {
  const parts = TITLE.exec(title)
  if (parts === null) return undefined
  const [, month = '', day, startHour, startMinute, startHalf, endHour, endMinute, endHalf] = parts
  const start = minutesOf(startHour, startMinute, startHalf)
  const end = minutesOf(endHour, endMinute, endHalf)
  const year = new Date(near).getUTCFullYear()
  const minutes = end > start ? end : end + DAY_MINUTES
  const candidates = [year - 1, year, year + 1].flatMap(each => {
    const local = Date.UTC(each, MONTHS.indexOf(month), Number(day), 0, minutes)
    return BEHIND_HOURS.map(hours => local + hours * HOUR_MS).filter(
      at => easternHour(at) === new Date(local).getUTCHours(),
    )
  })
  const nearest = candidates.sort((one, other) => Math.abs(one - near) - Math.abs(other - near))[0]
  return MONTHS.includes(month) && nearest !== undefined ? instant(nearest) : undefined
}

function minutesOf(hour: string | undefined, minute: string | undefined, half: string | undefined): number {
  return ((Number(hour) % 12) + (half === 'PM' ? 12 : 0)) * 60 + Number(minute)
}

function easternHour(at: number): number {
  return Number(EASTERN_HOUR.format(at))
}
