import { InteractionResponseType, MessageFlags, Routes } from 'discord.js'
import type { Clock } from '../../ports/clock.ts'
import type { Arrived } from './arrived.ts'
import { CODE, requestError } from './request-error.ts'
import type { Requests } from './requests.ts'
import type { Timings } from './timings.ts'

/** The first answer to an interaction. */
export type FirstAnswer = { readonly type: InteractionResponseType; readonly data?: object }

/**
 * What Discord said to a first answer: it took it, now or before; it is too late; it would not have it as it is; or nobody knows. That
 * it was taken proves that the press is fresh, whatever a clock says.
 */
export type Acknowledgement = {
  readonly kind: 'taken' | 'already' | 'late' | 'refused' | 'unknown'
  readonly why: string
}

/** Gives the first answer, within its time and without ever throwing. */
export type Acknowledge = (arrived: Arrived, answer: FirstAnswer) => Promise<Acknowledgement>

/** A connection that had been closed in the meantime fails within this part of the time, and the next one does not. */
const AT_ONCE_PART = 0.25
const TRIES_MAX = 2

export function acknowledger(parts: {
  readonly requests: Pick<Requests, 'acknowledge'>
  readonly clock: Pick<Clock, 'now'>
  readonly timings: Timings
}): Acknowledge {
  const { requests, clock, timings } = parts
  return async ({ id, token }, answer) => {
    const since = clock.now()
    for (let tries = 1; ; tries += 1) {
      const spentMs = Math.max(0, clock.now() - since)
      try {
        await requests.acknowledge(
          Routes.interactionCallback(id, token),
          { body: answer },
          timings.acknowledgeMs - spentMs,
        )
        return { kind: 'taken', why: '' }
      } catch (error) {
        const { trouble, message } = requestError(error)
        if (trouble.kind === 'refused') return { kind: KINDS[trouble.code] ?? 'refused', why: message }
        const isAgain =
          trouble.kind === 'unknown' && tries < TRIES_MAX && clock.now() - since < AT_ONCE_PART * timings.acknowledgeMs
        if (!isAgain) return { kind: 'unknown', why: message }
      }
    }
  }
}

const KINDS: Readonly<Record<number, Acknowledgement['kind']>> = {
  [CODE.unknownInteraction]: 'late',
  [CODE.unknownWebhook]: 'late',
  [CODE.alreadyAcknowledged]: 'already',
}

/** "Remora is thinking", for the asker's eyes. */
export const DEFER_REPLY: FirstAnswer = {
  type: InteractionResponseType.DeferredChannelMessageWithSource,
  data: { flags: MessageFlags.Ephemeral },
}

/** Nothing to be seen: the button just stops turning. */
export const DEFER_UPDATE: FirstAnswer = { type: InteractionResponseType.DeferredMessageUpdate }

/** Words at once, for the asker's eyes. */
export function saying(body: object): FirstAnswer {
  return {
    type: InteractionResponseType.ChannelMessageWithSource,
    data: { ...body, flags: MessageFlags.Ephemeral },
  }
}
