import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { command } from '../../../src/chat/command.ts'
import { given, wordsOf } from '../../../src/chat/line.ts'
import { choice, dollars, optional, text } from '../../../src/chat/option.ts'
import type { Instant } from '../../../src/core/units/ids.ts'
import { readArrived } from '../../../src/surfaces/discord/arrived.ts'
import { canonical } from '../../../src/surfaces/discord/canonical-commands.ts'
import { completed, formOf } from '../../../src/surfaces/discord/form.ts'
import { latenessOf } from '../../../src/surfaces/discord/freshness.ts'
import { identifyBudget } from '../../../src/surfaces/discord/identify-budget.ts'
import { requestError } from '../../../src/surfaces/discord/request-error.ts'
import { sparing } from '../../../src/surfaces/discord/sparing.ts'
import { statusBoard } from '../../../src/surfaces/discord/status.ts'
import { backoffMs, TIMINGS } from '../../../src/surfaces/discord/timings.ts'
import { createWatchdog } from '../../../src/surfaces/discord/watchdog.ts'
import { HandClock } from '../../support/hand-clock.ts'

const NOON = Date.UTC(2026, 10, 29, 12) as Instant
const DAY_MS = 86_400_000

describe('whether a press is fresh', () => {
  test.each([
    ['taken, at once', 'taken', 0, true],
    ['taken, a minute old', 'taken', 60_000, true],
    ['taken, more than a minute old', 'taken', 60_001, false],
    ['taken, from the future', 'taken', -30_000, true],
    ['acknowledged before', 'already', 20_000, true],
    ['acknowledged before, as a replay', 'already', 60_001, false],
    ['too late, however young', 'late', 0, false],
    ['nobody knows, young', 'unknown', 3_000, true],
    ['nobody knows, older', 'unknown', 3_001, false],
    ['nobody knows, and the clock is wrong', 'unknown', -1_001, false],
    ['refused, young', 'refused', 100, true],
    ['refused, older', 'refused', 3_001, false],
  ] as const)('%s', (_, kind, age, isFresh) => {
    const late = latenessOf((NOON - age) as Instant, NOON, { kind })
    if (isFresh) expect(late).toBeUndefined()
    else expect(late).toMatch(/^it was said at 2026-11-29/)
  })
})

describe('a form', () => {
  const approve = command({
    name: 'approve',
    summary: '',
    access: 'trader',
    options: {
      id: text('The short name.'),
      amount: optional(dollars('Dollars, at most.')),
      how: optional(choice('How.', ['soon', 'late'])),
    },
    run: () => {
      throw new Error('never')
    },
  })

  test('asks for the option that its line ends in, or else for the last one', () => {
    expect(formOf('approve a7k2 amount:', 'Other amount', [approve])).toEqual({
      title: 'Other amount',
      label: 'Dollars, at most.',
      example: '40',
    })
    expect(formOf('approve a7k2', '', [approve])).toEqual({ title: 'approve a7k2', label: 'How.', example: 'soon' })
    expect(formOf('gone a7k2', 'Gone', [approve])).toMatchObject({ title: 'Gone', label: 'What is missing' })
  })

  test('whatever is filled in is one word of the line, and no other option', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'grapheme' }), typed => {
        const words = wordsOf(completed('approve a7k2 amount:', typed))
        expect(words).toHaveLength(3)
        expect(Object.keys(given(words.slice(1), approve.options))).toEqual(['amount', 'id'])
        expect(wordsOf(completed('approve', typed))).toHaveLength(2)
      }),
      { seed: 8812, numRuns: 500 },
    )
  })
})

describe('what arrives', () => {
  const id = '1576418040390615061'
  const by = { user: { id: '400000000000000101', username: 'ann', global_name: 'Ann\u202e' }, nick: null }
  const raw = { id, token: 'T', application_id: '100000000000000001', guild_id: '2', channel_id: '3', member: by }

  test('is read with who, where and when', () => {
    const data = { name: 'close', options: [{ name: 'what', type: 3, value: 'fed' }, { name: 'part' }] }
    expect(readArrived({ ...raw, type: 2, data })).toEqual({
      id,
      token: 'T',
      application: '100000000000000001',
      doneAt: Number(BigInt(id) >> 22n) + 1_420_070_400_000,
      guild: '2',
      channel: '3',
      account: '400000000000000101',
      name: 'Ann',
      deed: { kind: 'command', name: 'close', given: { what: 'fed' } },
    })
  })

  test.each([
    ['a list to choose from', { type: 3, data: { custom_id: 'x', component_type: 3 } }],
    ['a button without an id', { type: 3, data: { component_type: 2 } }],
    ['typing without a place', { type: 4, data: { name: 'close', options: [{ name: 'what', value: 'f' }] } }],
    ['a form that is none', { type: 5, data: {} }],
    ['a kind to come', { type: 9 }],
  ])('%s is nothing that we offered', (_, more) => {
    expect(readArrived({ ...raw, ...more })?.deed).toEqual({ kind: 'other' })
  })

  test.each([
    ['nothing', undefined],
    ['nobody', { ...raw, member: undefined }],
    ['no token', { ...raw, token: '' }],
    ['an id that is none', { ...raw, id: '12; drop' }],
  ])('%s cannot be answered', (_, odd) => {
    expect(readArrived(odd)).toBeUndefined()
  })

  test('never throws, whatever it is', () => {
    const anything = fc.anything({ maxDepth: 4 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), anything, anything, (type, data, message) => {
        expect(readArrived({ ...raw, type, data, message })?.id).toBe(id)
      }),
      { seed: 8812, numRuns: 500 },
    )
  })
})

describe('commands are compared', () => {
  const ours = [
    {
      type: 1,
      name: 'close',
      description: 'Sell.',
      contexts: [0],
      integration_types: [0],
      options: [{ type: 3, name: 'what', description: 'Which.', required: true, autocomplete: true, max_length: 200 }],
    },
    { type: 1, name: 'status', description: 'How it stands.', contexts: [0], integration_types: [0], options: [] },
  ]
  const theirs = [
    {
      id: '9',
      application_id: '1',
      guild_id: '2',
      version: '3',
      default_member_permissions: null,
      name_localizations: null,
      description_localizations: null,
      nsfw: false,
      dm_permission: null,
      contexts: null,
      integration_types: [0],
      description: 'How it stands.',
      name: 'status',
      type: 1,
    },
    {
      id: '8',
      application_id: '1',
      description: 'Sell.',
      name: 'close',
      type: 1,
      options: [{ autocomplete: true, max_length: 200, description: 'Which.', required: true, name: 'what', type: 3 }],
    },
  ]

  test('without what Discord adds, leaves out and turns around', () => {
    expect(canonical(theirs)).toBe(canonical(ours))
  })

  test.each([
    ['a description', { ...theirs[0], description: 'Otherwise.' }],
    ['who may use it', { ...theirs[0], default_member_permissions: '0' }],
    ['an option', { ...theirs[0], options: [{ type: 3, name: 'x', description: 'X.' }] }],
  ])('and %s makes a difference', (_, changed) => {
    expect(canonical([changed, theirs[1]])).not.toBe(canonical(ours))
  })

  test('with whatever comes instead of a list', () => {
    for (const odd of [undefined, null, 7, 'x', {}, [null], [7], [{ options: 'x' }]])
      expect(canonical(odd)).not.toBe(canonical(ours))
  })
})

describe('the errors of discord.js are told in our words', () => {
  const TOKEN = 'aW50ZXJhY3Rpb24tdG9rZW4'
  const url = `https://discord.com/api/v10/webhooks/100000000000000001/${TOKEN}/messages/@original?wait=true`
  const body = { files: undefined, body: { content: `secret ${TOKEN}` } }

  test('with status, code, method, route and the wrong fields, and without any token or text', () => {
    const raw = {
      message: `Invalid Form Body ${TOKEN}`,
      code: 50_035,
      errors: {
        content: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: `too long: ${TOKEN}` }] },
        [TOKEN.repeat(9)]: { _errors: [{ code: 'X', message: '' }] },
      },
    }
    const told = requestError(new DiscordAPIError(raw as never, 50_035, 400, 'PATCH', url, body as never))
    expect(told.message).toBe(
      'PATCH /webhooks/:id/:token/messages/@original: status 400, code 50035 (its form is wrong, content BASE_TYPE_MAX_LENGTH)',
    )
    expect(told.trouble).toEqual({ kind: 'refused', status: 400, code: 50_035 })
    expect(JSON.stringify({ ...told, stack: told.stack })).not.toContain(TOKEN)
  })

  test.each([
    ['somebody on the way', new DiscordAPIError({} as never, undefined as never, 403, 'POST', url, body as never)],
    ['a server that fails', new HTTPError(502, `Bad ${TOKEN}`, 'POST', url, body as never)],
    ['a reset', Object.assign(new Error(TOKEN), { code: 'ECONNRESET' })],
    ['a code that is a text', Object.assign(new Error(TOKEN), { code: TOKEN })],
    ['a name that is a text', Object.assign(new Error(TOKEN), { name: `${TOKEN} ${TOKEN}` })],
    ['no answer', Object.assign(new Error(TOKEN), { name: 'AbortError' })],
    ['half an answer', new SyntaxError(TOKEN)],
    ['no error at all', TOKEN],
  ])('%s: nobody knows what came of it', (_, error) => {
    const told = requestError(error)
    expect(told.trouble).toEqual({ kind: 'unknown' })
    expect(told.message).not.toContain(TOKEN)
  })

  test.each([
    [{ timeToReset: 700, retryAfter: 700, sublimitTimeout: 0 }, 700],
    [{ timeToReset: -3, retryAfter: 1_200.5, sublimitTimeout: 0 }, 1_201],
    [{ timeToReset: Number.POSITIVE_INFINITY, retryAfter: 0, sublimitTimeout: 0 }, 5_000],
  ])('a limit of %o is waited for %i ms', (times, afterMs) => {
    const limit = { limit: 5, method: 'POST', hash: '', url, route: '/webhooks/:id/:token', majorParameter: TOKEN }
    const told = requestError(new RateLimitError({ ...limit, ...times, global: false, scope: 'user' }))
    expect(told.trouble).toEqual({ kind: 'limited', afterMs })
    expect(told.message).not.toContain(TOKEN)
  })
})

describe('the budget of IDENTIFY', () => {
  test('is never more than 400 in a day, however often the gateway throws us out', async () => {
    const clock = new HandClock(NOON)
    const notes: string[] = []
    const budget = identifyBudget(clock, TIMINGS.identifyMs, what => notes.push(what))
    let taken = 0
    const never = new AbortController().signal
    const storm = async (): Promise<void> => {
      for (;;) {
        await budget.take(never)
        taken += 1
      }
    }
    void storm()
    await clock.pass(DAY_MS)
    expect(taken).toBeGreaterThan(100)
    expect(taken).toBeLessThan(400)
    expect(notes).toHaveLength(1)
  })

  test('ends a wait with the connection that it is for', async () => {
    const clock = new HandClock(NOON)
    const budget = identifyBudget(clock, 5_000, () => undefined)
    await budget.take(new AbortController().signal)
    const ending = new AbortController()
    const waiting = budget.take(ending.signal)
    ending.abort()
    await expect(waiting).rejects.toThrow('ended')
    expect(budget.waitMs()).toBe(5_000)
  })
})

describe('the watchdog', () => {
  const timings = { ...TIMINGS, watchdogMs: 120_000, lookMs: 5_000, downMs: 15_000 }
  const started = () => {
    const clock = new HandClock(NOON)
    const watchdog = createWatchdog(clock, timings)
    const look = async (ms: number) => {
      let seen = watchdog.look()
      for (let passed = 0; passed < ms; passed += timings.lookMs) {
        await clock.pass(timings.lookMs)
        seen = watchdog.look()
      }
      return seen
    }
    return { clock, watchdog, look }
  }

  test('lets a connection come, and gives it up when it does not', async () => {
    const { look } = started()
    expect(await look(15_000)).toBe('fine')
    expect(await look(5_000)).toBe('away')
    expect(await look(100_000)).toBe('away')
    expect(await look(5_000)).toBe('dead')
  })

  test('believes heartbeats that are acknowledged, and nothing else', async () => {
    const { watchdog, look } = started()
    watchdog.ready()
    for (let beats = 0; beats < 10; beats += 1) {
      expect(await look(80_000)).toBe('fine')
      watchdog.alive()
    }
    expect(await look(120_000)).toBe('fine')
    expect(await look(5_000)).toBe('dead')
  })

  test('counts from the first loss, however often it is lost again on the way back', async () => {
    const { watchdog, look } = started()
    watchdog.ready()
    watchdog.lost()
    for (let tries = 0; tries < 11; tries += 1) {
      expect(await look(10_000)).not.toBe('dead')
      watchdog.lost()
    }
    expect(await look(15_000)).toBe('dead')
  })

  test('gives a machine that slept its time to find back', async () => {
    const { clock, watchdog, look } = started()
    watchdog.ready()
    await clock.pass(3_600_000)
    expect(watchdog.look()).toBe('fine')
    expect(await look(100_000)).toBe('fine')
    expect(await look(30_000)).toBe('dead')
  })
})

describe('how it is doing', () => {
  test('is told when it changes, and closed is the end of it until it is opened again', () => {
    const clock = new HandClock(NOON)
    const told: string[] = []
    const board = statusBoard(clock, ({ status, why }) => told.push(`${status} ${why}`))
    board.to('live', '')
    board.to('live', '')
    board.close('no token')
    board.close('again')
    board.to('live', '')
    expect(board.isClosed()).toBe(true)
    expect(board.closing().aborted).toBe(true)
    board.reopen()
    board.reopen()
    expect(board.isClosed()).toBe(false)
    expect(told).toEqual(['live ', 'closed no token', 'connecting starting again'])
  })

  test('counts its absence from the loss, not from when it was called down', async () => {
    const clock = new HandClock(NOON)
    const board = statusBoard(clock, () => undefined)
    board.to('live', '')
    await clock.pass(1_000)
    board.to('connecting', 'lost')
    await clock.pass(15_000)
    board.to('down', 'lost')
    expect(board.view()).toEqual({ status: 'down', since: NOON + 1_000, why: 'lost' })
    board.to('live', '')
    expect(board.view().since).toBe(NOON + 16_000)
  })
})

test('a storm of the same trouble is one line in a minute, with how many there were', async () => {
  const clock = new HandClock(NOON)
  const notes: string[] = []
  const note = sparing(what => notes.push(what), clock, 60_000)
  for (let times = 0; times < 1_000; times += 1) note('a stranger speaks')
  note('something else')
  await clock.pass(60_000)
  note('a stranger speaks')
  expect(notes).toEqual(['a stranger speaks', 'something else', 'a stranger speaks (and 999 more)'])
})

test('a wait between failures grows to its limit, and is never twice the same for two of us', () => {
  const wait = (failures: number, chance: number) =>
    backoffMs(failures, { firstMs: 1_000, maxMs: 60_000 }, () => chance)
  expect([1, 2, 3, 7, 50].map(failures => wait(failures, 1))).toEqual([1_000, 2_000, 4_000, 60_000, 60_000])
  expect(wait(3, 0)).toBe(2_000)
  expect(wait(0, 0)).toBe(500)
})
