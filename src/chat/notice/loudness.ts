import { LOUDNESSES, type Loudness, type NoticeSettings, PLAIN_NOTICE } from '../../core/people/notice.ts'
import type { Instant } from '../../core/units/ids.ts'
import type { Announcement, Level } from '../announce-words.ts'
import { EVENTS, type EventName, type Purpose } from './events.ts'
import { isQuiet } from './local-time.ts'
import {
  CHAT_SURFACES,
  type ChatSurface,
  type Listener,
  type NoticeOptions,
  purposeOf,
  type Target,
  targetKey,
} from './notice.ts'

/** How loudly one thing is wanted in one place. */
export type Wish = {
  readonly target: Target
  readonly key: string
  readonly loudness: Loudness
  /** Whether it is its person's quiet hours, and this no page. */
  readonly isQuiet: boolean
  readonly calls: readonly string[]
}

/** As much of an announcement as says who wants it how loudly. */
export type Asked = Pick<Announcement, 'event' | 'level' | 'purpose'>

/** Whether these wake people unless they say otherwise: of such a thing everybody hears on one surface at least. */
export function isPageEvent(event: EventName): boolean {
  return CHAT_SURFACES.some(surface => EVENTS[event][surface] === 'page')
}

/** Summaries are told when their time comes: they wake nobody, and have no digest to go to. */
export function isSummary(event: EventName): boolean {
  return event === 'daily' || event === 'digest'
}

export function isBelow(one: Loudness, other: Loudness): boolean {
  return LOUDNESSES.indexOf(one) < LOUDNESSES.indexOf(other)
}

/** What a person has set of an event on a surface, if anything. */
export function setBy(settings: NoticeSettings, surface: ChatSurface, event: EventName): Loudness | undefined {
  return settings.loudness[`${surface}:${event}`] ?? settings.loudness[`*:${event}`]
}

/** What is wanted of an event on a surface, by a person's setting or as usual. */
export function wantedBy(settings: NoticeSettings, surface: ChatSurface, event: EventName): Loudness {
  return setBy(settings, surface, event) ?? EVENTS[event][surface]
}

/** Every place that a purpose has, shared ones first. */
export function targetsFor(purpose: Purpose, { places, people }: NoticeOptions): readonly Target[] {
  const shared: Target[] = []
  if (places.discord) shared.push({ surface: 'discord', purpose, person: undefined })
  if (places.telegramGroup) shared.push({ surface: 'telegram', purpose, person: undefined })
  const own = people().filter(person => places.telegram && hasAccount(person, 'telegram'))
  return [...shared, ...own.map(({ id }) => ({ surface: 'telegram', purpose, person: id }) as const)]
}

/** How loudly each place wants it at that time. What a shared place wants is the most that any of its people want. */
export function wishesFor(asked: Asked, at: Instant, options: NoticeOptions): readonly Wish[] {
  const people = options.people().map(person => ({ person, wants: wantsOf(person, asked, options) }))
  return targetsFor(purposeOf(asked), options).map(target => {
    const { surface, person: owner } = target
    const here = people.flatMap(({ person, wants }) => {
      const loudness = wants[surface]
      if (loudness === undefined || (owner !== undefined && person.id !== owner)) return []
      return [{ person, loudness, isAsleep: asked.level !== 'page' && isQuiet(person.notice.quiet, at) }]
    })
    if (owner !== undefined) {
      const [mine] = here
      const wish = { loudness: mine?.loudness ?? 'off', isQuiet: mine?.isAsleep ?? false }
      return { target, key: targetKey(target), ...wish, calls: [] }
    }
    // A channel makes a sound only if somebody who is awake wants one; it is still written there.
    const heard = here.map(({ loudness, isAsleep }) => (isAsleep && loudness === 'on' ? 'silent' : loudness))
    const loudness = here.length === 0 ? usual(asked, surface) : heard.reduce(louder, 'off')
    const calls = here.flatMap(({ person, loudness }) => (loudness === 'page' ? (person.accounts[surface] ?? []) : []))
    return { target, key: targetKey(target), loudness, isQuiet: false, calls }
  })
}

/** What one person wants of it on each of the surfaces that reach them; a page is `on` at least on one of them. */
function wantsOf(
  person: Listener,
  asked: Asked,
  { places }: NoticeOptions,
): Readonly<Partial<Record<ChatSurface, Loudness>>> {
  const { event, level } = asked
  const reached = CHAT_SURFACES.filter(surface => {
    const isThere = surface === 'discord' ? places.discord : places.telegram || places.telegramGroup
    return isThere && hasAccount(person, surface)
  })
  const wants: Partial<Record<ChatSurface, Loudness>> = {}
  for (const surface of reached) {
    const wanted = setBy(person.notice, surface, event)
    wants[surface] = wanted === undefined ? usual(asked, surface) : fitted(wanted, event, level)
  }
  if (level !== 'page' || Object.values(wants).some(loudness => !isBelow(loudness, 'on'))) return wants
  const raised = reached.includes('telegram') ? 'telegram' : reached[0]
  return raised === undefined ? wants : { ...wants, [raised]: 'on' }
}

function usual({ event, level }: Asked, surface: ChatSurface): Loudness {
  return level === 'page' ? 'page' : fitted(wantedBy(PLAIN_NOTICE, surface, event), event, level)
}

/** What a wish comes to: the end of what wakes people wakes nobody, and neither does a summary. */
function fitted(wanted: Loudness, event: EventName, level: Level): Loudness {
  if (isSummary(event)) return wanted === 'page' ? 'on' : wanted === 'digest' ? 'silent' : wanted
  return wanted === 'page' && level !== 'page' && isPageEvent(event) ? 'silent' : wanted
}

function hasAccount({ accounts }: Listener, surface: ChatSurface): boolean {
  return (accounts[surface]?.length ?? 0) > 0
}

function louder(one: Loudness, other: Loudness): Loudness {
  return isBelow(one, other) ? other : one
}
