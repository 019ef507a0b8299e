import type { Clock } from '../../ports/clock.ts'
import type { Api, Fields } from './api.ts'
import { type CallFault, faultOf } from './errors.ts'
import type { Timings } from './timings.ts'

/** What is said at once to whoever pressed: a line that fades, or one that has to be closed. */
export type Toast = { readonly text: string; readonly isAlert: boolean }

export type Acknowledge = (query: string, toast: Toast) => Promise<CallFault | undefined>

/** Telegram's own bound is 200. A toast knows no markup. */
const TOAST_MAX = 190

/**
 * Acknowledges presses, and thereby learns whether they are fresh: a press carries no time, but Telegram takes no acknowledgement
 * of one that is older than a quarter of a minute. Gives why it was not taken; nothing where it was.
 */
export function acknowledger(options: {
  readonly api: Api
  readonly clock: Clock
  readonly timings: Pick<Timings, 'ackMs'>
  readonly signal: () => AbortSignal
  readonly observe: (what: 'acknowledged' | 'late', ms: number) => void
}): Acknowledge {
  const { api, clock, timings, signal, observe } = options
  return async (query, { text, isAlert }) => {
    const from = performance.now()
    const until = clock.now() + timings.ackMs
    const words = [...text.replaceAll('`', '')].slice(0, TOAST_MAX).join('')
    const fields: Fields = { callback_query_id: query, text: words, show_alert: isAlert }
    const attempt = async (): Promise<CallFault | undefined> => {
      try {
        await api.call('answerCallbackQuery', fields, { signal: signal(), ms: Math.max(1, until - clock.now()) })
        return undefined
      } catch (error) {
        return faultOf(error)
      }
    }
    const first = await attempt()
    // A connection that broke, perhaps an idle one that was dead, says nothing about the press.
    const isWorthAnother = first === 'network' || first === 'unreachable'
    const fault = isWorthAnother ? await attempt() : first
    observe(fault === undefined ? 'acknowledged' : 'late', performance.now() - from)
    return fault
  }
}
