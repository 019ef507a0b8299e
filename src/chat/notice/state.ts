import { createHash } from 'node:crypto'
import type { Instant, PersonId } from '../../core/units/ids.ts'
import { Reply } from '../reply.ts'
import type { EventName, Purpose } from './events.ts'
import type { Notice } from './notice.ts'

/**
 * A page: running, until a person acknowledges it or its cause is over.
 *
 *   opened ──► running ──► acknowledged ──► over
 *                 └──────────────────────────┘
 */
export type Page = {
  readonly id: string
  readonly event: EventName
  readonly level: Notice['level']
  readonly purpose: Purpose
  /** What the announcement was about; the same event about the same is the same cause. */
  readonly about: string
  readonly reply: Reply
  readonly version: number
  readonly openedAt: Instant
  /** When its cause was last told. */
  readonly toldAt: Instant
  /** How often its cause was told, and how many earlier pages it carries on. */
  readonly times: number
  readonly carried: number
  /** The places that got it. */
  readonly places: readonly string[]
  readonly repeats: number
  readonly dueAt?: Instant
  readonly acknowledged?: { readonly by: PersonId; readonly at: Instant }
  readonly over?: { readonly why: string; readonly at: Instant }
}

/** Where a subject was told: the message's own subject there, and how loudly it was told. */
export type Standing = Readonly<Record<string, readonly [subject: string, loudness: Notice['loudness']]>>

/** A proposal that had no message of its own. */
export type FoldedItem = {
  readonly short: string
  readonly about: string
  readonly title: string
  readonly expiresAt: Instant | undefined
}

/** One message that stands for many, and grows: `count` so far, since when, at which version. */
export type Growing = {
  readonly subject: string
  readonly since: Instant
  readonly count: number
  readonly version: number
}

export type Digest = {
  readonly since: Instant
  readonly count: number
  readonly reasons: Readonly<Record<string, number>>
  readonly examples: readonly string[]
  /** What quiet hours held back, with when it happened. */
  readonly held: readonly (readonly [at: Instant, title: string])[]
}

/** All that is remembered of what was told to whom. Plain enough to be written down and read back; every map is bounded. */
export type NoticeState = {
  /** The latest version that was heard of. */
  latest: number
  readonly pages: Map<string, Page>
  /** By purpose and subject. */
  readonly told: Map<string, Standing>
  /** By place: the proposals of the last hour that were sent to it. */
  readonly sent: Map<string, readonly { readonly at: Instant; readonly whale: string }[]>
  /** By place: the proposals that were not, in one message. */
  readonly folded: Map<string, Growing & { readonly items: readonly FoldedItem[] }>
  /** By place, group and loudness. */
  readonly bursts: Map<string, Growing>
  /** By place: what was refused while trading is held. */
  readonly banners: Map<string, Growing>
  /** By the place that the digest goes to. */
  readonly digests: Map<string, Digest>
  /** By the place that the daily summary goes to: the last day, there, whose summary was given. */
  readonly dailies: Map<string, number>
}

/** Subjects beyond this are days old. */
export const TOLD_MAX = 2_000

export function emptyNoticeState(): NoticeState {
  return {
    latest: 0,
    pages: new Map(),
    told: new Map(),
    sent: new Map(),
    folded: new Map(),
    bursts: new Map(),
    banners: new Map(),
    digests: new Map(),
    dailies: new Map(),
  }
}

/** To be raised with every change of the state's shape: what another program wrote is begun anew. */
const SHAPE = 1
const SUM_LETTERS = 16

/** The state as text: its shape, a sum by which damage shows, and JSON. */
export function frozenState(state: NoticeState): string {
  const json = JSON.stringify(state, (_, value: unknown) => (value instanceof Map ? [...value] : value))
  return `${SHAPE} ${sumOf(json)} ${json}`
}

/** The state of such a text; `undefined` for one that is damaged, or of another shape. */
export function thawedState(text: string): NoticeState | undefined {
  const [, shape, sum, json = ''] = /^(\d+) (\S+) ([\s\S]*)$/.exec(text) ?? []
  if (shape !== String(SHAPE) || sum !== sumOf(json)) return undefined
  // Nobody but `frozenState` wrote what carries its sum, so its types hold.
  const read = JSON.parse(json) as Readonly<Record<keyof NoticeState, never[]>> & { readonly latest: number }
  const pages = read.pages as readonly (readonly [string, Page])[]
  return {
    latest: read.latest,
    pages: new Map(pages.map(([id, page]) => [id, { ...page, reply: replyOf(page.reply) }])),
    told: new Map(read.told),
    sent: new Map(read.sent),
    folded: new Map(read.folded),
    bursts: new Map(read.bursts),
    banners: new Map(read.banners),
    digests: new Map(read.digests),
    dailies: new Map(read.dailies),
  }
}

/** A reply out of JSON, which has no word for what is missing. */
function replyOf(parts: Reply): Reply {
  const presses = parts.presses.map(press => ({ ...press, asks: press.asks }))
  return new Reply({ ...parts, presses, picture: undefined })
}

function sumOf(json: string): string {
  return createHash('sha256').update(json).digest('base64url').slice(0, SUM_LETTERS)
}
