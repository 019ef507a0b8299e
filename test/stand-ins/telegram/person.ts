import type { ChatMessage } from './message.ts'
import { type Press, type PressOptions, press } from './pressing.ts'
import { type Said, type SayOptions, say } from './speaking.ts'
import { badRequest, type Fields, Refusal, type User } from './wire.ts'
import { type Chat, createChat, happened, type World, wireChat } from './world.ts'

/** Somebody with an account and a phone. */
export type Person = {
  readonly id: number
  readonly name: string
  readonly user: User
  /** Writes into the private chat with the bot, or into another one. */
  readonly say: (text: string, options?: SayOptions) => Said
  /** Presses a button by its label or its data. Throws when the message, as it is now, has no such button. */
  readonly press: (message: ChatMessage | number, labelOrData: string, options?: PressOptions) => Press
  /** Blocks the bot, or lets it in again; the bot is told. */
  readonly block: () => void
  readonly unblock: () => void
}

/** Who somebody is to Telegram. */
export type PersonOptions = {
  readonly id: number
  readonly name: string
  readonly username?: string
  /** Never wrote to the bot, which therefore cannot write to them. */
  readonly isStranger?: boolean
}

/** Why nothing reaches somebody who blocked the bot. */
const BLOCKED = new Refusal(403, 'Forbidden: bot was blocked by the user')

/** Makes an account, and the private chat with the bot. */
export function createPerson(world: World, { id, name, username, isStranger }: PersonOptions): Person {
  const called = username === undefined ? {} : { username }
  const user: User = { id, is_bot: false, first_name: name, ...called, language_code: 'en' }
  const privateChat = createChat(id, 'private', name)
  if (isStranger) privateChat.closed = badRequest('chat not found')
  world.people.set(id, user)
  world.chats.set(id, privateChat)

  const block = (isBlocked: boolean) => {
    privateChat.closed = isBlocked ? BLOCKED : undefined
    const note = `${name} ${isBlocked ? 'blocked' : 'unblocked'} the bot`
    happened(world, privateChat, { kind: 'noted', note })
    const [before, after] = isBlocked ? ['member', 'kicked'] : ['kicked', 'member']
    world.inbox.add('my_chat_member', membership(world, privateChat, user, before, after))
  }
  return {
    id,
    name,
    user,
    say: (text, options = {}) => say(world, user, text, options),
    press: (message, labelOrData, options = {}) => press(world, user, message, labelOrData, options),
    block: () => block(true),
    unblock: () => block(false),
  }
}

/** What the bot is told when its own standing in a chat changes. */
export function membership(world: World, chat: Chat, by: User, before = 'member', after = 'member'): Fields {
  const member = (status: string) => ({ user: world.bot, status, ...(status === 'kicked' ? { until_date: 0 } : {}) })
  return {
    chat: wireChat(world, chat),
    from: by,
    date: Math.floor(world.now() / 1_000),
    old_chat_member: member(before),
    new_chat_member: member(after),
  }
}
