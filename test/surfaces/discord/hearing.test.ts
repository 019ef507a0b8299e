import { describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { pressCodec } from '../../../src/chat/press-codec.ts'
import { reply } from '../../../src/chat/reply.ts'
import type { Gateway } from '../../stand-ins/discord/gateway.ts'
import { CALLBACK, type Interaction } from '../../stand-ins/discord/interaction.ts'
import { buttonsOf, FLAGS, type Message } from '../../stand-ins/discord/message.ts'
import { ANN, card, KEY, OLD_KEY, type Opened, opened } from './opened.ts'

const isPrivate = (message: Message | undefined): boolean => ((message?.flags ?? 0) & FLAGS.ephemeral) !== 0

/** The answer to a command, once it stands where "thinking" stood. */
async function filled(it: Opened, asked: Interaction): Promise<Message> {
  await it.discord.until(() => asked.edits.length > 0)
  if (asked.original === undefined) throw new Error('there is no answer')
  return asked.original
}

/** What is said at once, without announcing it. */
async function said(it: Opened, asked: Interaction): Promise<Message> {
  const first = await it.discord.until(() => asked.acknowledgement)
  expect(first.type).toBe(CALLBACK.reply)
  if (asked.original === undefined) throw new Error('nothing was said')
  return asked.original
}

async function added(it: Opened, asked: Interaction): Promise<Message> {
  await it.discord.until(() => asked.followUps.length > 0)
  return asked.followUps[0] as Message
}

describe('a command', () => {
  test('is announced, heard with its options, and answered to the asker alone', async () => {
    const it = await opened()
    const asked = it.tess.slash('approve', { id: 'a7k2', amount: '25', card: '1' })
    const answer = await filled(it, asked)
    expect(asked.acknowledgement).toMatchObject({ type: CALLBACK.deferReply, flags: FLAGS.ephemeral })
    expect(it.done).toEqual([`approve a7k2 1 25000000 by tess (discord ${asked.id})`])
    expect(answer.content).toBe('Approved a7k2')
    expect(answer.onlyFor).toBe(it.tess.id)
  })

  test('whose answer is meant for all is shown to the asker alone as well: cards and notices tell the others', async () => {
    const it = await opened()
    const answer = await filled(it, it.vic.slash('status'))
    expect(answer.content).toBe('PAPER · trading')
    expect(isPrivate(answer)).toBe(true)
    expect(it.discord.messages('approvals')).toEqual([])
  })

  test('of who may not give it is refused, and of a stranger as well: D6', async () => {
    const it = await opened()
    expect((await filled(it, it.vic.slash('approve', { id: 'a7k2' }))).content).toContain('takes a trader')
    expect((await filled(it, it.stranger.slash('approve', { id: 'a7k2' }))).content).toContain('I do not know you')
    const message = await it.post(card())
    expect((await added(it, it.stranger.press(message, 'Approve $40'))).content).toContain('I do not know you')
    expect((await filled(it, it.stranger.slash('stop'))).content).toContain('I do not know you')
    expect(it.done).toEqual([])
    expect(it.turnedAway.map(each => each.split(' ')[0])).toEqual([it.stranger.id, it.stranger.id, it.stranger.id])
  })

  test('that breaks is apologised for, and the next one is heard', async () => {
    const it = await opened()
    it.commands.breakNext()
    expect((await filled(it, it.ann.slash('status'))).content).toContain('Something went wrong')
    expect((await filled(it, it.ann.slash('status'))).content).toBe('PAPER · trading')
  })

  test('in another channel, another server or a direct message is not heard', async () => {
    const it = await opened()
    for (const how of [{ channel: 'lounge' }, { guild: '200000000000000099' }, { guild: 'direct', isForged: true }]) {
      const answer = await said(it, it.ann.slash('status', {}, how))
      expect(answer.content).toBe('I do not listen here.')
      expect(isPrivate(answer)).toBe(true)
    }
    expect(it.done).toEqual([])
    expect(it.notes).toEqual(['somebody speaks to the bot in a channel that is not its own'])
  })
})

describe('stop', () => {
  test('is answered first while another command hangs, and before anything is waited for', async () => {
    const it = await opened()
    const slow = it.ann.slash('slow')
    await it.until(() => it.done.includes('slow begins'))
    const asked = it.gus.slash('stop', { why: 'smoke' })
    const words = await said(it, asked)
    expect(asked.callback).toMatchObject({ data: { content: 'STOPPING…', flags: FLAGS.ephemeral } })
    expect(it.done).toEqual(['slow begins', 'stop by gus: smoke'])
    await it.discord.until(() => words.content === 'STOPPED')
    expect(slow.edits).toEqual([])
    it.commands.release()
    expect((await filled(it, slow)).content).toBe('At last.')
  })

  test('is in force while its acknowledgement hangs', async () => {
    const it = await opened({ timings: { acknowledgeMs: 200 } })
    const hang = it.discord.faults.set({ kind: 'hang', path: '/callback', times: 1 })
    it.gus.slash('halt')
    await it.until(() => it.done.includes('stop by gus'))
    expect(hang.hits()).toBe(0)
  })

  test('is heard from its button, from any channel of the server, and in other words', async () => {
    const it = await opened()
    const message = await it.post(card())
    expect((await said(it, it.gus.press(message, 'Stop'))).content).toMatch(/^STOPP(?:ING…|ED)$/)
    await said(it, it.ann.slash('halt', {}, { channel: 'lounge' }))
    await it.until(() => it.done.length === 2)
    expect(it.done).toEqual(['stop by gus', 'stop by ann'])
  })
})

describe('too much', () => {
  test('at once is told so, and a stop is heard over it', async () => {
    const it = await opened()
    for (let asked = 0; asked < 200; asked += 1) it.vic.slash('slow')
    await it.until(() => it.done.length === 200)
    expect((await said(it, it.vic.slash('status'))).content).toBe('Too much is asked at once.')
    await said(it, it.gus.slash('stop'))
    await it.until(() => it.done.includes('stop by gus'))
    it.commands.release()
  })

  test('time is not waited for: whoever asked hears at least that', async () => {
    const soon = (ms: number) => (ms >= 300_000 ? 50 : ms)
    const clock = { ...systemClock, sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(soon(ms), signal) }
    const it = await opened({ options: { clock } })
    expect((await filled(it, it.vic.slash('slow'))).content).toBe('That takes longer than anything should.')
    it.commands.release()
  })
})

describe('a button', () => {
  test('is let go at once, heard as its line, and answered beside its message', async () => {
    const it = await opened()
    const message = await it.post(card())
    const pressed = it.tess.press(message, 'Approve $40')
    const answer = await added(it, pressed)
    expect(pressed.acknowledgement?.type).toBe(CALLBACK.deferUpdate)
    expect(it.done).toEqual([`approve a7k2 1 - by tess (discord ${pressed.id})`])
    expect(answer.content).toBe('Approved a7k2')
    expect(answer.onlyFor).toBe(it.tess.id)
    expect(message.edits).toEqual([])
  })

  test('of an answer works as one of a card does', async () => {
    const it = await opened()
    const answer = await filled(it, it.vic.slash('status'))
    expect((await added(it, it.vic.press(answer, 'Pending'))).content).toBe('Nothing waits.')
  })

  test('that asks for a text shows a form at once, and the text becomes the last word of its line', async () => {
    const it = await opened()
    const message = await it.post(card())
    const pressed = it.tess.press(message, 'Other amount')
    const modal = await it.discord.until(() => pressed.modal)
    expect(pressed.acknowledgement?.type).toBe(CALLBACK.modal)
    expect(modal.title).toBe('Other amount')
    expect(JSON.stringify(modal.components)).toContain('Dollars at most.')
    expect(it.done).toEqual([])

    const sent = it.tess.submit(pressed, { text: '“2"5' })
    expect((await filled(it, sent)).content).toBe('Approved a7k2')
    expect(it.done).toEqual([`approve a7k2 1 25000000 by tess (discord ${sent.id})`])
  })

  test('whose message was deleted meanwhile is heard all the same, and answered where there is room', async () => {
    const it = await opened()
    const message = await it.post(card())
    it.discord.deleteMessage(message)
    const answer = await filled(it, it.tess.press(message, 'Reject', { isForged: true }))
    expect(answer.content).toBe('Rejected a7k2')
    expect(isPrivate(answer)).toBe(true)
  })

  test('whose form Discord will not show is told so', async () => {
    const it = await opened()
    const message = await it.post(card())
    it.discord.faults.set({ kind: 'answer', status: 400, code: 50_035, path: '/callback', times: 1 })
    const answer = await said(it, it.tess.press(message, 'Other amount'))
    expect(answer.content).toBe('The form could not be shown.')
  })

  test('whose form comes back with what it does not take does nothing', async () => {
    const it = await opened()
    const pressed = it.tess.press(await it.post(card()), 'Other amount')
    await it.discord.until(() => pressed.modal)
    for (const text of ['x', '25 sure:yes', '1'.repeat(201), '9'.repeat(5_000)]) {
      const answer = await filled(it, it.tess.submit(pressed, { text }, { isForged: true }))
      expect(answer.content).toMatch(/Dollars look like|That was not done|At most|characters/)
    }
    expect(it.done).toEqual([])
  })

  test('that is not ours, or was tampered with, is told so and never heard', async () => {
    const it = await opened()
    const message = await it.post(card())
    const data = buttonsOf(message)[0]?.custom_id ?? ''
    const other = data.replace('a7k2', 'b8l3')
    expect(other).not.toBe(data)
    const foreign = pressCodec([Buffer.alloc(32, 1)]).write('approve a7k2 card:1', false)
    for (const id of [other, `${data}x`, data.slice(1), foreign, 'hello', 'x'.repeat(100)]) {
      const answer = await said(it, it.ann.press(message, id, { isForged: true }))
      expect(answer.content).toBe('That button is none of mine, or not any more. Nothing was done.')
      expect(isPrivate(answer)).toBe(true)
    }
    expect(it.done).toEqual([])
    expect(it.turnedAway).toEqual([])
    // However many there are, they are one line of the log.
    expect(it.notes).toEqual(['a button was pressed that is not ours'])
  })

  test('of a key that is not used any more leads to what waits, unless it is a stop', async () => {
    const it = await opened()
    const message = await it.post(card())
    const old = pressCodec([OLD_KEY, KEY])
    const answer = await said(it, it.ann.press(message, old.write('approve a7k2 card:1', false), { isForged: true }))
    expect(answer.content).toContain('from before the keys changed')
    expect((await added(it, it.ann.press(answer, 'Pending'))).content).toBe('Nothing waits.')
    it.ann.press(message, old.write('stop', false), { isForged: true })
    await it.until(() => it.done.length > 0)
    expect(it.done).toEqual(['stop by ann'])
  })

  test('that Discord tells of twice is heard once', async () => {
    const it = await opened()
    const message = await it.post(card())
    const pressed = it.tess.press(message, 'Approve $40')
    const told = it.discord.gateway.sessions()[0]?.told.at(-1)?.d ?? {}
    const gateway = it.discord.gateway as Gateway
    for (const _ of [1, 2, 3]) gateway.dispatch('INTERACTION_CREATE', told)
    await added(it, pressed)
    expect((await filled(it, it.vic.slash('status'))).content).toBe('PAPER · trading')
    expect(it.done.filter(each => each.startsWith('approve'))).toHaveLength(1)
    expect(pressed.refusals).toEqual([])
    expect(pressed.followUps).toHaveLength(1)
  })
})

describe('while somebody types', () => {
  const suggest = (command: string, option: string, typed: string) =>
    Array.from({ length: 30 }, (_, at) => ({ name: `${command} ${option} ${typed} ${at}`, value: `v${at}` }))

  test('suggestions come at once, as many as Discord takes', async () => {
    const it = await opened({ options: { suggest } })
    const typing = it.ann.autocomplete('close', 'what', 'fed')
    const choices = await it.discord.until(() => typing.choices)
    expect(choices).toHaveLength(25)
    expect(choices[0]).toEqual({ name: 'close what fed 0', value: 'v0' })
    expect(it.done).toEqual([])
  })

  test('who is not on the list, or elsewhere, is offered nothing', async () => {
    const it = await opened({ options: { suggest, isKnown: account => account === ANN } })
    for (const typing of [
      it.stranger.autocomplete('close', 'what', 'fed'),
      it.ann.autocomplete('close', 'what', 'fed', { channel: 'lounge' }),
    ])
      expect(await it.discord.until(() => typing.choices)).toEqual([])
  })

  test('a source of suggestions that fails costs the suggestions and nothing else', async () => {
    const it = await opened({
      options: {
        suggest: () => {
          throw new Error('the desk is on fire')
        },
      },
    })
    const typing = it.ann.autocomplete('close', 'what', 'fed')
    expect(await it.discord.until(() => typing.choices)).toEqual([])
    expect(it.notes.join()).toContain('nothing could be suggested')
  })
})

describe('an answer', () => {
  test('that Discord will not have as it is comes as plain words', async () => {
    const it = await opened()
    it.discord.faults.set({ kind: 'answer', status: 400, code: 50_035, method: 'PATCH', path: '@original', times: 1 })
    const answer = await filled(it, it.vic.slash('status'))
    expect(answer.content).toBe('PAPER · trading\n**Equity** $10,042.73')
    expect(answer.components).toEqual([])
    expect(it.notes.join()).toContain('shown without its form')
  })

  test('is tried twice and no more, and what cannot be shown is noted without its token', async () => {
    const it = await opened()
    const lost = it.discord.faults.set({ kind: 'cut', method: 'PATCH', path: '@original' })
    const asked = it.vic.slash('status')
    await it.until(() => it.notes.length > 0)
    expect(lost.hits()).toBe(2)
    expect(it.notes.join()).toContain('an answer was not shown')
    expect(asked.edits).toEqual([])
  })

  test('waits where Discord asks for a moment', async () => {
    const it = await opened()
    it.discord.limits.set('PATCH /webhooks/:webhook/:token/messages/:message', { requestsMax: 0, windowMs: 400 })
    const asked = it.vic.slash('status')
    await it.discord.until(() => it.discord.limits.limited.length > 0)
    it.discord.limits.set('PATCH /webhooks/:webhook/:token/messages/:message', { requestsMax: 10, windowMs: 400 })
    expect((await filled(it, asked)).content).toBe('PAPER · trading')
  })
})

describe('nothing that arrives ends the process', () => {
  test('a listener that throws', async () => {
    let isBroken = true
    const it = await opened({
      options: {
        ears: {
          isStop: () => false,
          hear: () => {
            if (isBroken) throw new TypeError('a bug')
            return Promise.resolve(reply('Heard.'))
          },
        },
      },
    })
    it.ann.slash('status')
    await it.until(() => it.notes.length > 0)
    expect(it.notes.join()).toContain('an interaction was not answered')
    isBroken = false
    expect((await filled(it, it.ann.slash('status'))).content).toBe('Heard.')
  })

  test.each([
    ['an interaction that is none', 'INTERACTION_CREATE', {}],
    ['an interaction of a kind to come', 'INTERACTION_CREATE', { id: '1'.repeat(18), type: 99, token: 't' }],
    ['a channel without anything', 'CHANNEL_UPDATE', { id: 7 }],
    ['a role of nowhere', 'GUILD_ROLE_UPDATE', { guild_id: '200000000000000001', role: null }],
    ['a server that is none', 'GUILD_CREATE', { id: '200000000000000001', channels: 'all' }],
  ])('%s', async (_, type, data) => {
    const it = await opened()
    const gateway = it.discord.gateway as Gateway
    gateway.dispatch(type, data)
    expect((await filled(it, it.ann.slash('status'))).content).toBe('PAPER · trading')
  })

  test('a message whose parts discord.js cannot read: its button is heard all the same', async () => {
    const it = await opened()
    const message = await it.post(card())
    const pressed = it.tess.press(message, 'Approve $40', { messageAs: { components: 'none', embeds: 7 } })
    expect((await added(it, pressed)).content).toBe('Approved a7k2')
    expect(it.notes.join()).toContain('could not be read')
  })
})
