import { buttonOf, type ChatMessage } from './message.ts'
import type { Fields, Update, User } from './wire.ts'
import { type CallbackAnswer, type Chat, happened, onWire, type World, wireChat } from './world.ts'

/** What people press. */

/** How a button is pressed. */
export type PressOptions = {
  /** The id of the chat, where the message is given by its id; the private chat otherwise. */
  readonly chat?: number
  readonly agoMs?: number
  /** Sends the data as it is, whatever buttons there are, and even if the message is gone. */
  readonly forged?: boolean
}

/** A press; `answered` resolves when the bot answers it. */
export type Press = {
  readonly id: string
  readonly update: Update
  readonly answered: Promise<CallbackAnswer>
}

/** Presses that may still be answered; older ones are too old. */
const QUERIES_MAX = 5_000

/** Presses a button, and tells the bot. */
export function press(
  world: World,
  by: User,
  target: ChatMessage | number,
  labelOrData: string,
  options: PressOptions,
): Press {
  const [chatId, messageId] = typeof target === 'number' ? [options.chat ?? by.id, target] : [target.chatId, target.id]
  const chat = world.chats.get(chatId)
  if (chat === undefined) throw new Error(`there is no chat ${chatId}`)
  const message = chat.messages.get(messageId)
  const data = options.forged === true ? labelOrData : dataOf(chat, message, messageId, labelOrData)
  const label = (message === undefined ? undefined : buttonOf(message, labelOrData))?.text ?? labelOrData
  const query = openQuery(world, chat, by, options.agoMs ?? 0)
  happened(world, chat, { kind: 'pressed', by, label, messageId })
  const shown =
    message === undefined
      ? { chat: wireChat(world, chat), message_id: messageId, date: 0 }
      : onWire(world, chat, message)
  const content = { id: query.id, from: by, message: shown, chat_instance: String(chat.id), data }
  return { ...query, update: world.inbox.add('callback_query', content) }
}

/** The wire tells no time of a press, so how long ago it was shows only in whether it may still be answered. */
function openQuery(world: World, chat: Chat, by: User, agoMs: number): Omit<Press, 'update'> {
  const id = String(4_000_000_000_000 + world.count('queries'))
  const mark = performance.now()
  const answered = new Promise<CallbackAnswer>(resolve => {
    const answer = (text: string, isAlert: boolean, sent: Fields) => {
      resolve({ text, isAlert, sent, delayMs: performance.now() - mark })
      happened(world, chat, { kind: 'answered', to: by, text, isAlert })
    }
    world.queries.set(id, { pressedAt: world.now() - agoMs, answer, isAnswered: false })
  })
  const [oldest] = world.queries.keys()
  if (world.queries.size > QUERIES_MAX && oldest !== undefined) world.queries.delete(oldest)
  return { id, answered }
}

function dataOf(chat: Chat, message: ChatMessage | undefined, messageId: number, labelOrData: string): string {
  if (message === undefined) throw new Error(`there is no message ${messageId} in ${chat.title}`)
  const button = buttonOf(message, labelOrData)
  const labels = message.keyboard.flat().map(({ text }) => `[${text}]`)
  if (button === undefined)
    throw new Error(`message ${messageId} has no button «${labelOrData}» but ${labels.join(' ') || 'none'}`)
  if (button.callback_data === undefined) throw new Error(`the button «${button.text}» tells the bot nothing`)
  return button.callback_data
}
