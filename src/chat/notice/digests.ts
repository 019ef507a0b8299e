import { type NoticeSettings, PLAIN_NOTICE } from '../../core/people/notice.ts'
import { REFUSALS } from '../../core/risk/refusals.ts'
import type { Instant } from '../../core/units/ids.ts'
import type { Announcement } from '../announce-words.ts'
import { clock, counted, moment, shorten } from '../format.ts'
import { type Reply, reply } from '../reply.ts'
import { EVENTS } from './events.ts'
import { dayAt, momentOf, nextHour, quietEnd } from './local-time.ts'
import { targetsFor, wishesFor } from './loudness.ts'
import { type Notice, type NoticeOptions, PRIORITY, type Target, targetKey, targetOf } from './notice.ts'
import type { Digest, NoticeState } from './state.ts'

/** Digests and summaries go where the log goes. */
const PURPOSE = EVENTS.digest.purpose
const EXAMPLES_MAX = 5
/** What was held back in a night and is shown one by one. */
const HELD_MAX = 20
const REASONS_SHOWN = 8
const TITLE_GRAPHEMES = 140
const REASON_GRAPHEMES = 48
const BAR_MAX = 10

/** Takes something down for the next digest of a place. `isHeld`: it would have been a message, but for quiet hours. */
export function noteDigest(state: NoticeState, told: Announcement, of: Target, at: Instant, isHeld: boolean): void {
  const key = targetKey({ ...of, purpose: PURPOSE })
  const before = state.digests.get(key) ?? { since: at, count: 0, reasons: {}, examples: [], held: [] }
  const title = shorten(told.reply.title, TITLE_GRAPHEMES)
  const reasons = { ...before.reasons }
  for (const reason of reasonsOf(told)) reasons[reason] = (reasons[reason] ?? 0) + 1
  state.digests.set(key, {
    since: before.since,
    count: before.count + 1,
    reasons,
    examples: isHeld ? before.examples : [...before.examples, title].slice(-EXAMPLES_MAX),
    held: isHeld ? [...before.held, [at, title] as const].slice(-HELD_MAX) : before.held,
  })
}

/** The digests and the daily summaries whose time has come. */
export function dueDigests(state: NoticeState, at: Instant, options: NoticeOptions): readonly Notice[] {
  return [...givenDigests(state, at, options), ...givenDailies(state, at, options)]
}

/** When the next digest or summary is due, from that time on. */
export function nextDigest(state: NoticeState, at: Instant, options: NoticeOptions): Instant | undefined {
  const digests = [...state.digests].map(([key, digest]) => digestDue(digest, targetOf(key), at, options))
  const dailies = targetsFor(PURPOSE, options).flatMap(target => {
    const given = state.dailies.get(targetKey(target))
    return given === undefined ? [] : [dailyDue(given, target, at, options)]
  })
  const all = [...digests, ...dailies]
  return all.length === 0 ? undefined : (Math.min(...all) as Instant)
}

function givenDigests(state: NoticeState, at: Instant, options: NoticeOptions): readonly Notice[] {
  const wishes = wishesFor({ event: 'digest', level: 'info' }, at, options)
  return [...state.digests].flatMap(([key, digest]) => {
    if (digestDue(digest, targetOf(key), at, options) > at) return []
    state.digests.delete(key)
    const wish = wishes.find(each => each.key === key)
    if (wish === undefined || wish.loudness === 'off' || wish.loudness === 'digest') return []
    const id = `digest-${Math.floor(at / 1_000).toString(36)}`
    const what = { place: wish.target, id, event: 'digest', level: 'info', loudness: wish.loudness } as const
    const rest = { isUpdate: false, version: state.latest, priority: PRIORITY.digest, calls: [] }
    return [{ ...what, ...rest, reply: digestReply(digest) }]
  })
}

/** A place is told of each day once, as soon as its hour has come; who is new there begins with the next. */
function givenDailies(state: NoticeState, at: Instant, options: NoticeOptions): readonly Notice[] {
  const targets = targetsFor(PURPOSE, options)
  const keys = new Set(targets.map(targetKey))
  for (const key of [...state.dailies.keys()]) if (!keys.has(key)) state.dailies.delete(key)
  const wishes = wishesFor({ event: 'daily', level: 'info' }, at, options)
  return targets.flatMap((target, index) => {
    const key = targetKey(target)
    const { zone, dailyAt } = settingsOf(target, options)
    const today = dayAt(zone, at)
    const begun = momentOf(zone, today, dailyAt) <= at ? today : today - 1
    const given = state.dailies.get(key)
    if (given !== undefined && dailyDue(given, target, at, options) > at) return []
    state.dailies.set(key, begun)
    const loudness = wishes[index]?.loudness ?? 'off'
    if (given === undefined || loudness === 'off' || loudness === 'digest') return []
    const what = { place: target, id: `daily-${today}`, event: 'daily', level: 'info', loudness } as const
    const rest = { isUpdate: false, version: state.latest, priority: PRIORITY.digest, calls: [] }
    return [{ ...what, ...rest, reply: reply('The summary of the day'), needsSummary: true }]
  })
}

/** At the next full hour, or at the end of the quiet hours that hold then. */
function digestDue({ since }: Digest, target: Target | undefined, at: Instant, options: NoticeOptions): Instant {
  const quiet = target === undefined ? undefined : settingsOf(target, options).quiet
  return quietEnd(quiet, latest(nextHour(since), at))
}

function dailyDue(given: number, target: Target, at: Instant, options: NoticeOptions): Instant {
  const { zone, dailyAt, quiet } = settingsOf(target, options)
  return quietEnd(quiet, latest(momentOf(zone, given + 1, dailyAt), at))
}

function latest(one: Instant, other: Instant): Instant {
  return one > other ? one : other
}

function settingsOf({ person }: Target, { people }: NoticeOptions): NoticeSettings {
  return people().find(({ id }) => id === person)?.notice ?? PLAIN_NOTICE
}

function digestReply({ since, count, reasons, examples, held }: Digest): Reply {
  const said = reply(`In short: ${counted(count, 'thing')} since ${moment(since)}`)
  const kept =
    held.length === 0
      ? said
      : said.text('While it was quiet:').rows(...held.map(([at, title]) => [clock(at), title] as const))
  const counts = Object.entries(reasons).sort(([, one], [, other]) => other - one)
  const most = counts[0]?.[1] ?? 1
  const shown = counts.slice(0, REASONS_SHOWN)
  const rows = shown.map(([reason, times]) => [reason, `${bar(times / most)} ${times}`] as const)
  const drawn = kept.text('What of:').rows(...rows)
  const left = counts.length - shown.length
  const told = left > 0 ? drawn.note(`… and ${counted(left, 'rarer reason')}`) : drawn
  return examples.length === 0
    ? told
    : examples.reduce((so, example) => so.text(`· ${example}`), told.text('For example:'))
}

function bar(part: number): string {
  return '▇'.repeat(Math.max(1, Math.round(part * BAR_MAX)))
}

const REASONS = Object.values(REFUSALS).map(sentence => sentence.replace(/[.;:].*$/, ''))

/** Why, as far as the words say it: the refusals that they name, or else what kind of thing it is. */
function reasonsOf({ reply: said, event }: Announcement): readonly string[] {
  const named = event === 'refused' ? REASONS.filter(reason => said.title.includes(reason)) : []
  return (named.length === 0 ? [EVENTS[event].about] : named).map(reason => shorten(reason, REASON_GRAPHEMES))
}
