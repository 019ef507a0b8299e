import { describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { canonical, hashOf } from '../../../src/surfaces/discord/canonical-commands.ts'
import { commandsJson } from '../../../src/surfaces/discord/command-data.ts'
import { memoryOfChats } from '../../support/chat-memory.ts'
import { opened } from './opened.ts'

const COMMANDS = '/commands'

describe('the commands', () => {
  test('are registered in the server after the start, and their mark is kept', async () => {
    const it = await opened()
    expect(it.discord.commandPuts()).toBe(1)
    expect(it.discord.commands('global')).toEqual([])
    expect(it.discord.commands().map(({ name }) => name)).toContain('halt')
    const mark = () => it.memory.mark(`discord commands ${it.discord.guild}`)
    await expect.poll(mark).toBe(hashOf(canonical(commandsJson(it.commands.all))))
  })

  test('are left alone where Discord has them already, also without a mark', async () => {
    const it = await opened()
    await it.stop()
    const memory = memoryOfChats(systemClock.now)
    const written = new Promise<string>(resolve => {
      const setMark = async (_: string, value: string) => resolve(value)
      void opened({ discord: it.discord, options: { memory: { ...memory, setMark } } })
    })
    expect(await written).toBe(hashOf(canonical(commandsJson(it.commands.all))))
    expect(it.discord.commandPuts()).toBe(1)
  })

  test('are registered anew where they differ, whatever the mark says', async () => {
    const memory = memoryOfChats(systemClock.now)
    const it = await opened({ options: { memory } })
    await it.stop()
    const [first, ...others] = it.commands.all
    if (first === undefined) throw new Error('there are no commands')
    const changed = [{ ...first, summary: 'Something else.' }, ...others]
    const again = await opened({ discord: it.discord, options: { memory, commands: changed } })
    await it.discord.until(() => it.discord.commandPuts() === 2)
    expect(again.discord.commands()[0]?.description).toBe('Something else.')
  })

  test('that somebody else has changed at Discord are put right, although our mark knows nothing of it', async () => {
    const memory = memoryOfChats(systemClock.now)
    const it = await opened({ options: { memory } })
    await it.stop()
    const mark = await memory.mark(`discord commands ${it.discord.guild}`)
    const elsewhere = await opened({
      discord: it.discord,
      options: { commands: it.commands.all.slice(0, 1) },
    })
    await it.discord.until(() => it.discord.commandPuts() === 2)
    await elsewhere.stop()
    await opened({ discord: it.discord, options: { memory } })
    await it.discord.until(() => it.discord.commandPuts() === 3)
    expect(await memory.mark(`discord commands ${it.discord.guild}`)).toBe(mark)
  })

  test('are tried again and again, and everything else works meanwhile', async () => {
    const it = await opened({
      isLive: false,
      before: discord => discord.faults.set({ kind: 'answer', status: 500, path: COMMANDS, times: 3 }),
    })
    await it.isLive()
    await it.discord.until(() => it.discord.commands().length > 0)
    expect(it.notes.join()).toContain('the commands are not registered: GET /applications/:id/guilds/:id/commands')
    expect(it.surface.view().status).toBe('live')
  })
})

describe('the self-test', () => {
  test('finds nothing to say of a server that is as it should be', async () => {
    const it = await opened()
    expect(it.surface.faults()).toEqual([])
    expect(it.notes).toEqual([])
  })

  test('says what is missing, channel by channel, once', async () => {
    const it = await opened({
      isLive: false,
      before: discord => {
        discord.revoke('approvals', 'EmbedLinks', 'AttachFiles')
        discord.revoke('risk', 'PinMessages')
        discord.revoke('log', 'PinMessages')
        discord.deleteChannel('fills')
      },
    })
    await it.until(() => it.surface.faults().length > 0)
    const { approvals, fills, risk } = it.discord.channels
    const faults = [
      `approvals (${approvals}): the bot lacks Embed Links, Attach Files`,
      `fills (${fills}): there is no such channel in the server, or the bot cannot see it`,
      `risk (${risk}): the bot lacks Pin Messages`,
    ]
    expect(it.surface.faults()).toEqual(faults)
    it.discord.gateway.invalidate()
    await it.discord.until(() => it.discord.gateway.identifies() === 2)
    await it.isLive()
    expect(it.notes).toEqual([`Discord: ${faults.join('; ')}`])
  })

  test('one channel for several purposes is named once', async () => {
    const it = await opened({
      isLive: false,
      before: discord => discord.deleteChannel('approvals'),
      options: {
        channels: {
          approvals: '300000000000000001',
          fills: '300000000000000001',
          risk: '300000000000000001',
          log: '300000000000000002',
        },
      },
    })
    await it.until(() => it.surface.faults().length > 0)
    expect(it.surface.faults()).toEqual([
      'approvals, fills, risk (300000000000000001): there is no such channel in the server, or the bot cannot see it',
    ])
  })

  test('says that the bot is not in the server at all', async () => {
    const it = await opened({ isLive: false, options: { guild: '200000000000000099' } })
    await it.until(() => it.surface.faults().length > 0)
    expect(it.surface.faults()).toEqual([
      'the bot is not in the server 200000000000000099: invite it, or correct the id',
    ])
  })
})
