import type { NoticeSettings } from '../../core/people/notice.ts'
import type { TradingState } from '../../core/risk/holds.ts'
import type { Instant, PersonId } from '../../core/units/ids.ts'
import type { Announcement, Level } from '../announce-words.ts'
import type { Reply } from '../reply.ts'
import { EVENTS, type EventName, PURPOSES, type Purpose } from './events.ts'

/** The surfaces on which people are told something of its own accord. */
export type ChatSurface = 'discord' | 'telegram'

export const CHAT_SURFACES: readonly ChatSurface[] = ['discord', 'telegram']

/** Where something is told: a channel or topic that all share, or one person's own chat. */
export type Target = { readonly surface: ChatSurface; readonly purpose: Purpose; readonly person: PersonId | undefined }

/** One person, as far as telling goes: the accounts to reach them by, and what they have set. */
export type Listener = {
  readonly id: PersonId
  readonly accounts: Readonly<Partial<Record<ChatSurface, readonly string[]>>>
  readonly notice: NoticeSettings
}

export type NoticeOptions = {
  /** What there is: the channels of Discord, the private chats of Telegram, and a group of Telegram with topics. */
  readonly places: { readonly discord: boolean; readonly telegram: boolean; readonly telegramGroup: boolean }
  readonly people: () => readonly Listener[]
  /** Whether anything holds trading now: refusals meanwhile are one message. */
  readonly trading: () => TradingState
  readonly budget?: Budget
}

/** What one place is sent in an hour, in all and of one whale, as cards of their own. */
export type Budget = { readonly proposals: number; readonly ofOneWhale: number }

export const BUDGET: Budget = { proposals: 12, ofOneWhale: 4 }

/** The smaller goes first. */
export const PRIORITY = { page: 0, action: 1, update: 2, outcome: 3, info: 4, digest: 5 } as const

export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY]

/** One message to one place, decided: how loudly, how urgently, and which earlier message it takes the place of. */
export type Notice = {
  readonly place: Target
  /** The same again is the same notice. At most 25 letters, where the announcement's own id is no longer. */
  readonly id: string
  readonly event: EventName
  readonly level: Level
  readonly loudness: 'silent' | 'on' | 'page'
  readonly reply: Reply
  /** Where a message of the same place, purpose and subject stands already, this one takes its place, without a sound. */
  readonly subject?: string
  /** Only ever takes the place of an earlier message. */
  readonly isUpdate: boolean
  /** Never falls for one subject, and rises with every change of its words. */
  readonly version: number
  readonly expiresAt?: Instant
  readonly priority: Priority
  /** Accounts of a shared place that are called by name, since it is a page for them. */
  readonly calls: readonly string[]
  /** Its words and picture are still to be made by who tells it. */
  readonly needsSummary?: true
}

/** A page, for those who look what is still to be acknowledged. */
export type PageView = {
  readonly id: string
  readonly at: Instant
  readonly title: string
  readonly acknowledgedBy?: PersonId
}

export function purposeOf({ purpose, event }: Pick<Announcement, 'purpose' | 'event'>): Purpose {
  return purpose ?? EVENTS[event].purpose
}

/** A target as the key of a map. Persons come last, since their names may be anything. */
export function targetKey({ surface, purpose, person }: Target): string {
  return person === undefined ? `${surface} ${purpose}` : `${surface} ${purpose} ${person}`
}

/** The target of such a key; `undefined` for what is none. */
export function targetOf(key: string): Target | undefined {
  const [, first, second, person] = /^(\w+) (\w+)(?: ([\s\S]+))?$/.exec(key) ?? []
  const surface = CHAT_SURFACES.find(each => each === first)
  const purpose = PURPOSES.find(each => each === second)
  if (surface === undefined || purpose === undefined) return undefined
  return { surface, purpose, person: person as PersonId | undefined }
}
