import type { Fact } from '../core/engine/fact.ts'
import type { Account, Fill } from '../core/order/order.ts'
import type { Limits } from '../core/risk/limits.ts'
import type { Instant, OrderKey, SignalId } from '../core/units/ids.ts'
import type { Usd } from '../core/units/money.ts'
import type { Signal } from '../core/whale/signal.ts'
import { clean, NAME_GRAPHEMES, personText, shorten, whaleText } from './format.ts'
import { type Notebook, type SignalNote, signalNote } from './notebook.ts'
import type { EventName, Purpose } from './notice/events.ts'
import type { Reply } from './reply.ts'

/** How loudly it is said: wakes people, waits for one, tells what became of something, or is nice to know. */
export type Level = 'page' | 'action' | 'outcome' | 'info'

/** The `id` is the same whenever the same entry is told again, so that a surface can drop a repeat. */
export type Announcement = Message & { readonly id: string; readonly version: number; readonly at: Instant }

/** Something to be said, before it has a place in the journal. */
export type Message = {
  readonly level: Level
  /** What happened, as people set how loudly they hear of it. */
  readonly event: EventName
  readonly reply: Reply
  /** What it is about: where a message for the same purpose and subject stands already, this one takes its place. */
  readonly subject?: string
  /** Only ever takes the place of an earlier message, and is not sent where there is none. */
  readonly isUpdate?: boolean
  /** The message of another purpose that it brings up to date: the card that asked, told how it ended. */
  readonly purpose?: Purpose
  /** From then on it is not worth sending. */
  readonly expiresAt?: Instant
  /** What is told of the same in a short time is one message that grows. */
  readonly group?: string
}

/** What announcements need to know beside the facts. */
export type AnnounceContext = {
  /** Whether the market itself is a simulation, and not only the money. */
  readonly isSimulated: boolean
  /** What a stake is a share of. */
  readonly equity: Usd
  /** What a card may offer is held to them. */
  readonly limits: Limits
  /** What was noted of the entries before this one. */
  readonly notebook: Notebook
}

/** One entry on its way to words: its facts, and what they add to the notebook. */
export type Telling = {
  readonly at: Instant
  readonly facts: readonly Fact[]
  readonly context: AnnounceContext
  readonly fresh: Notebook
}

/** What is said of one fact: one message, several, or nothing. */
export type Said = Message | readonly Message[] | undefined

/** The longest first line, which is what a phone shows of a notification. */
export const HEADLINE_MAX = 110

/** Whose money, and whether even the market is made up. Nothing about a trade is said without it. */
export function badge(isSimulated: boolean, account: Account = 'paper'): string {
  const money = account === 'live' ? '🔴 LIVE' : '📄 PAPER'
  return isSimulated ? `${money} · SIMULATED MARKET` : money
}

/** A first line: what must be read, the market's title in what room is left, and what follows it. */
export function headline(before: string, title: string, after: readonly string[], most = HEADLINE_MAX): string {
  const tail = after.filter(part => part !== '').map(part => ` · ${part}`)
  const room = most - [...before].length - [...tail.join('')].length - 3
  const shown = room < 8 ? '' : ` · ${shorten(clean(title), room)}`
  return shorten(`${before}${shown}${tail.join('')}`, most)
}

export function noted(telling: Telling, id: SignalId): SignalNote {
  return signalNote(telling.context.notebook, telling.fresh, id)
}

export function orderNote({ context, fresh }: Telling, key: OrderKey) {
  return fresh.orders.get(key) ?? context.notebook.orders.get(key)
}

export function fillsOf(telling: Telling, key: OrderKey): readonly Fill[] {
  return telling.facts.flatMap(fact => (fact.kind === 'orderFilled' && fact.order === key ? [fact.fill] : []))
}

export function marketOf({ weighed, signal }: SignalNote): { readonly title: string; readonly outcome: string } {
  if (weighed !== undefined) return weighed.market
  const trade = signal?.origin.kind === 'whale' ? signal.origin.trade : undefined
  return { title: trade?.title ?? '', outcome: trade?.outcome ?? '?' }
}

export function outcomeText(outcome: string): string {
  return clean(outcome, NAME_GRAPHEMES) || '?'
}

/** Whose wish a signal is: the whale, or the person who closes. */
export function originText(signal: Signal, { context }: Telling): string {
  if (signal.origin.kind === 'person') return personText(signal.origin.by)
  const { whale, name } = signal.origin.trade
  return whaleText(context.notebook.whales.get(whale) || name, whale)
}
