import type { Changes } from './changes.ts'
import { textOf } from './fields.ts'
import type { Inbox } from './inbox.ts'
import { type ChatMessage, wireMessage } from './message.ts'
import type { Photo } from './photo.ts'
import type { RateLimits } from './rate-limits.ts'
import { badRequest, type Fields, type Refusal, remember, type User } from './wire.ts'

/** Everything that this Telegram knows: people, chats, messages, and what waits for the bot. */
export type World = {
  readonly bot: User
  /** The clock of dates, of rates and of how old a press is; milliseconds. */
  readonly now: () => number
  readonly conduct: Conduct
  readonly changes: Changes
  readonly people: Map<number, User>
  readonly chats: Map<number, Chat>
  readonly queries: Map<string, Query>
  readonly photos: Map<string, Photo>
  readonly commands: Map<string, readonly Fields[]>
  readonly inbox: Inbox
  /** Counts up for whatever needs a number of its own. */
  readonly count: (what: string) => number
}

/** What a test may set while it runs. */
export type Conduct = {
  /** How long after a press it may be answered. Users report about 15 s (telegraf/telegraf#1839). */
  callbackLifeMs: number
  limits: RateLimits
}

/** A private chat, a group or a supergroup. */
export type Chat = {
  readonly id: number
  readonly type: 'private' | 'group' | 'supergroup'
  /** The title of a group, the name of a person. */
  readonly title: string
  readonly topics: Map<number, string>
  readonly messages: Map<number, ChatMessage>
  readonly pinned: Set<number>
  /** Where somebody is not in it, they are an ordinary member. */
  readonly members: Map<number, string>
  readonly history: Happening[]
  /** Who waits for the next message that the bot sends here. */
  readonly awaiting: ((message: ChatMessage) => void)[]
  /** Why the bot can neither write nor read here; `undefined` where it can. */
  closed: Refusal | undefined
}

/** A press of a button that the bot may answer. */
export type Query = {
  readonly pressedAt: number
  readonly answer: (text: string, isAlert: boolean, sent: Fields) => void
  isAnswered: boolean
}

/** What the person sees after a press. */
export type CallbackAnswer = {
  readonly text: string
  readonly isAlert: boolean
  /** Since the press, by the process's own clock. */
  readonly delayMs: number
  /** The fields of the answer. */
  readonly sent: Fields
}

/** What a transcript is made of. */
export type Happening =
  | { readonly kind: 'written'; readonly message: ChatMessage }
  | { readonly kind: 'edited'; readonly message: ChatMessage }
  | { readonly kind: 'deleted'; readonly message: ChatMessage }
  | { readonly kind: 'pinned'; readonly message: ChatMessage }
  | { readonly kind: 'unpinned'; readonly message: ChatMessage }
  | { readonly kind: 'pressed'; readonly by: User; readonly label: string; readonly messageId: number }
  | { readonly kind: 'answered'; readonly to: User; readonly text: string; readonly isAlert: boolean }
  | { readonly kind: 'noted'; readonly note: string }

/** Older messages are forgotten, as if they had been deleted. */
export const MESSAGES_A_CHAT_MAX = 5_000
export const HAPPENINGS_A_CHAT_MAX = 5_000

/** An empty chat that the bot can write to. */
export function createChat(id: number, type: Chat['type'], title: string): Chat {
  return {
    id,
    type,
    title,
    topics: new Map(),
    messages: new Map(),
    pinned: new Set(),
    members: new Map(),
    history: [],
    awaiting: [],
    closed: undefined,
  }
}

/** The chat that a call names, whether or not the bot can write there. Throws where there is none. */
export function knownChat({ chats }: World, body: Fields): Chat {
  const given = textOf(body, 'chat_id')
  if (given === undefined) throw badRequest('chat_id is empty')
  const chat = chats.get(Number(given))
  if (chat === undefined) throw badRequest('chat not found')
  return chat
}

/** The same, but throws as well where the bot is kept out. */
export function openChat(world: World, body: Fields): Chat {
  const chat = knownChat(world, body)
  if (chat.closed !== undefined) throw chat.closed
  return chat
}

/** Puts a message into its chat, or in the place of the one with its id, and tells it. */
export function put(world: World, chat: Chat, kind: 'written' | 'edited', message: ChatMessage): ChatMessage {
  chat.messages.set(message.id, message)
  const [oldest] = chat.messages.keys()
  if (chat.messages.size > MESSAGES_A_CHAT_MAX && oldest !== undefined) chat.messages.delete(oldest)
  if (kind === 'written' && message.isFromBot) for (const resolve of chat.awaiting.splice(0)) resolve(message)
  happened(world, chat, { kind, message })
  return message
}

/** Takes what happened into the history of a chat, and tells it. */
export function happened({ changes }: World, chat: Chat, happening: Happening): void {
  remember(chat.history, happening, HAPPENINGS_A_CHAT_MAX)
  changes.tell()
}

/** Supergroups count their own messages; the others share one count. */
export function nextMessageId(world: World, chat: Chat): number {
  return world.count(chat.type === 'supergroup' ? `messages of ${chat.id}` : 'messages')
}

/** A chat in the words of the wire. */
export function wireChat(world: World, chat: Chat): Fields {
  const { id, type, title } = chat
  if (type !== 'private') return { id, type, title, ...(chat.topics.size > 0 ? { is_forum: true } : {}) }
  const { first_name, username } = world.people.get(id) ?? { first_name: title }
  return { id, type, first_name, ...(username === undefined ? {} : { username }) }
}

/** A message of a chat in the words of the wire, with the message that it replies to. */
export function onWire(world: World, chat: Chat, message: ChatMessage): Fields {
  const repliedTo = message.replyTo === undefined ? undefined : chat.messages.get(message.replyTo)
  return wireMessage(message, wireChat(world, chat), repliedTo)
}

/** How somebody stands in a group; everybody is a member of their own private chat. */
export function statusOf(chat: Chat, userId: number): string {
  return chat.members.get(userId) ?? 'member'
}
