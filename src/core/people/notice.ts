/**
 * How loudly something is told: not at all, in the next digest, without a sound, as a message like any other, or as a page that is
 * repeated until a person acknowledges it. From least to most.
 */
export const LOUDNESSES = ['off', 'digest', 'silent', 'on', 'page'] as const

export type Loudness = (typeof LOUDNESSES)[number]

/** Hours of a person's day in which only pages are told. Minutes since midnight where the person lives; `from` may be later than `to`. */
export type QuietHours = { readonly zone: string; readonly from: number; readonly to: number }

/** What one person wants to be told, where it is not as usual. The names of surfaces and events are those of the chat. */
export type NoticeSettings = {
  /** By `surface:event`, or `*:event` for every surface. */
  readonly loudness: Readonly<Record<string, Loudness>>
  readonly quiet: QuietHours | undefined
  /** When the daily summary comes, in minutes since midnight of `zone`. */
  readonly dailyAt: number
  readonly zone: string
}

/** Settings of one person beyond this are a mistake. */
export const LOUDNESS_MAX = 200

export const PLAIN_NOTICE: NoticeSettings = { loudness: {}, quiet: undefined, dailyAt: 8 * 60, zone: 'UTC' }

const MINUTES_A_DAY = 1_440

/** Why these are no settings, or `undefined` where they are. The zone's name is checked by who reads it in. */
export function noticeFault({ loudness, quiet, dailyAt }: NoticeSettings): string | undefined {
  if (Object.keys(loudness).length > LOUDNESS_MAX) return `at most ${LOUDNESS_MAX} settings are kept`
  if (!isMinute(dailyAt)) return 'a time of day is between 00:00 and 23:59'
  if (quiet === undefined) return undefined
  if (!isMinute(quiet.from) || !isMinute(quiet.to)) return 'a time of day is between 00:00 and 23:59'
  return quiet.from === quiet.to ? 'quiet hours end at another time than they begin' : undefined
}

function isMinute(minute: number): boolean {
  return Number.isInteger(minute) && minute >= 0 && minute < MINUTES_A_DAY
}
