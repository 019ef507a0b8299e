import { describe, expect, test } from 'vitest'
import { PRIORITY } from '../../../src/chat/notice/notice.ts'
import { reply } from '../../../src/chat/reply.ts'
import type { Instant } from '../../../src/core/units/ids.ts'
import { at, DAY, HOUR, lines, MINUTE, made, NOON, passed, past, person, SECOND, telling, words } from './made.ts'

const own = { discord: false }
const refusal = (reasons: string) =>
  made('refused', { reply: reply(`📄 PAPER · not bought · swisstony buys Yes — ${reasons} \`why A7K2\``) })
const SPREAD = 'The spread is wider than `spreadMax` (0.06, at most 0.05).'
const MOVED = "The price is further from the whale's than `priceMoveMax` (0.04)."

function told(notices: ReturnType<typeof telling>['notices'], from: Instant, to: Instant, event: string) {
  return passed(notices, from, to).filter(notice => notice.event === event)
}

describe('a digest', () => {
  test('comes at the full hour, with the reasons by how often they came and five examples', () => {
    const { notices } = telling(own)
    for (let index = 0; index < 7; index += 1) notices.tell(refusal(SPREAD), past(index * MINUTE))
    for (let index = 0; index < 3; index += 1) notices.tell(refusal(`${MOVED} ${SPREAD}`), past((10 + index) * MINUTE))
    const [digest, ...more] = told(notices, past(20 * MINUTE), past(HOUR), 'digest')
    expect(more).toEqual([])
    expect(digest).toMatchObject({ at: past(HOUR), loudness: 'silent', priority: PRIORITY.digest })
    expect(digest?.place).toEqual({ surface: 'telegram', purpose: 'log', person: 'ann' })
    const shown = words(digest ?? { reply: reply('') })
    expect(shown).toContain('In short: 10 things since 2026-10-02 12:00Z')
    expect(shown).toContain('The spread is wider than `spreadMax` | ▇▇▇▇▇▇▇▇▇▇ 10')
    expect(shown).toContain("The price is further from the whale's than `pri… | ▇▇▇ 3")
    expect(shown.match(/^· /gm)).toHaveLength(5)
  })

  test('is not sent where there is nothing to say', () => {
    const { notices } = telling()
    notices.tick(NOON)
    expect(told(notices, NOON, past(20 * HOUR), 'digest')).toEqual([])
  })

  test('is sent once, and the next has only what came since', () => {
    const { notices } = telling(own)
    notices.tell(refusal(SPREAD), NOON)
    expect(told(notices, NOON, past(HOUR), 'digest')).toHaveLength(1)
    notices.tell(refusal(MOVED), past(90 * MINUTE))
    const [second] = told(notices, past(90 * MINUTE), past(3 * HOUR), 'digest')
    expect(second?.at).toBe(past(2 * HOUR))
    expect(words(second ?? { reply: reply('') })).not.toContain('spread')
  })

  test('of a channel has what is for the digest there', () => {
    const { notices } = telling({ telegram: false, people: [person('ann', { 'discord:refused': 'digest' })] })
    notices.tell(refusal(SPREAD), NOON)
    const [digest] = told(notices, NOON, past(HOUR), 'digest')
    expect(lines(digest === undefined ? [] : [digest])).toEqual(['discord log: digest silent'])
  })

  test.each([
    ['off', []],
    ['on', ['telegram/ann log: digest on']],
  ] as const)('that is %s is that', (loudness, shown) => {
    const { notices } = telling({ ...own, people: [person('ann', { 'telegram:digest': loudness })] })
    notices.tell(refusal(SPREAD), NOON)
    expect(lines(told(notices, NOON, past(HOUR), 'digest'))).toEqual(shown)
  })

  test('has a page that is wanted there only', () => {
    const { notices } = telling({ people: [person('ann', { 'telegram:stop': 'digest' })] })
    notices.tell(made('stop', { id: '1.0' }), NOON)
    notices.acknowledge('1.0', 'ann' as never, NOON)
    expect(lines(told(notices, NOON, past(HOUR), 'digest'))).toEqual(['telegram/ann log: digest silent'])
  })

  test('waits in quiet hours for their end, with what they held back and when that was', () => {
    const quiet = { zone: 'Europe/Rome', from: 23 * 60, to: 7 * 60 + 30 }
    const { notices } = telling({ ...own, people: [person('ann', {}, { quiet })] })
    const night = at('2026-10-02T22:00Z')
    notices.tick(night)
    notices.tell(made('filled', { reply: reply('📄 PAPER · BOUGHT 63 Yes') }), night)
    notices.tell(refusal(SPREAD), at('2026-10-02T23:10Z'))
    const [morning, ...more] = told(notices, at('2026-10-02T23:10Z'), at('2026-10-03T07:00Z'), 'digest')
    expect(more).toEqual([])
    expect(morning?.at).toBe(at('2026-10-03T05:30Z'))
    const shown = words(morning ?? { reply: reply('') })
    expect(shown).toContain('22:00:00Z | 📄 PAPER · BOUGHT 63 Yes')
    expect(shown).toContain('an order was filled | ▇▇▇▇▇▇▇▇▇▇ 1')
  })

  test('stays within what a message holds', () => {
    const { notices } = telling(own)
    const long = 'x'.repeat(250)
    for (let index = 0; index < 5_000; index += 1) notices.tell(made('whales', { reply: reply(long) }), NOON)
    const [digest] = told(notices, NOON, past(HOUR), 'digest')
    expect(words(digest ?? { reply: reply('') }).length).toBeLessThan(3_600)
  })
})

describe('the summary of a day', () => {
  const rome = { dailyAt: 7 * 60 + 30, zone: 'Europe/Rome' }

  test('comes once a day at its hour where the person lives, and is made by who tells it', () => {
    const { notices } = telling({ ...own, people: [person('ann', {}, rome)] })
    notices.tick(NOON)
    const days = told(notices, NOON, past(3 * DAY), 'daily')
    expect(days.map(notice => notice.at)).toEqual(
      ['2026-10-03', '2026-10-04', '2026-10-05'].map(day => at(`${day}T05:30Z`)),
    )
    expect(days[0]).toMatchObject({ needsSummary: true, loudness: 'on', priority: PRIORITY.digest })
  })

  test('comes at 08:00 UTC in shared places', () => {
    const { notices } = telling({ telegram: false, telegramGroup: true })
    notices.tick(NOON)
    const days = told(notices, NOON, past(DAY), 'daily')
    expect(lines(days)).toEqual(['discord log: daily silent', 'telegram log: daily on'])
    expect(days.map(notice => notice.at)).toEqual([at('2026-10-03T08:00Z'), at('2026-10-03T08:00Z')])
  })

  test.each([
    [
      'the clocks go forward in Rome',
      'Europe/Rome',
      '02:30',
      '2026-03-28T12:00Z',
      '2026-03-29T01:00Z',
      '2026-03-30T00:30Z',
    ],
    [
      'the clocks go back in Rome',
      'Europe/Rome',
      '02:30',
      '2026-10-24T12:00Z',
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ],
    [
      'the clocks go forward in New York',
      'America/New_York',
      '02:15',
      '2026-03-07T12:00Z',
      '2026-03-08T07:00Z',
      '2026-03-09T06:15Z',
    ],
    [
      'the clocks go back in New York',
      'America/New_York',
      '01:15',
      '2026-10-31T12:00Z',
      '2026-11-01T05:15Z',
      '2026-11-02T06:15Z',
    ],
  ])('comes once on the day that %s', (_, zone, time, from, first, second) => {
    const dailyAt = Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
    const { notices } = telling({ ...own, people: [person('ann', {}, { dailyAt, zone })] })
    notices.tick(at(from))
    const days = told(notices, at(from), at(second), 'daily').map(notice => notice.at)
    expect(days).toEqual([at(first), at(second)])
  })

  test('does not come at the start, of a day that was before it', () => {
    const { notices } = telling(own)
    expect(notices.tick(NOON)).toEqual([])
    expect(notices.nextAt(NOON)).toBe(at('2026-10-03T08:00Z'))
  })

  test('comes the same day where its hour is still to come', () => {
    const { notices } = telling(own)
    notices.tick(at('2026-10-02T06:00Z'))
    expect(notices.nextAt(at('2026-10-02T06:00Z'))).toBe(at('2026-10-02T08:00Z'))
  })

  test('comes late where nothing ran at its hour, and once for several days', () => {
    const { notices } = telling(own)
    notices.tick(NOON)
    expect(lines(notices.tick(past(3 * DAY)))).toEqual(['telegram/ann log: daily on'])
    expect(notices.nextAt(past(3 * DAY))).toBe(at('2026-10-06T08:00Z'))
  })

  test('waits for the end of quiet hours', () => {
    const quiet = { zone: 'Europe/Rome', from: 23 * 60, to: 9 * 60 }
    const { notices } = telling({ ...own, people: [person('ann', {}, { ...rome, quiet })] })
    notices.tick(NOON)
    expect(told(notices, NOON, past(DAY), 'daily').map(notice => notice.at)).toEqual([at('2026-10-03T07:00Z')])
    expect(notices.tick(at('2026-10-06T02:00Z'))).toEqual([])
    expect(notices.nextAt(at('2026-10-06T02:00Z'))).toBe(at('2026-10-06T07:00Z'))
  })

  test('comes at another hour from when a person says so', () => {
    const { notices, world } = telling({ ...own, people: [person('ann', {}, rome)] })
    notices.tick(NOON)
    world.people = [person('ann', {}, { ...rome, dailyAt: 15 * 60 })]
    expect(notices.nextAt(NOON)).toBe(at('2026-10-03T13:00Z'))
  })

  test('is not given where it is off', () => {
    const { notices } = telling({ ...own, people: [person('ann', { '*:daily': 'off' })] })
    notices.tick(NOON)
    expect(told(notices, NOON, past(3 * DAY), 'daily')).toEqual([])
  })

  test('is never a page, nor in a digest', () => {
    for (const [wish, loudness] of [
      ['page', 'on'],
      ['digest', 'silent'],
    ] as const) {
      const { notices } = telling({ ...own, people: [person('ann', { '*:daily': wish })] })
      notices.tick(NOON)
      expect(told(notices, NOON, past(DAY), 'daily').map(notice => notice.loudness)).toEqual([loudness])
    }
  })
})

describe('what is remembered', () => {
  test('goes on after a restart as if there had been none', () => {
    const one = telling(own)
    one.notices.tick(NOON)
    one.notices.tell(made('stop', { id: '1.0', subject: 'hold:operator' }), NOON)
    one.notices.tell(refusal(SPREAD), past(SECOND))
    one.notices.tell(made('ordered', { subject: 'card:A' }), past(2 * SECOND))
    const other = telling(own)
    expect(other.notices.thaw(one.notices.freeze())).toBe(true)
    expect(other.notices.freeze()).toBe(one.notices.freeze())
    expect(other.notices.pages()).toEqual(one.notices.pages())
    expect(passed(other.notices, past(MINUTE), past(2 * DAY))).toEqual(passed(one.notices, past(MINUTE), past(2 * DAY)))
  })

  test.each([
    ['nothing', ''],
    ['no such text', 'hello'],
    ['another shape', '999 abcdefghijklmnop {}'],
    ['a sum that is wrong', '1 abcdefghijklmnop {}'],
  ])('is begun anew from %s', (_, text) => {
    const { notices } = telling(own)
    notices.tell(made('stop'), NOON)
    expect(notices.thaw(text)).toBe(false)
    expect(notices.pages()).toEqual([])
  })

  test('is begun anew from a text that lost or changed a letter', () => {
    const { notices } = telling(own)
    notices.tell(made('stop'), NOON)
    const text = notices.freeze()
    for (const place of [0, 2, 20, Math.floor(text.length / 2), text.length - 1]) {
      const changed = `${text.slice(0, place)}${text[place] === 'x' ? 'y' : 'x'}${text.slice(place + 1)}`
      expect(telling(own).notices.thaw(changed)).toBe(false)
      expect(telling(own).notices.thaw(`${text.slice(0, place)}${text.slice(place + 1)}`)).toBe(false)
    }
    expect(telling(own).notices.thaw(text)).toBe(true)
  })
})
