import { flagOf, integerOf, textOf } from './fields.ts'
import { messageOf } from './message-methods.ts'
import { ANSWER_LENGTH_MAX } from './payload-rules.ts'
import { type Ask, badRequest, type Fields } from './wire.ts'
import { type Chat, happened, knownChat, onWire, openChat, statusOf, type World, wireChat } from './world.ts'

/** What the bot does in a chat besides writing, and what it may ask of it. */

const ACTIONS: ReadonlySet<string> = new Set([
  'typing',
  'upload_photo',
  'record_video',
  'upload_video',
  'record_voice',
  'upload_voice',
  'upload_document',
  'choose_sticker',
  'find_location',
  'record_video_note',
  'upload_video_note',
])
const TOPIC_NAME_LENGTH_MAX = 128
const ADMINISTRATORS: ReadonlySet<string> = new Set(['creator', 'administrator'])

export function answerCallbackQuery(world: World, { body }: Ask): true {
  const text = textOf(body, 'text') ?? ''
  if (text.length > ANSWER_LENGTH_MAX) throw badRequest('MESSAGE_TOO_LONG')
  const query = world.queries.get(textOf(body, 'callback_query_id') ?? '')
  const isLate = query === undefined || world.now() - query.pressedAt > world.conduct.callbackLifeMs
  if (isLate || query.isAnswered)
    throw badRequest('query is too old and response timeout expired or query ID is invalid')
  query.isAnswered = true
  query.answer(text, flagOf(body, 'show_alert'), body)
  return true
}

export function pinChatMessage(world: World, { body }: Ask): true {
  const chat = openChat(world, body)
  checkMayPin(world, chat)
  const message = messageOf(chat, body, 'message to pin not found')
  chat.pinned.delete(message.id)
  chat.pinned.add(message.id)
  happened(world, chat, { kind: 'pinned', message })
  return true
}

/** Without a message, the one that was pinned last. */
export function unpinChatMessage(world: World, { body }: Ask): true {
  const chat = openChat(world, body)
  checkMayPin(world, chat)
  const id = integerOf(body, 'message_id') ?? [...chat.pinned].at(-1)
  const message = id === undefined ? undefined : chat.messages.get(id)
  if (message === undefined || !chat.pinned.delete(message.id)) throw badRequest('message to unpin not found')
  happened(world, chat, { kind: 'unpinned', message })
  return true
}

function checkMayPin(world: World, chat: Chat): void {
  if (chat.type !== 'private' && !ADMINISTRATORS.has(statusOf(chat, world.bot.id)))
    throw badRequest('not enough rights to manage pinned messages in the chat')
}

/** Kept in the log of calls only. */
export function sendChatAction(world: World, { body }: Ask): true {
  openChat(world, body)
  if (!ACTIONS.has(textOf(body, 'action') ?? '')) throw badRequest('wrong parameter action in request')
  return true
}

export function getChat(world: World, { body }: Ask): Fields {
  const chat = knownChat(world, body)
  const pinned = [...chat.pinned].at(-1)
  const message = pinned === undefined ? undefined : chat.messages.get(pinned)
  return {
    ...wireChat(world, chat),
    accent_color_id: 0,
    max_reaction_count: 11,
    ...(message === undefined ? {} : { pinned_message: onWire(world, chat, message) }),
  }
}

export function getChatMember(world: World, { body }: Ask): Fields {
  const chat = knownChat(world, body)
  const id = integerOf(body, 'user_id')
  const user = id === world.bot.id ? world.bot : world.people.get(id ?? 0)
  if (user === undefined || (chat.type === 'private' && id !== chat.id && id !== world.bot.id))
    throw badRequest('PARTICIPANT_ID_INVALID')
  return { user, status: statusOf(chat, user.id) }
}

export function createForumTopic(world: World, { body }: Ask): Fields {
  const chat = openChat(world, body)
  const name = textOf(body, 'name') ?? ''
  if (chat.topics.size === 0) throw badRequest('the chat is not a forum')
  if (name === '' || name.length > TOPIC_NAME_LENGTH_MAX) throw badRequest('TOPIC_TITLE_EMPTY')
  const topic = Math.max(...chat.topics.keys()) + 1
  chat.topics.set(topic, name)
  happened(world, chat, { kind: 'noted', note: `a topic «${name}» was opened` })
  return { message_thread_id: topic, name, icon_color: 7_322_096 }
}
