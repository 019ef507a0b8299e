import type { QuietHours } from '../../core/people/notice.ts'
import { type Instant, instant } from '../../core/units/ids.ts'
import { keep } from './bounded.ts'

/**
 * Times of day where people live. A zone is a name of the IANA database; what a clock on a wall there shows is held as if it were
 * UTC, in milliseconds. Where clocks are put forward, a time that is left out is when the clocks are put forward; where they are
 * put back, a time that comes twice is meant the first time.
 */
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
/** Clocks change on a quarter of an hour, everywhere since 1972. */
const QUARTER_MS = 900_000
const FORMATS_MAX = 100
const OFFSETS_MAX = 2_000

const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, number>()

/** The zone's name as the database writes it; `undefined` where there is none such. */
export function zoneNamed(typed: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: typed }).resolvedOptions().timeZone
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Minutes since midnight, there. */
export function minuteAt(zone: string, at: Instant): number {
  const wall = wallAt(zone, at)
  return Math.floor((wall - Math.floor(wall / DAY_MS) * DAY_MS) / MINUTE_MS)
}

/** The day there, in days since 1970. */
export function dayAt(zone: string, at: Instant): number {
  return Math.floor(wallAt(zone, at) / DAY_MS)
}

/** When it is that minute of that day, there. */
export function momentOf(zone: string, day: number, minute: number): Instant {
  return instant(momentsOf(zone, day * DAY_MS + minute * MINUTE_MS)[0] ?? 0)
}

export function isQuiet(quiet: QuietHours | undefined, at: Instant): boolean {
  if (quiet === undefined) return false
  const { from, to, zone } = quiet
  const minute = minuteAt(zone, at)
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}

/** The end of the quiet hours that hold at that time; the time itself where none do. */
export function quietEnd(quiet: QuietHours | undefined, at: Instant): Instant {
  return quiet !== undefined && isQuiet(quiet, at) ? next(quiet.zone, quiet.to, at) : at
}

/** The first time after that one at which a clock there comes to the minute. */
function next(zone: string, minute: number, after: Instant): Instant {
  const today = dayAt(zone, after) * DAY_MS + minute * MINUTE_MS
  const moments = [0, 1, 2].flatMap(days => momentsOf(zone, today + days * DAY_MS))
  return instant(moments.find(each => each > after) ?? after + DAY_MS)
}

/** When a clock there shows that: once, twice where clocks are put back, or when it jumps over it. */
function momentsOf(zone: string, wall: number): readonly number[] {
  const around = [offsetAt(zone, wall - DAY_MS), offsetAt(zone, wall + DAY_MS)]
  const early = wall - Math.max(...around)
  const late = wall - Math.min(...around)
  const shown = [...new Set([early, late])].filter(at => at + offsetAt(zone, at) === wall)
  return shown.length > 0 ? shown : [jump(zone, wall, early, late)]
}

/** The first minute between two instants at which a clock shows at least that. */
function jump(zone: string, wall: number, early: number, late: number): number {
  let before = early
  let after = late
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS
    if (middle + offsetAt(zone, middle) >= wall) after = middle
    else before = middle
  }
  return after
}

function wallAt(zone: string, at: number): number {
  return at + offsetAt(zone, at)
}

/** How far the clocks there are before UTC, in milliseconds. A zone that nobody knows is UTC. */
function offsetAt(zone: string, at: number): number {
  const quarter = Math.floor(at / QUARTER_MS)
  const key = `${zone} ${quarter}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const offset = measured(zone, quarter * QUARTER_MS)
  keep(offsets, key, offset, OFFSETS_MAX)
  return offset
}

function measured(zone: string, at: number): number {
  const known = formats.get(zone)
  const format = known ?? formatOf(zone)
  if (known === undefined) keep(formats, zone, format, FORMATS_MAX)
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return wall - at
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const number = 'numeric'
  return new Intl.DateTimeFormat('en-US', {
    timeZone: zoneNamed(zone) ?? 'UTC',
    hourCycle: 'h23',
    ...{ year: number, month: number, day: number, hour: number, minute: number, second: number },
  })
}

/** The next full hour after that, UTC. */
export function nextHour(at: Instant): Instant {
  return instant((Math.floor(at / HOUR_MS) + 1) * HOUR_MS)
}
