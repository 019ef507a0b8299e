import { fieldsOf, textOf } from './fields.ts'
import { formattedText } from './formatted-text.ts'
import { type ChatMessage, contentOf, isSame, markupContent } from './message.ts'
import { CAPTION, keptPhoto, messageOf, TEXT } from './message-methods.ts'
import { checkCaption, checkText, markupOf } from './payload-rules.ts'
import { type Ask, badRequest, type Fields } from './wire.ts'
import { onWire, openChat, put, type World } from './world.ts'

/** What the bot changes of what it sent. An edit without `reply_markup` takes the keyboard away, as the real one does. */

const NOT_MODIFIED =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'

export function editMessageText(world: World, ask: Ask): Fields {
  const { body } = ask
  return edit(world, ask, before => {
    if (before.photo !== undefined) throw badRequest('there is no text in the message to edit')
    const text = formattedText(body, TEXT, id => world.people.get(id))
    checkText(textOf(body, 'text'), text, true)
    const linkPreview = fieldsOf(body, 'link_preview_options', 'LinkPreviewOptions')
    return { ...contentOf(text), linkPreview, editDate: Math.floor(world.now() / 1_000) }
  })
}

export function editMessageCaption(world: World, ask: Ask): Fields {
  return edit(world, ask, before => {
    if (before.photo === undefined) throw badRequest('there is no caption in the message to edit')
    return captioned(world, ask.body)
  })
}

/** A text becomes a photo by it, too. */
export function editMessageMedia(world: World, ask: Ask): Fields {
  return edit(world, ask, () => {
    const media = fieldsOf(ask.body, 'media', 'InputMedia')
    if (media === undefined) throw badRequest('media must be non-empty')
    if (media.type !== 'photo')
      throw badRequest(`can't parse InputMedia: media of type ${media.type} is not known here`)
    return { ...captioned(world, media), photo: keptPhoto(world, media.media, 'media', ask.files) }
  })
}

export function editMessageReplyMarkup(world: World, ask: Ask): Fields {
  return edit(world, ask, () => ({}))
}

function captioned(world: World, fields: Fields): Partial<ChatMessage> {
  const caption = formattedText(fields, CAPTION, id => world.people.get(id))
  checkCaption(caption)
  return { ...contentOf(caption), editDate: Math.floor(world.now() / 1_000) }
}

function edit(world: World, { body }: Ask, change: (before: ChatMessage) => Partial<ChatMessage>): Fields {
  if (body.chat_id === undefined && body.inline_message_id !== undefined) throw badRequest('MESSAGE_ID_INVALID')
  const chat = openChat(world, body)
  const before = messageOf(chat, body, 'message to edit not found')
  if (!before.isFromBot) throw badRequest("message can't be edited")
  const after = { ...before, ...change(before), ...markupContent(markupOf(body)), sent: body }
  if (isSame(before, after)) throw badRequest(NOT_MODIFIED)
  return onWire(world, chat, put(world, chat, 'edited', after))
}
