import { describe, expect, test } from 'vitest'
import { type JumpingClock, jumpingClock } from '../../src/adapters/system/clock.ts'
import type { Announcement } from '../../src/chat/announce-words.ts'
import type { Notice } from '../../src/chat/notice/notice.ts'
import { reply } from '../../src/chat/reply.ts'
import { type Instant, instant, type PersonId } from '../../src/core/units/ids.ts'
import { type HeraldOptions, MARK, openHerald } from '../../src/voices/herald.ts'
import { HOUR, MINUTE, made, NOON, SECOND, telling } from '../chat/notice/made.ts'

/** Lets every promise that can go on go on. */
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

async function advance(clock: JumpingClock, to: number): Promise<void> {
  await settled()
  for (let due = clock.next(); due !== undefined && due <= to; due = clock.next()) {
    clock.jump()
    await settled()
  }
  clock.set(instant(to))
  await settled()
}

/** A herald over a memory that may fail, and what it handed on. */
async function heralding(
  {
    clock = jumpingClock(NOON),
    ...change
  }: Partial<Omit<HeraldOptions, 'clock'>> & { readonly clock?: JumpingClock } = {},
  kept = new Map<string, string>(),
) {
  const stop = new AbortController()
  const given: { readonly at: Instant; readonly notice: Notice }[] = []
  const faults: unknown[] = []
  const writes: { readonly at: Instant; readonly text: string }[] = []
  const hearers = new Set<(told: Announcement) => void>()
  const herald = await openHerald({
    clock,
    notices: telling({ discord: false }).notices,
    listen: hear => {
      hearers.add(hear)
      return () => hearers.delete(hear)
    },
    deliver: notice => {
      given.push({ at: clock.now(), notice })
    },
    summarise: async () => reply('What the day brought'),
    memory: {
      mark: async name => kept.get(name),
      setMark: async (name, text) => {
        kept.set(name, text)
        writes.push({ at: clock.now(), text })
      },
    },
    report: error => faults.push(error),
    signal: stop.signal,
    ...change,
  })
  await settled()
  const hear = (told: Announcement): void => {
    for (const each of hearers) each(told)
  }
  const end = async (): Promise<void> => {
    stop.abort()
    await herald.done
  }
  const titles = (): readonly string[] => given.map(({ notice }) => notice.reply.title)
  return {
    clock,
    herald,
    hear,
    given,
    titles,
    faults,
    writes,
    kept,
    end,
    hearers,
    wait: (ms: number) => advance(clock, NOON + ms),
  }
}

const stopped = () => made('stop', { id: '100.0', subject: 'hold:operator', reply: reply('STOPPED') })

describe('the herald', () => {
  test('hands on at once what is told, and again when it is due', async () => {
    const { hear, given, wait, end } = await heralding()
    hear(stopped())
    await wait(10 * MINUTE)
    await end()
    expect(given.map(({ at }) => (at - NOON) / MINUTE)).toEqual([0, 1, 3, 10])
  })

  test('wakes for what becomes due sooner than what it waited for', async () => {
    const { hear, given, wait, end } = await heralding()
    await wait(30 * SECOND)
    hear(stopped())
    await wait(2 * MINUTE)
    await end()
    expect(given.map(({ at }) => (at - NOON) / SECOND)).toEqual([30, 90])
  })

  test('is not late for what comes up between two looks at the clock', async () => {
    const { hear, given, wait, end, clock } = await heralding({ clock: jumpingClock(instant(NOON + 10 * SECOND)) })
    await wait(59 * MINUTE + 30 * SECOND)
    hear(made('whales'))
    await wait(61 * MINUTE)
    await end()
    expect(given.map(({ at, notice }) => [notice.event, at - NOON])).toEqual([['digest', HOUR]])
    expect(clock.now()).toBe(NOON + 61 * MINUTE)
  })

  test('stops repeating once a person looks after it, and shows who', async () => {
    const { hear, herald, titles, wait, end } = await heralding()
    hear(stopped())
    await wait(30 * SECOND)
    herald.acknowledge('100.0', 'ann' as PersonId)
    await wait(HOUR)
    await end()
    expect(titles()).toEqual(['STOPPED', 'SEEN by ann at 12:00:30Z · STOPPED'])
    expect(herald.pages()).toMatchObject([{ id: '100.0', acknowledgedBy: 'ann' }])
  })

  test('has the summary of a day made, and tells where it could not be', async () => {
    let times = 0
    const summarise = async () => {
      times += 1
      if (times > 1) throw new Error('no picture')
      return reply('What the day brought')
    }
    const { titles, faults, wait, end, given } = await heralding({ summarise })
    await wait(44 * HOUR)
    await end()
    expect(titles()).toEqual(['What the day brought', 'The summary of the day could not be made'])
    expect(given.every(({ notice }) => notice.needsSummary === undefined)).toBe(true)
    expect(faults).toMatchObject([{ message: 'no picture' }])
  })

  test('goes on where a surface fails, at once or later', async () => {
    let times = 0
    const { hear, faults, wait, end } = await heralding({
      deliver: () => {
        times += 1
        if (times === 1) throw new Error('at once')
        return Promise.reject(new Error('later'))
      },
    })
    hear(stopped())
    await wait(3 * MINUTE)
    await end()
    expect(faults).toMatchObject([{ message: 'at once' }, { message: 'later' }, { message: 'later' }])
  })

  test('writes what is remembered at most once a second, and only what has changed', async () => {
    const { hear, writes, wait, end } = await heralding()
    for (let index = 0; index < 50; index += 1) {
      hear(made('whales'))
      await wait(index * 100)
    }
    await wait(MINUTE)
    const often = writes.map(({ at }, index) => at - (writes[index - 1]?.at ?? 0))
    expect(writes.length).toBeGreaterThan(3)
    expect(often.every(ms => ms >= SECOND)).toBe(true)
    const before = writes.length
    await wait(30 * MINUTE)
    expect(writes).toHaveLength(before)
    await end()
  })

  test('writes at the end what no second has passed for', async () => {
    const { hear, kept, end } = await heralding()
    hear(stopped())
    await end()
    expect(kept.get(MARK)).toContain('hold:operator')
  })

  test('tries once more at the end what could not be written', async () => {
    const texts: string[] = []
    let times = 0
    const setMark = async (_: string, text: string) => {
      times += 1
      if (times === 1) throw new Error('busy')
      texts.push(text)
    }
    const { hear, wait, end, faults } = await heralding({ memory: { mark: async () => undefined, setMark } })
    hear(stopped())
    await wait(2 * SECOND)
    expect(texts).toEqual([])
    await end()
    expect(texts).toHaveLength(1)
    expect(faults).toMatchObject([{ message: 'busy' }])
  })

  test('goes on with the pages of the process before it', async () => {
    const first = await heralding()
    first.hear(stopped())
    await first.end()
    const second = await heralding({}, first.kept)
    await second.wait(MINUTE)
    await second.end()
    expect(second.titles()).toEqual(['UNSEEN for 60 s · STOPPED'])
  })

  test('begins anew where what was kept cannot be read, and says so', async () => {
    const { herald, hear, faults, end } = await heralding({}, new Map([[MARK, 'garbled']]))
    expect(faults).toHaveLength(1)
    hear(stopped())
    expect(herald.pages()).toHaveLength(1)
    await end()
  })

  test('goes on where nothing can be kept', async () => {
    const broken = async () => Promise.reject(new Error('the disk is full'))
    const { hear, titles, faults, wait, end } = await heralding({ memory: { mark: broken, setMark: broken } })
    hear(stopped())
    await wait(MINUTE)
    await end()
    expect(titles()).toHaveLength(2)
    expect(faults.length).toBeGreaterThan(1)
  })

  test('hears nothing after its end', async () => {
    const { end, hearers } = await heralding()
    expect(hearers.size).toBe(1)
    await end()
    expect(hearers.size).toBe(0)
  })
})
