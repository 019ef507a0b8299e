import { type Answer, ApiError } from './api-error.ts'
import { note } from './bounded.ts'
import type { OpenInteraction } from './interaction.ts'
import { numberOf, textOf } from './json.ts'
import { FLAGS, type Message } from './message.ts'
import { createMessage, editMessage, removeMessage } from './message-book.ts'
import { type Asked, DONE, given, type Route } from './router.ts'
import { replyDraft } from './routes-interaction.ts'
import { messageShape } from './shapes.ts'
import type { Webhook } from './world.ts'

/** What is said through a token of its own: of an interaction, after the first answer, or of a webhook. */
export const WEBHOOK_ROUTES: readonly Route[] = [
  { name: 'GET /webhooks/:webhook/:token', isOpen: true, answer: describe },
  { name: 'POST /webhooks/:webhook/:token', isOpen: true, answer: post },
  {
    name: 'GET /webhooks/:webhook/:token/messages/:message',
    isOpen: true,
    answer: asked => given(messageShape(asked.world, theMessage(asked, speaker(asked)))),
  },
  { name: 'PATCH /webhooks/:webhook/:token/messages/:message', isOpen: true, answer: edit },
  { name: 'DELETE /webhooks/:webhook/:token/messages/:message', isOpen: true, answer: remove },
]

/** Who speaks with the token. */
type Speaker =
  | { readonly kind: 'interaction'; readonly interaction: OpenInteraction }
  | { readonly kind: 'webhook'; readonly webhook: Webhook }

function speaker({ world, at }: Asked): Speaker {
  const [id, token] = [at('webhook'), at('token')]
  const webhook = world.webhooks.get(id)
  if (webhook !== undefined) {
    if (webhook.token !== token) throw new ApiError('invalidWebhookToken')
    return { kind: 'webhook', webhook }
  }
  const interaction = id === world.bot.id ? world.interactions.get(token) : undefined
  if (interaction === undefined) throw new ApiError(id === world.bot.id ? 'invalidWebhookToken' : 'unknownWebhook')
  if (world.now() > interaction.madeAt + world.interactionTokenMs) throw new ApiError('invalidWebhookToken')
  if (interaction.acknowledgement === undefined) throw new ApiError('unknownWebhook')
  return { kind: 'interaction', interaction }
}

function theMessage({ world, at }: Asked, from: Speaker): Message {
  const id = at('message')
  const message = id === '@original' && from.kind === 'interaction' ? from.interaction.original : world.messages.get(id)
  if (message === undefined || message.isDeleted || !isOf(from, message)) throw new ApiError('unknownMessage')
  return message
}

/** A token reaches what was said through it, and the message of the button. */
function isOf(from: Speaker, message: Message): boolean {
  if (from.kind === 'webhook') return message.webhook === from.webhook.id
  return message === from.interaction.original || from.interaction.followUps.includes(message)
}

function describe(asked: Asked): Answer {
  const from = speaker(asked)
  if (from.kind === 'interaction') throw new ApiError('unknownWebhook')
  const { id, token, name, channel } = from.webhook
  return given({ id, type: 1, token, name, avatar: null, channel_id: channel, guild_id: asked.world.guild })
}

function post(asked: Asked): Answer {
  const { world, query } = asked
  const from = speaker(asked)
  const message = from.kind === 'interaction' ? followUp(asked, from.interaction) : say(asked, from.webhook)
  return from.kind === 'interaction' || query.wait === 'true' ? given(messageShape(world, message)) : DONE
}

/** A further message; but as long as the reply is only announced, the reply itself, whatever flags it has. */
function followUp({ world, body, uploads }: Asked, interaction: OpenInteraction): Message {
  const { original } = interaction
  if (original !== undefined && (original.flags & FLAGS.loading) !== 0) {
    note(interaction.edits, editMessage(world, original, { body, uploads, path: [] }))
    return original
  }
  const draft = { ...replyDraft(world, interaction, numberOf(body.flags)), body, uploads, path: [] }
  const message = createMessage(world, draft)
  note(interaction.followUps, message)
  return message
}

function say({ world, body, uploads }: Asked, { id, name, channel }: Webhook): Message {
  const place = world.channels.get(channel)
  if (place === undefined || place.isDeleted) throw new ApiError('unknownWebhook')
  const author = { id, name: textOf(body.username) || name, isBot: true }
  return createMessage(world, { channel: place, author, body, uploads, path: [], webhook: id })
}

function edit(asked: Asked): Answer {
  const { world, body, uploads } = asked
  const from = speaker(asked)
  const message = theMessage(asked, from)
  const version = editMessage(world, message, { body, uploads, path: [] })
  if (from.kind === 'interaction' && message === from.interaction.original) note(from.interaction.edits, version)
  return given(messageShape(world, message))
}

function remove(asked: Asked): Answer {
  removeMessage(asked.world, theMessage(asked, speaker(asked)))
  return DONE
}
