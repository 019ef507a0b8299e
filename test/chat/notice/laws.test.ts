import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Announcement } from '../../../src/chat/announce-words.ts'
import { EVENT_NAMES, EVENTS, type EventName } from '../../../src/chat/notice/events.ts'
import type { Listener, Notice } from '../../../src/chat/notice/notice.ts'
import { createNotices, type Notices } from '../../../src/chat/notice/notices.ts'
import { reply } from '../../../src/chat/reply.ts'
import { LOUDNESSES, type Loudness } from '../../../src/core/people/notice.ts'
import type { TradingState } from '../../../src/core/risk/holds.ts'
import { type Instant, instant, type PersonId } from '../../../src/core/units/ids.ts'
import { card, DAY, HOUR, MINUTE, NOON, passed, person, SECOND } from './made.ts'

type Step =
  | {
      readonly do: 'tell'
      readonly event: EventName
      readonly about: number
      readonly isUpdate: boolean
      readonly ttl: number
    }
  | { readonly do: 'acknowledge'; readonly which: number }
  | { readonly do: 'hold'; readonly trading: TradingState }
  | { readonly do: 'wait'; readonly ms: number }

const anyEvent = fc.constantFrom(...EVENT_NAMES.filter(event => event !== 'daily' && event !== 'digest'))
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('tell' as const),
      event: anyEvent,
      about: fc.integer({ min: 0, max: 6 }),
      isUpdate: fc.integer({ min: 0, max: 5 }).map(dice => dice === 0),
      ttl: fc.integer({ min: -1, max: 120 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), which: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      trading: fc.constantFrom<TradingState>('active', 'reducing', 'halted'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(0, SECOND, 30 * SECOND, 2 * MINUTE, 20 * MINUTE, 3 * HOUR, 11 * HOUR),
    }),
  },
)

const anyLoudness = fc.constantFrom<Loudness>(...LOUDNESSES)
const anySetting = fc.tuple(fc.constantFrom('*', 'discord', 'telegram'), anyEvent, anyLoudness)
const anyPerson = (id: string): fc.Arbitrary<Listener> =>
  fc
    .record({
      settings: fc.array(anySetting, { maxLength: 12 }),
      isQuiet: fc.boolean(),
      from: fc.integer({ min: 0, max: 700 }),
      to: fc.integer({ min: 701, max: 1_439 }),
      on: fc.subarray(['discord', 'telegram'] as const),
    })
    .map(({ settings, isQuiet, from, to, on }) => {
      const loudness = Object.fromEntries(settings.map(([surface, event, wish]) => [`${surface}:${event}`, wish]))
      return person(id, loudness, { on, quiet: isQuiet ? { zone: 'Europe/Rome', from, to } : undefined })
    })
const anyPeople = fc.tuple(anyPerson('ann'), anyPerson('bob'), anyPerson('eve'))
const anyPlaces = fc.record({ discord: fc.boolean(), telegram: fc.boolean(), telegramGroup: fc.boolean() })
const anySteps = fc.array(anyStep, { maxLength: 60 })

function announced(step: Extract<Step, { readonly do: 'tell' }>, number: number, at: Instant): Announcement {
  const { event, about, isUpdate } = step
  const base = { id: `${number}.0`, version: number, at, event, reply: reply(`📄 PAPER · ${event} ${number}`) }
  if (event === 'proposal') {
    const asked = { ...card(`C${about}`, at, 'abc'[about % 3]), ...base, expiresAt: instant(at + step.ttl * SECOND) }
    return isUpdate ? { ...asked, isUpdate } : asked
  }
  const isPage = EVENTS[event].telegram === 'page' && !isUpdate
  const level = isPage ? 'page' : event === 'refused' ? 'info' : 'outcome'
  const named = about < 4 ? { subject: `${EVENTS[event].purpose}:${about}` } : about < 6 ? { group: `g${about}` } : {}
  return { ...base, level, ...named, ...(isUpdate && { isUpdate }) }
}

type World = {
  readonly people: readonly Listener[]
  readonly places: { readonly discord: boolean; readonly telegram: boolean; readonly telegramGroup: boolean }
}
type Given = { readonly at: Instant; readonly told: Announcement | undefined; readonly notices: readonly Notice[] }

/** Plays the steps, each thing when it is due, and gives what was given out by each call; at one step another process goes on. */
function played({ people, places }: World, steps: readonly Step[], restartAt?: number) {
  let trading: TradingState = 'active'
  const begin = (): Notices => createNotices({ people: () => people, places, trading: () => trading })
  const given: Given[] = []
  let notices = begin()
  let now = NOON
  given.push({ at: now, told: undefined, notices: notices.tick(now) })
  for (const [index, step] of steps.entries()) {
    if (index === restartAt) {
      const text = notices.freeze()
      notices = begin()
      expect(notices.thaw(text)).toBe(true)
    }
    switch (step.do) {
      case 'tell': {
        const told = announced(step, index + 1, now)
        given.push({ at: now, told, notices: notices.tell(told, now) })
        break
      }
      case 'acknowledge': {
        const page = notices.pages()[step.which]
        const seen = page === undefined ? [] : notices.acknowledge(page.id, 'ann' as PersonId, now)
        given.push({ at: now, told: undefined, notices: seen })
        break
      }
      case 'hold':
        trading = step.trading
        break
      case 'wait':
        for (const notice of passed(notices, now, instant(now + step.ms)))
          given.push({ at: notice.at, told: undefined, notices: [notice] })
        now = instant(now + step.ms)
    }
  }
  return { given, notices, now }
}

const anyWorld = fc.record({ people: anyPeople, places: anyPlaces })

/** Whether a notice reaches a person: in their own chat, or in a place that they share. */
function reaches({ place }: Notice, { id, accounts }: Listener): boolean {
  return place.person === id || (place.person === undefined && (accounts[place.surface]?.length ?? 0) > 0)
}

test('a page is told to everybody who can be reached, with a sound, at once', () => {
  fc.assert(
    fc.property(anyWorld, anySteps, (world, steps) => {
      const { places } = world
      for (const { told, notices } of played(world, steps).given) {
        if (told?.level !== 'page') continue
        for (const each of world.people) {
          const isReached =
            (places.discord && each.accounts.discord !== undefined) ||
            ((places.telegram || places.telegramGroup) && each.accounts.telegram !== undefined)
          const heard = notices.filter(
            notice => !notice.isUpdate && notice.loudness !== 'silent' && reaches(notice, each),
          )
          if (isReached) expect(heard).not.toEqual([])
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('a page is repeated to everybody who got it, until a person has seen it or it is over', () => {
  fc.assert(
    fc.property(anyWorld, anySteps, (world, steps) => {
      const { places } = world
      const people = world.people.map(each => ({ ...each, notice: { ...each.notice, loudness: {} } }))
      const { notices, now } = played({ people, places }, steps)
      const pages = notices.pages().filter(page => now - page.at < 20 * HOUR)
      const again = passed(notices, now, instant(now + 11 * MINUTE))
      for (const { id, acknowledgedBy } of pages) {
        const repeats = again.filter(({ subject }) => subject?.startsWith(`page:${id}:`))
        const isReached = places.discord || (places.telegram && people.some(({ accounts }) => accounts.telegram))
        if (acknowledgedBy !== undefined) expect(repeats).toEqual([])
        else if (isReached)
          expect(repeats.every(({ loudness }) => loudness === 'page') && repeats.length > 0).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})

test('nothing is told that is off', () => {
  fc.assert(
    fc.property(anyWorld, anySteps, (world, steps) => {
      for (const { notices } of played(world, steps).given) {
        for (const { place, event, isUpdate, level } of notices) {
          const owner = world.people.find(({ id }) => id === place.person)
          if (isUpdate || owner === undefined) continue
          const { loudness } = owner.notice
          const wish = loudness[`telegram:${event}`] ?? loudness[`*:${event}`] ?? EVENTS[event].telegram
          if (level !== 'page') expect(wish).not.toBe('off')
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('in quiet hours only pages make a sound, and nothing but pages and cards is told', () => {
  fc.assert(
    fc.property(anyWorld, anySteps, (world, steps) => {
      for (const { at, notices } of played(world, steps).given) {
        for (const notice of notices) {
          const quiet = world.people.find(({ id }) => id === notice.place.person)?.notice.quiet
          if (quiet === undefined) continue
          // Rome is two hours before UTC then.
          const minute = Math.floor(((at + 2 * HOUR) % DAY) / MINUTE)
          if (minute < quiet.from || minute >= quiet.to) continue
          const isPage = notice.loudness === 'page' || notice.level === 'page'
          const isQuiet = notice.loudness === 'silent' && (notice.isUpdate || notice.subject !== undefined)
          expect(isPage || isQuiet).toBe(true)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('nothing is told that has expired', () => {
  fc.assert(
    fc.property(anyWorld, anySteps, (world, steps) => {
      for (const { at, notices } of played(world, steps).given) {
        for (const { expiresAt } of notices) if (expiresAt !== undefined) expect(expiresAt).toBeGreaterThan(at)
      }
    }),
  )
})

test('the versions of one message only rise', () => {
  fc.assert(
    fc.property(anyWorld, anySteps, (world, steps) => {
      const shown = new Map<string, number>()
      for (const { notices } of played(world, steps).given) {
        for (const { place, subject, version } of notices) {
          if (subject === undefined) continue
          const key = `${place.surface} ${place.purpose} ${place.person} ${subject}`
          expect(version).toBeGreaterThan(shown.get(key) ?? -1)
          shown.set(key, version)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('the same calls give the same notices, also over a restart', () => {
  fc.assert(
    fc.property(anyWorld, anySteps, fc.nat(60), (world, steps, restartAt) => {
      const { given } = played(world, steps)
      expect(played(world, steps).given).toEqual(given)
      expect(played(world, steps, restartAt).given).toEqual(given)
    }),
  )
})

test('what is remembered is bounded, whatever comes', () => {
  const people = [person('ann', { '*:failed': 'page' }), person('bob', { '*:refused': 'silent' })]
  const notices = createNotices({
    people: () => people,
    places: { discord: true, telegram: true, telegramGroup: false },
    trading: () => 'active',
  })
  const sizes: number[] = []
  const events = EVENT_NAMES.filter(event => event !== 'daily' && event !== 'digest')
  for (let number = 0; number < 100_000; number += 1) {
    const at = instant(NOON + number * 700)
    const event = events[number % events.length] ?? 'filled'
    const named = number % 3 === 0 ? { group: `w${number}:1:buy` } : { subject: `s:${number}` }
    const step = { do: 'tell', event, about: 6, isUpdate: false, ttl: 60 } as const
    const told = { ...announced(step, number, at), ...named }
    notices.tell(told, at)
    if (number % 1_000 === 0) notices.tick(at)
    if (number === 50_000 || number === 99_999) sizes.push(notices.freeze().length)
  }
  const [half = 0, all = 0] = sizes
  expect(all).toBeLessThan(1_500_000)
  expect(all).toBeLessThan(half * 1.05)
  expect(notices.pages().length).toBeLessThan(events.length * 20)
}, 120_000)
