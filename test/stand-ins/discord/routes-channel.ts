import { ApiError, refuseBody } from './api-error.ts'
import { notOneOf, textComplaints } from './complaints.ts'
import { bodiesOf, isMissing, numberOf, textOf } from './json.ts'
import { FLAGS, type Message } from './message.ts'
import { createMessage, type Draft, editMessage, removeMessage, sameByNonce } from './message-book.ts'
import { PERMISSIONS, type PermissionName } from './permissions.ts'
import { type Asked, DONE, given, type Route } from './router.ts'
import { channelShape, messageShape } from './shapes.ts'
import { type Channel, INTENTS, isArchived, permissionsIn, type World } from './world.ts'

/** Most pins of a channel. Source: Discord's reference, "Pin message". */
const PINS_MAX = 250
/** Most messages of one page of a channel. Source: Discord's reference, "Get channel messages". */
const PAGE_MAX = 100
const PAGE_USUAL = 50
/** Most threads of a guild that are not put away. Source: Discord's help pages, "Threads FAQ". */
const THREADS_MAX = 1_000
const THREAD_NAME = { min: 1, max: 100 }
/** After how many minutes of silence a thread may be put away. */
const ARCHIVE_AFTER = [60, 1_440, 4_320, 10_080]

/** Routes about channels, what is said in them, pins and threads. */
export const CHANNEL_ROUTES: readonly Route[] = [
  { name: 'GET /channels/:channel', answer: asked => given(channelShape(asked.world, seen(asked))) },
  { name: 'GET /channels/:channel/messages', answer: page },
  { name: 'POST /channels/:channel/messages', answer: send },
  { name: 'GET /channels/:channel/messages/pins', answer: newPins },
  { name: 'PUT /channels/:channel/messages/pins/:message', answer: asked => pin(asked, true) },
  { name: 'DELETE /channels/:channel/messages/pins/:message', answer: asked => pin(asked, false) },
  { name: 'GET /channels/:channel/pins', answer: oldPins },
  { name: 'PUT /channels/:channel/pins/:message', answer: asked => pin(asked, true) },
  { name: 'DELETE /channels/:channel/pins/:message', answer: asked => pin(asked, false) },
  {
    name: 'GET /channels/:channel/messages/:message',
    answer: asked => given(messageShape(asked.world, messageIn(asked, withPermission(asked, 'ReadMessageHistory')))),
  },
  { name: 'PATCH /channels/:channel/messages/:message', answer: edit },
  { name: 'DELETE /channels/:channel/messages/:message', answer: remove },
  { name: 'POST /channels/:channel/messages/:message/threads', answer: startThread },
]

/** The channel of the request, which the bot must see. */
function seen({ world, at }: Asked): Channel {
  const channel = world.channels.get(at('channel'))
  if (channel === undefined || channel.isDeleted) throw new ApiError('unknownChannel')
  if (!may(world, channel, 'ViewChannel')) throw new ApiError('missingAccess')
  return channel
}

function withPermission(asked: Asked, name: PermissionName): Channel {
  const channel = seen(asked)
  if (!may(asked.world, channel, name)) throw new ApiError('missingPermissions')
  return channel
}

function may(world: World, channel: Channel, name: PermissionName): boolean {
  return channel.kind === 'direct' || (permissionsIn(world, world.bot, channel) & PERMISSIONS[name]) !== 0n
}

/** The message of the request. One that only one person sees is no message of the channel. */
function messageIn({ world, at }: Asked, channel: Channel): Message {
  const message = world.messages.get(at('message'))
  const isThere = message?.channel === channel.id && !message.isDeleted && message.onlyFor === undefined
  if (message === undefined || !isThere) throw new ApiError('unknownMessage')
  return message
}

function page(asked: Asked) {
  const { world, query } = asked
  const channel = withPermission(asked, 'ReadMessageHistory')
  const limit = Math.min(Number(query.limit ?? PAGE_USUAL), PAGE_MAX)
  const isWanted = ({ id }: Message) => query.before === undefined || BigInt(id) < BigInt(query.before)
  const there = [...world.messages.values()].filter(
    one => one.channel === channel.id && !one.isDeleted && one.onlyFor === undefined && isWanted(one),
  )
  return given(
    there
      .slice(-limit)
      .reverse()
      .map(one => messageShape(world, one)),
  )
}

function send(asked: Asked) {
  const { world, body, uploads } = asked
  const channel = withPermission(
    asked,
    asked.world.channels.get(asked.at('channel'))?.kind === 'thread' ? 'SendMessagesInThreads' : 'SendMessages',
  )
  if (bodiesOf(body.embeds).length > 0 && !may(world, channel, 'EmbedLinks')) throw new ApiError('missingPermissions')
  if (uploads.length > 0 && !may(world, channel, 'AttachFiles')) throw new ApiError('missingPermissions')
  if (channel.kind === 'direct' && world.members.get(channel.recipient)?.isReachable !== true) {
    throw new ApiError('closedDirectMessages')
  }
  const draft: Draft = { channel, author: world.bot, body, uploads, path: [] }
  return given(messageShape(world, sameByNonce(world, draft) ?? createMessage(world, draft)))
}

function edit(asked: Asked) {
  const { world, body, uploads } = asked
  const message = messageIn(asked, seen(asked))
  if (message.author.id !== world.bot.id) throw new ApiError('otherAuthor')
  editMessage(world, message, { body, uploads, path: [] })
  return given(messageShape(world, message))
}

function remove(asked: Asked) {
  const { world } = asked
  const channel = seen(asked)
  const message = messageIn(asked, channel)
  if (message.author.id !== world.bot.id && !may(world, channel, 'ManageMessages')) {
    throw new ApiError('missingPermissions')
  }
  removeMessage(world, message)
  return DONE
}

function pin(asked: Asked, isPinned: boolean) {
  const { world } = asked
  const channel = withPermission(asked, 'PinMessages')
  const message = messageIn(asked, channel)
  const at = channel.pins.findIndex(one => one.message === message.id)
  if (at >= 0) channel.pins.splice(at, 1)
  if (isPinned) {
    if (channel.pins.length >= PINS_MAX) throw new ApiError('tooManyPins')
    channel.pins.push({ message: message.id, at: world.now() })
  }
  message.isPinned = isPinned
  const last = channel.pins.at(-1)
  world.dispatch(
    'CHANNEL_PINS_UPDATE',
    {
      guild_id: world.guild,
      channel_id: channel.id,
      last_pin_timestamp: last === undefined ? null : new Date(last.at).toISOString(),
    },
    INTENTS.guilds,
  )
  return DONE
}

function pinned(asked: Asked): readonly (readonly [message: Message, at: number])[] {
  const channel = withPermission(asked, 'ReadMessageHistory')
  return channel.pins.toReversed().flatMap(({ message, at }) => {
    const found = asked.world.messages.get(message)
    return found === undefined || found.isDeleted ? [] : [[found, at] as const]
  })
}

function oldPins(asked: Asked) {
  return given(pinned(asked).map(([message]) => messageShape(asked.world, message)))
}

function newPins(asked: Asked) {
  const items = pinned(asked).map(([message, at]) => ({
    pinned_at: new Date(at).toISOString(),
    message: messageShape(asked.world, message),
  }))
  return given({ items, has_more: false })
}

function startThread(asked: Asked) {
  const { world, body } = asked
  const parent = withPermission(asked, 'CreatePublicThreads')
  const message = messageIn(asked, parent)
  if ((message.flags & FLAGS.hasThread) !== 0) throw new ApiError('threadExists')
  const minutes = body.auto_archive_duration
  refuseBody([
    ...textComplaints(body.name, ['name'], THREAD_NAME),
    ...(isMissing(minutes) || ARCHIVE_AFTER.includes(numberOf(minutes))
      ? []
      : notOneOf(['auto_archive_duration'], ARCHIVE_AFTER)),
  ])
  const open = [...world.channels.values()].filter(one => one.kind === 'thread' && !isArchived(world, one))
  if (open.length >= THREADS_MAX) throw new ApiError('tooManyThreads')
  const thread: Channel = {
    kind: 'thread',
    id: message.id,
    name: textOf(body.name),
    parent: parent.id,
    archiveAfterMinutes: isMissing(minutes) ? 1_440 : numberOf(minutes),
    position: 0,
    madeAt: world.now(),
    pins: [],
    overwrite: { allow: 0n, deny: 0n },
    isDeleted: false,
  }
  world.channels.set(thread.id, thread)
  message.flags |= FLAGS.hasThread
  const shape = channelShape(world, thread)
  world.dispatch('THREAD_CREATE', { ...shape, newly_created: true }, INTENTS.guilds)
  return { status: 201, body: shape }
}
