import type { TradingState } from '../../core/risk/holds.ts'
import type { Instant } from '../../core/units/ids.ts'
import type { Announcement } from '../announce-words.ts'
import { clock, counted } from '../format.ts'
import { type Reply, reply } from '../reply.ts'
import { keep } from './bounded.ts'
import type { Wish } from './loudness.ts'
import { type Notice, PRIORITY } from './notice.ts'
import { titled } from './page-words.ts'
import type { Growing, NoticeState } from './state.ts'

/** What is told of the same within that of the first is one message. */
const BURST_MS = 15 * 60_000
export const BURSTS_MAX = 1_000

/** How loudly a message that is no page is told. */
type Heard = Exclude<Notice['loudness'], 'page'>

/**
 * One more of a group: the first is a message like any other, and the others take its place with a count and the latest. Louder
 * ones are a message of their own, since a message that changes makes no sound.
 */
export function grow(state: NoticeState, told: Announcement, wish: Wish, loudness: Heard, at: Instant): Notice {
  const key = `${wish.key}|${told.group ?? ''}|${loudness}`
  const before = state.bursts.get(key)
  const burst = grown(before !== undefined && at - before.since < BURST_MS ? before : undefined, told, 'burst', at)
  keep(state.bursts, key, burst, BURSTS_MAX)
  return noticeOf(told, wish, loudness, burst, burst.count === 1 ? told.reply : latestOf(told.reply, burst))
}

/** While something holds trading everything is refused, and one message says so. */
export function inhibit(
  state: NoticeState,
  told: Announcement,
  wish: Wish,
  loudness: Heard,
  at: Instant,
  trading: Exclude<TradingState, 'active'>,
): Notice {
  const banner = grown(state.banners.get(wish.key), told, 'held', at)
  state.banners.set(wish.key, banner)
  const what = trading === 'halted' ? 'Trading is halted' : 'Only exits are let through'
  const said = reply(`${what}: ${counted(banner.count, 'trade')} not copied since ${clock(banner.since)}`, 'warn')
    .text(`The latest: ${told.reply.title}`)
    .press('Status', 'status')
  return noticeOf(told, wish, loudness, banner, said)
}

function grown(before: Growing | undefined, told: Announcement, name: string, at: Instant): Growing {
  if (before === undefined) return { subject: `${name}:${told.id}`, since: at, count: 1, version: told.version }
  return { ...before, count: before.count + 1, version: Math.max(before.version + 1, told.version) }
}

function latestOf(latest: Reply, { count, since }: Growing): Reply {
  return titled(latest, `${count} × · ${latest.title}`).note(
    `${count} of the kind since ${clock(since)}; this is the latest.`,
  )
}

function noticeOf(told: Announcement, wish: Wish, loudness: Heard, growing: Growing, shown: Reply): Notice {
  const { id, event, level } = told
  const { subject, version } = growing
  const priority = level === 'info' ? PRIORITY.info : PRIORITY.outcome
  const what = { place: wish.target, id, event, level, loudness, subject, version, priority }
  return { ...what, reply: shown, isUpdate: false, calls: [] }
}
