import { describe, expect, test } from 'vitest'
import type { EventName } from '../../../src/chat/notice/events.ts'
import { RUNNING_MAX, SETTLED_MAX } from '../../../src/chat/notice/pages.ts'
import { reply } from '../../../src/chat/reply.ts'
import type { PersonId } from '../../../src/core/units/ids.ts'
import { card, DAY, HOUR, lines, MINUTE, made, NOON, passed, past, person, SECOND, telling, words } from './made.ts'

const ANN = 'ann' as PersonId
const stop = (id = '100.0') => made('stop', { id, subject: 'hold:operator', reply: reply('📄 PAPER · STOPPED: lunch') })
const resume = (subject?: string) => made('resume', subject === undefined ? {} : { subject })
const private_ = { discord: false }

describe('a page', () => {
  test('is repeated at 1, 3 and 10 minutes and then every ten, for a day', () => {
    const { notices } = telling(private_)
    notices.tick(NOON)
    notices.tell(stop(), NOON)
    const minutes = passed(notices, NOON, past(2 * DAY))
      .filter(({ event }) => event === 'stop')
      .map(notice => (notice.at - NOON) / MINUTE)
    expect(minutes.slice(0, 6)).toEqual([1, 3, 10, 20, 30, 40])
    expect(minutes.at(-1)).toBe(24 * 60)
    expect(minutes).toHaveLength(2 + 24 * 6)
  })

  test('is each time a message anew, as loud, which says for how long nobody has seen it', () => {
    const { notices } = telling(private_)
    const [first] = notices.tell(stop(), NOON)
    const [again] = notices.tick(past(MINUTE))
    expect(lines(again === undefined ? [] : [again])).toEqual(['telegram/ann risk: stop page'])
    expect(again?.subject).not.toBe(first?.subject)
    expect(again?.reply.title).toBe('UNSEEN for 60 s · 📄 PAPER · STOPPED: lunch')
    expect(again?.expiresAt).toBe(past(3 * MINUTE))
  })

  test('has a press by which it is acknowledged', () => {
    const { notices } = telling(private_)
    const [notice] = notices.tell(stop(), NOON)
    expect(notice?.reply.presses).toMatchObject([{ label: 'Seen', line: 'ack 100.0' }])
  })

  test('stops when a person acknowledges it, and its messages say who and when', () => {
    const { notices } = telling()
    notices.tell(stop(), NOON)
    notices.tick(past(MINUTE))
    const seen = notices.acknowledge('100.0', ANN, past(90 * SECOND))
    expect(seen.map(({ subject }) => subject)).toEqual(['page:100.0', 'page:100.0', 'page:100.0:1', 'page:100.0:1'])
    expect(seen.every(({ isUpdate, loudness }) => isUpdate && loudness === 'silent')).toBe(true)
    expect(seen[0]?.reply.title).toBe('SEEN by ann at 12:01:30Z · 📄 PAPER · STOPPED: lunch')
    expect(seen[0]?.reply.presses).toEqual([])
    expect(passed(notices, past(2 * MINUTE), past(DAY)).filter(({ event }) => event === 'stop')).toEqual([])
    expect(notices.pages()).toMatchObject([{ id: '100.0', acknowledgedBy: 'ann' }])
  })

  test('is acknowledged once, and what is none not at all', () => {
    const { notices } = telling()
    notices.tell(stop(), NOON)
    notices.acknowledge('100.0', ANN, past(SECOND))
    expect(notices.acknowledge('100.0', 'bob' as PersonId, past(2 * SECOND))).toEqual([])
    expect(notices.acknowledge('nothing', ANN, past(SECOND))).toEqual([])
  })

  test('is edited with a version that rises each time', () => {
    const { notices } = telling(private_)
    const versions = [
      ...notices.tell(stop(), NOON),
      ...notices.tell(stop('101.0'), past(SECOND)),
      ...notices.acknowledge('100.0', ANN, past(2 * SECOND)),
      ...notices.tell(resume('hold:operator'), past(3 * SECOND)).filter(({ subject }) => subject === 'page:100.0'),
    ].map(({ version }) => version)
    expect(versions).toHaveLength(4)
    expect(new Set(versions).size).toBe(4)
    expect([...versions].sort((one, other) => one - other)).toEqual(versions)
  })

  test('is not repeated where it is only a message', () => {
    const { notices } = telling({ people: [person('ann', { 'telegram:stop': 'on' })] })
    notices.tell(stop(), NOON)
    expect(lines(notices.tick(past(MINUTE)))).toEqual(['discord risk: stop page'])
  })

  test('is not repeated for who came later, nor for who has gone', () => {
    const { notices, world } = telling({ ...private_, people: [person('ann'), person('bob')] })
    notices.tell(stop(), NOON)
    world.people = [person('bob'), person('eve')]
    expect(lines(notices.tick(past(MINUTE)))).toEqual(['telegram/bob risk: stop page'])
  })

  test('is told once of all repeats that a pause has swallowed', () => {
    const { notices } = telling(private_)
    notices.tell(stop(), NOON)
    expect(notices.tick(past(35 * MINUTE))).toHaveLength(1)
    expect(notices.nextAt(past(35 * MINUTE))).toBe(past(40 * MINUTE))
  })

  test('has a short name, whatever the announcement is called', () => {
    const { notices } = telling(private_)
    notices.tell(made('surface', { id: 'surface telegram 1790942400000', subject: 'surface:telegram' }), NOON)
    expect(notices.pages()[0]?.id).toMatch(/^[0-9a-f]{8}$/)
  })
})

describe('a page whose cause is over', () => {
  test.each<[EventName, EventName, string]>([
    ['stop', 'resume', 'hold:operator'],
    ['breaker', 'resume', 'hold:drawdown'],
    ['books', 'resume', 'hold:reconciliation'],
    ['surface', 'resume', 'hold:voices'],
    ['blind', 'seen', 'hold:feeds'],
    ['uncertain', 'certain', 'doubt:1'],
  ])('%s is ended by %s', (event, ending, subject) => {
    const { notices } = telling(private_)
    notices.tell(made(event, { subject }), NOON)
    const told = notices.tell(made(ending, { subject, reply: reply('It is over') }), past(5 * SECOND))
    const [edited] = told.filter(({ isUpdate }) => isUpdate)
    expect(edited?.reply.title).toMatch(/^OVER at 12:00:05Z · /)
    expect(words(edited ?? { reply: reply('') })).toContain('Over: It is over')
    expect(edited?.reply.presses).toEqual([])
    expect(notices.pages()).toEqual([])
    expect(passed(notices, past(5 * SECOND), past(DAY)).filter(notice => notice.event === event)).toEqual([])
  })

  test('is told by a message of its own, however often it happens', () => {
    const { notices } = telling(private_)
    for (let times = 0; times < 3; times += 1) {
      notices.tell(stop(`${200 + times}.0`), past(times * HOUR))
      const told = notices.tell(resume('hold:operator'), past(times * HOUR + MINUTE))
      const [own] = told.filter(({ event }) => event === 'resume')
      expect(own).toMatchObject({ loudness: 'on', isUpdate: false })
      expect(own).not.toHaveProperty('subject')
    }
  })

  test('is not another page', () => {
    const { notices } = telling(private_)
    notices.tell(stop(), NOON)
    notices.tell(made('breaker', { subject: 'hold:drawdown' }), NOON)
    notices.tell(resume('hold:drawdown'), past(SECOND))
    expect(notices.pages().map(({ id }) => id)).toEqual(['100.0'])
  })

  test('is not guessed where it could be either', () => {
    const { notices } = telling(private_)
    notices.tell(stop(), NOON)
    notices.tell(made('breaker', { subject: 'hold:drawdown' }), NOON)
    notices.tell(resume(), past(SECOND))
    expect(notices.pages()).toHaveLength(2)
  })

  test('is the only one where nothing else is said', () => {
    const { notices } = telling(private_)
    notices.tell(stop(), NOON)
    notices.tell(resume(), past(SECOND))
    expect(notices.pages()).toEqual([])
  })

  test('still says who had seen it', () => {
    const { notices } = telling(private_)
    notices.tell(stop(), NOON)
    notices.acknowledge('100.0', ANN, past(SECOND))
    const [over] = notices.tell(resume('hold:operator'), past(MINUTE)).filter(({ isUpdate }) => isUpdate)
    expect(over?.reply.title).toMatch(/^OVER at 12:01:00Z · SEEN by ann at 12:00:01Z · /)
  })
})

describe('the same cause again', () => {
  test('within a minute is the same page, with the latest words and a count', () => {
    const { notices } = telling(private_)
    notices.tell(stop('100.0'), NOON)
    const [again] = notices.tell(stop('101.0'), past(30 * SECOND))
    expect(again).toMatchObject({ subject: 'page:100.0', loudness: 'page', isUpdate: false })
    expect(words(again ?? { reply: reply('') })).toContain('Told 2 times.')
    expect(notices.pages()).toHaveLength(1)
    expect(notices.nextAt(past(30 * SECOND))).toBe(past(MINUTE))
  })

  test('after a minute is a page of its own that carries the other on', () => {
    const { notices } = telling(private_)
    notices.tell(stop('100.0'), NOON)
    const told = notices.tell(stop('101.0'), past(2 * MINUTE))
    expect(lines(told)).toEqual(['telegram/ann risk: stop page', 'telegram/ann risk: stop edited'])
    expect(told[0]?.subject).toBe('page:101.0')
    expect(words(told[0] ?? { reply: reply('') })).toContain('1 earlier page of the kind had been seen by nobody.')
    expect(notices.pages().map(({ id }) => id)).toEqual(['101.0'])
  })

  test('a moment after it was over runs on, and wants to be seen', () => {
    const { notices } = telling(private_)
    notices.tell(made('blind', { id: '7.0', subject: 'hold:feeds' }), NOON)
    notices.tell(made('seen', { subject: 'hold:feeds' }), past(10 * SECOND))
    notices.tell(made('blind', { id: '8.0', subject: 'hold:feeds' }), past(20 * SECOND))
    expect(notices.pages().map(({ id }) => id)).toEqual(['7.0'])
    expect(lines(notices.tick(past(MINUTE)))).toEqual(['telegram/ann risk: blind page'])
  })

  test('long after somebody has seen it is a page anew', () => {
    const { notices } = telling(private_)
    notices.tell(stop('100.0'), NOON)
    notices.acknowledge('100.0', ANN, past(SECOND))
    notices.tell(stop('101.0'), past(2 * MINUTE))
    expect(lines(notices.tick(past(3 * MINUTE)))).toEqual(['telegram/ann risk: stop page'])
  })
})

describe('a page that somebody looks after', () => {
  test('is not woken by its cause told again in the same minute', () => {
    const { notices } = telling(private_)
    notices.tell(stop('100.0'), NOON)
    notices.acknowledge('100.0', ANN, past(10 * SECOND))
    notices.tell(stop('101.0'), past(30 * SECOND))
    expect(notices.pages()).toMatchObject([{ id: '100.0', acknowledgedBy: 'ann' }])
    expect(notices.tick(past(HOUR))).toEqual([])
  })

  test('does not swallow its cause a minute after it began, however often it was told', () => {
    const { notices } = telling(private_)
    notices.tell(stop('100.0'), NOON)
    notices.tell(stop('101.0'), past(40 * SECOND))
    notices.acknowledge('100.0', ANN, past(50 * SECOND))
    expect(lines(notices.tell(stop('102.0'), past(90 * SECOND)))).toEqual(['telegram/ann risk: stop page'])
    expect(notices.pages().map(({ id }) => id)).toEqual(['102.0', '100.0'])
  })

  test('wants to be seen again where its cause had ended meanwhile', () => {
    const { notices } = telling(private_)
    notices.tell(stop('100.0'), NOON)
    notices.acknowledge('100.0', ANN, past(10 * SECOND))
    notices.tell(resume('hold:operator'), past(20 * SECOND))
    notices.tell(stop('101.0'), past(30 * SECOND))
    expect(notices.pages()).toEqual([expect.not.objectContaining({ acknowledgedBy: 'ann' })])
    expect(lines(notices.tick(past(MINUTE)))).toEqual(['telegram/ann risk: stop page'])
  })
})

test('an announcement that is told twice opens two pages of different names', () => {
  const { notices } = telling(private_)
  notices.tell(stop('100.0'), NOON)
  notices.tell(stop('100.0'), past(2 * MINUTE))
  const again = notices.tick(past(3 * MINUTE))
  expect(again).toHaveLength(1)
  expect(notices.pages().map(({ id }) => id)).not.toContain('100.0')
})

test('a card is called out where a person wants it as a page, and is not repeated', () => {
  const { notices } = telling({ people: [person('ann', { '*:proposal': 'page' })], telegram: false })
  expect(notices.tell(card('A', NOON), NOON)).toMatchObject([{ loudness: 'page', calls: ['discord-ann'], priority: 0 }])
  expect(notices.pages()).toEqual([])
  expect(notices.tick(past(MINUTE))).toEqual([])
})

test('the words of a page are brought up to date by what is about the same', () => {
  const { notices } = telling(private_)
  notices.tell(made('uncertain', { id: '9.0', subject: 'doubt:1' }), NOON)
  const update = made('uncertain', { subject: 'doubt:1', isUpdate: true, level: 'page', reply: reply('Asked 3 times') })
  const told = notices.tell(update, past(SECOND))
  expect(told).toMatchObject([{ subject: 'page:9.0', reply: { title: 'Asked 3 times' } }])
})

test('what a person wants as a page is repeated to that person only', () => {
  const { notices } = telling({ people: [person('ann', { 'telegram:failed': 'page' })] })
  notices.tell(made('failed', { id: '5.0' }), NOON)
  expect(lines(notices.tick(past(MINUTE)))).toEqual(['telegram/ann fills: failed page'])
  notices.acknowledge('5.0', ANN, past(MINUTE))
  expect(notices.tick(past(3 * MINUTE))).toEqual([])
})

test('a flood of pages is a bounded number of them, and each is told or carried on', () => {
  const { notices } = telling(private_)
  const many = 500
  for (let index = 0; index < many; index += 1) {
    const told = notices.tell(made('uncertain', { id: `${index}.0`, subject: `doubt:${index}` }), past(index * SECOND))
    expect(lines(told)[0]).toBe('telegram/ann risk: uncertain page')
  }
  const pages = notices.pages()
  expect(pages).toHaveLength(RUNNING_MAX)
  expect(pages[0]?.id).toBe(`${many - 1}.0`)
  const again = notices.tick(past(DAY - HOUR))
  const carried = again.map(notice => Number(/(\d+) earlier pages? of the kind/.exec(words(notice))?.[1] ?? 0))
  expect(carried.reduce((sum, count) => sum + count, again.length)).toBe(many)
})

test('pages that are over are remembered in a bounded number', () => {
  const { notices } = telling(private_)
  for (let index = 0; index < 3 * SETTLED_MAX; index += 1) {
    notices.tell(made('uncertain', { id: `${index}.0`, subject: `doubt:${index}` }), past(index * HOUR))
    notices.acknowledge(`${index}.0`, ANN, past(index * HOUR + SECOND))
  }
  expect(notices.pages()).toHaveLength(SETTLED_MAX)
})
