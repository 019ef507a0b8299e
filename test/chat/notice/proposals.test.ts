import { describe, expect, test } from 'vitest'
import type { Notice } from '../../../src/chat/notice/notice.ts'
import { BUDGET } from '../../../src/chat/notice/notice.ts'
import { reply } from '../../../src/chat/reply.ts'
import { card, ended, HOUR, lines, MINUTE, made, NOON, past, person, SECOND, sounding, telling, words } from './made.ts'

const own = { discord: false }
const WHALES = 'abcdef'
const text = (notice: Notice | undefined): string => words(notice ?? { reply: reply('') })

/** So many cards, one a second, of whales in turn. */
function cards(count: number, whales = WHALES, from = 0, name = 'C') {
  return Array.from({ length: count }, (_, index) => {
    const now = past(from + index * SECOND)
    return { now, told: card(`${name}${index}`, now, whales[index % whales.length] ?? 'a') }
  })
}

describe('proposals', () => {
  test('make a sound twelve times an hour, and from then on are one list', () => {
    const { notices } = telling(own)
    const told = cards(40).flatMap(({ told, now }) => notices.tell(told, now))
    expect(sounding(told)).toHaveLength(BUDGET.proposals)
    const listed = told.slice(BUDGET.proposals)
    expect(new Set(listed.map(({ subject }) => subject)).size).toBe(1)
    expect(listed.every(({ loudness, isUpdate }) => loudness === 'silent' && !isUpdate)).toBe(true)
  })

  test('of one whale make a sound four times an hour', () => {
    const { notices } = telling(own)
    const told = cards(10, 'a').flatMap(({ told, now }) => notices.tell(told, now))
    expect(sounding(told)).toHaveLength(BUDGET.ofOneWhale)
  })

  test('of a whale that its group names count as its own', () => {
    const { notices } = telling(own)
    const told = cards(10).flatMap(({ told, now }) => notices.tell({ ...told, group: '0xa:1:buy' }, now))
    expect(sounding(told)).toHaveLength(BUDGET.ofOneWhale)
  })

  test('have their hour again an hour later, and a list of their own', () => {
    const { notices } = telling(own)
    const first = cards(20).flatMap(({ told, now }) => notices.tell(told, now))
    const second = cards(20, WHALES, HOUR + MINUTE, 'D').flatMap(({ told, now }) => notices.tell(told, now))
    expect(sounding(second)).toHaveLength(BUDGET.proposals)
    expect(second.at(-1)?.subject).not.toBe(first.at(-1)?.subject)
  })

  test('that are listed are named, so that they can be decided', () => {
    const { notices } = telling(own)
    const last = cards(BUDGET.proposals + 3)
      .flatMap(({ told, now }) => notices.tell(told, now))
      .at(-1)
    expect(last?.reply.title).toBe('3 further trades to decide (3 further trades since 12:00:12Z)')
    for (const short of ['C12', 'C13', 'C14']) expect(text(last)).toContain(short)
    expect(last?.reply.presses.map(({ line }) => line)).toEqual(['pending'])
  })

  test('that are listed and asked again are listed once, with the latest words', () => {
    const { notices } = telling(own)
    for (const { told, now } of cards(BUDGET.proposals + 1)) notices.tell(told, now)
    const again = card('C12', past(MINUTE), 'a', { reply: reply('📄 PAPER · PRICE MOVED') })
    const [list] = notices.tell(again, past(MINUTE))
    expect(list?.reply.title).toBe('1 further trade to decide (2 further trades since 12:00:12Z)')
    expect(text(list)).toContain('C12 | 📄 PAPER · PRICE MOVED (until 12:02:30Z)')
  })

  test('that are decided leave the list, which is brought up to date', () => {
    const { notices } = telling(own)
    for (const { told, now } of cards(BUDGET.proposals + 2)) notices.tell(told, now)
    const [first] = notices.tell(ended('C12'), past(20 * SECOND))
    expect(text(first)).toContain('C13')
    expect(text(first)).not.toContain('C12')
    const [second] = notices.tell(ended('C13'), past(21 * SECOND))
    expect(second).toMatchObject({
      isUpdate: true,
      reply: { title: '2 further trades since 12:00:12Z, and none of them waits any more' },
    })
    expect(second?.version).toBeGreaterThan(first?.version ?? 0)
  })

  test('that have expired leave the list', () => {
    const { notices } = telling(own)
    for (const { told, now } of cards(BUDGET.proposals + 1)) notices.tell(told, now)
    const later = past(10 * MINUTE)
    const [list] = notices.tell(card('LATE', later), later)
    expect(text(list)).toContain('LATE')
    expect(text(list)).not.toContain('C12')
  })

  test('that are listed raise the version of the list, also within one entry', () => {
    const { notices } = telling(own)
    const told = cards(BUDGET.proposals + 3).flatMap(({ told, now }) => notices.tell({ ...told, version: 7 }, now))
    expect(told.slice(BUDGET.proposals).map(({ version }) => version)).toEqual([7, 8, 9])
  })

  test('that a person wants as pages have the same budget', () => {
    const { notices } = telling({ ...own, people: [person('ann', { '*:proposal': 'page' })] })
    const told = cards(20).flatMap(({ told, now }) => notices.tell(told, now))
    expect(sounding(told)).toHaveLength(BUDGET.proposals)
  })

  test('asked again are the same card, and cost nothing', () => {
    const { notices } = telling(own)
    for (const { told, now } of cards(BUDGET.proposals)) notices.tell(told, now)
    const again = notices.tell(card('C0', past(MINUTE)), past(MINUTE))
    expect(again).toMatchObject([{ subject: 'card:C0', priority: 1, isUpdate: false }])
  })

  test('have a budget in each place', () => {
    const { notices } = telling()
    const told = cards(20).flatMap(({ told, now }) => notices.tell(told, now))
    expect(sounding(told).filter(({ place }) => place.surface === 'discord')).toHaveLength(BUDGET.proposals)
    expect(sounding(told).filter(({ place }) => place.surface === 'telegram')).toHaveLength(BUDGET.proposals)
  })
})

describe('an update', () => {
  test('goes where its card was told, and nowhere else', () => {
    const { notices, world } = telling()
    notices.tell(card('A', NOON), NOON)
    world.people = [...world.people, { ...(world.people[0] as (typeof world.people)[number]), id: 'bob' as never }]
    expect(lines(notices.tell(ended('A'), past(SECOND)))).toEqual([
      'discord approvals: proposal edited',
      'telegram/ann approvals: proposal edited',
    ])
  })

  test('of what is not remembered goes everywhere, since only who has the message shows it', () => {
    const { notices } = telling()
    expect(lines(notices.tell(ended('GONE'), NOON))).toEqual([
      'discord approvals: proposal edited',
      'telegram/ann approvals: proposal edited',
    ])
  })

  test('goes to the purpose that it names', () => {
    const { notices } = telling(own)
    notices.tell(card('A', NOON), NOON)
    const told = notices.tell(made('filled', { subject: 'card:A', purpose: 'approvals', isUpdate: true }), past(SECOND))
    expect(told).toMatchObject([{ place: { purpose: 'approvals' }, subject: 'card:A', priority: 2 }])
  })
})
