import { createHash } from 'node:crypto'
import { Routes } from 'discord.js'
import type { PressCodec } from '../../chat/press-codec.ts'
import { DeliveryError, type Outgoing, type Place, type Sender } from '../../voices/surface.ts'
import type { BadChannels } from './bad-channels.ts'
import { type PayloadWish, payloadOf, plain } from './payload.ts'
import { type DiscordMessage, discordMessage } from './render.ts'
import { CODE, type RequestError, requestError, UNAUTHORISED } from './request-error.ts'
import type { Method, Requests, Route } from './requests.ts'
import type { StatusBoard } from './status.ts'

/** As Discord is known to take them, for all that one channel gets. What its headers say beyond that comes back as `later`. */
const PACE = { most: 5, perMs: 5_000 }
/** Discord's nonce. */
const NONCE_MAX = 25
/** Discord takes the words, and not what they come in. */
const BAD_FORM: readonly number[] = [CODE.invalidBody, CODE.emptyMessage]

export type SenderOptions = {
  readonly requests: Pick<Requests, 'asBot'>
  readonly codec: PressCodec
  readonly pageRole: string | undefined
  readonly board: StatusBoard
  readonly badChannels: BadChannels
  readonly note: (what: string) => void
}

/** The way out. It needs no gateway: what is to be said is said while that is away. */
export function createSender(options: SenderOptions): Sender {
  const { requests, codec, pageRole, board, badChannels, note } = options

  const ask = async (method: Method, route: Route, what: object, place: Place, signal: AbortSignal) => {
    if (board.isClosed()) throw new DeliveryError({ kind: 'closed' }, board.view().why)
    const bad = badChannels.why(place.id)
    if (bad !== undefined) throw new DeliveryError({ kind: 'refused' }, bad)
    return requests.asBot(method, route, what, signal)
  }
  const give = async (
    request: { readonly method: Method; readonly route: Route; readonly place: Place; readonly wish: PayloadWish },
    message: DiscordMessage,
    signal: AbortSignal,
  ): Promise<unknown> => {
    const { method, route, place, wish } = request
    try {
      return await ask(method, route, payloadOf(message, wish), place, signal)
    } catch (error) {
      if (!isBadForm(error)) throw error
      note(`a message is sent without its form: ${requestError(error).message}`)
      return await ask(method, route, payloadOf(plain(message), wish), place, signal)
    }
  }
  /** What the outbox has to know of what went wrong. */
  const told = (error: unknown, place: Place): DeliveryError => {
    if (error instanceof DeliveryError) return error
    const failed = requestError(error)
    if (isOfChannel(failed)) badChannels.bad(place.id, failed.message)
    return deliveryError(failed)
  }

  return {
    surface: 'discord',
    post: async (place, outgoing, signal) => {
      const wish = { isSilent: outgoing.isSilent, nonce: nonceOf(outgoing.id) }
      const request = { method: 'POST', route: Routes.channelMessages(place.id), place, wish } as const
      const answer = await give(request, drawn(outgoing, codec, pageRole), signal).catch(error => {
        throw told(error, place)
      })
      const id: unknown = answer !== null && typeof answer === 'object' ? Reflect.get(answer, 'id') : undefined
      if (typeof id === 'string') return id
      throw new DeliveryError({ kind: 'unknown' }, 'an answer that is no message')
    },
    edit: async (place, message, shown, signal) => {
      const request = { method: 'PATCH', route: Routes.channelMessage(place.id, message), place, wish: {} } as const
      await give(request, drawn(shown, codec, undefined), signal).catch(error => {
        throw told(error, place)
      })
    },
    // The message stands there already: one that is not pinned is no reason to send it again.
    pin: async (place, message, signal) => {
      try {
        await ask('PUT', Routes.channelMessagesPin(place.id, message), {}, place, signal)
      } catch (error) {
        const failed = error instanceof DeliveryError ? error : deliveryError(requestError(error))
        if (failed.fault.kind === 'closed') throw failed
        note(`a message could not be pinned: ${failed.message}`)
      }
    },
    pace: () => PACE,
  }
}

function drawn({ reply, calls }: Outgoing, codec: PressCodec, pageRole: string | undefined): DiscordMessage {
  const isPage = calls.length > 0
  return discordMessage({ reply, codec, calls, ...(isPage && pageRole !== undefined ? { roleCalled: pageRole } : {}) })
}

function nonceOf(id: string): string {
  return id.length <= NONCE_MAX ? id : createHash('sha256').update(id).digest('base64url').slice(0, NONCE_MAX)
}

function isBadForm(error: unknown): boolean {
  const { trouble } = requestError(error)
  return !(error instanceof DeliveryError) && trouble.kind === 'refused' && BAD_FORM.includes(trouble.code)
}

/** Whether it is the channel that would not have it, and so would not have the next one either. */
function isOfChannel({ trouble }: RequestError): boolean {
  if (trouble.kind !== 'refused' || NOBODY_KNOWS.includes(trouble.code)) return false
  return trouble.status === FORBIDDEN || trouble.code === CODE.unknownChannel
}

const FORBIDDEN = 403
const GONE: readonly number[] = [CODE.unknownMessage, CODE.oldMessageEdits]
const NOBODY_KNOWS: readonly number[] = [CODE.resourceLimited, CODE.channelWritesLimited, CODE.blockedOnTheWay]

function deliveryError({ trouble, message }: RequestError): DeliveryError {
  if (trouble.kind === 'limited') return new DeliveryError({ kind: 'later', afterMs: trouble.afterMs }, message)
  if (trouble.kind === 'unknown') return new DeliveryError({ kind: 'unknown' }, message)
  if (trouble.status === UNAUTHORISED) return new DeliveryError({ kind: 'closed' }, message)
  if (GONE.includes(trouble.code)) return new DeliveryError({ kind: 'gone' }, message)
  if (NOBODY_KNOWS.includes(trouble.code)) return new DeliveryError({ kind: 'unknown' }, message)
  return new DeliveryError({ kind: 'refused' }, message)
}
