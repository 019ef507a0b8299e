import type { Instant, PersonId } from '../../core/units/ids.ts'
import type { Announcement } from '../announce-words.ts'
import { keep } from './bounded.ts'
import { grow, inhibit } from './bursts.ts'
import { dueDigests, nextDigest, noteDigest } from './digests.ts'
import { isBelow, targetsFor, type Wish, wishesFor } from './loudness.ts'
import { type Notice, type NoticeOptions, type PageView, PRIORITY, purposeOf, targetKey } from './notice.ts'
import { acknowledgePage, endPages, isEnd, openPage, repeatPages, updatePage } from './pages.ts'
import { fold, isWithinBudget, updateFolded } from './proposals.ts'
import { emptyNoticeState, frozenState, type NoticeState, type Standing, TOLD_MAX, thawedState } from './state.ts'

/**
 * Who is told what, how loudly and when. It has no clock and no way out: time is handed in, and what is to be told is handed back.
 * The same calls give the same notices.
 */
export type Notices = {
  readonly tell: (told: Announcement, at: Instant) => readonly Notice[]
  /** What is due by then: pages again, digests, summaries of the day. Called once at the start, and from then on when it is due. */
  readonly tick: (at: Instant) => readonly Notice[]
  /** A person has seen a page and looks after it. Nothing for one that is not running. */
  readonly acknowledge: (page: string, by: PersonId, at: Instant) => readonly Notice[]
  /** When something is due, from that time on. */
  readonly nextAt: (at: Instant) => Instant | undefined
  /** The pages that are remembered, newest first. */
  readonly pages: () => readonly PageView[]
  /** All that is remembered, as text. */
  readonly freeze: () => string
  /** Remembers that instead. False for a text that is damaged or another program's, where it begins anew. */
  readonly thaw: (text: string) => boolean
}

export function createNotices(options: NoticeOptions): Notices {
  let state = emptyNoticeState()
  return {
    tell: (told, at) => {
      state.latest = Math.max(state.latest, told.version)
      if (told.expiresAt !== undefined && told.expiresAt <= at) return []
      lift(state, options)
      return told.isUpdate === true ? update(state, told, at, options) : tellAnew(state, told, at, options)
    },
    tick: at => {
      lift(state, options)
      return [...repeatPages(state, at, options), ...dueDigests(state, at, options)]
    },
    acknowledge: (page, by, at) => acknowledgePage(state, page, by, at, options),
    nextAt: at => {
      const repeats = [...state.pages.values()].flatMap(({ dueAt }) => (dueAt === undefined ? [] : [dueAt]))
      const digest = nextDigest(state, at, options)
      const all = digest === undefined ? repeats : [...repeats, digest]
      return all.length === 0 ? undefined : (Math.min(...all) as Instant)
    },
    pages: () => pageViews(state),
    freeze: () => frozenState(state),
    thaw: text => {
      const thawed = thawedState(text)
      state = thawed ?? emptyNoticeState()
      return thawed !== undefined
    },
  }
}

/** Once trading goes on a refusal is a message again. */
function lift({ banners }: NoticeState, { trading }: NoticeOptions): void {
  if (trading() === 'active') banners.clear()
}

function pageViews({ pages }: NoticeState): readonly PageView[] {
  const open = [...pages.values()].filter(page => page.over === undefined)
  return open.reverse().map(({ id, openedAt, reply, acknowledged }) => ({
    id,
    at: openedAt,
    title: reply.title,
    ...(acknowledged !== undefined && { acknowledgedBy: acknowledged.by }),
  }))
}

/** A page is told as one wherever it is told at all; else a page is what a person wants as one, unless it ends by itself. */
function tellAnew(state: NoticeState, told: Announcement, at: Instant, options: NoticeOptions): readonly Notice[] {
  const ended = endPages(state, told, at, options)
  const wishes = wishesFor(told, at, options)
  const isPage = told.level === 'page'
  const least = isPage ? 'silent' : 'page'
  const isRepeated = isPage || told.expiresAt === undefined
  const paged = isRepeated ? wishes.filter(({ loudness }) => !isBelow(loudness, least)) : []
  const others = wishes.filter(wish => !paged.includes(wish))
  const opened = isPage || paged.length > 0 ? openPage(state, told, paged, at, options) : []
  return [...opened, ...ended, ...others.flatMap(wish => tellOne(state, told, wish, at, options))]
}

function tellOne(
  state: NoticeState,
  told: Announcement,
  wish: Wish,
  at: Instant,
  options: NoticeOptions,
): readonly Notice[] {
  const { loudness, key } = wish
  if (loudness === 'off') return []
  const isStanding = told.subject !== undefined && state.told.get(toldKey(told))?.[key] !== undefined
  const isHeld = wish.isQuiet && loudness !== 'page' && loudness !== 'digest' && told.level !== 'action' && !isStanding
  if (loudness === 'digest' || isHeld) {
    noteDigest(state, told, wish.target, at, isHeld)
    return []
  }
  if (told.level === 'action' && !isStanding && !isWithinBudget(state, told, key, at, options.budget))
    return [fold(state, told, wish, at)]
  if (loudness === 'page') return [sent(state, told, wish, loudness)]
  // A card in quiet hours wakes nobody: who is awake may decide, and else it expires.
  const heard = wish.isQuiet ? 'silent' : loudness
  const trading = options.trading()
  if (told.event === 'refused' && trading !== 'active') return [inhibit(state, told, wish, heard, at, trading)]
  const isGrouped = told.group !== undefined && told.subject === undefined && told.level !== 'action'
  return [isGrouped ? grow(state, told, wish, heard, at) : sent(state, told, wish, heard)]
}

/** A message of its own, or in the place of the one that stands about the same. */
function sent(state: NoticeState, told: Announcement, wish: Wish, loudness: Notice['loudness']): Notice {
  const { id, event, level, reply, version, expiresAt } = told
  const isStanding = told.subject !== undefined && !isEnd(told)
  const subject = isStanding ? stand(state, told, told.subject ?? '', wish.key, loudness) : undefined
  return {
    place: wish.target,
    id,
    event,
    level,
    loudness,
    reply,
    ...(subject !== undefined && { subject }),
    isUpdate: false,
    version,
    ...(expiresAt !== undefined && { expiresAt }),
    priority: loudness === 'page' ? PRIORITY.page : PRIORITY[level],
    calls: wish.calls,
  }
}

/**
 * Notes that a subject stands in a place, and gives the message's own subject there. What is to be heard cannot take the place of
 * what was told without a sound, since a message that changes makes none: it is a message anew.
 */
function stand(
  state: NoticeState,
  told: Announcement,
  subject: string,
  key: string,
  loudness: Notice['loudness'],
): string {
  const standing: Standing = state.told.get(toldKey(told)) ?? {}
  const [before, heard] = standing[key] ?? []
  const isAnew = before !== undefined && heard === 'silent' && loudness !== 'silent' && told.level !== 'action'
  const own = before === undefined ? subject : isAnew ? `${subject}:heard` : before
  const most = isAnew || before === undefined ? loudness : (heard ?? loudness)
  keep(state.told, toldKey(told), { ...standing, [key]: [own, most] }, TOLD_MAX)
  return own
}

/**
 * Brings up to date what stands: wherever its subject was told, without a sound. Of a subject that is not remembered every place
 * is told, since only those who hold its message will show it.
 */
function update(state: NoticeState, told: Announcement, at: Instant, options: NoticeOptions): readonly Notice[] {
  const paged = updatePage(state, told, at, options)
  const targets = targetsFor(purposeOf(told), options)
  const folded = updateFolded(state, told, targets, at)
  const standing = state.told.get(toldKey(told))
  const isKnown = standing !== undefined || paged.length > 0 || folded.length > 0
  const { id, event, level, reply, version, subject, expiresAt } = told
  const shown = targets.flatMap(place => {
    const own = standing?.[targetKey(place)]?.[0] ?? (isKnown ? undefined : subject)
    if (own === undefined) return []
    const what = { place, id, event, level, loudness: 'silent', reply, subject: own, isUpdate: true, version } as const
    const until = expiresAt === undefined ? {} : { expiresAt }
    return [{ ...what, ...until, priority: PRIORITY.update, calls: [] }]
  })
  return [...paged, ...folded, ...shown]
}

function toldKey(told: Announcement): string {
  return `${purposeOf(told)} ${told.subject ?? ''}`
}
