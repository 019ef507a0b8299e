import { type Answer, ApiError, refuseBody } from './api-error.ts'
import { note } from './bounded.ts'
import { notOneOf, under } from './complaints.ts'
import { CALLBACK, type Choice, INTERACTION_TYPE, type Modal, type OpenInteraction } from './interaction.ts'
import { bodiesOf, bodyOf, numberOf } from './json.ts'
import { FLAGS, type Message } from './message.ts'
import { createMessage, editMessage, versionOf } from './message-book.ts'
import { choiceComplaints, modalComplaints } from './modal-rules.ts'
import { type Asked, DONE, given, type Route } from './router.ts'
import { messageShape } from './shapes.ts'
import { buttonText } from './transcript.ts'
import type { World } from './world.ts'

const FIRST_ANSWERS = [CALLBACK.reply, CALLBACK.deferReply, CALLBACK.modal]
/** Which first answers fit which interaction. Source: Discord's reference, "Interaction callback type". */
const FITTING: Readonly<Record<OpenInteraction['kind'], readonly number[]>> = {
  slash: FIRST_ANSWERS,
  press: [...FIRST_ANSWERS, CALLBACK.deferUpdate, CALLBACK.update],
  autocomplete: [CALLBACK.choices],
  submit: [CALLBACK.reply, CALLBACK.deferReply],
}

/** First answers to interactions. */
export const INTERACTION_ROUTES: readonly Route[] = [
  { name: 'POST /interactions/:interaction/:token/callback', isOpen: true, answer: callback },
]

/** What an interaction's reply is made as: by the bot, through the interaction, and for one person where that was asked. */
export function replyDraft(world: World, interaction: OpenInteraction, flags: number) {
  const channel = world.channels.get(interaction.channel)
  if (channel === undefined || channel.isDeleted) throw new ApiError('unknownChannel')
  return {
    channel,
    author: world.bot,
    webhook: world.bot.id,
    interaction: {
      id: interaction.id,
      type: INTERACTION_TYPE[interaction.kind],
      by: interaction.by,
      ...(interaction.original === undefined ? {} : { original: interaction.original.id }),
    },
    ...((flags & FLAGS.ephemeral) === 0 ? {} : { onlyFor: interaction.by.id }),
  }
}

function callback(asked: Asked): Answer {
  const { world, at, body, query } = asked
  const interaction = world.interactions.get(at('token'))
  if (interaction?.id !== at('interaction')) throw new ApiError('unknownInteraction')
  const type = numberOf(body.type)
  const delayMs = performance.now() - interaction.startedAt
  try {
    take(asked, interaction, type)
  } catch (error) {
    if (error instanceof ApiError) note(interaction.refusals, { type, code: error.code, delayMs })
    throw error
  }
  interaction.callback = body
  interaction.acknowledge({ type, delayMs, flags: numberOf(bodyOf(body.data).flags), at: world.now() })
  return query.with_response === 'true' ? given(resource(world, interaction, type)) : DONE
}

function take({ world, body, uploads }: Asked, interaction: OpenInteraction, type: number): void {
  if (world.now() > interaction.madeAt + world.interactionDeadlineMs && interaction.acknowledgement === undefined) {
    throw new ApiError('unknownInteraction')
  }
  if (interaction.acknowledgement !== undefined) throw new ApiError('alreadyAcknowledged')
  const fitting = fittingOf(interaction)
  if (!fitting.includes(type)) refuseBody(notOneOf(['type'], fitting))
  const data = bodyOf(body.data)
  const flags = numberOf(data.flags)
  const path = ['data']
  switch (type) {
    case CALLBACK.reply:
      interaction.original = createMessage(world, {
        ...replyDraft(world, interaction, flags),
        body: data,
        uploads,
        path,
      })
      return
    case CALLBACK.deferReply: {
      const others = flags & ~FLAGS.ephemeral
      if (others !== 0) refuseBody(under(path, notOneOf(['flags'], [0, FLAGS.ephemeral])))
      const draft = replyDraft(world, interaction, flags)
      interaction.original = createMessage(world, { ...draft, body: {}, uploads: [], path, isLoading: true })
      return
    }
    case CALLBACK.deferUpdate:
      interaction.original = pressedMessage(interaction)
      return
    case CALLBACK.update: {
      const message = pressedMessage(interaction)
      editMessage(world, message, { body: data, uploads, path })
      note(interaction.edits, versionOf(world, message))
      interaction.original = message
      return
    }
    case CALLBACK.choices: {
      const choices = bodiesOf(data.choices)
      refuseBody(under(path, choiceComplaints(choices)))
      interaction.choices = choices as unknown as readonly Choice[]
      return
    }
    case CALLBACK.modal:
      refuseBody(under(path, modalComplaints(data)))
      interaction.modal = data as Modal
      note(world.lines, {
        channel: interaction.channel,
        at: world.now(),
        text: `${world.bot.name} asks ${interaction.by.name} to fill in ${buttonText({ type: 0, label: interaction.modal.title })}`,
      })
  }
}

/** A form that came from a button may change the message of that button. */
function fittingOf({ kind, message }: OpenInteraction): readonly number[] {
  const isFromButton = kind === 'submit' && message !== undefined
  return isFromButton ? [...FITTING.submit, CALLBACK.deferUpdate, CALLBACK.update] : FITTING[kind]
}

function pressedMessage({ message }: OpenInteraction): Message {
  if (message === undefined || message.isDeleted) throw new ApiError('unknownMessage')
  return message
}

function resource(world: World, { id, kind, original }: OpenInteraction, type: number): object {
  const interaction = { id, type: INTERACTION_TYPE[kind] }
  if (original === undefined) return { interaction, resource: { type } }
  return {
    interaction: {
      ...interaction,
      response_message_id: original.id,
      response_message_loading: (original.flags & FLAGS.loading) !== 0,
      response_message_ephemeral: (original.flags & FLAGS.ephemeral) !== 0,
    },
    resource: { type, message: messageShape(world, original) },
  }
}
