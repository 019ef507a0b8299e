import { describe, expect, test } from 'vitest'
import type { Trouble } from '../../stand-ins/telegram/faults.ts'
import { stretchTo } from './half-open.ts'
import { ANN, aCard, leaks, own, useHouses } from './house.ts'

const { house, world } = useHouses()

/** What may happen to a poll, and for how many of them. */
const TROUBLES: readonly (readonly [name: string, trouble: Trouble, times: number])[] = [
  ['a poll that is never answered', { kind: 'hang' }, 2],
  ['a connection that is reset', { kind: 'reset' }, 3],
  ['an answer that is lost', { kind: 'answerLost' }, 3],
  ['a page in place of an answer', { kind: 'html' }, 3],
  ['a gateway that is bad', { kind: 'badGateway' }, 3],
  ['half an answer', { kind: 'truncated' }, 3],
  ['a refusal', { kind: 'error', code: 400, description: 'Bad Request: whatever' }, 2],
  [
    'a refusal that names the token',
    { kind: 'error', code: 404, description: 'Not Found: /bot700000001:AAExample' },
    2,
  ],
  ['a wish to be left alone', { kind: 'error', code: 429, parameters: { retry_after: 0.05 } }, 2],
  ['a failing server', { kind: 'error', code: 500, description: 'Internal Server Error' }, 3],
  ['another poller, for a moment', { kind: 'conflict' }, 2],
]

describe('T1: the poll meets', () => {
  test.each(TROUBLES)('%s, and goes on', async (_, trouble, times) => {
    const { telegram, ann, deeds, surface, notes, statuses, until } = await house()
    await ann.say('/status').reply
    const fault = telegram.faults.add(trouble, { method: 'getUpdates', times })
    await until(() => fault.hits() > 0, 3_000)
    // Said in the middle of it, and lost by nobody.
    const from = performance.now()
    const said = ann.say('/why a7')
    expect((await said.reply).text).toBe('because: why a7')
    // A poll that hangs has 1 s and as much of grace with the timings of the tests; the second asks for no wait.
    expect(performance.now() - from).toBeLessThan(5_000)
    expect(deeds.done.map(({ what }) => what)).toEqual(['status', 'why a7'])
    expect(fault.hits()).toBe(times)
    expect(surface.view().status).toBe('live')
    expect(leaks({ notes, statuses, telegram })).toEqual([])
    expect(notes.join('\n')).not.toMatch(/AAExample|127\.0\.0\.1/)
  })

  test('nobody at all for a while', async () => {
    const { telegram, ann, notes, statuses, until } = await house()
    await ann.say('/status').reply
    await telegram.faults.refuseConnections()
    ann.say('/why a7')
    await telegram.faults.clear()
    await until(() => telegram.latest(ANN)?.text === 'because: why a7')
    expect(leaks({ notes, statuses, telegram })).toEqual([])
  })

  test('a network that is away at the start', async () => {
    const telegram = await world()
    await telegram.faults.refuseConnections()
    const { ann, surface, until } = await house({ telegram, timings: { downMs: 100 } })
    const said = ann.say('/status')
    await until(() => surface.view().status === 'down', 2_000).catch(() => undefined)
    expect(surface.view().status).toBe('down')
    expect(surface.view().why).toContain('Telegram cannot be reached')
    await telegram.faults.clear()
    expect((await said.reply).text).toBe('PAPER · running')
    await until(() => surface.view().status === 'live')
  })

  test('a network that died without a sign: one deadline later everything goes over new connections', async () => {
    const telegram = await world()
    const stretch = await stretchTo(telegram.port)
    const { ann, card, deeds, until, surface } = await house({ telegram, port: stretch.port })
    const shown = await card()
    await Promise.all(Array.from({ length: 8 }, () => ann.press(shown, 'Approve $40').answered))
    await until(() => deeds.done.length === 8 && telegram.isPolled())
    expect(stretch.connections()).toBeGreaterThan(4)
    stretch.die()
    const from = performance.now()
    ann.say('/why a7')
    await until(() => telegram.latest(ANN)?.text === 'because: why a7', 8_000)
    // 1 s of the poll, 1 s of grace, and little more: no second question was put to a connection that is dead.
    expect(performance.now() - from).toBeLessThan(3_500)
    expect(telegram.messages(ANN).filter(({ text }) => text.startsWith('because'))).toHaveLength(1)
    expect(surface.view().status).toBe('live')
    await stretch.close()
  })
})

describe('T2: another program polls with the same token', () => {
  test('is said when it goes on, and over when it is over', async () => {
    const { telegram, ann, statuses, surface, notes, until } = await house({ timings: { conflictWindowMs: 400 } })
    await ann.say('/status').reply
    const fault = telegram.faults.add({ kind: 'conflict' }, { times: Number.POSITIVE_INFINITY })
    await until(() => fault.hits() >= 5, 3_000)
    expect(surface.view()).toMatchObject({ status: 'down', why: expect.stringContaining('the token is stolen') })
    expect(statuses.filter(({ status }) => status === 'down')).toHaveLength(1)
    fault.end()
    expect((await ann.say('/why a7').reply).text).toBe('because: why a7')
    await until(() => surface.view().status === 'live')
    expect(leaks({ notes, statuses, telegram })).toEqual([])
  })

  test('is a real one, and each takes what the other then does not hear', async () => {
    const { telegram, ann, surface, until } = await house({ timings: { conflictWindowMs: 2_000 } })
    await ann.say('/status').reply
    const thief = new AbortController()
    const stealing = (async () => {
      const url = `${telegram.api.apiRoot}/bot${telegram.token}/getUpdates?timeout=20`
      while (!thief.signal.aborted) await fetch(url, { signal: thief.signal }).catch(() => undefined)
    })()
    await until(() => surface.view().status === 'down')
    expect(surface.view().why).toContain('another program polls with the same token')
    thief.abort()
    await stealing
    await until(() => surface.view().status === 'live')
  })

  test('one conflict, as after a quick restart, is no news', async () => {
    const { telegram, ann, statuses } = await house()
    await ann.say('/status').reply
    telegram.faults.add({ kind: 'conflict' }, { times: 1 })
    await ann.say('/why a7').reply
    expect(statuses.map(({ status }) => status)).toEqual(['live'])
  })

  test('a webhook that somebody has set is removed, and nothing that waits is dropped', async () => {
    const telegram = await world()
    const description =
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    telegram.faults.add({ kind: 'error', code: 409, description }, { method: 'getUpdates', times: 1 })
    const { ann, notes } = await house({ telegram })
    expect((await ann.say('/status').reply).text).toBe('PAPER · running')
    expect(telegram.callsOf('deleteWebhook').map(({ body }) => body)).toEqual([{ drop_pending_updates: false }])
    expect(notes.join()).toContain('webhook')
  })
})

describe('a token that is not known any more', () => {
  test('closes the surface at once, is said once, and nothing is asked again', async () => {
    const { telegram, ann, statuses, surface, outbox, until } = await house()
    await ann.say('/status').reply
    telegram.faults.add({ kind: 'unauthorized' })
    await until(() => surface.view().status === 'closed', 3_000)
    const calls = telegram.calls.length
    const [place] = surface.places('log')
    const message = { id: 'x', reply: aCard(), isSilent: false, calls: [], isRepeat: false }
    const posted = surface.sender.post(place ?? own(ANN), message, AbortSignal.timeout(1_000))
    await expect(posted).rejects.toMatchObject({ fault: { kind: 'closed' } })
    expect(outbox.waiting()).toBe(0)
    expect(telegram.calls.length).toBe(calls)
    expect(statuses.filter(({ status }) => status === 'closed')).toHaveLength(1)
    expect(statuses.at(-1)?.why).toContain('does not know the token')
  })

  test('is learnt from a message as well as from a poll', async () => {
    const { telegram, ann, statuses, until } = await house()
    await ann.say('/status').reply
    telegram.faults.add({ kind: 'unauthorized' }, { method: 'sendMessage' })
    ann.say('/status')
    await until(() => telegram.calls.at(-1)?.method === 'sendMessage')
    await until(() => statuses.at(-1)?.status === 'closed', 3_000)
    expect(telegram.messages(ANN)).toHaveLength(3)
  })
})

test('a surface is live as soon as Telegram answers, though nobody says anything', async () => {
  const { surface, statuses, until } = await house({ timings: { pollSeconds: 50 } })
  await until(() => surface.view().status === 'live', 2_000)
  expect(statuses).toEqual([{ status: 'live', why: '' }])
})

test('a surface that is not answered for a while is down, and says so by itself', async () => {
  const { telegram, ann, statuses, surface, until } = await house({ timings: { downMs: 300, pollSeconds: 50 } })
  const fault = telegram.faults.add({ kind: 'hang' }, { method: 'getUpdates', times: Number.POSITIVE_INFINITY })
  ann.say('/status')
  await until(() => fault.hits() > 0)
  await until(() => surface.view().status === 'down', 2_000)
  expect(statuses.map(({ status }) => status)).toEqual(['down'])
  expect(surface.view().why).toBe('no poll has succeeded: no answer in time')
})
