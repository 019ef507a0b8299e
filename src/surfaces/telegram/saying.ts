import type { Message, Query, Update } from './updates.ts'

/** Where something was said. */
export type Spot = { readonly chat: string; readonly topic: number | undefined; readonly isPrivate: boolean }

type Said = Spot & {
  /** The number of the update. */
  readonly update: number
  /** The same for what is delivered twice, under whatever number. */
  readonly id: string
  readonly account: string
  readonly name: string
}

export type Typed = Said & {
  readonly kind: 'typed'
  readonly text: string
  /** When, to the second. */
  readonly saidAt: number
  readonly isEdit: boolean
  /** A channel or a group spoke, or an administrator who hides behind it: no person. */
  readonly isNobody: boolean
  readonly repliesTo: { readonly message: number; readonly account: string; readonly isPromptLike: boolean } | undefined
}

export type Pressed = Said & {
  readonly kind: 'pressed'
  readonly query: string
  readonly data: string
  readonly message: number
  readonly label: string | undefined
}

/** What somebody typed or pressed, by an account's number and never by its name. */
export type Saying = Typed | Pressed

/** `undefined` where nobody said anything: pictures, people who come and go, whatever else happens in a chat. */
export function sayingOf(update: Update): Saying | undefined {
  const { update_id: number, message, edited_message: edited, callback_query: query } = update
  if (message !== undefined) return typed(number, message, false)
  if (edited !== undefined) return typed(number, edited, true)
  return query === undefined ? undefined : pressed(number, query)
}

function typed(update: number, message: Message, isEdit: boolean): Typed | undefined {
  const { from, text, sender_chat: sender, reply_to_message: replied } = message
  if (from === undefined || text === undefined || text.trim() === '') return undefined
  const spot = spotOf(message)
  const edit = isEdit ? ` edited ${message.edit_date ?? 0}` : ''
  return {
    ...spot,
    kind: 'typed',
    update,
    id: `${spot.chat}/${message.message_id}${edit}`,
    account: String(from.id),
    name: from.first_name,
    text: text.trim(),
    saidAt: message.date * 1_000,
    isEdit,
    isNobody: sender !== undefined || from.is_bot === true,
    repliesTo:
      replied === undefined
        ? undefined
        : {
            message: replied.message_id,
            account: String(replied.from?.id ?? ''),
            isPromptLike: replied.ends_in_code,
          },
  }
}

function pressed(update: number, { id, from, data, message }: Query): Pressed | undefined {
  if (message === undefined) return undefined
  return {
    ...spotOf(message),
    kind: 'pressed',
    update,
    id: `press ${id}`,
    account: String(from.id),
    name: from.first_name,
    query: id,
    data,
    message: message.message_id,
    label: message.reply_markup?.inline_keyboard[0]?.[0]?.text,
  }
}

function spotOf(message: {
  chat: { id: number; type: string }
  is_topic_message?: boolean | undefined
  message_thread_id?: number | undefined
}): Spot {
  // In a group without topics the same field numbers the answers to one message.
  const topic = message.is_topic_message === true ? message.message_thread_id : undefined
  return { chat: String(message.chat.id), topic, isPrivate: message.chat.type === 'private' }
}

/** A line without the bot's name behind its command, and whether it begins as a command does; nothing for another bot's. */
export type Addressed = { readonly line: string; readonly isCommand: boolean; readonly isNameKnown: boolean }

const ADDRESSED = /^\/(\w{1,64})(?:@(\w{1,64}))?(?=\s|$|[!.?])/

/** `ours` is the bot's own name, where it is known: as long as it is not, any name may be ours. */
export function addressed(text: string, ours: string | undefined): Addressed | undefined {
  const [head = '', word, name] = ADDRESSED.exec(text) ?? []
  if (word === undefined) return { line: text, isCommand: false, isNameKnown: true }
  if (name === undefined) return { line: text, isCommand: true, isNameKnown: true }
  if (ours !== undefined && name.toLowerCase() !== ours.toLowerCase()) return undefined
  return { line: `/${word}${text.slice(head.length)}`, isCommand: true, isNameKnown: ours !== undefined }
}
