import { describe, expect, test } from 'vitest'
import type { EventName } from '../../../src/chat/notice/events.ts'
import { PRIORITY } from '../../../src/chat/notice/notice.ts'
import type { Loudness, QuietHours } from '../../../src/core/people/notice.ts'
import { at, card, ended, lines, made, NOON, person, telling } from './made.ts'

describe('one person on both surfaces is told', () => {
  test.each<[string, EventName, Record<string, Loudness>, readonly string[]]>([
    ['what is usual', 'failed', {}, ['discord fills: failed on', 'telegram/ann fills: failed on']],
    ['a fill without a sound', 'filled', {}, ['discord fills: filled silent', 'telegram/ann fills: filled silent']],
    [
      'a fill as it was set for Telegram',
      'filled',
      { 'telegram:filled': 'on' },
      ['discord fills: filled silent', 'telegram/ann fills: filled on'],
    ],
    [
      'a fill as it was set for all',
      'filled',
      { '*:filled': 'on' },
      ['discord fills: filled on', 'telegram/ann fills: filled on'],
    ],
    [
      'the narrower setting',
      'filled',
      { '*:filled': 'off', 'telegram:filled': 'silent' },
      ['telegram/ann fills: filled silent'],
    ],
    ['nothing that is off', 'filled', { '*:filled': 'off' }, []],
    ['at once nothing that is for the digest', 'filled', { '*:filled': 'digest' }, []],
    ['an approval on Discord only', 'approved', {}, ['discord log: approved silent']],
    ['a page', 'stop', {}, ['discord risk: stop page', 'telegram/ann risk: stop page']],
    ['a page that was set lower on one', 'stop', { 'telegram:stop': 'off' }, ['discord risk: stop page']],
    [
      'a page once, where both were set to be a message',
      'stop',
      { '*:stop': 'on' },
      ['discord risk: stop on', 'telegram/ann risk: stop on'],
    ],
    ['a page on Telegram, where both are off', 'stop', { '*:stop': 'off' }, ['telegram/ann risk: stop on']],
    [
      'a page on Telegram, where both make no sound',
      'stop',
      { '*:stop': 'silent' },
      ['discord risk: stop silent', 'telegram/ann risk: stop on'],
    ],
    [
      'as a page what was set to be one',
      'failed',
      { 'telegram:failed': 'page' },
      ['telegram/ann fills: failed page', 'discord fills: failed on'],
    ],
  ])('%s', (_, event, loudness, told) => {
    const { notices } = telling({ people: [person('ann', loudness)] })
    expect(lines(notices.tell(made(event), NOON))).toEqual(told)
  })

  test('a page on Discord, where there is nothing else', () => {
    const { notices } = telling({ people: [person('ann', { '*:stop': 'off' }, { on: ['discord'] })] })
    expect(lines(notices.tell(made('stop'), NOON))).toEqual(['discord risk: stop on'])
  })

  test('without a sound what ends a page, though it is of a kind that wakes', () => {
    const { notices } = telling()
    const told = lines(notices.tell(made('surface', { level: 'outcome' }), NOON))
    expect(told).toEqual(['discord risk: surface silent', 'telegram/ann risk: surface silent'])
  })
})

describe('a channel', () => {
  test('is as loud as the loudest of its people, and is told once', () => {
    const people = [person('ann', { 'discord:filled': 'off' }), person('bob', { 'discord:filled': 'on' })]
    const { notices } = telling({ people, telegram: false })
    expect(lines(notices.tell(made('filled'), NOON))).toEqual(['discord fills: filled on'])
  })

  test('calls those for whom it is a page, and nobody else', () => {
    const people = [person('ann'), person('bob', { 'discord:stop': 'on' }), person('eve', {}, { on: ['telegram'] })]
    const { notices } = telling({ people, telegram: false })
    const [notice] = notices.tell(made('stop'), NOON)
    expect(notice).toMatchObject({ loudness: 'page', calls: ['discord-ann'], priority: PRIORITY.page })
  })

  test('without people is told as usual', () => {
    const { notices } = telling({ people: [] })
    expect(lines(notices.tell(made('stop'), NOON))).toEqual(['discord risk: stop page'])
    expect(lines(notices.tell(made('filled'), NOON))).toEqual(['discord fills: filled silent'])
  })

  test('of a Telegram group has its own, beside the private chats', () => {
    const { notices } = telling({ telegramGroup: true, discord: false })
    const told = notices.tell(made('stop'), NOON)
    expect(lines(told)).toEqual(['telegram risk: stop page', 'telegram/ann risk: stop page'])
    expect(told.map(({ calls }) => calls)).toEqual([['telegram-ann'], []])
  })
})

const NIGHT: QuietHours = { zone: 'Europe/Rome', from: 23 * 60, to: 7 * 60 + 30 }

describe('in the quiet hours of a person', () => {
  const asleep = person('ann', {}, { quiet: NIGHT })
  const now = at('2026-10-02T22:00Z')

  test.each<[string, EventName, readonly string[]]>([
    ['a page is told', 'stop', ['discord risk: stop page', 'telegram/ann risk: stop page']],
    ['what fails waits', 'failed', ['discord fills: failed silent']],
    ['a fill waits', 'filled', ['discord fills: filled silent']],
  ])('%s', (_, event, told) => {
    const { notices } = telling({ people: [asleep] })
    expect(lines(notices.tell(made(event), now))).toEqual(told)
  })

  test('a card comes without a sound, and is told its end', () => {
    const { notices } = telling({ people: [asleep] })
    expect(lines(notices.tell(card('A7K2', now), now))).toEqual([
      'discord approvals: proposal silent',
      'telegram/ann approvals: proposal silent',
    ])
    expect(lines(notices.tell(ended('A7K2'), now))).toEqual([
      'discord approvals: proposal edited',
      'telegram/ann approvals: proposal edited',
    ])
  })

  test('a channel makes a sound for those who are awake', () => {
    const { notices } = telling({ people: [asleep, person('bob')] })
    expect(lines(notices.tell(made('failed'), now))).toEqual([
      'discord fills: failed on',
      'telegram/bob fills: failed on',
    ])
  })

  test('a page that was set to be a message is a message', () => {
    const { notices } = telling({ people: [person('ann', { '*:stop': 'on' }, { quiet: NIGHT })] })
    expect(lines(notices.tell(made('stop'), now))).toEqual(['discord risk: stop on', 'telegram/ann risk: stop on'])
  })

  test('what a person wants as a page is told as one', () => {
    const { notices } = telling({ people: [person('ann', { 'telegram:failed': 'page' }, { quiet: NIGHT })] })
    expect(lines(notices.tell(made('failed'), now))).toContain('telegram/ann fills: failed page')
  })
})

describe('what is more urgent goes first', () => {
  test.each<[EventName, number]>([
    ['stop', 0],
    ['proposal', 1],
    ['filled', 3],
    ['refused', 4],
  ])('%s is of priority %d', (event, priority) => {
    const { notices } = telling()
    expect(notices.tell(made(event), NOON)[0]?.priority).toBe(priority)
  })

  test('an update is of priority 2, and its words are those of the update', () => {
    const { notices } = telling()
    notices.tell(made('ordered', { subject: 'card:A' }), NOON)
    const told = notices.tell(made('filled', { subject: 'card:A', isUpdate: true }), NOON)
    expect(told.map(({ priority, isUpdate }) => [priority, isUpdate])).toEqual([
      [2, true],
      [2, true],
    ])
  })
})

test('what has expired is not told', () => {
  const { notices } = telling()
  expect(notices.tell(card('A', NOON, 'a', { expiresAt: NOON }), NOON)).toEqual([])
})
