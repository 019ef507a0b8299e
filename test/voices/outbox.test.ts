import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reply } from '../../src/chat/reply.ts'
import type { Instant } from '../../src/core/units/ids.ts'
import { createOutbox } from '../../src/voices/outbox.ts'
import type { Fate, Parcel } from '../../src/voices/outbox-parcel.ts'
import { DeliveryError, type DeliveryFault, type Outgoing, type Place, type Sender } from '../../src/voices/surface.ts'
import { memoryOfChats } from '../support/chat-memory.ts'
import { HandClock } from '../support/hand-clock.ts'

const NOON = Date.UTC(2026, 10, 29, 12) as Instant
const CHANNEL: Place = { surface: 'discord', id: '300', purpose: 'approvals', person: undefined }

type Shown = {
  readonly how: 'post' | 'edit' | 'pin'
  readonly title: string
  readonly message: string
  readonly isRepeat: boolean
}

/** A surface that takes what it is given, unless the test has put a fault in its way, and counts what it shows. */
function surface(pace = { most: 1_000, perMs: 1_000 }) {
  const shown: Shown[] = []
  const faults: (DeliveryFault | 'arrives, answer lost')[] = []
  let messages = 0
  let inFlight = 0
  let mostInFlight = 0
  let gate: Promise<void> | undefined
  const take = async (how: Shown['how'], message: string, outgoing: Outgoing): Promise<void> => {
    inFlight += 1
    mostInFlight = Math.max(mostInFlight, inFlight)
    await gate
    inFlight -= 1
    const fault = faults.shift()
    if (fault !== undefined && fault !== 'arrives, answer lost') throw new DeliveryError(fault, 'as the test wants')
    shown.push({ how, title: outgoing.reply.title, message, isRepeat: outgoing.isRepeat })
    if (fault !== undefined) throw new DeliveryError({ kind: 'unknown' }, 'as the test wants')
  }
  const sender: Sender = {
    surface: 'discord',
    post: async (_, outgoing) => {
      messages += 1
      const message = `m${messages}`
      await take('post', message, outgoing)
      return message
    },
    edit: (_, message, outgoing) => take('edit', message, outgoing),
    pin: async (_, message) => {
      shown.push({ how: 'pin', title: '', message, isRepeat: false })
    },
    pace: () => pace,
  }
  return {
    sender,
    shown,
    faults,
    mostInFlight: () => mostInFlight,
    /** Nothing is answered until the function that it gives is called. */
    holdUp: () => {
      let open: () => void = () => undefined
      gate = new Promise(resolve => {
        open = resolve
      })
      return () => {
        gate = undefined
        open()
      }
    },
  }
}

function parcel(id: string, more: Partial<Parcel> = {}): Parcel {
  return { place: CHANNEL, id, priority: 'outcome', reply: reply(id), isSilent: false, calls: [], version: 1, ...more }
}

function opened(of = surface()) {
  const clock = new HandClock(NOON)
  const memory = memoryOfChats(() => clock.now())
  const problems: string[] = []
  const closed: string[] = []
  const outbox = createOutbox({
    sender: of.sender,
    memory,
    clock,
    note: what => problems.push(what),
    closed: why => closed.push(why),
  })
  const end = new AbortController()
  const running = outbox.run(end.signal)
  const titles = () => of.shown.filter(one => one.how !== 'pin').map(one => one.title)
  return { ...of, clock, memory, problems, closed, outbox, running, titles, end: () => end.abort() }
}

describe('what is sent', () => {
  test('is what was offered, once, and its place is kept for the next process', async () => {
    const one = opened()
    const fates: Fate[] = []
    one.outbox.offer(parcel('hello', { subject: 'card:a', done: fate => fates.push(fate) }))
    await one.clock.settle()
    expect(one.titles()).toEqual(['hello'])
    expect(fates).toEqual(['delivered'])
    expect(await one.memory.posted('discord')).toMatchObject([{ subject: 'card:a', message: 'm1', version: 1 }])
  })

  test('the most urgent goes first, and of equals the oldest', async () => {
    const one = opened()
    const goOn = one.holdUp()
    one.outbox.offer(parcel('first in flight'))
    await one.clock.settle()
    for (const [id, priority] of [
      ['digest', 'digest'],
      ['fill 1', 'outcome'],
      ['card 1', 'action'],
      ['page', 'page'],
      ['card 2', 'action'],
      ['answer', 'answer'],
      ['fill 2', 'outcome'],
    ] as const)
      one.outbox.offer(parcel(id, { priority }))
    goOn()
    await one.clock.settle()
    expect(one.titles()).toEqual([
      'first in flight',
      'page',
      'answer',
      'card 1',
      'card 2',
      'fill 1',
      'fill 2',
      'digest',
    ])
    expect(one.mostInFlight()).toBe(1)
  })

  test('D5: of a burst of 30 at five in five seconds the pages come first and what has expired never', async () => {
    const one = opened(surface({ most: 5, perMs: 5_000 }))
    for (let number = 1; number <= 28; number += 1) {
      const expiresAt = (NOON + (number % 2 === 0 ? 8_000 : 600_000)) as Instant
      one.outbox.offer(parcel(`fill ${number}`, { expiresAt }))
    }
    one.outbox.offer(parcel('page 1', { priority: 'page' }))
    one.outbox.offer(parcel('page 2', { priority: 'page' }))
    await one.clock.settle()
    expect(one.titles().slice(0, 5)).toContain('page 1')
    expect(one.titles()).toHaveLength(5)
    await one.clock.pass(60_000)
    const sent = one.titles()
    expect(sent.indexOf('page 2')).toBeLessThan(7)
    expect(one.outbox.counts()).toMatchObject({ expired: 28 - sent.filter(title => title.startsWith('fill')).length })
    expect(one.outbox.counts().expired).toBeGreaterThan(5)
    for (let number = 2; number <= 28; number += 2) {
      const at = sent.indexOf(`fill ${number}`)
      // Ten have gone out by the time that the even ones expire.
      if (at >= 0) expect(at).toBeLessThan(10)
    }
  })

  test('a card that has waited for a quarter of its time is named in a list instead', async () => {
    const one = opened(surface({ most: 1, perMs: 10_000 }))
    const asking = reply('card').press('Approve', 'approve abc card:1')
    for (const name of ['aaa', 'bbb', 'ccc', 'ddd'])
      one.outbox.offer(
        parcel(name, {
          priority: 'action',
          subject: `card:${name}`,
          reply: asking,
          expiresAt: (NOON + 60_000) as Instant,
        }),
      )
    await one.clock.pass(45_000)
    expect(one.outbox.counts()).toMatchObject({ listed: 2 })
    expect(one.titles().at(-1)).toMatch(/^2 more trades to decide/)
  })
})

describe('of several about the same', () => {
  test('only the newest is shown, in the message that stands there', async () => {
    const one = opened()
    one.outbox.offer(parcel('asks', { subject: 'card:a', version: 1 }))
    await one.clock.settle()
    const goOn = one.holdUp()
    one.outbox.offer(parcel('approved', { subject: 'card:a', version: 2, isUpdate: true }))
    await one.clock.settle()
    one.outbox.offer(parcel('sent', { subject: 'card:a', version: 3, isUpdate: true }))
    one.outbox.offer(parcel('filled', { subject: 'card:a', version: 4, isUpdate: true }))
    goOn()
    await one.clock.settle()
    expect(one.shown.map(({ how, title, message }) => `${how} ${title} ${message}`)).toEqual([
      'post asks m1',
      'edit approved m1',
      'edit filled m1',
    ])
  })

  test('an older one never takes the place of a newer', async () => {
    const one = opened()
    one.outbox.offer(parcel('filled', { subject: 'card:a', version: 9 }))
    await one.clock.settle()
    one.outbox.offer(parcel('asks', { subject: 'card:a', version: 3, isUpdate: true }))
    await one.clock.settle()
    expect(one.titles()).toEqual(['filled'])
    expect(one.outbox.counts().superseded).toBe(1)
  })

  test('an update without a message is not sent, and what nobody saw is not told that it is over', async () => {
    const one = opened()
    one.outbox.offer(parcel('over', { subject: 'card:z', version: 2, isUpdate: true }))
    await one.clock.settle()
    const goOn = one.holdUp()
    one.outbox.offer(parcel('in flight'))
    await one.clock.settle()
    const asking = reply('asks').press('Approve', 'approve abc card:1')
    one.outbox.offer(parcel('asks', { subject: 'card:a', version: 3, reply: asking }))
    one.outbox.offer(parcel('over', { subject: 'card:a', version: 4, isUpdate: true }))
    goOn()
    await one.clock.settle()
    expect(one.titles()).toEqual(['in flight'])
  })

  test('two purposes in one chat are two messages', async () => {
    const one = opened()
    const fills: Place = { ...CHANNEL, purpose: 'fills' }
    one.outbox.offer(parcel('asks', { subject: 'card:a' }))
    one.outbox.offer(parcel('filled', { subject: 'card:a', place: fills, version: 2 }))
    await one.clock.settle()
    expect(one.shown.map(({ how, title }) => `${how} ${title}`)).toEqual(['post asks', 'post filled'])
  })
})

describe('what goes wrong', () => {
  test('"later" is waited for exactly, and what is more urgent by then goes first', async () => {
    const one = opened()
    one.faults.push({ kind: 'later', afterMs: 30_000 })
    one.outbox.offer(parcel('fill'))
    await one.clock.settle()
    one.outbox.offer(parcel('page', { priority: 'page' }))
    await one.clock.pass(29_999)
    expect(one.titles()).toEqual([])
    await one.clock.pass(1)
    expect(one.titles()).toEqual(['page', 'fill'])
    expect(one.shown.every(({ isRepeat }) => !isRepeat)).toBe(true)
  })

  test('D2: an answer that was lost is tried again under the same id, and its words are put right', async () => {
    const one = opened()
    one.faults.push('arrives, answer lost')
    one.outbox.offer(parcel('asks', { subject: 'card:a' }))
    await one.clock.pass(2_000)
    expect(one.shown.map(({ how, isRepeat }) => `${how} ${isRepeat}`)).toEqual([
      'post false',
      'post true',
      'edit false',
    ])
    expect(one.outbox.find(CHANNEL, 'card:a')?.version).toBe(1)
  })

  test('a deleted message is said anew where it still matters, and an update of it is not', async () => {
    const one = opened()
    one.outbox.offer(parcel('board', { subject: 'board', version: 1 }))
    await one.clock.settle()
    one.faults.push({ kind: 'gone' })
    one.outbox.offer(parcel('board again', { subject: 'board', version: 2 }))
    await one.clock.settle()
    expect(one.titles()).toEqual(['board', 'board again'])
    one.faults.push({ kind: 'gone' })
    one.outbox.offer(parcel('over', { subject: 'board', version: 3, isUpdate: true }))
    await one.clock.settle()
    expect(one.problems).toHaveLength(1)
    expect(one.titles()).toEqual(['board', 'board again'])
  })

  test('what the surface refuses is noted once and costs only itself', async () => {
    const one = opened()
    one.faults.push({ kind: 'refused' })
    const fates: Fate[] = []
    one.outbox.offer(parcel('bad', { done: fate => fates.push(fate) }))
    one.outbox.offer(parcel('good'))
    await one.clock.settle()
    expect(one.titles()).toEqual(['good'])
    expect(fates).toEqual(['failed'])
    expect(one.problems).toHaveLength(1)
  })

  test('a surface that does not know us any more is left alone', async () => {
    const one = opened()
    one.faults.push({ kind: 'closed' })
    one.outbox.offer(parcel('page', { priority: 'page' }))
    await one.clock.pass(60_000)
    one.outbox.offer(parcel('another'))
    await one.clock.pass(60_000)
    expect(one.shown).toEqual([])
    expect(one.closed).toHaveLength(1)
  })

  test('a page is tried for as long as it takes, and other things are given up', async () => {
    const one = opened()
    one.faults.push(...Array.from({ length: 20 }, (): DeliveryFault => ({ kind: 'unknown' })))
    one.outbox.offer(parcel('page', { priority: 'page' }))
    await one.clock.pass(15 * 60_000)
    expect(one.titles()).toEqual(['page'])
    one.faults.push(...Array.from({ length: 20 }, (): DeliveryFault => ({ kind: 'unknown' })))
    one.outbox.offer(parcel('fill'))
    await one.clock.pass(15 * 60_000)
    expect(one.titles()).toEqual(['page'])
    expect(one.outbox.counts().failed).toBe(1)
  })
})

test('the next process edits what the last one posted, and is told of cards that still ask', async () => {
  const first = opened()
  const asking = reply('asks').press('Approve', 'approve abc card:1')
  first.outbox.offer(parcel('asks', { subject: 'card:abc', reply: asking }))
  await first.clock.settle()
  first.end()
  await first.running
  const second = surface()
  const clock = new HandClock(NOON)
  const found: string[] = []
  const outbox = createOutbox({
    sender: second.sender,
    memory: first.memory,
    clock,
    note: () => undefined,
    closed: () => undefined,
    loaded: open => found.push(...open.map(one => one.subject)),
  })
  const end = new AbortController()
  const running = outbox.run(end.signal)
  outbox.offer(parcel('over', { subject: 'card:abc', version: 5, isUpdate: true }))
  await clock.settle()
  expect(found).toEqual(['card:abc'])
  expect(second.shown.map(({ how, message }) => `${how} ${message}`)).toEqual(['edit m1'])
  end.abort()
  await running
})

test('a card that was on its way when the process was killed is found by its own id, and is one message', async () => {
  const first = opened()
  first.holdUp()
  const asking = reply('asks').press('Approve', 'approve abc card:1')
  first.outbox.offer(parcel('12.0', { subject: 'card:abc', reply: asking }))
  await first.clock.settle()
  const found = await first.memory.posted('discord')
  expect(found).toMatchObject([{ subject: 'card:abc', message: '', nonce: '12.0', isOpen: true }])
  const second = surface()
  const clock = new HandClock(NOON)
  const outbox = createOutbox({
    sender: second.sender,
    memory: first.memory,
    clock,
    note: () => undefined,
    closed: () => undefined,
    loaded: open => {
      for (const { nonce, subject } of open)
        outbox.offer(parcel(nonce, { subject, version: 20, reply: reply('over'), mayHaveArrived: true }))
    },
  })
  const end = new AbortController()
  const running = outbox.run(end.signal)
  await clock.settle()
  expect(second.shown.map(({ how, isRepeat, title }) => `${how} ${title} ${isRepeat}`)).toEqual([
    'post over true',
    'edit over false',
  ])
  end.abort()
  await running
})

test('whatever is offered, at whatever pace and with whatever faults: one at a time, newest last, nothing twice without saying so', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          subject: fc.constantFrom('a', 'b', undefined),
          version: fc.integer({ min: 1, max: 20 }),
          isUpdate: fc.boolean(),
          fault: fc.constantFrom(undefined, undefined, undefined, 'later', 'unknown', 'gone', 'lost'),
          waitMs: fc.constantFrom(0, 0, 100, 5_000),
        }),
        { maxLength: 40 },
      ),
      async offers => {
        const one = opened(surface({ most: 3, perMs: 1_000 }))
        for (const [index, { subject, version, isUpdate, fault, waitMs }] of offers.entries()) {
          if (fault === 'lost') one.faults.push('arrives, answer lost')
          else if (fault === 'later') one.faults.push({ kind: 'later', afterMs: 700 })
          else if (fault !== undefined) one.faults.push({ kind: fault as 'unknown' | 'gone' })
          one.outbox.offer(
            parcel(`${subject}.${version}.${index}`, {
              ...(subject === undefined ? {} : { subject }),
              version,
              isUpdate,
            }),
          )
          await one.clock.pass(waitMs)
        }
        await one.clock.pass(10 * 60_000)
        expect(one.mostInFlight()).toBeLessThanOrEqual(1)
        expect(one.outbox.waiting()).toBe(0)
        const { delivered, superseded, expired, listed, failed } = one.outbox.counts()
        expect(delivered + superseded + expired + listed + failed).toBeGreaterThanOrEqual(offers.length)
        one.end()
        await one.running
      },
    ),
    { numRuns: 60, seed: 20261129 },
  )
})
