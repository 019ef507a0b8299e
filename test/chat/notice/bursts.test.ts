import { describe, expect, test } from 'vitest'
import { card, HOUR, lines, MINUTE, made, NOON, past, person, SECOND, telling, words } from './made.ts'

const LOUD = person('ann', { 'telegram:refused': 'silent' })
const own = { discord: false, people: [LOUD] }
const GROUP = '0xa:1:buy'

describe('what is told of the same', () => {
  test('within a quarter of an hour is one message, with a count and the latest', () => {
    const { notices } = telling(own)
    const told = [0, 5, 10].flatMap(minute => notices.tell(made('refused', { group: GROUP }), past(minute * MINUTE)))
    expect(new Set(told.map(({ subject }) => subject)).size).toBe(1)
    expect(told.map(({ reply }) => reply.title.startsWith('3 × · '))).toEqual([false, false, true])
    expect(words(told[2] ?? { reply: told[0]?.reply as never })).toContain('3 of the kind since 12:00:00Z')
    expect(told.map(({ isUpdate }) => isUpdate)).toEqual([false, false, false])
  })

  test('has a version that rises, also within one entry', () => {
    const { notices } = telling(own)
    const told = [1, 2, 3].flatMap(() => notices.tell(made('refused', { group: GROUP, version: 7 }), NOON))
    expect(told.map(({ version }) => version)).toEqual([7, 8, 9])
  })

  test('after a quarter of an hour is a message anew', () => {
    const { notices } = telling(own)
    const told = [0, 15].flatMap(minute => notices.tell(made('refused', { group: GROUP }), past(minute * MINUTE)))
    expect(new Set(told.map(({ subject }) => subject)).size).toBe(2)
  })

  test('of another group is another message', () => {
    const { notices } = telling(own)
    const told = ['0xa:1:buy', '0xb:1:buy'].flatMap(group => notices.tell(made('refused', { group }), NOON))
    expect(new Set(told.map(({ subject }) => subject)).size).toBe(2)
  })

  test('but louder is another message, since one that changes is not heard', () => {
    const { notices } = telling(own)
    const told = (['refused', 'failed'] as const).flatMap(event => notices.tell(made(event, { group: GROUP }), NOON))
    expect(lines(told)).toEqual(['telegram/ann log: refused silent', 'telegram/ann fills: failed on'])
    expect(new Set(told.map(({ subject }) => subject)).size).toBe(2)
  })

  test('and has a subject of its own is a message of its own', () => {
    const { notices } = telling(own)
    const told = notices.tell(made('filled', { group: GROUP, subject: 'card:A' }), NOON)
    expect(told).toMatchObject([{ subject: 'card:A' }])
  })

  test('is never a card', () => {
    const { notices } = telling(own)
    const told = ['A', 'B'].flatMap(short => notices.tell(card(short, NOON, 'a', { group: GROUP }), NOON))
    expect(told.map(({ subject }) => subject)).toEqual(['card:A', 'card:B'])
  })
})

describe('while trading is held', () => {
  test('what is refused is one message that counts', () => {
    const { notices, world } = telling(own)
    world.trading = 'halted'
    const told = [0, 1, 2].flatMap(second =>
      notices.tell(made('refused', { group: `${second}:1:buy` }), past(second * SECOND)),
    )
    expect(new Set(told.map(({ subject }) => subject)).size).toBe(1)
    expect(told.at(-1)?.reply.title).toBe('Trading is halted: 3 trades not copied since 12:00:00Z')
  })

  test('with exits let through it says so', () => {
    const { notices, world } = telling(own)
    world.trading = 'reducing'
    const [told] = notices.tell(made('refused'), NOON)
    expect(told?.reply.title).toBe('Only exits are let through: 1 trade not copied since 12:00:00Z')
  })

  test('what fails is told all the same', () => {
    const { notices, world } = telling(own)
    world.trading = 'halted'
    expect(lines(notices.tell(made('failed'), NOON))).toEqual(['telegram/ann fills: failed on'])
  })

  test('anew is a message anew', () => {
    const { notices, world } = telling(own)
    const subjects = [0, 1].map(hour => {
      world.trading = 'halted'
      const [told] = notices.tell(made('refused'), past(hour * HOUR))
      world.trading = 'active'
      notices.tick(past(hour * HOUR + MINUTE))
      return told?.subject
    })
    expect(new Set(subjects).size).toBe(2)
  })
})

describe('what is about the same', () => {
  test('takes the place of what was told', () => {
    const { notices } = telling(own)
    const told = (['ordered', 'filled'] as const).flatMap(event =>
      notices.tell(made(event, { subject: 'card:A' }), NOON),
    )
    expect(told.map(({ subject }) => subject)).toEqual(['card:A', 'card:A'])
  })

  test('is a message anew where it is to be heard, and the other was not', () => {
    const { notices } = telling({ discord: false, people: [person('ann', { 'telegram:filled': 'on' })] })
    const tell = (event: 'ordered' | 'filled') => notices.tell(made(event, { subject: 'card:A' }), NOON)
    const told = [...tell('ordered'), ...tell('filled'), ...tell('filled')]
    expect(told.map(({ subject }) => subject)).toEqual(['card:A', 'card:A:heard', 'card:A:heard'])
    const [update] = notices.tell(made('closed', { subject: 'card:A', isUpdate: true }), NOON)
    expect(update?.subject).toBe('card:A:heard')
  })

  test('takes its place in quiet hours as well, where it would otherwise wait', () => {
    const quiet = { zone: 'UTC', from: 13 * 60, to: 14 * 60 }
    const { notices } = telling({ discord: false, people: [person('ann', {}, { quiet })] })
    notices.tell(made('ordered', { subject: 'card:A' }), NOON)
    const now = past(HOUR)
    expect(lines(notices.tell(made('filled', { subject: 'card:A' }), now))).toEqual([
      'telegram/ann fills: filled silent',
    ])
    expect(notices.tell(made('filled', { subject: 'card:B' }), now)).toEqual([])
  })
})
