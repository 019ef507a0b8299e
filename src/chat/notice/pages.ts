import { createHash } from 'node:crypto'
import { type Instant, later, type PersonId } from '../../core/units/ids.ts'
import type { Announcement } from '../announce-words.ts'
import { age } from '../format.ts'
import type { EventName } from './events.ts'
import { isPageEvent, type Wish, wishesFor } from './loudness.ts'
import { type Notice, type NoticeOptions, purposeOf } from './notice.ts'
import { isRunning, pageAnew, pageNotice, pageReply, titled } from './page-words.ts'
import type { NoticeState, Page } from './state.ts'

const MINUTE_MS = 60_000
/** When a page is told again, after it was opened; from then on every ten minutes, for a day. */
const EARLY_MS: readonly number[] = [MINUTE_MS, 3 * MINUTE_MS]
const EVERY_MS = 10 * MINUTE_MS
const REPEATED_FOR_MS = 24 * 3_600_000
/** The same cause so soon again is the same page. */
const JOINED_MS = MINUTE_MS
/** Pages of one kind that are repeated at once. Beyond that the oldest is carried on by the newest, and none is lost. */
export const RUNNING_MAX = 20
/** Pages that were acknowledged or are over, and may still have to be edited. */
export const SETTLED_MAX = 100

/** What ends the cause of which pages. */
const ENDS: Readonly<Partial<Record<EventName, readonly EventName[]>>> = {
  resume: ['stop', 'pause', 'breaker', 'books', 'surface'],
  seen: ['blind'],
  certain: ['uncertain'],
}

/** Opens a page for those who want it, or joins the one that runs for the same cause. */
export function openPage(
  state: NoticeState,
  told: Announcement,
  wishes: readonly Wish[],
  at: Instant,
  options: NoticeOptions,
): readonly Notice[] {
  const about = aboutOf(told)
  const same = [...state.pages.values()].filter(page => page.event === told.event && page.about === about).at(-1)
  if (same !== undefined && isJoined(same, at)) return join(state, same, told, at, options)
  const before = carriedOn(state, told.event, same)
  const reply = told.reply.drawn(undefined)
  const page: Page = {
    id: freeId(state, told.id),
    event: told.event,
    level: told.level,
    purpose: purposeOf(told),
    about,
    reply,
    version: told.version,
    openedAt: at,
    toldAt: at,
    times: 1,
    carried: before.reduce((sum, { carried }) => sum + carried + 1, 0),
    places: wishes.map(({ key }) => key),
    repeats: 0,
    dueAt: later(at, MINUTE_MS),
  }
  const ended = before.flatMap(old => endPage(state, old, `told again as ${page.id}`, at, options))
  put(state, page)
  const opened = wishes.flatMap(wish => pageNotice(page, wish, `page:${page.id}`, told.id, pageReply(page)))
  return [...opened, ...ended]
}

/** The page whose words an update brings up to date, if it is about one. */
export function updatePage(
  state: NoticeState,
  told: Announcement,
  at: Instant,
  options: NoticeOptions,
): readonly Notice[] {
  const page = [...state.pages.values()]
    .filter(each => each.about === told.subject && each.purpose === purposeOf(told))
    .at(-1)
  if (page === undefined) return []
  const after = put(state, { ...page, reply: told.reply.drawn(undefined), version: rise(page, told.version) })
  return pageAnew(after, told.id, at, options)
}

/** Whether it ends the causes of pages: what it is about is the cause, and each time it is a message of its own. */
export function isEnd({ event }: Pick<Announcement, 'event'>): boolean {
  return ENDS[event] !== undefined
}

/** What an announcement is the end of: those pages stop, and say so. */
export function endPages(
  state: NoticeState,
  told: Announcement,
  at: Instant,
  options: NoticeOptions,
): readonly Notice[] {
  if (told.level === 'page') return []
  const kinds = ENDS[told.event] ?? (isPageEvent(told.event) ? [told.event] : [])
  const open = [...state.pages.values()].filter(page => kinds.includes(page.event) && page.over === undefined)
  return endedBy(open, told).flatMap(page => {
    return endPage(state, { ...page, version: rise(page, told.version) }, told.reply.title, at, options)
  })
}

/** Takes a person's word that they look after it. Nothing where it is not running any more. */
export function acknowledgePage(
  state: NoticeState,
  id: string,
  by: PersonId,
  at: Instant,
  options: NoticeOptions,
): readonly Notice[] {
  const page = state.pages.get(id)
  if (page === undefined || !isRunning(page)) return []
  const { dueAt: _, ...rest } = page
  const seen = put(state, { ...rest, version: rise(page, state.latest), acknowledged: { by, at } })
  return pageAnew(seen, `${id}-seen`, at, options)
}

/** Tells the pages again whose time has come: once each, however late. */
export function repeatPages(state: NoticeState, at: Instant, options: NoticeOptions): readonly Notice[] {
  const due = [...state.pages.values()].filter(({ dueAt }) => dueAt !== undefined && dueAt <= at)
  return due.flatMap(before => {
    const { dueAt: _, ...rest } = before
    const next = nextRepeat(before.openedAt, at)
    const page = put(state, { ...rest, repeats: before.repeats + 1, ...(next !== undefined && { dueAt: next }) })
    const reply = titled(pageReply(page), `UNSEEN for ${age(at - page.openedAt)} · ${page.reply.title}`)
    const wishes = wishesFor(page, at, options).filter(
      ({ key, loudness }) => loudness === 'page' && page.places.includes(key),
    )
    const subject = `page:${page.id}:${page.repeats}`
    // Where nothing can be told now it is not told twice later.
    const until = next === undefined ? {} : { expiresAt: next }
    const told = wishes.flatMap(wish => pageNotice(page, wish, subject, `${page.id}-r${page.repeats}`, reply))
    return told.map(notice => ({ ...notice, ...until }))
  })
}

export function nextRepeat(openedAt: Instant, after: Instant): Instant | undefined {
  const passed = after - openedAt
  const due = EARLY_MS.find(ms => ms > passed) ?? (Math.floor(passed / EVERY_MS) + 1) * EVERY_MS
  return due > REPEATED_FOR_MS ? undefined : later(openedAt, due)
}

/** Whether the cause, told again now, is that page's: while it runs soon after it was last told, else soon after it began. */
function isJoined(page: Page, at: Instant): boolean {
  return at - (isRunning(page) ? page.toldAt : page.openedAt) <= JOINED_MS
}

/** A cause that had ended is there again: its page runs on, and is not acknowledged any more. */
function join(
  state: NoticeState,
  page: Page,
  told: Announcement,
  at: Instant,
  options: NoticeOptions,
): readonly Notice[] {
  const { over, acknowledged, ...rest } = page
  const kept = over === undefined && acknowledged !== undefined ? { acknowledged } : {}
  const dueAt = 'acknowledged' in kept ? undefined : (page.dueAt ?? nextRepeat(page.openedAt, at))
  const after = put(state, {
    ...rest,
    ...kept,
    reply: told.reply.drawn(undefined),
    version: rise(page, told.version),
    toldAt: at,
    times: page.times + 1,
    ...(dueAt !== undefined && { dueAt }),
  })
  return pageAnew(after, told.id, at, options)
}

/** What the new page carries on: the one of the same cause, and the oldest of its kind where too many run. */
function carriedOn(state: NoticeState, event: EventName, same: Page | undefined): readonly Page[] {
  const running = [...state.pages.values()].filter(page => page.event === event && isRunning(page))
  const again = same !== undefined && isRunning(same) ? [same] : []
  const others = running.filter(page => !again.includes(page))
  return [...again, ...others.slice(0, Math.max(0, others.length - (RUNNING_MAX - 1)))]
}

function endPage(state: NoticeState, page: Page, why: string, at: Instant, options: NoticeOptions): readonly Notice[] {
  const { dueAt: _, ...rest } = page
  const ended = put(state, { ...rest, version: rise(page, state.latest), over: { why, at } })
  return pageAnew(ended, `${page.id}-over`, at, options)
}

/**
 * Which of the open pages it is the end of: those about the same, or the only one where it does not say what it is about. A page
 * that may not be over is repeated until a person has seen it.
 */
function endedBy(open: readonly Page[], { subject }: Announcement): readonly Page[] {
  if (subject !== undefined) return open.filter(page => page.about === subject)
  const running = open.filter(isRunning)
  const meant = running.length > 0 ? running : open
  return meant.length === 1 ? meant : []
}

function aboutOf({ subject, group, reply }: Announcement): string {
  return subject ?? group ?? reply.title
}

/** Running pages are kept whatever comes; of the others the latest. */
function put(state: NoticeState, page: Page): Page {
  state.pages.set(page.id, page)
  const settled = [...state.pages.values()].filter(each => !isRunning(each))
  for (const old of settled.slice(0, Math.max(0, settled.length - SETTLED_MAX))) state.pages.delete(old.id)
  return page
}

function rise(page: Page, version: number): number {
  return Math.max(page.version + 1, version)
}

const SHORT_ID = /^[\w.]{1,12}$/
const ID_LETTERS = 8

/** A name to type on a phone: the announcement's own where it is short. */
function freeId({ pages }: NoticeState, told: string): string {
  let id = SHORT_ID.test(told) ? told : hashOf(told)
  while (pages.has(id)) id = hashOf(id)
  return id
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, ID_LETTERS)
}
