import type { Loudness } from '../../core/people/notice.ts'

/** What a place is for: a channel of Discord, a topic of Telegram. */
export type Purpose = 'approvals' | 'fills' | 'risk' | 'log'

export const PURPOSES: readonly Purpose[] = ['approvals', 'fills', 'risk', 'log']

/** One kind of happening: where it is told, how loudly unless a person says otherwise, and what it is, for people. */
type EventRule = {
  readonly purpose: Purpose
  readonly discord: Loudness
  readonly telegram: Loudness
  readonly about: string
}

/**
 * Every kind of happening that people are told of. A page wakes somebody, and is repeated until a person acknowledges it; what waits
 * for a person makes a sound; what became of something makes none; what was not done is for the log and the digest.
 */
export const EVENTS = {
  proposal: rule('approvals', 'on', 'on', 'a trade waits for a person'),
  ordered: rule('fills', 'silent', 'silent', 'a trade is being copied, and nobody is asked'),
  approved: rule('log', 'silent', 'off', 'a person said yes'),
  declined: rule('log', 'silent', 'off', 'a person said no'),
  expired: rule('log', 'silent', 'off', 'nobody decided in time'),
  withdrawn: rule('log', 'silent', 'silent', 'a trade was taken back before it was copied'),
  refused: rule('log', 'silent', 'digest', 'a trade was not copied, and why'),
  failed: rule('fills', 'on', 'on', 'what a person approved or asked for was not done'),
  filled: rule('fills', 'silent', 'silent', 'an order was filled'),
  closed: rule('fills', 'silent', 'silent', 'a position came to its end'),
  uncertain: rule('risk', 'page', 'page', 'an order whose answer was lost'),
  certain: rule('risk', 'silent', 'silent', 'what became of such an order'),
  breaker: rule('risk', 'page', 'page', 'a breaker opened, and trading stops'),
  stop: rule('risk', 'page', 'page', 'a person stopped trading'),
  pause: rule('risk', 'on', 'on', 'a person paused buying'),
  resume: rule('risk', 'on', 'on', 'what held trading is gone'),
  books: rule('risk', 'page', 'page', 'our books and the venue differ'),
  blind: rule('risk', 'page', 'page', 'trades are not seen in full'),
  seen: rule('risk', 'silent', 'silent', 'trades are seen again'),
  surface: rule('risk', 'page', 'page', 'Discord or Telegram cannot be reached'),
  mode: rule('risk', 'on', 'on', 'the mode was changed, or a change was refused'),
  limits: rule('risk', 'on', 'on', 'limits were changed'),
  people: rule('log', 'silent', 'silent', 'accounts of people were linked'),
  whales: rule('log', 'silent', 'digest', 'wallets that are followed were changed'),
  doubt: rule('log', 'silent', 'silent', 'two sources disagree on a trade'),
  run: rule('log', 'silent', 'digest', 'the process started, and what it waits for'),
  daily: rule('log', 'silent', 'on', 'the summary of a day, with a picture'),
  digest: rule('log', 'silent', 'silent', 'what was not worth a message of its own'),
} as const satisfies Readonly<Record<string, EventRule>>

export type EventName = keyof typeof EVENTS

export const EVENT_NAMES = Object.keys(EVENTS) as readonly EventName[]

function rule(purpose: Purpose, discord: Loudness, telegram: Loudness, about: string): EventRule {
  return { purpose, discord, telegram, about }
}
