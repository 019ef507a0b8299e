import { Routes } from 'discord.js'
import type { PressCodec } from '../../chat/press-codec.ts'
import type { Reply } from '../../chat/reply.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Arrived } from './arrived.ts'
import { payloadOf, plain } from './payload.ts'
import { discordMessage } from './render.ts'
import { CODE, requestError, type Trouble } from './request-error.ts'
import type { Method, Requests, Route } from './requests.ts'

/** What is answered after the first answer, to the asker alone. Nothing is thrown: what cannot be shown is noted. */
export type Answers = {
  /** In the place of what was announced. */
  readonly fill: (arrived: Arrived, reply: Reply) => Promise<void>
  /** Beside the message whose button was pressed. */
  readonly add: (arrived: Arrived, reply: Reply) => Promise<void>
}

const TRIES_MAX = 2
/** Somebody looks at the phone: what has to wait longer than this is not worth waiting for. */
const WAIT_MAX_MS = 5_000
const AGAIN_MS = 300
/** The interaction is over, and there is nowhere to show anything. */
const OVER: readonly number[] = [
  CODE.unknownMessage,
  CODE.unknownWebhook,
  CODE.unknownInteraction,
  CODE.invalidWebhookToken,
]

export function answersOf(parts: {
  readonly requests: Pick<Requests, 'asInteraction'>
  readonly codec: PressCodec
  readonly clock: Clock
  readonly note: (what: string) => void
}): Answers {
  const { requests, codec, clock, note } = parts

  const tell = async (method: Method, route: Route, reply: Reply): Promise<void> => {
    let message = discordMessage({ reply, codec })
    for (let tries = 1; ; tries += 1) {
      try {
        await requests.asInteraction(method, route, payloadOf(message, { isEphemeral: method === 'POST' }))
        return
      } catch (error) {
        const { trouble, message: why } = requestError(error)
        if (trouble.kind === 'refused') message = plain(message)
        const waitMs = waitFor(trouble)
        if (tries >= TRIES_MAX || waitMs === undefined) {
          note(`an answer was not shown: ${why}`)
          return
        }
        if (trouble.kind === 'refused') note(`an answer is shown without its form: ${why}`)
        await clock.sleep(waitMs)
      }
    }
  }
  return {
    fill: ({ application, token }, reply) =>
      tell('PATCH', Routes.webhookMessage(application, token, '@original'), reply),
    add: ({ application, token }, reply) => tell('POST', Routes.webhook(application, token), reply),
  }
}

/** How long until it is worth another try; nothing where it is not. */
function waitFor(trouble: Trouble): number | undefined {
  switch (trouble.kind) {
    case 'refused':
      return OVER.includes(trouble.code) ? undefined : 0
    case 'limited':
      return trouble.afterMs > WAIT_MAX_MS ? undefined : trouble.afterMs
    case 'unknown':
      return AGAIN_MS
  }
}
