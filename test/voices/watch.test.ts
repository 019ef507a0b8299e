import { describe, expect, test } from 'vitest'
import type { Announcement } from '../../src/chat/announce-words.ts'
import type { Instant } from '../../src/core/units/ids.ts'
import type { Unstamped } from '../../src/run/intake.ts'
import { createWatch } from '../../src/run/live/voices/watch.ts'
import { HandClock } from '../support/hand-clock.ts'

const NOON = Date.UTC(2026, 10, 29, 12) as Instant
const MINUTE = 60_000

function watching() {
  const clock = new HandClock(NOON)
  const inputs: Unstamped[] = []
  const said: Announcement[] = []
  const end = new AbortController()
  const watch = createWatch({
    surfaces: ['discord', 'telegram'],
    clock,
    offer: input => inputs.push(input),
    say: announcement => said.push(announcement),
    seq: () => 7,
  })
  void watch.run(end.signal)
  const held = () => inputs.map(input => (input.kind === 'voicesSeen' ? input.isReached : undefined))
  const titles = () => said.map(({ level, reply }) => `${level}: ${reply.title}`)
  return { ...watch, clock, inputs, held, titles, end: () => end.abort() }
}

describe('X4: both surfaces away for ten minutes', () => {
  test('after five nothing new is bought, and it ends as soon as one of them is back', async () => {
    const one = watching()
    one.changed('discord', { status: 'live', why: '' })
    one.changed('telegram', { status: 'live', why: '' })
    await one.clock.pass(MINUTE)
    one.changed('discord', { status: 'down', why: 'the gateway does not answer' })
    one.changed('telegram', { status: 'down', why: 'no poll has come back' })
    await one.clock.pass(5 * MINUTE - 2_000)
    expect(one.held()).toEqual([])
    await one.clock.pass(5 * MINUTE)
    expect(one.held()).toEqual([false])
    one.changed('telegram', { status: 'live', why: '' })
    expect(one.held()).toEqual([false, true])
    one.end()
  })

  test('one that never came up is as if it had gone away', async () => {
    const one = watching()
    await one.clock.pass(6 * MINUTE)
    expect(one.held()).toEqual([false])
    one.end()
  })

  test('one alone is enough', async () => {
    const one = watching()
    one.changed('telegram', { status: 'live', why: '' })
    await one.clock.pass(30 * MINUTE)
    expect(one.held()).toEqual([])
    one.end()
  })
})

describe('a surface that is away', () => {
  test('is told on the others after a minute, once, and so is its return', async () => {
    const one = watching()
    one.changed('discord', { status: 'live', why: '' })
    one.changed('telegram', { status: 'live', why: '' })
    one.changed('telegram', { status: 'connecting', why: 'the connection broke' })
    await one.clock.pass(30_000)
    one.changed('telegram', { status: 'down', why: 'no poll has come back' })
    await one.clock.pass(29_000)
    expect(one.titles()).toEqual([])
    await one.clock.pass(20 * MINUTE)
    expect(one.titles()).toEqual(['page: Telegram IS AWAY for 60 s: no poll has come back'])
    one.changed('telegram', { status: 'live', why: '' })
    expect(one.titles().at(-1)).toBe('outcome: Telegram is back')
    one.end()
  })

  test('a short break is not worth a word', async () => {
    const one = watching()
    for (let turn = 0; turn < 20; turn += 1) {
      one.changed('discord', { status: 'connecting', why: 'the gateway asked to come again' })
      await one.clock.pass(20_000)
      one.changed('discord', { status: 'live', why: '' })
      await one.clock.pass(20_000)
    }
    expect(one.titles().filter(title => title.includes('Discord'))).toEqual([])
    one.end()
  })

  test('D4: one that does not know us any more is told at once', () => {
    const one = watching()
    one.changed('discord', { status: 'closed', why: 'the token was refused' })
    expect(one.titles()).toEqual(['page: Discord IS CLOSED TO US: the token was refused'])
    one.end()
  })
})
