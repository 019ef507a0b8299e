import type { Clock } from '../../ports/clock.ts'
import { createAllowance } from './allowance.ts'
import type { Api } from './api.ts'
import { CallError, callError } from './errors.ts'
import type { Intake } from './intake.ts'
import type { Letters } from './letters.ts'
import type { Standing } from './standing.ts'
import type { Timings } from './timings.ts'

export type PollerOptions = {
  readonly api: Api
  readonly intake: Intake
  readonly letters: Pick<Letters, 'offset' | 'load'>
  readonly standing: Standing
  readonly clock: Clock
  readonly timings: Timings
  /** A number from 0 to 1. */
  readonly chance: () => number
  readonly note: (what: string, error?: unknown) => void
}

const UPDATES_MAX = 100
const WANTED = ['message', 'edited_message', 'callback_query', 'my_chat_member']
/** Telegram may want us to wait for longer, and a stop that is said meanwhile would wait as well. */
const PATIENCE_MS = 60_000
/** An empty answer that comes sooner, though Telegram was asked to wait, is not to become a flood of questions. */
const EMPTY_MS = 1_000

/**
 * Asks Telegram for what was said until the signal aborts or the token is not known any more: a question with a deadline of its own,
 * then a batch, and behind it only once that is kept. No fault of the network or of a proxy ends it.
 */
export async function poll(options: PollerOptions, signal: AbortSignal): Promise<void> {
  const { api, intake, letters, standing, clock, timings, chance, note } = options
  let failures = 0
  let isAnswered = false
  const notes = createAllowance({ most: 1, perMs: 60_000 })

  const ask = async (): Promise<readonly unknown[]> => {
    // The first question after a silence asks for what is there, so that it is known at once that somebody answers.
    const seconds = isAnswered ? timings.pollSeconds : 0
    const askedAt = clock.now()
    const offset = letters.offset()
    const fields = { ...(offset === undefined ? {} : { offset }), limit: UPDATES_MAX, timeout: seconds }
    const ms = seconds * 1_000 + timings.graceMs
    const batch = await api.call('getUpdates', { ...fields, allowed_updates: WANTED }, { signal, ms })
    if (!Array.isArray(batch)) throw new CallError('getUpdates', 'nonsense')
    if (batch.length === 0 && seconds > 0 && clock.now() - askedAt < EMPTY_MS) await clock.sleep(EMPTY_MS, signal)
    return batch
  }

  const failed = async (error: CallError): Promise<void> => {
    failures += 1
    isAnswered = false
    standing.failed(error.fault)
    if (notes.take(error.fault, clock.now())) note('what was said could not be asked for', error)
    if (error.fault === 'webhook') await removeWebhook()
    const backoff = Math.min(timings.backoffMaxMs, timings.backoffFirstMs * 2 ** (failures - 1))
    const ownMs = error.fault === 'conflict' ? timings.conflictMs : backoff * (0.5 + chance() / 2)
    await clock.sleep(Math.min(error.retryAfterMs ?? ownMs, PATIENCE_MS), signal)
  }

  /** Only who has the token can set one. What waits there is not dropped. */
  const removeWebhook = async (): Promise<void> => {
    await api
      .call('deleteWebhook', { drop_pending_updates: false }, { signal, ms: timings.callMs })
      .catch(error => note('the webhook could not be removed', error))
  }

  while (!signal.aborted && !api.isClosed()) {
    try {
      const batch = await ask()
      failures = 0
      isAnswered = true
      standing.polled()
      const isKept = batch.length === 0 || (await intake.receive(batch, signal))
      if (!isKept) await clock.sleep(timings.keepMs, signal)
    } catch (error) {
      if (signal.aborted) return
      await failed(callError('getUpdates', error))
    }
  }
}
