import type { Announcement, Level } from '../../../src/chat/announce-words.ts'
import { EVENTS, type EventName } from '../../../src/chat/notice/events.ts'
import type { Listener, Notice, NoticeOptions } from '../../../src/chat/notice/notice.ts'
import { createNotices, type Notices } from '../../../src/chat/notice/notices.ts'
import { reply } from '../../../src/chat/reply.ts'
import { type Loudness, type NoticeSettings, PLAIN_NOTICE } from '../../../src/core/people/notice.ts'
import type { TradingState } from '../../../src/core/risk/holds.ts'
import { type Instant, instant, type PersonId } from '../../../src/core/units/ids.ts'

export const SECOND = 1_000
export const MINUTE = 60_000
export const HOUR = 3_600_000
export const DAY = 86_400_000

/** A Friday, at noon. */
export const NOON = instant(Date.UTC(2026, 9, 2, 12, 0, 0))

export const past = (ms: number): Instant => instant(NOON + ms)
export const at = (text: string): Instant => instant(Date.parse(text))

const LEVELS: Readonly<Partial<Record<EventName, Level>>> = {
  proposal: 'action',
  refused: 'info',
  whales: 'info',
  run: 'info',
}

let told = 0

/** An announcement as the record would give it; each has its own id and version. */
export function made(event: EventName, change: Partial<Announcement> = {}): Announcement {
  told += 1
  const level = LEVELS[event] ?? (EVENTS[event].telegram === 'page' ? 'page' : 'outcome')
  const said = reply(`📄 PAPER · ${event} ${told}`)
  return { id: `${told}.0`, version: told, at: NOON, level, event, reply: said, ...change }
}

/** A card that waits for a minute and a half. */
export function card(short: string, now: Instant, whale = 'a', change: Partial<Announcement> = {}): Announcement {
  const asked = reply(`📄 PAPER · BUY ${short}`).press('Approve', `approve ${short}`)
  const wallet = `0x${whale.repeat(40)}`
  return made('proposal', {
    subject: `card:${short}`,
    expiresAt: instant(now + 90 * SECOND),
    reply: asked.press('Mute', `whale ${wallet} mute 24h`),
    ...change,
  })
}

/** The card is told how it ended. */
export function ended(short: string): Announcement {
  const said = reply(`📄 PAPER · ${short} DECLINED`)
  return made('proposal', { subject: `card:${short}`, isUpdate: true, reply: said })
}

export function person(
  id: string,
  loudness: Readonly<Record<string, Loudness>> = {},
  more: Partial<NoticeSettings> & { readonly on?: readonly ('discord' | 'telegram')[] } = {},
): Listener {
  const { on = ['discord', 'telegram'], ...settings } = more
  const accounts = Object.fromEntries(on.map(surface => [surface, [`${surface}-${id}`]]))
  return { id: id as PersonId, accounts, notice: { ...PLAIN_NOTICE, loudness, ...settings } }
}

type Wish = Partial<NoticeOptions['places']> & { readonly people?: readonly Listener[] }

/** The machine with people who may be exchanged, and trading that may be held. */
export function telling({ people = [person('ann')], ...places }: Wish = {}): {
  readonly notices: Notices
  readonly options: NoticeOptions
  readonly world: { people: readonly Listener[]; trading: TradingState }
} {
  const world = { people, trading: 'active' as TradingState }
  const options: NoticeOptions = {
    places: { discord: true, telegram: true, telegramGroup: false, ...places },
    people: () => world.people,
    trading: () => world.trading,
  }
  return { notices: createNotices(options), options, world }
}

/** Notices as one line each, to be compared: place, loudness, and whether it only edits. */
export function lines(notices: readonly Notice[]): readonly string[] {
  return notices.map(({ place, event, loudness, isUpdate }) => {
    const where = place.person === undefined ? place.surface : `${place.surface}/${place.person}`
    return `${where} ${place.purpose}: ${event} ${isUpdate ? 'edited' : loudness}`
  })
}

export function sounding(notices: readonly Notice[]): readonly Notice[] {
  return notices.filter(({ loudness }) => loudness !== 'silent')
}

/** Everything that is due from one time to another, each when it is due. */
export function passed(notices: Notices, from: Instant, to: Instant): readonly (Notice & { readonly at: Instant })[] {
  const all: (Notice & { readonly at: Instant })[] = []
  let now = from
  for (let times = 0; times < 10_000; times += 1) {
    const due = notices.nextAt(now)
    if (due === undefined || due > to) return all
    now = due
    all.push(...notices.tick(now).map(notice => ({ ...notice, at: now })))
  }
  throw new Error('something is due again and again')
}

/** Every word of a notice, on lines. */
export function words({ reply: said }: Pick<Notice, 'reply'>): string {
  const blocks = said.blocks.map(block => {
    if (block.kind === 'rows' || block.kind === 'table') return block.rows.map(row => row.join(' | ')).join('\n')
    return block.kind === 'code' ? block.lines.join('\n') : block.text
  })
  return [said.title, ...blocks].join('\n')
}
