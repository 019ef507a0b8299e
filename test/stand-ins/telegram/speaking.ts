import { NO_TEXT } from './formatted-text.ts'
import { type ChatMessage, contentOf } from './message.ts'
import { tappableIn, written } from './tappable.ts'
import { remember, type Update, type User } from './wire.ts'
import { type Chat, nextMessageId, onWire, put, statusOf, type World } from './world.ts'

/** What people write. */

/** How and where something is said. */
export type SayOptions = {
  /** The id of a group. */
  readonly chat?: number
  readonly topic?: number
  readonly replyTo?: number
  /** How long ago it was written, by the date in it. */
  readonly agoMs?: number
  /** The id of one's own message that is edited into this. */
  readonly edited?: number
  /** Writes as a channel, or with the group's own id as an anonymous administrator of it. */
  readonly senderChat?: { readonly id: number; readonly title: string }
}

/** What was said. */
export type Said = {
  readonly id: number
  /** What the bot is told. Its `update_id` is 0 where privacy mode keeps the message from the bot. */
  readonly update: Update
  /** The first message that the bot sends to the chat after it. */
  readonly reply: Promise<ChatMessage>
}

/** Telegram's own accounts, which stand in `from` where a chat speaks. */
const ANONYMOUS: User = { id: 1_087_968_824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' }
const CHANNEL: User = { id: 136_817_688, is_bot: true, first_name: 'Channel', username: 'Channel_Bot' }
const AWAITING_MAX = 1_000

/** Writes a message, and tells the bot unless it is not for it. */
export function say(world: World, user: User, text: string, options: SayOptions): Said {
  const chat = chatFor(world, user, options.chat)
  const isNew = options.edited === undefined
  const message = isNew
    ? newMessage(world, chat, user, text, options)
    : editedOne(world, chat, user, text, options.edited)
  const reply = new Promise<ChatMessage>(resolve => remember(chat.awaiting, resolve, AWAITING_MAX))
  put(world, chat, isNew ? 'written' : 'edited', message)
  const kind = isNew ? 'message' : 'edited_message'
  const content = onWire(world, chat, message)
  const update = isForBot(world, chat, message) ? world.inbox.add(kind, content) : { update_id: 0, [kind]: content }
  return { id: message.id, update, reply }
}

/** Throws when somebody could not write there either. */
function chatFor(world: World, user: User, chatId: number | undefined): Chat {
  const chat = world.chats.get(chatId ?? user.id)
  if (chat === undefined) throw new Error(`there is no chat ${chatId}`)
  if (chat.closed?.code === 403) throw new Error(`${user.first_name} cannot write: ${chat.closed.description}`)
  if (['left', 'kicked'].includes(statusOf(chat, user.id)))
    throw new Error(`${user.first_name} is not in ${chat.title}`)
  if (chat.type === 'private') chat.closed = undefined
  return chat
}

function newMessage(world: World, chat: Chat, user: User, text: string, options: SayOptions): ChatMessage {
  const { topic, replyTo, agoMs = 0, senderChat } = options
  if (topic !== undefined && !chat.topics.has(topic)) throw new Error(`there is no topic ${topic} in ${chat.title}`)
  const [speaker, type] = senderChat?.id === chat.id ? [ANONYMOUS, chat.type] : [CHANNEL, 'channel']
  return {
    id: nextMessageId(world, chat),
    chatId: chat.id,
    topic,
    from: senderChat === undefined ? user : speaker,
    isFromBot: false,
    date: Math.floor((world.now() - agoMs) / 1_000),
    editDate: undefined,
    ...contentOf({ ...NO_TEXT, text, tappable: tappableIn(text, []) }),
    photo: undefined,
    keyboard: [],
    markup: undefined,
    isSilent: false,
    isProtected: false,
    linkPreview: undefined,
    replyTo,
    senderChat: senderChat === undefined ? undefined : { ...senderChat, type },
    sent: {},
  }
}

function editedOne(world: World, chat: Chat, user: User, text: string, id: number): ChatMessage {
  const before = chat.messages.get(id)
  if (before?.from.id !== user.id) throw new Error(`message ${id} in ${chat.title} is not ${user.first_name}'s`)
  const content = contentOf({ ...NO_TEXT, text, tappable: tappableIn(text, []) })
  return { ...before, ...content, editDate: Math.floor(world.now() / 1_000) }
}

/** In a group where it is an ordinary member, privacy mode keeps from the bot what is not meant for it. */
function isForBot(world: World, chat: Chat, message: ChatMessage): boolean {
  if (chat.type === 'private' || statusOf(chat, world.bot.id) !== 'member') return true
  const { text, mentions, replyTo } = message
  const name = `@${world.bot.username}`.toLowerCase()
  const [command = ''] = written(text, message.entities, 'bot_command')
  const isCommand = command !== '' && (!command.includes('@') || command.toLowerCase().endsWith(name))
  const isReply = replyTo !== undefined && chat.messages.get(replyTo)?.isFromBot === true
  return isCommand || isReply || mentions.some(mention => mention.toLowerCase() === name)
}
