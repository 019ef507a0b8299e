import { describe, expect, test } from 'vitest'
import { commands } from '../../../commands/index.ts'
import type { PageView } from '../../../src/chat/notice/notice.ts'
import type { Reply } from '../../../src/chat/reply.ts'
import { createRouter } from '../../../src/chat/router.ts'
import { type NoticeSettings, PLAIN_NOTICE } from '../../../src/core/people/notice.ts'
import { later, type PersonId } from '../../../src/core/units/ids.ts'
import { actor, NOW, newWorld, standIn, type World } from '../stand-in.ts'
import { words } from './made.ts'

const ANN = 'ann' as PersonId

async function say(line: string, prepare: (world: World) => void = () => undefined) {
  const world = newWorld()
  prepare(world)
  const faults: unknown[] = []
  const router = createRouter({ commands, desk: standIn(world), report: fault => faults.push(fault.error) })
  const said: Reply = await router.hear(line, actor('viewer'))
  expect(faults).toEqual([])
  return { said, text: words({ reply: said }), world, set: world.notices.get(ANN) }
}

const having = (settings: Partial<NoticeSettings>) => (world: World) => {
  world.notices.set(ANN, { ...PLAIN_NOTICE, ...settings })
}

describe('notify', () => {
  test('shows every kind of happening, on both surfaces, and what one has set', async () => {
    const { said, text, set } = await say('notify', having({ loudness: { 'telegram:filled': 'on' } }))
    expect(said.isPrivate).toBe(true)
    expect(text).toContain('filled | silent | on * | an order was filled')
    expect(text).toContain('stop | page | page | a person stopped trading')
    expect(text).toContain('digest | silent | silent | what was not worth a message of its own')
    expect(text).toContain('Quiet hours | none')
    expect(text).toContain('Daily summary | 08:00 in UTC')
    expect(set?.loudness).toEqual({ 'telegram:filled': 'on' })
  })

  test.each<[string, Partial<NoticeSettings>, Partial<NoticeSettings>]>([
    ['notify set filled on telegram', {}, { loudness: { 'telegram:filled': 'on' } }],
    ['notify set Filled ON Telegram', {}, { loudness: { 'telegram:filled': 'on' } }],
    ['notify set filled on', {}, { loudness: { 'discord:filled': 'on', 'telegram:filled': 'on' } }],
    ['notify set filled silent', { loudness: { '*:filled': 'on' } }, { loudness: {} }],
    ['notify set filled usual telegram', { loudness: { '*:filled': 'on' } }, { loudness: { 'discord:filled': 'on' } }],
    ['notify set stop on telegram', {}, { loudness: { 'telegram:stop': 'on' } }],
    ['notify set stop off discord', {}, { loudness: { 'discord:stop': 'off' } }],
    ['notify set daily off', {}, { loudness: { 'discord:daily': 'off', 'telegram:daily': 'off' } }],
    ['notify quiet 23:00-07:30 Europe/Rome', {}, { quiet: { zone: 'Europe/Rome', from: 1_380, to: 450 } }],
    ['notify quiet 23:00 - 7:30 europe/rome', {}, { quiet: { zone: 'Europe/Rome', from: 1_380, to: 450 } }],
    ['notify quiet 13:00–14:00', { zone: 'Asia/Tokyo' }, { quiet: { zone: 'Asia/Tokyo', from: 780, to: 840 } }],
    ['notify quiet off', { quiet: { zone: 'UTC', from: 0, to: 60 } }, { quiet: undefined }],
    ['notify daily 07:30', {}, { dailyAt: 450, zone: 'UTC' }],
    ['notify daily 7:30 America/New_York', {}, { dailyAt: 450, zone: 'America/New_York' }],
    ['notify reset', { loudness: { '*:filled': 'on' }, dailyAt: 5, zone: 'Asia/Tokyo' }, PLAIN_NOTICE],
  ])('%s', async (line, before, after) => {
    const { said, set, world } = await say(line, having(before))
    expect(said.tone).toBe('good')
    expect(world.instructions).toMatchObject([{ kind: 'setNotice' }])
    expect(set).toEqual({ ...PLAIN_NOTICE, ...before, ...after })
  })

  test.each<[string, string]>([
    ['notify set', 'Say what and how loudly: notify set filled on telegram.'],
    ['notify set filld on', 'Nothing is told under the name "filld". Did you mean filled?'],
    ['notify set filled', 'How loudly: off, digest, silent, on, page, or usual.'],
    ['notify set filled loud', 'How loudly: off, digest, silent, on, page, or usual; not "loud".'],
    ['notify set filled on email', 'One of discord, telegram; not "email".'],
    ['notify set daily page', 'daily is off, silent or on: it comes at its hour, and is not repeated.'],
    ['notify set stop off', 'stop wakes people (a person stopped trading)'],
    ['notify set stop silent', 'stop wakes people (a person stopped trading)'],
    ['notify quiet', 'Say from when to when, and where: notify quiet 23:00-07:30 Europe/Rome.'],
    ['notify quiet 23:00', 'Quiet hours look like 23:00-07:30 Europe/Rome, or off; not "23:00".'],
    ['notify quiet 23:00-25:30', 'A time of day is between 00:00 and 23:59, like 07:30; not "25:30".'],
    ['notify quiet 23:00-23:00', 'Quiet hours end at another time than they begin.'],
    ['notify quiet 23:00-07:00 Rome', 'There is no time zone "Rome". Did you mean Europe/Rome?'],
    ['notify quiet 23:00-07:00 Europe/Rom', 'There is no time zone "Europe/Rom". Did you mean Europe/Rome?'],
    ['notify quiet 23:00-07:00 +02:00', 'There is no time zone "+02:00".'],
    ['notify daily', 'Say when, and where: notify daily 07:30 Europe/Rome.'],
    ['notify daily noon', 'A time of day is between 00:00 and 23:59, like 07:30; not "noon".'],
    ['notify daily 07:30 Europe/Rome please', 'A time and a zone: 07:30 Europe/Rome'],
    ['notify loudly', 'One of show, set, quiet, daily, reset; not "loudly".'],
  ])('%s is answered with what to do', async (line, why) => {
    const { said, text, world } = await say(line)
    expect(said.tone).toBe('warn')
    expect(text).toContain(why)
    expect(world.instructions).toEqual([])
  })

  test('a page that is off on one surface may not be turned down on the other', async () => {
    const { text, world } = await say(
      'notify set stop silent telegram',
      having({ loudness: { 'discord:stop': 'off' } }),
    )
    expect(text).toContain('it stays `on` or `page` on Discord or on Telegram')
    expect(world.instructions).toEqual([])
  })
})

describe('ack', () => {
  const page = (id: string, agoMs: number, change: Partial<PageView> = {}): PageView => {
    return { id, at: later(NOW, -agoMs), title: `📄 PAPER · ${id} STOPPED`, ...change }
  }
  const seen = { acknowledgedBy: 'bob' as PersonId }
  const open = (...pages: readonly PageView[]) => {
    return (world: World) => {
      world.pages = pages
    }
  }

  test.each<[string, string, readonly PageView[], string]>([
    ['the one that is meant', 'ack 7.0', [page('7.0', 90_000), page('6.0', 5_000)], '7.0'],
    ['the only one', 'ack', [page('7.0', 90_000)], '7.0'],
    ['the newest of several', 'ack', [page('6.0', 90_000), page('7.0', 5_000)], '7.0'],
    ['the newest that nobody has seen', 'ack', [page('7.0', 5_000, seen), page('6.0', 90_000)], '6.0'],
    ['by its other name', 'seen 7.0', [page('7.0', 90_000)], '7.0'],
  ])('takes %s', async (_, line, pages, id) => {
    const { world, said } = await say(line, open(...pages))
    expect(world.instructions).toEqual([{ kind: 'acknowledge', page: id }])
    expect(said.title).toMatch(/^Seen by ann after /)
  })

  test('says what else nobody has seen, a press away', async () => {
    const { text, said } = await say('ack', open(page('7.0', 5_000), page('6.0', 90_000), page('5.0', 99_000)))
    expect(text).toContain('2 other pages nobody has seen yet.')
    expect(said.presses.map(({ line }) => line)).toEqual(['ack 6.0', 'ack 5.0'])
  })

  test.each<[string, readonly PageView[], string]>([
    ['ack', [], 'No page waits to be seen.'],
    ['ack', [page('7.0', 5_000, seen)], 'No page waits to be seen.'],
    ['ack 9.0', [], 'No page waits to be seen; "9.0" is over or was never one.'],
    ['ack 7.1', [page('7.0', 5_000)], 'There is no page "7.1". Did you mean 7.0?'],
    ['ack 7.0', [page('7.0', 5_000, seen)], 'bob has seen that already: 📄 PAPER · 7.0 STOPPED'],
  ])('%s with %j is answered with what is', async (line, pages, why) => {
    const { text, world } = await say(line, open(...pages))
    expect(text).toContain(why)
    expect(world.instructions).toEqual([])
  })
})
