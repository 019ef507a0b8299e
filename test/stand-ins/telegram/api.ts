import { deleteMyCommands, deleteWebhook, getMe, getMyCommands, getUpdates, setMyCommands } from './bot-methods.ts'
import {
  answerCallbackQuery,
  createForumTopic,
  getChat,
  getChatMember,
  pinChatMessage,
  sendChatAction,
  unpinChatMessage,
} from './chat-methods.ts'
import { editMessageCaption, editMessageMedia, editMessageReplyMarkup, editMessageText } from './edit-methods.ts'
import { textOf } from './fields.ts'
import { deleteMessage, sendMessage, sendPhoto } from './message-methods.ts'
import type { RateLimiter } from './rate-limits.ts'
import { type Ask, Refusal } from './wire.ts'
import type { World } from './world.ts'

/** The methods of the Bot API that are known here. */

type Method = (world: World, ask: Ask) => unknown

const METHODS: Readonly<Record<string, Method>> = {
  getMe,
  getUpdates,
  deleteWebhook,
  setMyCommands,
  getMyCommands,
  deleteMyCommands,
  sendMessage,
  sendPhoto,
  deleteMessage,
  editMessageText,
  editMessageCaption,
  editMessageMedia,
  editMessageReplyMarkup,
  answerCallbackQuery,
  pinChatMessage,
  unpinChatMessage,
  sendChatAction,
  getChat,
  getChatMember,
  createForumTopic,
}
const NAMES = new Map(Object.keys(METHODS).map(name => [name.toLowerCase(), name]))

/** A method by the name of a path: the case of it does not matter. `undefined` for one that is not known. */
export function methodNamed(name: string): string | undefined {
  return NAMES.get(name.toLowerCase())
}

/** Does what was asked and gives its result, or throws a `Refusal`. Only what was done counts against the limits. */
export async function carryOut(world: World, limiter: RateLimiter, ask: Ask): Promise<unknown> {
  const method = METHODS[ask.method]
  if (method === undefined) throw new Refusal(404, 'Not Found: method not found')
  const chat = world.chats.get(Number(textOf(ask.body, 'chat_id')))
  const isOpen = chat !== undefined && chat.closed === undefined
  const take = isOpen ? limiter.admit(ask, chat.id, chat.type !== 'private', world.conduct.limits) : undefined
  const result = await method(world, ask)
  take?.()
  return result
}
