import { fieldsOf, flagOf, integerOf, textOf } from './fields.ts'
import { type FormattedText, formattedText, NO_TEXT, type TextFields } from './formatted-text.ts'
import { type ChatMessage, contentOf, markupContent } from './message.ts'
import { checkCaption, checkText, markupOf } from './payload-rules.ts'
import { type Photo, photoOf } from './photo.ts'
import { type Ask, badRequest, type Fields } from './wire.ts'
import { type Chat, happened, nextMessageId, onWire, openChat, put, statusOf, type World } from './world.ts'

/** What the bot sends and takes back. */

export const TEXT: TextFields = { text: 'text', entities: 'entities' }
export const CAPTION: TextFields = { text: 'caption', entities: 'caption_entities' }
/** A bot may delete what is younger. */
const DELETABLE_MS = 48 * 60 * 60 * 1_000

export function sendMessage(world: World, { body }: Ask): Fields {
  const chat = openChat(world, body)
  const text = formattedText(body, TEXT, id => world.people.get(id))
  checkText(textOf(body, 'text'), text, false)
  return send(world, chat, body, text)
}

export function sendPhoto(world: World, { body, files }: Ask): Fields {
  const chat = openChat(world, body)
  const caption = formattedText(body, CAPTION, id => world.people.get(id))
  checkCaption(caption)
  return send(world, chat, body, caption, keptPhoto(world, body.photo, 'photo', files))
}

export function keptPhoto(world: World, value: unknown, part: string, files: Ask['files']): Photo {
  const photo = photoOf(value, part, files, world.photos, () => `photo-${world.count('photos')}`)
  world.photos.set(photo.fileId, photo)
  return photo
}

function send(world: World, chat: Chat, body: Fields, text: FormattedText = NO_TEXT, photo?: Photo): Fields {
  const markup = markupOf(body)
  const repliedTo = repliedToOf(chat, body)
  const message: ChatMessage = {
    topic: topicOf(chat, body) ?? repliedTo?.topic,
    id: nextMessageId(world, chat),
    chatId: chat.id,
    from: world.bot,
    isFromBot: true,
    date: Math.floor(world.now() / 1_000),
    editDate: undefined,
    ...contentOf(text),
    ...markupContent(markup),
    photo,
    isSilent: flagOf(body, 'disable_notification'),
    isProtected: flagOf(body, 'protect_content'),
    linkPreview: fieldsOf(body, 'link_preview_options', 'LinkPreviewOptions'),
    replyTo: repliedTo?.id,
    senderChat: undefined,
    sent: body,
  }
  return onWire(world, chat, put(world, chat, 'written', message))
}

function topicOf(chat: Chat, body: Fields): number | undefined {
  const topic = integerOf(body, 'message_thread_id')
  if (topic === undefined || topic === 0) return undefined
  if (!chat.topics.has(topic)) throw badRequest('message thread not found')
  return topic
}

function repliedToOf(chat: Chat, body: Fields): ChatMessage | undefined {
  const parameters = fieldsOf(body, 'reply_parameters', 'ReplyParameters') ?? {}
  const id = integerOf(parameters, 'message_id') ?? integerOf(body, 'reply_to_message_id')
  if (id === undefined) return undefined
  const message = chat.messages.get(id)
  const isOptional = [parameters, body].some(fields => flagOf(fields, 'allow_sending_without_reply'))
  if (message === undefined && !isOptional) throw badRequest('message to be replied not found')
  return message
}

export function deleteMessage(world: World, { body }: Ask): true {
  const chat = openChat(world, body)
  const message = messageOf(chat, body, 'message to delete not found')
  const isAllowed = message.isFromBot || chat.type === 'private' || statusOf(chat, world.bot.id) === 'administrator'
  if (!isAllowed) throw badRequest("message can't be deleted")
  if (world.now() - message.date * 1_000 > DELETABLE_MS) throw badRequest("message can't be deleted for everyone")
  chat.messages.delete(message.id)
  chat.pinned.delete(message.id)
  happened(world, chat, { kind: 'deleted', message })
  return true
}

/** The message that a call names. `missing` is what is said when there is none. */
export function messageOf(chat: Chat, body: Fields, missing: string): ChatMessage {
  const id = integerOf(body, 'message_id')
  if (id === undefined) throw badRequest('message identifier is not specified')
  const message = chat.messages.get(id)
  if (message === undefined) throw badRequest(missing)
  return message
}
