import { keepIn, note } from './bounded.ts'
import { type Entries, filledForm } from './filled-form.ts'
import { INTERACTION_TYPE, type Interaction, openInteraction } from './interaction.ts'
import type { Body } from './json.ts'
import { buttonsOf, COMPONENT, type Component, type Message } from './message.ts'
import { directChannel } from './routes-bot.ts'
import { actingMemberShape, botPermissionsIn, channelShape, messageShape, userShape } from './shapes.ts'
import { buttonText } from './transcript.ts'
import { typedData, typedText, type Values } from './typed-command.ts'
import { type Channel, channelOf, type Member, type World } from './world.ts'

/** Where, when and how somebody does something; in the first channel of the guild, now and honestly, unless said. */
export type Circumstances = {
  /** The name or the id of a channel. */
  readonly channel?: string
  /** The id of another guild, or `direct` for a direct channel with the bot. */
  readonly guild?: string
  /** The language of the client, in place of the person's own. */
  readonly locale?: string
  /** How long ago it was done: the id says so, and the deadline runs from there. */
  readonly agoMs?: number
  /** Whether it comes past Discord's own client: what that would not send is sent. */
  readonly isForged?: boolean
}

/** Somebody who uses the bot. All that they do is done at once, and what comes of it is seen on what is given back. */
export type Person = {
  readonly id: string
  readonly name: string
  /** Types a command, with its sub-command as in `whale add`. */
  readonly slash: (command: string, values?: Values, how?: Circumstances) => Interaction
  /**
   * Presses the button of that custom id or label. Throws where there is no such button, or a dimmed one, or where the message
   * is not theirs to see; unless it is forged. `messageAs` puts fields of one's own over the message that goes along.
   */
  readonly press: (message: Message, button: string, how?: Circumstances & { readonly messageAs?: Body }) => Interaction
  /** Sends the form that an interaction was answered with. What is not filled in keeps what was there. */
  readonly submit: (asking: Interaction, entries: Entries, how?: Circumstances) => Interaction
  /** Types into one option of a command; `values` are what the others hold by then. */
  readonly autocomplete: (
    command: string,
    option: string,
    text: string,
    how?: Circumstances & { readonly values?: Values },
  ) => Interaction
}

type Deed = Pick<Interaction, 'kind' | 'deed'> & {
  readonly data: Body
  readonly channel?: string
  readonly message?: Message
  readonly messageAs?: Body
}

/** Somebody who does things in this world. */
export function personIn(world: World, member: Member): Person {
  const act = (deed: Deed, how: Circumstances) => happen(world, member, deed, how)
  return {
    id: member.id,
    name: member.name,
    slash: (command, values = {}, how = {}) => {
      const typed = { command, values, isForged: how.isForged === true }
      return act({ kind: 'slash', deed: typedText(typed), data: typedData(world, typed) }, how)
    },
    press: (message, button, { messageAs, ...how } = {}) => {
      const found = pressable(message, button, member, how.isForged === true)
      const custom_id = found?.custom_id ?? button
      const data = { custom_id, component_type: COMPONENT.button, id: found?.id ?? 1 }
      const deed = buttonText(found ?? { type: COMPONENT.button, label: button })
      const more = messageAs === undefined ? {} : { messageAs }
      return act({ kind: 'press', deed, data, message, channel: message.channel, ...more }, how)
    },
    submit: ({ modal, message, channel }, entries, how = {}) => {
      if (modal === undefined) throw new Error('there is no form to send: the interaction was not answered with one')
      const data = filledForm(modal, entries, how.isForged === true) as Body
      const deed = `"${modal.title}" with ${JSON.stringify(entries)}`
      return act({ kind: 'submit', deed, data, channel, ...(message === undefined ? {} : { message }) }, how)
    },
    autocomplete: (command, option, text, { values = {}, ...how } = {}) => {
      const all = { ...values, [option]: text }
      const typed = { command, values: all, focused: option, isForged: how.isForged === true }
      return act({ kind: 'autocomplete', deed: typedText(typed), data: typedData(world, typed) }, how)
    },
  }
}

function pressable(message: Message, button: string, by: Member, isForged: boolean): Component | undefined {
  const buttons = buttonsOf(message)
  const found = buttons.find(one => one.custom_id === button) ?? buttons.find(one => one.label === button)
  if (isForged) return found
  const shown = buttons.map(buttonText).join(' ') || 'no button'
  const refuse = (why: string) => new Error(`${by.name} cannot press "${button}": ${why}; the message has ${shown}`)
  if (message.isDeleted) throw refuse('the message is deleted')
  if (message.onlyFor !== undefined && message.onlyFor !== by.id) throw refuse('only somebody else sees the message')
  if (found === undefined) throw refuse('there is no such button')
  if (found.disabled === true) throw refuse('it is dimmed')
  if (found.custom_id === undefined) throw refuse('it is a link')
  return found
}

function happen(world: World, by: Member, deed: Deed, how: Circumstances): Interaction {
  const channel = placeOf(world, by, deed, how)
  const madeAt = world.now() - (how.agoMs ?? 0)
  const id = world.snowflake(madeAt)
  const guild = how.guild === 'direct' ? undefined : (how.guild ?? world.guild)
  const interaction = openInteraction({
    id,
    token: `interaction-token-${id}`,
    kind: deed.kind,
    deed: deed.deed,
    by,
    channel: channel.id,
    madeAt,
    ...(guild === undefined ? {} : { guild }),
    ...(deed.message === undefined ? {} : { message: deed.message }),
  })
  keepIn(world.interactions, interaction.token, interaction)
  if (deed.kind !== 'autocomplete') {
    note(world.lines, { channel: channel.id, at: world.now(), text: `${by.name} ${VERBS[deed.kind]} ${deed.deed}` })
  }
  world.dispatch('INTERACTION_CREATE', payload(world, interaction, channel, deed, how))
  return interaction
}

const VERBS = { slash: 'types', press: 'presses', submit: 'sends' } as const

function placeOf(world: World, by: Member, deed: Deed, how: Circumstances): Channel {
  if (how.guild === 'direct') return directChannel(world, by.id)
  if (how.channel !== undefined) return channelOf(world, how.channel)
  const meant = deed.channel === undefined ? undefined : world.channels.get(deed.channel)
  const first = [...world.channels.values()].find(one => one.kind === 'text' && !one.isDeleted)
  const found = meant ?? first
  if (found === undefined) throw new Error('there is no channel left')
  return found
}

/** The interaction as the gateway tells of it. */
function payload(world: World, interaction: Interaction, channel: Channel, deed: Deed, how: Circumstances): object {
  const { id, token, kind, by, guild } = interaction
  const { message, messageAs } = deed
  const locale = how.locale ?? by.locale
  const who =
    guild === undefined
      ? { user: userShape(by), context: 1, authorizing_integration_owners: { 0: '0' } }
      : {
          member: actingMemberShape(world, by, channel),
          guild_id: guild,
          guild: { id: guild, locale: 'en-US', features: [] },
          guild_locale: 'en-US',
          context: 0,
          authorizing_integration_owners: { 0: guild },
        }
  return {
    id,
    token,
    application_id: world.bot.id,
    type: INTERACTION_TYPE[kind],
    version: 1,
    data: deed.data,
    channel_id: channel.id,
    channel: channelShape(world, channel),
    app_permissions: String(botPermissionsIn(world, channel)),
    locale,
    entitlements: [],
    attachment_size_limit: 10_485_760,
    ...who,
    ...(message === undefined ? {} : { message: { ...messageShape(world, message), ...messageAs } }),
  }
}
