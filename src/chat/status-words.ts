import type { Hold } from '../core/risk/holds.ts'
import type { Instant } from '../core/units/ids.ts'
import type { FeedView } from './desk.ts'
import { age, clean, moment } from './format.ts'

/** One hold in a line: who, what it stops, why, since when, until when. */
export function holdText(hold: Hold): string {
  const effect = hold.effect === 'halt' ? 'halts everything' : 'lets only exits through'
  const why = clean(hold.why, 120)
  const until = typeof hold.until === 'number' ? `until ${moment(hold.until)}` : hold.until
  return `${hold.by} ${effect}${why === '' ? '' : `: ${why}`} (since ${moment(hold.since)}, ${until})`
}

export function feedText(feed: FeedView, now: Instant): string {
  const since = `${feed.status} for ${age(now - feed.since)}`
  const last = feed.lastAt === undefined ? 'no trade heard yet' : `last trade ${age(now - feed.lastAt)} ago`
  const why = feed.status === 'live' ? '' : `: ${clean(feed.why, 120)}`
  return `${since}, ${last}${why}`
}
