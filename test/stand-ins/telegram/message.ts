import type { FormattedText } from './formatted-text.ts'
import type { Keyboard, Markup } from './payload-rules.ts'
import { type Photo, photoSizes } from './photo.ts'
import { written } from './tappable.ts'
import type { Button, Entity, Fields, User } from './wire.ts'

/** A message as everybody in the chat sees it. A change of it is another one under the same id. */
export type ChatMessage = {
  /** Counts within a supergroup, and across all private chats and basic groups, as Telegram's do. */
  readonly id: number
  readonly chatId: number
  readonly topic: number | undefined
  readonly from: User
  readonly isFromBot: boolean
  /** Unix seconds. */
  readonly date: number
  readonly editDate: number | undefined
  /** Plain; of a photo, its caption. */
  readonly text: string
  /** What was marked, and what clients found. */
  readonly entities: readonly Entity[]
  /** What a client makes tappable of plain text: nobody asked for it. Links that were marked as such are in `textLinks`. */
  readonly mentions: readonly string[]
  readonly links: readonly string[]
  readonly hashtags: readonly string[]
  readonly cashtags: readonly string[]
  readonly commands: readonly string[]
  readonly textLinks: readonly string[]
  readonly photo: Photo | undefined
  readonly keyboard: Keyboard
  readonly markup: Fields | undefined
  readonly isSilent: boolean
  readonly isProtected: boolean
  readonly linkPreview: Fields | undefined
  readonly replyTo: number | undefined
  readonly senderChat: Fields | undefined
  /** The fields of the call that made it so, those included that are unknown here; empty for a person's. */
  readonly sent: Fields
}

/** The part of a message that its text makes. */
export function contentOf({ text, marked, tappable }: FormattedText) {
  const entities = [...marked, ...tappable].toSorted((one, other) => one.offset - other.offset)
  return {
    text,
    entities,
    mentions: written(text, tappable, 'mention'),
    links: written(text, tappable, 'url', 'email'),
    hashtags: written(text, tappable, 'hashtag'),
    cashtags: written(text, tappable, 'cashtag'),
    commands: written(text, tappable, 'bot_command'),
    textLinks: marked.flatMap(({ url, user }) => url ?? (user === undefined ? [] : `tg://user?id=${user.id}`)),
  }
}

/** The part of a message that its reply markup makes. */
export function markupContent({ given, keyboard }: Markup): Pick<ChatMessage, 'markup' | 'keyboard'> {
  return { markup: given, keyboard }
}

/** A message in the words of the wire. `chat` is the chat's. */
export function wireMessage(message: ChatMessage, chat: Fields, repliedTo?: ChatMessage): Fields {
  const { text, entities, photo, keyboard, topic } = message
  const textual = photo === undefined ? { text, entities } : { caption: text, caption_entities: entities }
  return {
    message_id: message.id,
    from: message.from,
    chat,
    date: message.date,
    ...(message.senderChat === undefined ? {} : { sender_chat: message.senderChat }),
    ...(message.editDate === undefined ? {} : { edit_date: message.editDate }),
    ...(topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true }),
    ...(repliedTo === undefined ? {} : { reply_to_message: wireMessage(repliedTo, chat) }),
    ...(photo === undefined ? {} : { photo: photoSizes(photo) }),
    ...Object.fromEntries(Object.entries(textual).filter(([, value]) => value.length > 0)),
    ...(message.linkPreview === undefined ? {} : { link_preview_options: message.linkPreview }),
    ...(message.isProtected ? { has_protected_content: true } : {}),
    ...(keyboard.length === 0 ? {} : { reply_markup: { ...message.markup, inline_keyboard: keyboard } }),
  }
}

/** The button of a message with this label, or with this data. */
export function buttonOf(message: ChatMessage, labelOrData: string): Button | undefined {
  const buttons = message.keyboard.flat()
  return (
    buttons.find(({ text }) => text === labelOrData) ?? buttons.find(({ callback_data: data }) => data === labelOrData)
  )
}

/** Whether an edit would change nothing that anybody sees. */
export function isSame(before: ChatMessage, after: ChatMessage): boolean {
  const shown = ({ text, entities, keyboard, photo, linkPreview }: ChatMessage) =>
    JSON.stringify([text, entities, keyboard, photo?.fileId, linkPreview])
  return shown(before) === shown(after)
}
