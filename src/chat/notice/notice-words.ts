import {
  LOUDNESSES,
  type Loudness,
  type NoticeSettings,
  PLAIN_NOTICE,
  type QuietHours,
} from '../../core/people/notice.ts'
import { nearest } from '../nearest.ts'
import { quoted } from '../option.ts'
import { UserError } from '../user-error.ts'
import { EVENT_NAMES, EVENTS, type EventName } from './events.ts'
import { zoneNamed } from './local-time.ts'
import { isBelow, isPageEvent, isSummary, setBy, wantedBy } from './loudness.ts'
import { CHAT_SURFACES, type ChatSurface } from './notice.ts'

/** Where a setting holds: on one surface, or wherever one hears of it. */
export type Where = ChatSurface | 'everywhere'

/** What a person's settings come to, one row for each kind of happening. What they have set themselves carries a `*`. */
export function settingRows(settings: NoticeSettings): readonly (readonly string[])[] {
  return EVENT_NAMES.map(event => {
    const shown = CHAT_SURFACES.map(surface => {
      const mark = setBy(settings, surface, event) === undefined ? '' : ' *'
      return `${wantedBy(settings, surface, event)}${mark}`
    })
    return [event, ...shown, EVENTS[event].about]
  })
}

export function readEvent(typed: string): EventName {
  const said = typed.toLowerCase()
  const found = EVENT_NAMES.find(name => name === said)
  if (found !== undefined) return found
  const meant = nearest(said, EVENT_NAMES)
  const hint = meant === undefined ? '`notify` lists them all.' : `Did you mean ${meant}?`
  throw new UserError(`Nothing is told under the name ${quoted(typed)}. ${hint}`, true)
}

/** `undefined` for what is to be as usual again. */
export function readLoudness(typed: string | undefined): Loudness | undefined {
  const said = typed?.toLowerCase()
  if (said === 'usual') return undefined
  const found = LOUDNESSES.find(each => each === said)
  if (found !== undefined) return found
  const got = typed === undefined ? '' : `; not ${quoted(typed)}`
  throw new UserError(`How loudly: ${LOUDNESSES.join(', ')}, or usual${got}.`, true)
}

export function readWhere(typed: string | undefined): Where {
  if (typed === undefined) return 'everywhere'
  const found = CHAT_SURFACES.find(each => each === typed.toLowerCase())
  if (found === undefined) throw new UserError(`One of ${CHAT_SURFACES.join(', ')}; not ${quoted(typed)}.`, true)
  return found
}

/** The settings with one thing heard otherwise. Throws a `UserError` where a page would be heard nowhere. */
export function withLoudness(
  settings: NoticeSettings,
  event: EventName,
  loudness: Loudness | undefined,
  where: Where,
): NoticeSettings {
  if (isSummary(event) && (loudness === 'page' || loudness === 'digest'))
    throw new UserError(`${event} is off, silent or on: it comes at its hour, and is not repeated.`)
  const surfaces = where === 'everywhere' ? CHAT_SURFACES : [where]
  const wanted = new Map(CHAT_SURFACES.map(surface => [surface, setBy(settings, surface, event)]))
  for (const surface of surfaces) wanted.set(surface, loudness)
  const others = Object.entries(settings.loudness).filter(([key]) => !key.endsWith(`:${event}`))
  const mine = [...wanted].flatMap(([surface, set]) => {
    return set === undefined || set === EVENTS[event][surface] ? [] : [[`${surface}:${event}`, set] as const]
  })
  const after = { ...settings, loudness: Object.fromEntries([...others, ...mine]) }
  const isHeard = CHAT_SURFACES.some(surface => !isBelow(wantedBy(after, surface, event), 'on'))
  if (isPageEvent(event) && !isHeard) {
    throw new UserError(
      `${event} wakes people (${EVENTS[event].about}): it stays \`on\` or \`page\` on Discord or on Telegram. Set that first, and the other lower.`,
    )
  }
  return after
}

const QUIET = /^(\d{1,2}:\d{2}) ?[-–—] ?(\d{1,2}:\d{2})(?: (\S+))?$/

/** Quiet hours as they are typed: `23:00-07:30 Europe/Rome`, or `off`. */
export function readQuiet(typed: string, settings: NoticeSettings): QuietHours | undefined {
  if (typed.toLowerCase() === 'off') return undefined
  const [, from, to, zone] = QUIET.exec(typed) ?? []
  if (from === undefined || to === undefined)
    throw new UserError(`Quiet hours look like 23:00-07:30 Europe/Rome, or off; not ${quoted(typed)}.`)
  const quiet = {
    zone: zone === undefined ? (settings.quiet?.zone ?? settings.zone) : readZone(zone),
    from: readMinute(from),
    to: readMinute(to),
  }
  if (quiet.from === quiet.to) throw new UserError('Quiet hours end at another time than they begin.')
  return quiet
}

/** When the summary of the day comes, as it is typed: `07:30 Europe/Rome`. */
export function readDaily(typed: string, settings: NoticeSettings): Pick<NoticeSettings, 'dailyAt' | 'zone'> {
  const [time = '', zone, ...more] = typed.split(' ')
  if (more.length > 0) throw new UserError(`A time and a zone: 07:30 Europe/Rome; not ${quoted(typed)}.`)
  return { dailyAt: readMinute(time), zone: zone === undefined ? settings.zone : readZone(zone) }
}

/** Minutes since midnight, of `7:30` or `07:30`. */
export function readMinute(typed: string): number {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(typed) ?? []
  const hour = Number(hours ?? 'none')
  const minute = Number(minutes ?? 'none')
  if (hour < 24 && minute < 60) return hour * 60 + minute
  throw new UserError(`A time of day is between 00:00 and 23:59, like 07:30; not ${quoted(typed)}.`)
}

/** A time zone by its name in the IANA database. A city alone is asked back. */
export function readZone(typed: string): string {
  const found = /^[A-Za-z]/.test(typed) ? zoneNamed(typed) : undefined
  if (found !== undefined) return found
  const zones = Intl.supportedValuesOf('timeZone')
  const said = typed.toLowerCase()
  const city = zones.find(zone => zone.toLowerCase().endsWith(`/${said}`))
  const meant = city ?? nearest(said, zones)
  const hint = meant === undefined ? 'It looks like Europe/Rome.' : `Did you mean ${meant}?`
  throw new UserError(`There is no time zone ${quoted(typed)}. ${hint}`)
}

/** A time of day as people write it. */
export function minuteText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

export function quietText(quiet: QuietHours | undefined): string {
  if (quiet === undefined) return 'none'
  return `${minuteText(quiet.from)} to ${minuteText(quiet.to)} in ${quiet.zone}: pages only`
}

/** What everybody is told who has set nothing. */
export function plainNotice(): NoticeSettings {
  return PLAIN_NOTICE
}
