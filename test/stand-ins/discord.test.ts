import {
  ActionRowBuilder,
  ApplicationCommandOptionType,
  type Interaction as Arrived,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  type Client,
  EmbedBuilder,
  Events,
  GatewayIntentBits,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  PermissionFlagsBits,
  Routes,
  TextInputBuilder,
  TextInputStyle,
  WebhookClient,
} from 'discord.js'
import { describe, expect, test } from 'vitest'
import { BAD_ANSWERS, BAD_COMMANDS, BAD_MESSAGES } from './discord/bad-payloads.ts'
import { AT_ONCE, answering, channelIn, clientOf, desk, loggedIn, restOf, type Usual } from './discord/connected.ts'
import type { Discord } from './discord/discord.ts'
import type { Fault, Faults } from './discord/faults.ts'
import { CALLBACK } from './discord/interaction.ts'
import { buttonsOf, type Message } from './discord/message.ts'
import { momentOf } from './discord/snowflakes.ts'

/** The stand-in against the real client: what the client makes of it is what an adapter will meet. */

const STATUS = { name: 'status', description: 'What is going on' }
const WHALE = {
  name: 'whale',
  description: 'The traders that are followed',
  options: [
    {
      type: ApplicationCommandOptionType.Subcommand as const,
      name: 'mute',
      description: 'Follow no more for a while',
      options: [
        {
          type: ApplicationCommandOptionType.String as const,
          name: 'who',
          description: 'Whose trades',
          required: true,
          autocomplete: true,
        },
        { type: ApplicationCommandOptionType.Integer as const, name: 'hours', description: 'How long', max_value: 24 },
      ],
    },
  ],
}

async function withCommands(discord: Discord): Promise<Client<true>> {
  const client = await loggedIn(discord)
  await client.application.commands.set([STATUS, WHALE], discord.guild)
  return client
}

const button = (id: string, label: string) =>
  new ButtonBuilder().setCustomId(id).setLabel(label).setStyle(ButtonStyle.Success)
const row = (...buttons: ButtonBuilder[]) => new ActionRowBuilder<ButtonBuilder>().addComponents(buttons)
/** A question with two buttons. */
const card = { content: 'Buy?', components: [row(button('yes', 'Approve $40'), button('no', 'Reject'))] }

/** The message as the stand-in keeps it. */
const kept = (discord: Discord, name: Usual): Message => {
  const message = discord.messages(name).at(-1)
  if (message === undefined) throw new Error(`nothing was said in #${name}`)
  return message
}

describe('a client that logs in', () => {
  test('is ready, and knows its guild, its channels and itself', async () => {
    const discord = await desk()
    const client = await loggedIn(discord)
    expect(client.user.id).toBe(discord.bot)
    expect(client.guilds.cache.get(discord.guild)?.channels.cache.map(one => one.name)).toEqual([
      'approvals',
      'fills',
      'risk',
      'log',
    ])
    expect(discord.gateway.sessions().map(one => one.intents)).toEqual([GatewayIntentBits.Guilds])
    expect(discord.unhandled).toEqual([])
  })

  test('with another token is refused', async () => {
    const discord = await desk()
    await expect(clientOf(discord).login('not.the.token')).rejects.toThrow('invalid token')
  })

  test('gets its commands back as they were registered, under the same ids each time', async () => {
    const discord = await desk()
    const client = await withCommands(discord)
    const before = await client.application.commands.fetch({ guildId: discord.guild })
    await client.application.commands.set([WHALE], discord.guild)
    const after = await client.application.commands.fetch({ guildId: discord.guild })
    expect(before.map(one => one.name)).toEqual(['status', 'whale'])
    expect(after.map(one => one.id)).toEqual(before.filter(one => one.name === 'whale').map(one => one.id))
    expect(after.first()?.equals(WHALE)).toBe(true)
    expect(discord.commandPuts()).toBe(2)
  })
})

describe('what a person does', () => {
  test('a command is deferred, then answered for one person alone', async () => {
    const discord = await desk()
    const client = await withCommands(discord)
    const errors = answering(client, async arrived => {
      if (!arrived.isChatInputCommand()) return
      await arrived.deferReply({ flags: MessageFlags.Ephemeral })
      await arrived.editReply(`paper, asked in ${arrived.locale}`)
      await arrived.followUp({ content: 'and all is well', flags: MessageFlags.Ephemeral })
    })
    const alice = discord.person({ name: 'Alice' })
    const asked = alice.slash('status', {}, { channel: 'log', locale: 'de' })
    const { type, flags, delayMs } = await asked.acknowledged
    expect({ type, flags }).toEqual({ type: CALLBACK.deferReply, flags: MessageFlags.Ephemeral })
    expect(delayMs).toBeGreaterThan(0)
    await discord.until(() => asked.followUps.length === 1)
    expect(asked.original?.content).toBe('paper, asked in de')
    expect(asked.edits.map(one => one.content)).toEqual(['paper, asked in de'])
    expect(asked.followUps[0]?.onlyFor).toBe(alice.id)
    expect(discord.messages('log')).toEqual([])
    expect(errors).toEqual([])
  })

  test('a pressed button changes its message', async () => {
    const discord = await desk()
    const client = await loggedIn(discord)
    await channelIn(client, discord, 'approvals').send(card)
    answering(client, async arrived => {
      if (arrived.isButton())
        await arrived.update({ content: `${arrived.user.username}: ${arrived.customId}`, components: [] })
    })
    const pressed = discord.person({ name: 'Alice' }).press(kept(discord, 'approvals'), 'Approve $40')
    await pressed.acknowledged
    expect(pressed.callback?.type).toBe(CALLBACK.update)
    expect(kept(discord, 'approvals').content).toBe('alice: yes')
    expect(buttonsOf(kept(discord, 'approvals'))).toEqual([])
  })

  test.each([
    [
      'labels',
      () =>
        new ModalBuilder()
          .setCustomId('amount')
          .setTitle('How much?')
          .addLabelComponents(
            new LabelBuilder()
              .setLabel('Dollars')
              .setTextInputComponent(
                new TextInputBuilder().setCustomId('dollars').setStyle(TextInputStyle.Short).setMaxLength(5),
              ),
          ),
    ],
    [
      'rows',
      () =>
        new ModalBuilder()
          .setCustomId('amount')
          .setTitle('How much?')
          .addComponents(
            new ActionRowBuilder<TextInputBuilder>().addComponents(
              new TextInputBuilder()
                .setCustomId('dollars')
                .setLabel('Dollars')
                .setStyle(TextInputStyle.Short)
                .setMaxLength(5),
            ),
          ),
    ],
  ])('a form of %s comes back filled in', async (_, form) => {
    const discord = await desk()
    const client = await loggedIn(discord)
    await channelIn(client, discord, 'approvals').send(card)
    answering(client, async arrived => {
      if (arrived.isButton()) await arrived.showModal(form())
      if (arrived.isModalSubmit() && arrived.isFromMessage()) {
        await arrived.update(`$${arrived.fields.getTextInputValue('dollars')}`)
      }
    })
    const alice = discord.person({ name: 'Alice' })
    const pressed = alice.press(kept(discord, 'approvals'), 'yes')
    await pressed.acknowledged
    expect(pressed.modal?.title).toBe('How much?')
    expect(() => alice.submit(pressed, {})).toThrow('dollars is required')
    expect(() => alice.submit(pressed, { dollars: '123456' })).toThrow('at most 5')
    const sent = alice.submit(pressed, { dollars: '75' })
    await sent.acknowledged
    expect(kept(discord, 'approvals').content).toBe('$75')
  })

  test('typing into an option brings choices, once', async () => {
    const discord = await desk()
    const client = await withCommands(discord)
    answering(client, async arrived => {
      if (!arrived.isAutocomplete()) return
      const typed = arrived.options.getFocused()
      await arrived.respond([{ name: `${typed}ony, ${arrived.options.getSubcommand()}`, value: '0x1' }])
    })
    const typed = discord.person({ name: 'Alice' }).autocomplete('whale mute', 'who', 'swisst')
    await typed.acknowledged
    expect(typed.choices).toEqual([{ name: 'swisstony, mute', value: '0x1' }])
  })

  test('what the real application would not let them do is an error that says why', async () => {
    const discord = await desk()
    const client = await withCommands(discord)
    await channelIn(client, discord, 'approvals').send({ components: [row(button('no', 'Reject').setDisabled(true))] })
    const alice = discord.person({ name: 'Alice' })
    const message = kept(discord, 'approvals')
    expect(() => alice.press(message, 'no')).toThrow('it is dimmed; the message has (Reject)')
    expect(() => alice.press(message, 'yes')).toThrow('no such button')
    expect(() => alice.slash('close')).toThrow('there is no command /close, only status, whale')
    expect(() => alice.slash('whale')).toThrow('needs a sub-command: mute')
    expect(() => alice.slash('whale mute')).toThrow('needs who')
    expect(() => alice.slash('whale mute', { who: 'x', hours: 25 })).toThrow('the most is 24')
    expect(() => alice.slash('whale mute', { who: 'x', days: 1 })).toThrow('no option days')
  })

  test('a forged press arrives as it was forged', async () => {
    const discord = await desk()
    const client = await loggedIn(discord)
    await channelIn(client, discord, 'approvals').send(card)
    const arrivals: string[] = []
    answering(client, async arrived => {
      if (!arrived.isButton()) return
      arrivals.push(`${arrived.customId} ${arrived.message.content} ${arrived.guildId}`)
      await arrived.deferUpdate()
    })
    const mallory = discord.person({ name: 'Mallory' })
    const how = { isForged: true, messageAs: { content: 'Buy everything?' }, guild: '299999999999999999' }
    await mallory.press(kept(discord, 'approvals'), 'evil', how).acknowledged
    expect(arrivals).toEqual(['evil Buy everything? 299999999999999999'])
  })

  test('an old press carries its age in its id, and is past answering', async () => {
    const now = Date.now()
    const discord = await desk({ now: () => now })
    const client = await loggedIn(discord)
    await channelIn(client, discord, 'approvals').send(card)
    const refused = new Promise<unknown>(resolve => {
      answering(client, async arrived => arrived.isButton() && arrived.deferUpdate().catch(resolve))
    })
    const pressed = discord.person({ name: 'Alice' }).press(kept(discord, 'approvals'), 'yes', { agoMs: 300_000 })
    expect(await refused).toMatchObject({ code: 10_062, status: 404 })
    expect(now - momentOf(pressed.id)).toBe(300_000)
    expect(pressed.refusals.map(one => one.code)).toEqual([10_062])
  })

  test('a press that was put off changes the message later, and a command its own reply', async () => {
    const discord = await desk()
    const client = await withCommands(discord)
    await channelIn(client, discord, 'approvals').send(card)
    const ids: (string | undefined)[] = []
    const errors = answering(client, async arrived => {
      if (arrived.isButton()) {
        await arrived.deferUpdate()
        await arrived.editReply({ content: 'Approved', components: [] })
      }
      if (arrived.isChatInputCommand()) {
        const { resource } = await arrived.deferReply({ withResponse: true })
        ids.push(resource?.message?.id, (await arrived.followUp('paper')).id, (await arrived.fetchReply()).id)
        await arrived.deleteReply()
      }
    })
    const alice = discord.person({ name: 'Alice' })
    const pressed = alice.press(kept(discord, 'approvals'), 'yes')
    await discord.until(() => pressed.edits.length === 1)
    expect(kept(discord, 'approvals').content).toBe('Approved')
    const asked = alice.slash('status')
    await discord.until(() => asked.original?.isDeleted === true)
    expect(ids).toEqual(Array.from({ length: 3 }, () => asked.original?.id))
    expect([asked.original?.content, asked.followUps]).toEqual(['paper', []])
    expect(errors).toEqual([])
  })

  test('a command in a direct channel has no guild', async () => {
    const discord = await desk()
    const client = await withCommands(discord)
    answering(client, async arrived => {
      if (arrived.isChatInputCommand()) await arrived.reply(arrived.inGuild() ? 'guild' : 'direct')
    })
    const asked = discord.person({ name: 'Alice' }).slash('status', {}, { guild: 'direct' })
    await asked.acknowledged
    expect(asked.original?.content).toBe('direct')
  })
})

describe('sending', () => {
  test('an answer that was lost leaves one message, where the nonce is enforced', async () => {
    const discord = await desk()
    const client = await loggedIn(discord, { enforceNonce: true })
    const fault = discord.faults.set({ kind: 'lost', method: 'POST', path: '/messages', times: 1 })
    const sent = await channelIn(client, discord, 'fills').send('Filled 40 at 62c')
    expect(fault.hits()).toBe(1)
    expect(discord.calls.filter(one => one.path.endsWith('/messages')).map(one => one.status)).toEqual([502, 200])
    expect(discord.messages('fills').map(one => one.id)).toEqual([sent.id])
  })

  test('and two, where it is not', async () => {
    const discord = await desk()
    const client = await loggedIn(discord)
    discord.faults.set({ kind: 'lost', method: 'POST', path: '/messages', times: 1 })
    await channelIn(client, discord, 'fills').send('Filled 40 at 62c')
    expect(discord.messages('fills')).toHaveLength(2)
  })

  test('files arrive with their bytes, their names and what they show', async () => {
    const discord = await desk()
    const client = await loggedIn(discord)
    const bytes = Buffer.from('89504e470d0a1a0a', 'hex')
    const file = new AttachmentBuilder(bytes, { name: 'profit.png', description: 'Profit of seven days' })
    const embed = new EmbedBuilder().setTitle('Profit').setImage('attachment://profit.png')
    const sent = await channelIn(client, discord, 'log').send({ embeds: [embed], files: [file] })
    expect(kept(discord, 'log').attachments).toMatchObject([
      { filename: 'profit.png', description: 'Profit of seven days', contentType: 'image/png', bytes },
    ])
    expect(sent.attachments.first()?.description).toBe('Profit of seven days')
    await sent.edit({ content: 'without', embeds: [], attachments: [] })
    expect(kept(discord, 'log').attachments).toEqual([])
  })

  test('a message is fetched, edited, pinned, given a thread and deleted', async () => {
    const discord = await desk()
    const client = await loggedIn(discord)
    const channel = channelIn(client, discord, 'log')
    const sent = await channel.send('one')
    await sent.edit('two')
    await sent.pin()
    expect((await channel.messages.fetch({ message: sent.id, force: true })).content).toBe('two')
    expect((await channel.messages.fetchPins()).items.map(one => one.message.id)).toEqual([sent.id])
    const thread = await sent.startThread({ name: 'A7K2 YES', autoArchiveDuration: 1_440 })
    await thread.send('filled')
    expect(discord.messages(thread.id).map(one => one.content)).toEqual(['filled'])
    await sent.unpin()
    expect(kept(discord, 'log').isPinned).toBe(false)
    await sent.delete()
    expect(discord.messages('log')).toEqual([])
    expect(discord.unhandled).toEqual([])
  })

  test('somebody may be written to directly, unless they take nothing', async () => {
    const discord = await desk()
    const client = await loggedIn(discord)
    const alice = discord.person({ name: 'Alice' })
    const bob = discord.person({ name: 'Bob', isReachable: false })
    const sent = await client.users.send(alice.id, 'Hi')
    expect(discord.messages(sent.channelId).map(one => one.content)).toEqual(['Hi'])
    await expect(client.users.send(bob.id, 'Hi')).rejects.toMatchObject({ code: 50_007, status: 403 })
  })

  test('a webhook needs no bot', async () => {
    const discord = await desk()
    const { id, token } = discord.webhook('risk', 'Alarm')
    const webhook = new WebhookClient({ id, token }, { rest: { api: discord.api } })
    await webhook.send({ content: 'The bot is dead', username: 'Watch' })
    const message = kept(discord, 'risk')
    expect([message.author.name, message.content]).toEqual(['Watch', 'The bot is dead'])
    discord.deleteWebhook(id)
    await expect(webhook.send('again')).rejects.toMatchObject({ code: 10_015, status: 404 })
  })

  test('too many are held back, and all arrive', async () => {
    const discord = await desk()
    discord.limits.set('POST /channels/:channel/messages', { requestsMax: 2, windowMs: 150 })
    const client = await loggedIn(discord)
    const channel = channelIn(client, discord, 'log')
    await Promise.all(['1', '2', '3', '4', '5'].map(text => channel.send(text)))
    expect(discord.messages('log').map(one => one.content)).toEqual(['1', '2', '3', '4', '5'])
    expect(discord.limits.limited).toEqual([])
  })

  test.each([
    ['a bucket', false],
    ['everything', true],
  ])('a 429 for %s that somebody else filled is waited for', async (_, isGlobal) => {
    const discord = await desk()
    const client = await loggedIn(discord)
    const allowance = { requestsMax: 1, windowMs: 150 }
    if (isGlobal) discord.limits.setGlobal(allowance)
    else discord.limits.set('POST /channels/:channel/messages', { ...allowance, scope: 'shared' })
    await restOf(discord).post(Routes.channelMessages(discord.channels.log), { body: { content: 'first' } })
    await channelIn(client, discord, 'log').send('second')
    expect(discord.messages('log').map(one => one.content)).toEqual(['first', 'second'])
    expect(discord.limits.limited.map(one => one.scope)).toEqual([isGlobal ? 'global' : 'shared'])
    const { status } = discord.calls.at(-2) ?? {}
    expect(status).toBe(429)
  })
})

/** Drops the connection, and refuses the next one. */
function refuseOnce(faults: Faults, how: { readonly status?: number } = {}): void {
  faults.set({ kind: 'refuse', times: 1, ...how })
  faults.set({ kind: 'drop', times: 1 })
}

describe('the gateway', () => {
  test('a press that was missed while the connection was down is told on RESUME', async () => {
    const discord = await desk()
    const client = await loggedIn(discord)
    await channelIn(client, discord, 'approvals').send(card)
    answering(client, async arrived => arrived.isButton() && arrived.deferUpdate())
    discord.faults.set({ kind: 'drop', times: 1 })
    const pressed = discord.person({ name: 'Alice' }).press(kept(discord, 'approvals'), 'yes')
    expect(pressed.acknowledgement).toBeUndefined()
    await pressed.acknowledged
    expect([discord.gateway.identifies(), discord.gateway.resumes()]).toEqual([1, 1])
  })

  test('a zombie is noticed by its heartbeats and left for a new connection', async () => {
    const discord = await desk({ heartbeatMs: 150 })
    const client = await loggedIn(discord)
    await channelIn(client, discord, 'approvals').send(card)
    answering(client, async arrived => arrived.isButton() && arrived.deferUpdate())
    const zombie = discord.faults.set({ kind: 'zombie', times: 1 })
    const pressed = discord.person({ name: 'Alice' }).press(kept(discord, 'approvals'), 'yes')
    expect([zombie.hits(), discord.gateway.connections()]).toEqual([1, 1])
    await pressed.acknowledged
    expect(discord.gateway.closures).toContain(4_200)
  })

  test.each<readonly [string, (discord: Discord) => unknown, readonly [identifies: number, resumes: number]]>([
    ['op 7', ({ gateway }) => gateway.reconnect(), [1, 1]],
    ['an invalid session that can be resumed', ({ gateway }) => gateway.invalidate({ isResumable: true }), [1, 1]],
    ['an invalid session', ({ gateway }) => gateway.invalidate(), [2, 0]],
    ['a restart that keeps sessions', discord => discord.restart(), [1, 1]],
    ['a restart that forgets them', discord => discord.restart({ keepsSessions: false }), [2, 0]],
    ['a refusal with a status', ({ faults }) => refuseOnce(faults, { status: 503 }), [1, 1]],
    ['a refusal without one, which costs the session', ({ faults }) => refuseOnce(faults), [2, 0]],
  ])('the client comes back after %s', async (_, disturb, counts) => {
    const discord = await desk()
    const client = await loggedIn(discord, AT_ONCE)
    answering(client, async arrived => arrived.isButton() && arrived.deferUpdate())
    await channelIn(client, discord, 'approvals').send(card)
    await disturb(discord)
    await discord.until(({ gateway }) => gateway.identifies() + gateway.resumes() === 2)
    await discord.person({ name: 'Alice' }).press(kept(discord, 'approvals'), 'yes').acknowledged
    expect([discord.gateway.identifies(), discord.gateway.resumes()]).toEqual(counts)
  })

  test('an outage loses nothing that was said before', async () => {
    const discord = await desk()
    const client = await loggedIn(discord)
    await channelIn(client, discord, 'log').send('before')
    await discord.stop()
    await expect(channelIn(client, discord, 'log').send('meanwhile')).rejects.toThrow('ECONNREFUSED')
    await discord.restart()
    await channelIn(client, discord, 'log').send('after')
    expect(discord.messages('log').map(one => one.content)).toEqual(['before', 'after'])
  })

  test('a revoked token ends the session, and every call', async () => {
    const discord = await desk()
    const client = await loggedIn(discord)
    const gone = new Promise<number>(resolve => client.once(Events.ShardDisconnect, ({ code }) => resolve(code)))
    discord.faults.set({ kind: 'revoked' })
    expect(await gone).toBe(4_004)
    const channel = channelIn(client, discord, 'log')
    await expect(channel.send('one')).rejects.toMatchObject({ status: 401 })
    await expect(channel.send('two')).rejects.toThrow('Expected token to be set')
    expect(discord.calls.filter(one => one.path.endsWith('/messages'))).toHaveLength(1)
  })
})

describe('a fault', () => {
  const quick = { retries: 0, timeout: 250 }
  test.each<readonly [string, Fault, string]>([
    ['answers what it is told to', { kind: 'answer', status: 403, code: 50_013, message: 'no' }, 'no'],
    ['fails', { kind: 'answer', status: 503 }, 'Service Unavailable'],
    ['never answers', { kind: 'hang' }, 'aborted'],
    ['answers too late', { kind: 'late', ms: 5_000 }, 'aborted'],
    ['resets the connection', { kind: 'cut' }, 'ECONNRESET'],
    ['closes the connection', { kind: 'cut', by: 'close' }, 'other side closed'],
    ['cuts the answer short', { kind: 'truncated' }, 'JSON'],
    ['loses the answer', { kind: 'lost' }, 'Bad Gateway'],
    ['loses the answer and the connection', { kind: 'lost', by: 'close' }, 'other side closed'],
  ])('that %s is met by the call it is meant for', async (_, fault, message) => {
    const discord = await desk()
    const rest = restOf(discord, quick)
    const active = discord.faults.set({ ...fault, method: 'POST', path: /messages$/ } as Fault)
    const send = () => rest.post(Routes.channelMessages(discord.channels.log), { body: { content: 'x' } })
    await expect(send()).rejects.toThrow(message)
    await restOf(discord).get(Routes.user())
    expect(active.hits()).toBe(1)
    const isDone = fault.kind === 'late' || fault.kind === 'truncated' || fault.kind === 'lost'
    expect(discord.messages('log')).toHaveLength(isDone ? 1 : 0)
    discord.faults.clear()
    await restOf(discord).get(Routes.channelMessages(discord.channels.log))
    expect(active.hits()).toBe(1)
  })

  test('a call is tried again after a reset, and not after a connection that was closed', async () => {
    const discord = await desk()
    const rest = restOf(discord, { retries: 1 })
    discord.faults.set({ kind: 'cut', times: 1 })
    await rest.get(Routes.user())
    discord.faults.set({ kind: 'cut', by: 'close', times: 1 })
    await expect(rest.get(Routes.user())).rejects.toThrow('other side closed')
  })

  test('a page of somebody on the way is no answer of Discord', async () => {
    const discord = await desk()
    discord.faults.set({ kind: 'html' })
    const answer = await restOf(discord).get(Routes.user())
    expect(answer).toBeInstanceOf(ArrayBuffer)
  })
})

describe('payloads that Discord refuses', () => {
  test.each(BAD_MESSAGES)('%s', async (_, body, message) => {
    const discord = await desk()
    const sending = restOf(discord).post(Routes.channelMessages(discord.channels.log), { body })
    await expect(sending).rejects.toThrow(message)
    expect(discord.calls.at(-1)?.status).toBe(400)
    expect(discord.messages('log')).toEqual([])
  })

  test.each(BAD_COMMANDS)('a command with %s', async (_, command, message) => {
    const discord = await desk()
    const put = restOf(discord).put(Routes.applicationGuildCommands(discord.bot, discord.guild), { body: [command] })
    await expect(put).rejects.toThrow(message)
    expect([discord.commands(), discord.commandPuts()]).toEqual([[], 0])
  })

  test('two commands of one name', async () => {
    const discord = await desk()
    const put = restOf(discord).put(Routes.applicationGuildCommands(discord.bot, discord.guild), {
      body: [STATUS, STATUS],
    })
    await expect(put).rejects.toThrow('1.name[APPLICATION_COMMANDS_DUPLICATE_NAME]')
  })

  test.each(BAD_ANSWERS)('%s does not count as an answer', async (_, body, message) => {
    const discord = await desk()
    const rest = restOf(discord)
    await rest.put(Routes.applicationGuildCommands(discord.bot, discord.guild), { body: [STATUS] })
    const asked = discord.person({ name: 'Alice' }).slash('status')
    const answer = (what: object) =>
      rest.post(Routes.interactionCallback(asked.id, asked.token), { body: what, auth: false })
    await expect(answer(body)).rejects.toThrow(message)
    expect(asked.refusals.map(refusal => refusal.code)).toEqual([50_035])
    await answer({ type: 4, data: { content: 'well' } })
    expect(asked.original?.content).toBe('well')
  })

  test('26 choices do not count as an answer', async () => {
    const discord = await desk()
    await withCommands(discord)
    const typed = discord.person({ name: 'Alice' }).autocomplete('whale mute', 'who', '')
    const choices = Array.from({ length: 26 }, (_, at) => ({ name: `${at}`, value: `${at}` }))
    const answer = { type: 8, data: { choices } }
    const sending = restOf(discord).post(Routes.interactionCallback(typed.id, typed.token), {
      body: answer,
      auth: false,
    })
    await expect(sending).rejects.toThrow('data.choices[BASE_TYPE_MAX_LENGTH]: Must be 25')
  })
})

describe('whom a message notifies', () => {
  const [user, role] = ['400000000000000001', '500000000000000001']
  const all = `@everyone <@${user}> <@&${role}>`
  const nobody = { everyone: false, roles: [], users: [] }

  test.each<readonly [string, object, object]>([
    ['all that it names', { content: all }, { everyone: true, roles: [role], users: [user] }],
    ['nobody, if nothing is parsed', { content: all, allowed_mentions: { parse: [] } }, nobody],
    ['only people', { content: all, allowed_mentions: { parse: ['users'] } }, { ...nobody, users: [user] }],
    ['one role by id', { content: all, allowed_mentions: { roles: [role] } }, { ...nobody, roles: [role] }],
    ['nobody it was not allowed', { content: all, allowed_mentions: { users: ['400000000000000009'] } }, nobody],
    ['those who are here', { content: '@here' }, { ...nobody, everyone: true }],
    ['a stranger', { content: '<@!999999999999999999>' }, { ...nobody, users: ['999999999999999999'] }],
    ['nobody in an embed', { embeds: [{ title: all, description: all, fields: [{ name: all, value: all }] }] }, nobody],
    [
      'nobody in code',
      {
        content: `\`${all}\` \`\`\`
${all}
\`\`\``,
      },
      nobody,
    ],
    ['nobody behind a space of no width', { content: '@​everyone' }, nobody],
    [
      'those in a text display',
      { flags: MessageFlags.IsComponentsV2, components: [{ type: 17, components: [{ type: 10, content: all }] }] },
      { everyone: true, roles: [role], users: [user] },
    ],
  ])('%s', async (_, body, pings) => {
    const discord = await desk({ roles: { Trader: { isMentionable: true } } })
    await restOf(discord).post(Routes.channelMessages(discord.channels.risk), { body })
    expect(kept(discord, 'risk').pings).toEqual(pings)
  })

  test('only people, through an interaction that says nothing else; and nobody by an edit', async () => {
    const discord = await desk({ roles: { Trader: { isMentionable: true } } })
    const client = await withCommands(discord)
    answering(client, async arrived => {
      if (!arrived.isChatInputCommand()) return
      await arrived.reply(all)
      await arrived.editReply(`${all} <@400000000000000002>`)
    })
    const asked = discord.person({ name: 'Alice' }).slash('status')
    await discord.until(() => asked.edits.length === 1)
    expect(asked.original?.pings).toEqual({ ...nobody, users: [user] })
    expect(asked.original?.mentioned.users).toEqual([user, '400000000000000002'])
  })

  test('no role and not everyone, without the permission to', async () => {
    const discord = await desk({ roles: { Trader: {} } })
    discord.revoke('risk', 'MentionEveryone')
    await restOf(discord).post(Routes.channelMessages(discord.channels.risk), { body: { content: all } })
    expect(kept(discord, 'risk').pings).toEqual({ ...nobody, users: [user] })
  })
})

describe('permissions', () => {
  test('are what the client reckons, and what an interaction says', async () => {
    const discord = await desk({ roles: { Trader: { permissions: ['ManageMessages'] } } })
    const client = await withCommands(discord)
    const channel = channelIn(client, discord, 'approvals')
    const mine = () => channel.permissionsFor(client.user)?.bitfield
    expect(mine()).toBe(discord.permissions('approvals'))
    discord.revoke('approvals', 'SendMessages', 'PinMessages')
    const changed = new Promise(resolve => client.once(Events.ChannelUpdate, resolve))
    await changed
    expect(mine()).toBe(discord.permissions('approvals'))
    const changedAgain = new Promise(resolve => client.once(Events.ChannelUpdate, resolve))
    discord.grant('approvals', 'ManageThreads')
    await changedAgain
    expect(mine()).toBe(discord.permissions('approvals'))
    expect(channel.permissionsFor(client.user)?.has(PermissionFlagsBits.SendMessages)).toBe(false)
    const arrived = new Promise<Arrived>(resolve => client.once(Events.InteractionCreate, resolve))
    discord.person({ name: 'Alice', roles: ['Trader'] }).slash('status')
    const { appPermissions, memberPermissions, member } = await arrived
    expect(appPermissions.bitfield).toBe(discord.permissions('approvals'))
    expect(memberPermissions?.has(PermissionFlagsBits.ManageMessages)).toBe(true)
    expect(member?.roles).toMatchObject({ member: { _roles: [discord.roles.Trader] } })
  })

  test.each<readonly [string, (discord: Discord, message: Message) => void, number, number]>([
    ['not to write', discord => discord.revoke('log', 'SendMessages'), 50_013, 403],
    ['not to see', discord => discord.revoke('log', 'ViewChannel'), 50_001, 403],
    ['no embeds', discord => discord.revoke('log', 'EmbedLinks'), 50_013, 403],
    ['a channel that is gone', discord => discord.deleteChannel('log'), 10_003, 404],
  ])('%s is an error of its own', async (_, change, code, status) => {
    const discord = await desk()
    const client = await loggedIn(discord)
    const channel = channelIn(client, discord, 'log')
    const sent = await channel.send('x')
    change(discord, kept(discord, 'log'))
    const embeds = [new EmbedBuilder().setTitle('x')]
    await expect(channel.send({ embeds })).rejects.toMatchObject({ code, status })
    expect(sent.content).toBe('x')
  })

  test('a message that is gone, or of somebody else, cannot be changed', async () => {
    const discord = await desk()
    const client = await loggedIn(discord)
    const sent = await channelIn(client, discord, 'log').send('x')
    const { id, token } = discord.webhook('log')
    const other = await new WebhookClient({ id, token }, { rest: { api: discord.api } }).send('y')
    await expect(channelIn(client, discord, 'log').messages.edit(other.id, 'z')).rejects.toMatchObject({ code: 50_005 })
    discord.deleteMessage(kept(discord, 'log'))
    await sent.delete()
    await expect(sent.edit('z')).rejects.toMatchObject({ code: 10_008, status: 404 })
  })

  test('pins and threads need their own', async () => {
    const discord = await desk()
    const sent = await channelIn(await loggedIn(discord), discord, 'log').send('x')
    discord.revoke('log', 'PinMessages', 'CreatePublicThreads')
    await expect(sent.pin()).rejects.toMatchObject({ code: 50_013 })
    await expect(sent.startThread({ name: 'x' })).rejects.toMatchObject({ code: 50_013 })
  })
})

describe('answers in time', () => {
  const reply = { type: 4, data: { content: 'x' } }

  test('after three seconds there is nobody to answer', async () => {
    let now = 1_800_000_000_000
    const discord = await desk({ now: () => now })
    const client = await withCommands(discord)
    const first = new Promise<Arrived>(resolve => client.once(Events.InteractionCreate, resolve))
    const asked = discord.person({ name: 'Alice' }).slash('status')
    const arrived = await first
    now += 3_001
    if (!arrived.isChatInputCommand()) throw new Error('no command')
    await expect(arrived.reply('x')).rejects.toMatchObject({ code: 10_062, status: 404 })
    expect(asked.acknowledgement).toBeUndefined()
    expect(discord.messages('approvals')).toEqual([])
  })

  test('a second first answer is none', async () => {
    const discord = await desk()
    const rest = restOf(discord)
    await withCommands(discord)
    const asked = discord.person({ name: 'Alice' }).slash('status')
    const answer = () => rest.post(Routes.interactionCallback(asked.id, asked.token), { body: reply, auth: false })
    await answer()
    await expect(answer()).rejects.toMatchObject({ code: 40_060, status: 400 })
  })

  test('a token lives for a quarter of an hour, and its end costs no more than that', async () => {
    let now = 1_800_000_000_000
    const discord = await desk({ now: () => now })
    const client = await withCommands(discord)
    const first = new Promise<Arrived>(resolve => client.once(Events.InteractionCreate, resolve))
    discord.person({ name: 'Alice' }).slash('status')
    const arrived = await first
    if (!arrived.isChatInputCommand()) throw new Error('no command')
    await arrived.reply('x')
    now += 899_000
    await arrived.followUp('y')
    now += 2_000
    await expect(arrived.editReply('z')).rejects.toMatchObject({ code: 50_027, status: 401 })
    await channelIn(client, discord, 'log').send('still here')
  })

  test('before the first answer there is no other', async () => {
    const discord = await desk()
    await withCommands(discord)
    const { token } = discord.person({ name: 'Alice' }).slash('status')
    const edit = restOf(discord).patch(Routes.webhookMessage(discord.bot, token), {
      body: { content: 'x' },
      auth: false,
    })
    await expect(edit).rejects.toMatchObject({ code: 10_015, status: 404 })
  })
})

describe('for the one who writes a test', () => {
  test('a wait in vain says what there was', async () => {
    const discord = await desk()
    await channelIn(await loggedIn(discord), discord, 'risk').send('Loss limit is near')
    const waiting = discord.until(({ messages }) => messages('risk')[1], 20)
    await expect(waiting).rejects.toThrow(
      /did not come true within 20 ms:[\s\S]*POST [^\n]* 200[\s\S]*#risk\n.*Loss limit/,
    )
  })

  test('a conversation reads like one', async () => {
    let now = Date.parse('2027-01-02T09:00:00Z')
    const discord = await desk({ now: () => now })
    const client = await withCommands(discord)
    answering(client, async arrived => {
      if (arrived.isChatInputCommand()) await arrived.reply({ content: 'paper', flags: MessageFlags.Ephemeral })
      if (arrived.isButton()) await arrived.update({ content: 'Approved', components: [] })
    })
    const embed = new EmbedBuilder().setTitle('Fed cuts?').addFields({ name: 'Edge', value: '+2.1c' })
    await channelIn(client, discord, 'approvals').send({ ...card, embeds: [embed] })
    now += 4_000
    const alice = discord.person({ name: 'Alice' })
    await alice.slash('status').acknowledged
    await alice.press(kept(discord, 'approvals'), 'Approve $40').acknowledged
    expect(discord.transcript('approvals')).toMatchInlineSnapshot(`
      "09:00:00 Remora: Buy?
                 ## Fed cuts?
                 Edge: +2.1c
                 [Approve $40] [Reject]
      09:00:04 Alice types /status
      09:00:04 Remora (only to Alice): paper
      09:00:04 Alice presses [Approve $40]
      09:00:04 Remora edits (edit 1): Approved
                 ## Fed cuts?
                 Edge: +2.1c"
    `)
  })
})
