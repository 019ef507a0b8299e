import type { Instant } from '../../core/units/ids.ts'
import type { Announcement } from '../announce-words.ts'
import { clock, counted, shorten } from '../format.ts'
import { type Reply, reply } from '../reply.ts'
import type { Wish } from './loudness.ts'
import { BUDGET, type Budget, type Notice, PRIORITY, type Target, targetKey } from './notice.ts'
import type { FoldedItem, NoticeState } from './state.ts'

const HOUR_MS = 3_600_000
/** Of those that were not, the latest are kept to be listed, and these are shown: `pending` has the rest. */
const ITEMS_MAX = 100
const ITEMS_SHOWN = 15
const TITLE_GRAPHEMES = 120

type Folded = NonNullable<ReturnType<NoticeState['folded']['get']>>

/** Whether one more proposal is a message of its own there; then it counts against the hour. */
export function isWithinBudget(
  state: NoticeState,
  told: Announcement,
  key: string,
  at: Instant,
  budget: Budget = BUDGET,
): boolean {
  const sent = (state.sent.get(key) ?? []).filter(each => at - each.at < HOUR_MS)
  const whale = whaleOf(told)
  const ofWhale = sent.filter(each => whale !== '' && each.whale === whale)
  const isWithin = sent.length < budget.proposals && ofWhale.length < budget.ofOneWhale
  state.sent.set(key, isWithin ? [...sent, { at, whale }] : sent)
  return isWithin
}

/** One proposal more in the message that lists those without one. It begins anew once an hour, and makes no sound. */
export function fold(state: NoticeState, told: Announcement, wish: Wish, at: Instant): Notice {
  const before = state.folded.get(wish.key)
  const running = before !== undefined && at - before.since < HOUR_MS ? before : undefined
  const items = (running?.items ?? []).filter(item => item.about !== aboutOf(told) && !hasExpired(item, at))
  const folded: Folded = {
    subject: running?.subject ?? `folded:${told.id}`,
    since: running?.since ?? at,
    count: (running?.count ?? 0) + 1,
    version: running === undefined ? told.version : Math.max(running.version + 1, told.version),
    items: [...items, itemOf(told)].slice(-ITEMS_MAX),
  }
  state.folded.set(wish.key, folded)
  return { ...listed(told, wish.target, folded, at), priority: PRIORITY.action }
}

/** Takes a proposal that is decided, or expired, off the lists; brings one that was changed up to date. */
export function updateFolded(
  state: NoticeState,
  told: Announcement,
  targets: readonly Target[],
  at: Instant,
): readonly Notice[] {
  return targets.flatMap(target => {
    const key = targetKey(target)
    const before = state.folded.get(key)
    if (before === undefined || !before.items.some(item => item.about === aboutOf(told))) return []
    const version = Math.max(before.version + 1, told.version)
    // Only a card that still waits says until when.
    const items =
      told.expiresAt === undefined
        ? before.items.filter(item => item.about !== aboutOf(told))
        : before.items.map(item => (item.about === aboutOf(told) ? itemOf(told) : item))
    const folded = { ...before, version, items: items.filter(item => !hasExpired(item, at)) }
    state.folded.set(key, folded)
    return [listed(told, target, folded, at)]
  })
}

function listed(told: Announcement, place: Target, folded: Folded, at: Instant): Notice {
  const { id, event, level } = told
  const { subject, version } = folded
  // As long as any of them waits the list is told even where it does not stand yet.
  const isUpdate = folded.items.every(item => hasExpired(item, at))
  const what = { place, id, event, level, subject, version, loudness: 'silent', isUpdate, calls: [] } as const
  return { ...what, reply: listOf(folded, at), priority: PRIORITY.update }
}

function listOf({ items, count, since }: Folded, at: Instant): Reply {
  const waiting = items.filter(item => !hasExpired(item, at))
  const shown = waiting.slice(-ITEMS_SHOWN)
  const many = `${counted(count, 'further trade')} since ${clock(since)}`
  if (waiting.length === 0) return reply(`${many}, and none of them waits any more`)
  const said = reply(`${counted(waiting.length, 'further trade')} to decide (${many})`, 'warn')
    .rows(...shown.map(({ short, title }) => [short, title] as const))
    .note(
      `So many in an hour are listed, and not sent one by one: at most ${BUDGET.proposals}, and ${BUDGET.ofOneWhale} of one whale.`,
    )
  const left = waiting.length - shown.length
  return (left > 0 ? said.note(`… and ${left} more: \`pending\` has them all.`) : said).press('Pending', 'pending')
}

function itemOf(told: Announcement): FoldedItem {
  const { expiresAt } = told
  const until = expiresAt === undefined ? '' : ` (until ${clock(expiresAt)})`
  const title = `${shorten(told.reply.title, TITLE_GRAPHEMES)}${until}`
  return { short: shortOf(told), about: aboutOf(told), title, expiresAt }
}

function hasExpired({ expiresAt }: FoldedItem, at: Instant): boolean {
  return expiresAt !== undefined && expiresAt <= at
}

function aboutOf({ subject, id }: Announcement): string {
  return subject ?? id
}

/** The short name that `approve` takes: cards are about `card:<short>`. */
function shortOf(told: Announcement): string {
  return aboutOf(told).replace(/^card:/, '')
}

/** Whose trade it is: a group begins with the wallet, and a card has a press about its whale. Empty where nobody's. */
function whaleOf({ group, reply: card }: Announcement): string {
  if (group !== undefined) return group.split(':')[0] ?? ''
  const lines = card.presses.map(({ line }) => /^whale (\S+)/.exec(line)?.[1])
  return lines.find(wallet => wallet !== undefined) ?? ''
}
