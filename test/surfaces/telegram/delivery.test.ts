import { describe, expect, test } from 'vitest'
import { reply } from '../../../src/chat/reply.ts'
import type { Trouble } from '../../stand-ins/telegram/faults.ts'
import { REAL_LIMITS } from '../../stand-ins/telegram/rate-limits.ts'
import { ANN, aCard, inTopic, leaks, own, TEAM, useHouses } from './house.ts'

const { house, world } = useHouses()
const REPEATED = 'Sent again: an earlier try may have arrived.'
const PNG = Buffer.from('not a picture at all')

describe('T5: Telegram wants us to wait', () => {
  test('a page is sent when it may be, and once', async () => {
    const { telegram, post, outbox } = await house()
    telegram.faults.add({ kind: 'error', code: 429, parameters: { retry_after: 1 } }, { method: 'sendMessage' })
    const from = performance.now()
    expect(await post(reply('AN ORDER IS UNCERTAIN', 'danger'), { priority: 'page' })).toBe('delivered')
    expect(performance.now() - from).toBeGreaterThanOrEqual(990)
    expect(telegram.messages(ANN).map(({ text }) => text)).toEqual(['AN ORDER IS UNCERTAIN'])
    expect(outbox.counts()).toMatchObject({ delivered: 1, limited: 1, repeated: 0 })
  })

  test('what is silent makes no sound, and what calls somebody does', async () => {
    const { telegram, post } = await house()
    await post(reply('filled'), { isSilent: true })
    await post(reply('stopped'))
    expect(telegram.messages(ANN).map(({ isSilent }) => isSilent)).toEqual([true, false])
  })

  test('at the pace and the limits of the real ones each message arrives once, and in order', async () => {
    const telegram = await world({ limits: REAL_LIMITS })
    const { post } = await house({ telegram, isPaced: true })
    const fates = await Promise.all(['one', 'two', 'three', 'four'].map(text => post(reply(text))))
    expect(fates).toEqual(['delivered', 'delivered', 'delivered', 'delivered'])
    expect(telegram.messages(ANN).map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four'])
  })

  test('the pace is what the FAQ for bots says', async () => {
    const { surface } = await house({ group: true })
    expect(surface.sender.pace(own(ANN))).toEqual({ most: 1, perMs: 1_000 })
    expect(surface.sender.pace(inTopic(7))).toEqual({ most: 20, perMs: 60_000 })
  })
})

describe('a message whose fate is unknown', () => {
  const LOST: readonly (readonly [name: string, trouble: Trouble, copies: number])[] = [
    ['lost its answer', { kind: 'answerLost' }, 2],
    ['was answered with half of one', { kind: 'truncated' }, 2],
    ['met a page', { kind: 'html' }, 1],
    ['met a bad gateway', { kind: 'badGateway' }, 1],
    ['was never answered', { kind: 'hang' }, 1],
    ['met a reset', { kind: 'reset' }, 1],
  ]
  test.each(LOST)('since it %s is sent again, and says so', async (_, trouble, copies) => {
    const { telegram, post, notes, statuses } = await house({ timings: { callMs: 500 } })
    telegram.faults.add(trouble, { method: 'sendMessage' })
    expect(await post(aCard(), { subject: 'signal:a7' })).toBe('delivered')
    const said = telegram.messages(ANN).map(({ text }) => text)
    expect(said).toHaveLength(copies)
    expect(said.at(-1)).toContain(REPEATED)
    expect(leaks({ notes, statuses, telegram })).toEqual([])
  })

  test('never left when nobody took the connection: it is sent once and says nothing', async () => {
    const { telegram, post, outbox, notes, until } = await house()
    await post(reply('first'))
    await telegram.stop()
    await until(() => notes.some(note => note.includes('Telegram cannot be reached')))
    const posted = post(reply('second'))
    await expect.poll(() => outbox.counts().limited).toBe(1)
    await telegram.restart()
    expect(await posted).toBe('delivered')
    expect(outbox.counts()).toMatchObject({ repeated: 0 })
    const said = telegram.messages(ANN).map(({ text }) => text)
    expect(said).toEqual(['first', 'second'])
  })
})

describe('T6: a chat', () => {
  test('that blocks the bot is left alone for ten minutes, then tried again', async () => {
    const { telegram, ann, post, ahead, notes } = await house()
    const fault = telegram.faults.add(
      { kind: 'error', code: 403, description: 'Forbidden: bot was blocked by the user' },
      { method: 'sendMessage', times: 2 },
    )
    expect(await post(reply('one'))).toBe('failed')
    expect(await post(reply('two'), { priority: 'page' })).toBe('failed')
    expect(fault.hits()).toBe(1)
    ahead(10 * 60_000)
    expect(await post(reply('three'))).toBe('failed')
    expect(fault.hits()).toBe(2)
    ahead(10 * 60_000)
    expect(await post(reply('four'))).toBe('delivered')
    expect(notes.filter(note => note.startsWith('nothing reaches chat'))).toHaveLength(2)
    expect(ann.id).toBe(ANN)
  })

  test('that lets the bot in again is written to at once', async () => {
    const { telegram, ann, post, until } = await house()
    await ann.say('/status').reply
    ann.block()
    await until(() => telegram.pending().length === 0)
    const calls = telegram.callsOf('sendMessage').length
    expect(await post(reply('one'))).toBe('failed')
    expect(telegram.callsOf('sendMessage')).toHaveLength(calls)
    ann.unblock()
    await ann.say('/status').reply
    expect(await post(reply('two'))).toBe('delivered')
  })

  test('that never wrote to the bot cannot be written to', async () => {
    const telegram = await world()
    telegram.person({ id: 77, name: 'Dan', isStranger: true })
    const { post } = await house({ telegram })
    expect(await post(reply('hello'), { place: own(77) })).toBe('failed')
  })

  test('that got another id is written to and heard there, also after a restart', async () => {
    const telegram = await world()
    const team = telegram.group({ id: -5, title: 'Team' })
    const first = await house({ telegram, group: -5 })
    const place = { surface: 'telegram', id: '-5', purpose: 'log', person: undefined } as const
    await first.post(aCard(), { place, subject: 'signal:a7' })
    team.migrate(TEAM)
    expect(await first.post(reply('after'), { place })).toBe('delivered')
    expect(telegram.latest(TEAM)?.text).toBe('after')
    expect(await first.post(aCard('PAPER · moved'), { place, subject: 'signal:a7' })).toBe('delivered')
    expect(telegram.latest(TEAM)?.text).toContain('PAPER · moved')
    expect(first.surface.places('log').at(-1)).toMatchObject({ id: String(TEAM) })
    expect((await first.ann.say('/status', { chat: TEAM }).reply).text).toBe('PAPER · running')
    await first.leave()
    const second = await house({ telegram, group: -5, memory: first.memory })
    expect((await second.ann.say('/why', { chat: TEAM }).reply).text).toContain('because')
    expect(second.surface.places('log').at(-1)).toMatchObject({ id: String(TEAM) })
  })

  test('that moved is learnt of from the refusal as well', async () => {
    const telegram = await world()
    telegram.group({ id: -5, title: 'Team' })
    telegram.group({ id: TEAM, title: 'Team' })
    const { post, surface, notes } = await house({ telegram, group: -5 })
    const place = { surface: 'telegram', id: '-5', purpose: 'log', person: undefined } as const
    const parameters = { migrate_to_chat_id: TEAM }
    telegram.faults.add({ kind: 'error', code: 400, parameters }, { method: 'sendMessage' })
    expect(await post(reply('hello'), { place })).toBe('delivered')
    expect(telegram.latest(TEAM)?.text).toBe('hello')
    expect(surface.places('log').at(-1)).toMatchObject({ id: String(TEAM) })
    expect(notes.join()).toContain(`-5 is ${TEAM} now`)
  })
})

describe('T6: an edit', () => {
  test('that changes nothing is done', async () => {
    const { card, post } = await house()
    await card()
    expect(await post(aCard(), { subject: 'signal:a7' })).toBe('delivered')
  })

  test('of a message that is gone is said anew', async () => {
    const { telegram, card, post, surface } = await house()
    const shown = await card()
    telegram.faults.add(
      { kind: 'error', code: 400, description: "Bad Request: message can't be edited" },
      { method: 'editMessageText' },
    )
    expect(await post(aCard('PAPER · again'), { subject: 'signal:a7' })).toBe('delivered')
    expect(telegram.latest(ANN)).toMatchObject({ text: expect.stringContaining('PAPER · again') })
    expect(telegram.latest(ANN)?.id).not.toBe(shown.id)
    const outgoing = { id: 'x', reply: aCard('late'), isSilent: true, calls: [], isRepeat: false }
    await expect(surface.sender.edit(own(ANN), '9999', outgoing, AbortSignal.timeout(1_000))).rejects.toMatchObject({
      fault: { kind: 'gone' },
    })
  })

  test('of a picture changes the words below it', async () => {
    const { ann, telegram, surface, until } = await house()
    const shown = await ann.say('/picture').reply
    const outgoing = { id: 'x', reply: reply('Profit, 30 days'), isSilent: true, calls: [], isRepeat: false }
    await surface.sender.edit(own(ANN), String(shown.id), outgoing, AbortSignal.timeout(1_000))
    await until(() => telegram.message(ANN, shown.id)?.text === 'Profit, 30 days')
    await surface.sender.edit(own(ANN), String(shown.id), outgoing, AbortSignal.timeout(1_000))
  })

  test('takes the buttons away where there are none any more', async () => {
    const { card, post, telegram } = await house()
    const shown = await card()
    await post(aCard().withoutPresses(), { subject: 'signal:a7' })
    expect(telegram.message(ANN, shown.id)?.keyboard).toEqual([])
  })
})

describe('what Telegram will not have', () => {
  test.each(['sendMessage', 'editMessageText'])(
    'markup is left out where %s refuses it, and it is noted',
    async method => {
      const { telegram, card, post, notes } = await house()
      await card()
      const description = "Bad Request: can't parse entities: Unsupported start tag"
      telegram.faults.add({ kind: 'error', code: 400, description }, { method })
      const subject = method === 'sendMessage' ? 'signal:b8' : 'signal:a7'
      expect(await post(aCard('PAPER · plain'), { subject })).toBe('delivered')
      const call = telegram.callsOf(method).at(-1)
      expect(call?.body).not.toHaveProperty('parse_mode')
      expect(call?.body.text).toContain('PAPER · plain')
      expect(notes.join()).toContain('without its markup')
    },
  )

  test('a picture that is none is left out, and its words are sent', async () => {
    const { telegram, post, notes } = await house()
    telegram.faults.add(
      { kind: 'error', code: 400, description: 'Bad Request: IMAGE_PROCESS_FAILED' },
      { method: 'sendPhoto' },
    )
    expect(await post(reply('Profit').drawn({ name: 'profit', alt: 'a line', png: PNG }))).toBe('delivered')
    expect(telegram.latest(ANN)).toMatchObject({ text: 'Profit', photo: undefined })
    expect(notes.join()).toContain('a picture was not taken')
  })

  test('anything else is refused and not tried again', async () => {
    const { telegram, post, outbox } = await house()
    const fault = telegram.faults.add(
      { kind: 'error', code: 400, description: 'Bad Request: whatever' },
      { method: 'sendMessage', times: 3 },
    )
    expect(await post(reply('x'))).toBe('failed')
    expect(fault.hits()).toBe(1)
    expect(outbox.counts()).toMatchObject({ failed: 1, repeated: 0 })
  })
})

describe('a board', () => {
  test('is pinned where the bot may, and stands there where it may not', async () => {
    const telegram = await world()
    const team = telegram.group({ id: TEAM, title: 'Team' })
    const { post, notes } = await house({ telegram, group: true })
    await post(reply('PAPER · board'), { subject: 'board', isPinned: true })
    expect(telegram.pinned(ANN)).toEqual([telegram.latest(ANN)?.id])
    team.setMember(telegram.bot.id, 'member')
    const place = { surface: 'telegram', id: String(TEAM), purpose: 'log', person: undefined } as const
    expect(await post(reply('PAPER · board'), { place, subject: 'board', isPinned: true })).toBe('delivered')
    expect(telegram.pinned(TEAM)).toEqual([])
    expect(notes.join()).toContain('could not be pinned')
  })
})
