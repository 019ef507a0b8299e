import { describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { reply } from '../../../src/chat/reply.ts'
import { buttonsOf, FLAGS } from '../../stand-ins/discord/message.ts'
import { ANN, card, type Opened, opened } from './opened.ts'

const MESSAGES = /^\/channels\/\d+\/messages$/

const sent = (it: Opened): number =>
  it.discord.calls.filter(call => call.method === 'POST' && MESSAGES.test(call.path)).length

const contents = (it: Opened): readonly string[] => it.discord.messages('approvals').map(message => message.content)

describe('a message', () => {
  test('comes with its words, its form and its buttons, and calls nobody', async () => {
    const it = await opened()
    const message = await it.post(card())
    expect(message.content).toBe('BUY Yes $40')
    expect(message.embeds).toHaveLength(1)
    expect(buttonsOf(message).map(each => each.label)).toEqual([
      'Approve $40',
      'Other amount',
      'Reject',
      'Status',
      'Stop',
    ])
    expect(message.pings).toEqual({ everyone: false, roles: [], users: [] })
    expect(message.flags & FLAGS.suppressNotifications).toBe(0)
  })

  test('that is to be silent makes no sound', async () => {
    const it = await opened()
    const message = await it.post(reply('Bought.'), { purpose: 'fills', isSilent: true })
    expect(message.flags & FLAGS.suppressNotifications).not.toBe(0)
  })

  test('that is a page calls those whom it is for, and the role', async () => {
    const it = await opened({
      world: { roles: { desk: { isMentionable: true } } },
      options: { pageRole: '500000000000000001' },
    })
    expect(it.discord.roles.desk).toBe('500000000000000001')
    const page = await it.post(reply('A breaker opened.', 'danger'), { purpose: 'risk', calls: [ANN] })
    expect(page.pings).toEqual({ everyone: false, roles: ['500000000000000001'], users: [ANN] })
    const other = await it.post(reply('Nothing much.'), { purpose: 'risk' })
    expect(other.pings.roles).toEqual([])
  })

  test('carries its picture', async () => {
    const it = await opened()
    const png = new Uint8Array(Buffer.from('iVBORw0KGgo=', 'base64'))
    const message = await it.post(reply('The day').drawn({ name: 'day.png', alt: 'a line that rises', png }), {
      purpose: 'log',
      subject: 'day',
    })
    expect(message.attachments).toMatchObject([{ filename: 'day.png', description: 'a line that rises' }])
    it.offer(reply('The day is over'), { purpose: 'log', subject: 'day' })
    await it.discord.until(() => message.content === 'The day is over')
    expect(message.attachments).toEqual([])
  })

  test('about the same is edited, and nothing of what it said before is left', async () => {
    const it = await opened()
    const message = await it.post(card(), { subject: 'card:a7k2' })
    it.offer(reply('Approved by ann', 'good'), { subject: 'card:a7k2' })
    await it.discord.until(() => message.edits.length > 0)
    expect(message.content).toBe('Approved by ann')
    expect([message.embeds, message.components]).toEqual([[], []])
    expect(contents(it)).toHaveLength(1)
  })

  test('is kept in sight, and is as good where it cannot be', async () => {
    const it = await opened()
    const board = await it.post(reply('PAPER · trading'), { purpose: 'risk', subject: 'board', isPinned: true })
    await it.discord.until(() => board.isPinned)
    it.discord.revoke('fills', 'PinMessages')
    const other = await it.post(reply('PAPER · trading'), { purpose: 'fills', subject: 'board', isPinned: true })
    await it.until(() => it.fates.length === 2)
    expect(other.isPinned).toBe(false)
    expect(it.fates).toEqual(['delivered', 'delivered'])
    expect(it.notes.join()).toContain('could not be pinned')
    // A channel that takes no pin takes messages.
    await it.post(reply('Next.'), { purpose: 'fills' })
  })

  test('needs no gateway', async () => {
    const it = await opened({ isLive: false, before: discord => discord.faults.set({ kind: 'refuse' }) })
    await it.post(reply('The gateway is away.'))
    expect(it.surface.view().status).not.toBe('live')
  })

  test('has a name of its own in at most 25 letters, the same for every try', async () => {
    const it = await opened()
    const id = `a name that is longer than Discord takes ${'x'.repeat(40)}`
    it.discord.faults.set({ kind: 'lost', path: MESSAGES, times: 1 })
    await it.post(reply('long'), { id })
    await it.until(() => it.fates.length > 0)
    const nonces = it.discord.calls.flatMap(({ path, body }) =>
      MESSAGES.test(path) ? [(body as { readonly nonce: string }).nonce] : [],
    )
    expect(nonces).toHaveLength(2)
    expect(nonces[0]).toBe(nonces[1])
    expect(nonces[0]).toMatch(/^[\w-]{25}$/)
  })
})

describe('D2: an answer that is lost', () => {
  test.each([
    ['a 502 instead of it', { kind: 'lost' }],
    ['a reset instead of it', { kind: 'lost', by: 'reset' }],
    ['a connection that closes instead of it', { kind: 'lost', by: 'close' }],
    ['nothing instead of it', { kind: 'lost', by: 'hang' }],
    ['half of it', { kind: 'truncated' }],
    ['a page of somebody on the way', { kind: 'html' }],
    ['a 502 before anything is done', { kind: 'answer', status: 502 }],
    [
      'a 401 by somebody on the way',
      { kind: 'answer', status: 401, body: '', headers: { 'content-type': 'text/html' } },
    ],
    ['a 403 by somebody on the way', { kind: 'answer', status: 403, code: 40_333 }],
  ] as const)('%s: one message is seen', async (_, fault) => {
    const it = await opened({ timings: { requestMs: 300 } })
    const struck = it.discord.faults.set({ ...fault, method: 'POST', path: MESSAGES, times: 1 })
    it.offer(card(), { subject: 'card:a7k2' })
    await it.until(() => it.fates.length > 0)
    expect(struck.hits()).toBe(1)
    expect(it.fates).toEqual(['delivered'])
    expect(contents(it)).toEqual(['BUY Yes $40'])
  })
})

describe('a limit', () => {
  test('of Discord puts a message off for as long as it says, and is met once', async () => {
    const it = await opened()
    it.discord.limits.set('POST /channels/:channel/messages', { requestsMax: 1, windowMs: 600 })
    for (const words of ['one', 'two', 'three']) it.offer(reply(words))
    await it.until(() => it.fates.length === 3)
    expect([...contents(it)].sort()).toEqual(['one', 'three', 'two'])
    // discord.js learns from the first answer which bucket it is, and from the next how full that is.
    expect(it.discord.limits.limited.length).toBeLessThanOrEqual(1)
    expect(it.outbox.counts().limited).toBeGreaterThanOrEqual(2)
  })

  test('that others have used up is waited out as well', async () => {
    const it = await opened()
    it.discord.limits.setGlobal({ requestsMax: 0, windowMs: 300 })
    it.offer(reply('one'))
    await it.discord.until(() => it.discord.limits.limited.length > 0)
    it.discord.limits.setGlobal(undefined)
    await it.until(() => it.fates.length === 1)
    expect(contents(it)).toEqual(['one'])
    expect(it.fates).toEqual(['delivered'])
  })
})

describe('what Discord will not have', () => {
  test('as it is comes as plain words, with what they say', async () => {
    const it = await opened()
    it.discord.faults.set({ kind: 'answer', status: 400, code: 50_035, method: 'POST', path: MESSAGES, times: 1 })
    const message = await it.post(card())
    expect(message.content).toBe('BUY Yes $40\n**Market** Will the Fed cut rates in December?')
    expect([message.embeds, message.components]).toEqual([[], []])
    await it.until(() => it.fates.length > 0)
    expect(it.fates).toEqual(['delivered'])
  })

  test('as plain words either is given up', async () => {
    const it = await opened()
    const fault = it.discord.faults.set({ kind: 'answer', status: 400, code: 50_035, method: 'POST', path: MESSAGES })
    it.offer(card())
    await it.until(() => it.fates.length > 0)
    expect(fault.hits()).toBe(2)
    expect(it.fates).toEqual(['failed'])
  })
})

describe('D4: what was there is not there any more', () => {
  test('401: the surface closes, and not one request follows', async () => {
    const it = await opened()
    await it.post(card(), { subject: 'card:a7k2' })
    it.discord.faults.set({ kind: 'revoked', isGatewaySpared: true })
    it.offer(reply('one'))
    await it.until(() => it.surface.view().status === 'closed')
    await it.discord.until(() => it.discord.gateway.connections() === 0)
    const before = it.discord.calls.length
    for (let more = 0; more < 10; more += 1) it.offer(reply(`more ${more}`), { subject: 'card:a7k2' })
    await expect(it.surface.sender.pin?.(it.surface.places.log, '1', AbortSignal.timeout(100))).rejects.toMatchObject({
      fault: { kind: 'closed' },
    })
    await systemClock.sleep(300)
    expect(it.discord.calls).toHaveLength(before)
    expect(it.closed).toHaveLength(1)
    expect(it.statuses.at(-1)?.why).toContain('Discord does not know the token (any more)')
  })

  test('a channel that was deleted: one request in a minute, the others work, and the self-test says so', async () => {
    const it = await opened()
    it.discord.deleteChannel('approvals')
    await expect.poll(() => it.surface.faults()).toHaveLength(1)
    for (const words of ['one', 'two', 'three', 'four']) it.offer(reply(words))
    await it.until(() => it.fates.length === 4)
    expect(it.fates).toEqual(['failed', 'failed', 'failed', 'failed'])
    expect(sent(it)).toBe(1)
    await it.post(reply('Elsewhere.'), { purpose: 'fills' })
    expect(it.surface.faults()).toEqual([
      `approvals (${it.discord.channels.approvals}): there is no such channel in the server, or the bot cannot see it`,
    ])
  })

  test('a permission that was taken away: no storm of 403s, and it works again once it is given back', async () => {
    const it = await opened()
    it.discord.revoke('approvals', 'SendMessages')
    await it.until(() => it.surface.faults().length > 0)
    expect(it.surface.faults()).toEqual([`approvals (${it.discord.channels.approvals}): the bot lacks Send Messages`])
    for (const words of ['one', 'two', 'three']) it.offer(reply(words))
    await it.until(() => it.fates.length === 3)
    expect(sent(it)).toBe(1)
    it.discord.grant('approvals', 'SendMessages')
    await expect.poll(() => it.surface.faults()).toEqual([])
    await it.post(reply('Again.'))
  })

  test('a channel that would not take anything is asked again after its time', async () => {
    const it = await opened({ timings: { badChannelMs: 100 } })
    it.discord.faults.set({ kind: 'answer', status: 403, code: 50_013, method: 'POST', path: MESSAGES, times: 1 })
    it.offer(reply('one'))
    await it.until(() => it.fates.length === 1)
    await systemClock.sleep(120)
    await it.post(reply('two'))
    expect(contents(it)).toEqual(['two'])
  })

  test('a message that somebody deleted is said anew', async () => {
    const it = await opened()
    const message = await it.post(card(), { subject: 'card:a7k2' })
    it.discord.deleteMessage(message)
    const again = await it.post(reply('Approved by ann'), { subject: 'card:a7k2' })
    expect(again.content).toBe('Approved by ann')
    expect(contents(it)).toHaveLength(1)
  })

  test('a message that was edited too often is said anew as well', async () => {
    const it = await opened()
    await it.post(card(), { subject: 'card:a7k2' })
    it.discord.faults.set({ kind: 'answer', status: 429, code: 30_046, method: 'PATCH', times: 1 })
    const again = await it.post(reply('Approved by ann'), { subject: 'card:a7k2' })
    expect(again.content).toBe('Approved by ann')
  })

  test('a limit of a channel that does not say for how long is waited out, and not asked about at once', async () => {
    const it = await opened()
    const limit = it.discord.faults.set({ kind: 'answer', status: 429, code: 20_028, method: 'POST', times: 1 })
    await it.post(reply('one'))
    expect(limit.hits()).toBe(1)
    expect(it.outbox.counts()).toMatchObject({ repeated: 1, limited: 0 })
  })
})
