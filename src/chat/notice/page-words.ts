import type { Instant } from '../../core/units/ids.ts'
import { clock, counted, personText, shorten } from '../format.ts'
import { Reply, TITLE_MAX } from '../reply.ts'
import { targetsFor, type Wish, wishesFor } from './loudness.ts'
import { type Notice, type NoticeOptions, PRIORITY, type Target, targetKey } from './notice.ts'
import type { Page } from './state.ts'

/**
 * The page as it stands now, in its message and in the last that repeated it. One that runs is still a page: where its message is
 * only on its way, these words are told in its stead, as loudly.
 */
export function pageAnew(page: Page, id: string, at: Instant, options: NoticeOptions): readonly Notice[] {
  const subject = `page:${page.id}`
  const reply = pageReply(page)
  const targets = targetsFor(page.purpose, options).filter(target => page.places.includes(targetKey(target)))
  const repeated =
    page.repeats > 0 ? targets.map(place => edit(page, place, `${subject}:${page.repeats}`, id, reply)) : []
  if (!isRunning(page)) return [...targets.map(place => edit(page, place, subject, id, reply)), ...repeated]
  const wishes = wishesFor(page, at, options).filter(({ key }) => page.places.includes(key))
  return [...wishes.flatMap(wish => pageNotice(page, wish, subject, id, reply)), ...repeated]
}

function edit(page: Page, place: Target, subject: string, id: string, reply: Reply): Notice {
  const { event, level, version } = page
  const what = { place, id, event, level, loudness: 'silent', subject, isUpdate: true, version, calls: [] } as const
  return { ...what, reply, priority: PRIORITY.update }
}

/** A page in one place; in a place where it is `digest` or `off` it is nothing. */
export function pageNotice(page: Page, wish: Wish, subject: string, id: string, reply: Reply): readonly Notice[] {
  const { target: place, loudness, calls } = wish
  if (loudness === 'off' || loudness === 'digest') return []
  const { event, level, version } = page
  const what = { place, id, event, level, loudness, reply, subject, isUpdate: false, version }
  return [{ ...what, priority: PRIORITY.page, calls }]
}

export function pageReply(page: Page): Reply {
  const { id, reply, times, carried, acknowledged, over } = page
  const again = times > 1 ? reply.note(`Told ${times} times.`) : reply
  const more =
    carried > 0 ? again.note(`${counted(carried, 'earlier page')} of the kind had been seen by nobody.`) : again
  if (isRunning(page)) return more.note(`Repeated until somebody says \`ack ${id}\`.`).press('Seen', `ack ${id}`)
  const seen = acknowledged === undefined ? '' : `SEEN by ${personText(acknowledged.by)} at ${clock(acknowledged.at)}`
  const ended = over === undefined ? '' : `OVER at ${clock(over.at)}`
  const head = [ended, seen].filter(part => part !== '').join(' · ')
  const marked = titled(more, `${head} · ${reply.title}`)
  return over === undefined ? marked : marked.note(`Over: ${over.why}`).withoutPresses()
}

export function isRunning({ acknowledged, over }: Page): boolean {
  return acknowledged === undefined && over === undefined
}

/** A reply with another first line. */
export function titled(reply: Reply, title: string): Reply {
  return new Reply({ ...reply, title: shorten(title, TITLE_MAX) })
}
