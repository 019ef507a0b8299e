import type { PressCodec } from '../../chat/press-codec.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Outgoing, Place, Sender } from '../../voices/surface.ts'
import { createAllowance } from './allowance.ts'
import { isAnswerId } from './answers.ts'
import type { Api, Fields } from './api.ts'
import type { Chats } from './chats.ts'
import { undelivered } from './delivery.ts'
import { CallError, faultOf } from './errors.ts'
import { words } from './html.ts'
import { captionOf } from './picture.ts'
import { telegramPrompt } from './prompt.ts'
import type { Asked, Prompts } from './prompts.ts'
import type { Recent } from './recent.ts'
import { telegramMessage } from './render.ts'
import type { Timings } from './timings.ts'

export type SenderOptions = {
  readonly api: Api
  readonly chats: Chats
  readonly codec: PressCodec
  readonly prompts: Prompts
  readonly recent: Recent
  readonly clock: Clock
  readonly timings: Pick<Timings, 'callMs'>
  readonly note: (what: string, error?: unknown) => void
}

/** What Telegram's FAQ for bots says that a chat takes; what it really takes it says when it has enough. */
const PACE = { own: { most: 1, perMs: 1_000 }, group: { most: 20, perMs: 60_000 } }

/** That a topic is gone is said once in a while, and not with every message. */
const NOTE_MS = 60 * 60_000

type Attempt = { readonly place: Place; readonly message: Outgoing; readonly signal: AbortSignal }

/** The way out: one attempt each. What a message can do without, such as its markup or its topic, it does without. */
export function createSender(options: SenderOptions): Sender {
  const { api, chats, codec, prompts, recent, clock, timings, note } = options

  const topics = createAllowance({ most: 1, perMs: NOTE_MS })

  const call = (method: string, fields: Fields, signal: AbortSignal): Promise<unknown> =>
    api.call(method, fields, { signal, ms: timings.callMs })

  /** Sends to where the chat is by now; without the topic where that is gone, for the chat itself is still there. */
  const send = async (method: string, { place, signal }: Attempt, fields: Fields): Promise<string> => {
    const { chat, topic } = targetOf(place)
    const sent = async (where: Fields): Promise<string> =>
      messageIdOf(method, await call(method, { chat_id: chats.current(chat), ...where, ...fields }, signal))
    try {
      return await sent(topic)
    } catch (error) {
      if (faultOf(error) === 'no topic') {
        if (topics.take(place.id, clock.now()))
          note(`topic ${place.id} is gone or closed: what belongs there is said in the group itself`, error)
        return sent({})
      }
      if (!(error instanceof CallError) || error.movedTo === undefined) throw error
      chats.moved(chats.current(chat), error.movedTo)
      return sent(topic)
    }
  }

  const sendText = async (attempt: Attempt): Promise<string> => {
    const { reply, isRepeat, isSilent } = attempt.message
    const { html, plain } = telegramMessage({ reply: reply.drawn(undefined), codec, isRepeat })
    const silent = { disable_notification: isSilent }
    try {
      return await send('sendMessage', attempt, { ...html, ...silent })
    } catch (error) {
      if (faultOf(error) !== 'unreadable') throw error
      note('a message was sent without its markup', error)
      return send('sendMessage', attempt, { ...plain, ...silent })
    }
  }

  /** A picture with its words below it; where they do not fit there, the words follow as the message that counts. */
  const sendPicture = async (attempt: Attempt, { name, png }: { name: string; png: Uint8Array }): Promise<string> => {
    const { message } = attempt
    const { fields, isWhole } = captionOf(message, codec)
    const photo = { source: Buffer.from(png), filename: `${name}.png` }
    const shown = { photo, disable_notification: message.isSilent, ...(isWhole ? fields : {}) }
    try {
      const id = await send('sendPhoto', attempt, shown)
      if (isWhole) return id
    } catch (error) {
      if (!['refused', 'unreadable'].includes(faultOf(error))) throw error
      note('a picture was not taken, and its words are sent alone', error)
      return sendText(attempt)
    }
    return sendText({ ...attempt, message: { ...message, isSilent: true } })
  }

  const sendPrompt = async (attempt: Attempt, asked: Asked): Promise<string> => {
    const { place, message } = attempt
    const prompt = telegramPrompt(asked)
    // In a group the client asks only whom the message names.
    const text = place.person === undefined ? `${mentionOf(asked)}\n${prompt.text}` : prompt.text
    const id = await send('sendMessage', attempt, { ...prompt, text })
    prompts.posted(message.id, chats.current(targetOf(place).chat), id, clock.now())
    return id
  }

  const edit = async (at: Fields, shown: Outgoing, signal: AbortSignal): Promise<void> => {
    const { html, plain } = telegramMessage({ reply: shown.reply.drawn(undefined), codec })
    const variants: readonly (readonly [method: string, fields: Fields])[] = [
      ['editMessageText', html],
      ['editMessageText', plain],
      ['editMessageCaption', captionOf(shown, codec).fields],
    ]
    const tryOne = async (index: number): Promise<void> => {
      const [method, fields] = variants[index] ?? ['editMessageText', html]
      try {
        await call(method, { ...at, ...fields }, signal)
      } catch (error) {
        const fault = faultOf(error)
        if (fault === 'not modified') return
        if (index > 0 || !['unreadable', 'captioned'].includes(fault)) throw error
        if (fault === 'unreadable') note('a message was edited without its markup', error)
        await tryOne(fault === 'captioned' ? 2 : 1)
      }
    }
    await tryOne(0)
  }

  /** One attempt at a chat that may not have us; what went wrong, as the outbox wants to know it. */
  const attempted = async <Result>(place: Place, attempt: () => Promise<Result>): Promise<Result> => {
    const { chat } = targetOf(place)
    if (chats.isRefused(chats.current(chat))) throw undelivered(new CallError('send', 'blocked'))
    try {
      return await attempt()
    } catch (error) {
      if (error instanceof CallError && error.movedTo !== undefined) chats.moved(chats.current(chat), error.movedTo)
      const failed = undelivered(error)
      if (['blocked', 'no chat'].includes(faultOf(error))) chats.refuse(chats.current(chat), failed.message)
      throw failed
    }
  }

  return {
    surface: 'telegram',
    post: (place, message, signal) =>
      attempted(place, async () => {
        const attempt = { place, message, signal }
        const asked = prompts.named(message.id)
        if (asked !== undefined) return sendPrompt(attempt, asked)
        const { picture } = message.reply
        const id = await (picture === undefined ? sendText(attempt) : sendPicture(attempt, picture))
        recent.shown(message.reply)
        if (isAnswerId(message.id)) recent.answered(chats.current(targetOf(place).chat), id)
        return id
      }),
    edit: (place, message, shown, signal) =>
      attempted(place, async () => {
        // Where the message was posted, whatever id the group has by now: there the number would be another message's.
        await edit({ chat_id: targetOf(place).chat, message_id: Number(message) }, shown, signal)
        recent.shown(shown.reply)
      }),
    pin: (place, message, signal) =>
      attempted(place, async () => {
        const at = { chat_id: chats.current(targetOf(place).chat), message_id: Number(message) }
        await call('pinChatMessage', { ...at, disable_notification: true }, signal)
      }).catch(error => {
        // It stands there all the same, only not on top.
        note(`a message could not be pinned in ${place.id}`, error)
      }),
    pace: ({ id }) => (id.startsWith('-') ? PACE.group : PACE.own),
  }
}

function targetOf({ id }: Place): { readonly chat: string; readonly topic: Fields } {
  const [chat = '', topic] = id.split('/')
  return { chat, topic: topic === undefined ? {} : { message_thread_id: Number(topic) } }
}

function messageIdOf(method: string, result: unknown): string {
  const id = typeof result === 'object' && result !== null && 'message_id' in result ? result.message_id : undefined
  if (!Number.isSafeInteger(id)) throw new CallError(method, 'nonsense')
  return String(id)
}

function mentionOf({ account, name }: Asked): string {
  return `<a href="tg://user?id=${account}">${words(name).html || account}</a>`
}
