import { describe, expect, test } from 'vitest'
import { command } from '../../src/chat/command.ts'
import { dollars, optional, text } from '../../src/chat/option.ts'
import { reply } from '../../src/chat/reply.ts'
import { createRouter } from '../../src/chat/router.ts'
import type { Instant, PersonId } from '../../src/core/units/ids.ts'
import { createEars, type Heard, lineOf } from '../../src/voices/ears.ts'
import { createPairing } from '../../src/voices/pairing.ts'
import { directory, type Person } from '../../src/voices/people.ts'
import { newWorld, standIn } from '../chat/stand-in.ts'

const NOON = Date.UTC(2026, 10, 29, 12) as Instant
const ANN: Person = { id: 'ann' as PersonId, access: 'owner', accounts: { discord: ['400'], telegram: ['42'] } }
const BOB: Person = { id: 'bob' as PersonId, access: 'viewer', accounts: { telegram: ['77'] } }

/** What each command was called with, by whom. */
function ears() {
  const done: string[] = []
  const away: string[] = []
  const links = new Map<string, PersonId>()
  const note = (name: string) => (_: object, context: { actor: { person: string; press: string } }) => {
    done.push(`${name} by ${context.actor.person} (${context.actor.press})`)
    return reply(`${name} done`)
  }
  const commands = [
    command({ name: 'look', summary: 'Looks.', access: 'viewer', options: {}, run: note('look') }),
    command({
      name: 'buy',
      summary: 'Buys.',
      access: 'trader',
      options: { much: dollars('How much.') },
      run: note('buy'),
    }),
    command({
      name: 'stop',
      also: ['halt'],
      summary: 'Stops.',
      access: 'guardian',
      isObeyedLate: true,
      options: { why: optional(text('Why.')) },
      run: note('stop'),
    }),
  ]
  const turnAway = (who: string, line: string, why: string) => away.push(`${who}: ${line}: ${why}`)
  const router = createRouter({
    commands,
    desk: standIn(newWorld()),
    report: () => undefined,
    turnAway: (actor, line, why) => turnAway(actor.person, line, why),
  })
  let code = 0
  const pairing = createPairing(() => {
    code += 111
    return code
  })
  let now: number = NOON
  const people = directory([ANN, BOB], () => ({ links }))
  const opened = createEars({
    router,
    people,
    pairing,
    now: () => now as Instant,
    turnAway: (heard, person, why) => turnAway(person?.id ?? heard.account, lineOf(heard), why),
    link: async (heard, person) => {
      links.set(`${heard.surface}:${heard.account}`, person.id)
      return undefined
    },
  })
  const wait = (ms: number): void => {
    now += ms
  }
  return { ...opened, done, away, pairing, people, wait, now: () => now as Instant }
}

function heard(line: string, more: Partial<Heard> = {}): Heard {
  const said = { kind: 'line', line } as const
  return { surface: 'telegram', account: '42', name: 'whoever', id: '7', said, late: undefined, ...more }
}

describe('who', () => {
  test('is the person behind the account, whatever name it shows', async () => {
    const one = ears()
    await one.hear(heard('buy $5', { name: 'bob' }))
    await one.hear(heard('buy $5', { surface: 'discord', account: '400', id: '8' }))
    expect(one.done).toEqual(['buy by ann (telegram 7)', 'buy by ann (discord 8)'])
  })

  test('a stranger does nothing at all, and it goes on record', async () => {
    const one = ears()
    for (const line of ['look', 'stop', 'buy $5', '/stop now', 'link', 'link 1', 'link 12345678', '']) {
      expect((await one.hear(heard(line, { account: '666' }))).title).toMatch(/do not know you/)
    }
    expect(one.done).toEqual([])
    expect(one.away).toHaveLength(8)
    expect(one.away[0]).toBe('666: look: nobody here is known by that account')
  })

  test('an id of one surface is nobody on the other', async () => {
    const one = ears()
    await one.hear(heard('look', { surface: 'discord', account: '42' }))
    await one.hear(heard('look', { account: '400' }))
    expect(one.done).toEqual([])
  })

  test('whoever may not is told, and it goes on record', async () => {
    const one = ears()
    expect((await one.hear(heard('buy $5', { account: '77' }))).title).toMatch(/takes a trader; you are a viewer/)
    expect((await one.hear(heard('stop', { account: '77' }))).title).toMatch(/takes a guardian/)
    expect(one.done).toEqual([])
    expect(one.away).toEqual(['bob: buy: it takes a trader', 'bob: stop: it takes a guardian'])
  })
})

describe('what comes late', () => {
  test('is refused where it could cost something, and goes on record', async () => {
    const one = ears()
    const said = await one.hear(heard('buy $5', { late: 'the press is 40 s old' }))
    expect(said.title).toMatch(/came too late, and nothing was done/)
    expect(one.done).toEqual([])
    expect(one.away).toEqual(['ann: buy $5: it came too late: the press is 40 s old'])
  })

  test('is obeyed where it only looks, or stops', async () => {
    const one = ears()
    for (const line of ['look', 'stop', 'STOP!', '/halt it']) await one.hear(heard(line, { late: 'an hour old' }))
    expect(one.done).toHaveLength(4)
  })
})

test('a stop is known however it is typed, and nothing else is taken for one', () => {
  const { isStop } = ears()
  for (const line of ['stop', '/stop', 'STOP!', 'Stop.', '/halt everything', '  stop  now'])
    expect(isStop(line), line).toBe(true)
  for (const line of ['', 'look', 'do not stop', 'stopped', '/stopper', 'a'.repeat(10_000)])
    expect(isStop(line), line).toBe(false)
})

describe('pairing', () => {
  test('whoever is known asks for a code, says it elsewhere, and is one person on both', async () => {
    const one = ears()
    const { code } = one.pairing.issue(ANN.id, one.now())
    const said = await one.hear(heard(`/link ${code}`, { account: '4242' }))
    expect(said.title).toMatch(/speaks for ann/)
    await one.hear(heard('look', { account: '4242' }))
    expect(one.done).toEqual(['look by ann (telegram 7)'])
    expect(one.people.accounts(ANN.id, 'telegram')).toEqual(['42', '4242'])
  })

  test('a code works once, and not after five minutes; a newer one voids it', async () => {
    const one = ears()
    const { code: first } = one.pairing.issue(ANN.id, one.now())
    const { code } = one.pairing.issue(ANN.id, one.now())
    expect((await one.hear(heard(`link ${first}`, { account: '1' }))).title).toMatch(/wrong or has expired/)
    expect((await one.hear(heard(`link ${code}`, { account: '2' }))).title).toMatch(/speaks for ann/)
    expect((await one.hear(heard(`link ${code}`, { account: '3' }))).title).toMatch(/wrong or has expired/)
    const { code: late } = one.pairing.issue(BOB.id, one.now())
    one.wait(5 * 60_000)
    expect((await one.hear(heard(`link ${late}`, { account: '4' }))).title).toMatch(/wrong or has expired/)
  })

  test('a code that was asked for with a call is the same', async () => {
    const one = ears()
    const { code } = one.pairing.issue(BOB.id, one.now())
    const said = { kind: 'call', name: 'link', given: { code } } as const
    expect((await one.hear(heard('', { surface: 'discord', account: '9', said }))).title).toMatch(/speaks for bob/)
  })

  test('guessing ends after five tries of one account and fifty of all, and the right code does not help then', async () => {
    const one = ears()
    const { code } = one.pairing.issue(ANN.id, one.now())
    for (let guess = 0; guess < 5; guess += 1) await one.hear(heard(`link 99999${guess}`, { account: '1' }))
    expect((await one.hear(heard(`link ${code}`, { account: '1' }))).title).toMatch(/Too many wrong codes/)
    for (let guess = 0; guess < 60; guess += 1) await one.hear(heard('link 999999', { account: `a${guess}` }))
    expect((await one.hear(heard(`link ${code}`, { account: 'fresh' }))).title).toMatch(/Too many wrong codes/)
    one.wait(10 * 60_000)
    const { code: again } = one.pairing.issue(ANN.id, one.now())
    expect((await one.hear(heard(`link ${again}`, { account: 'fresh' }))).title).toMatch(/speaks for ann/)
  })
})
