import { Agent } from 'node:http'
import type { Telegram } from 'telegraf'
import type { Clock } from '../../ports/clock.ts'
import { CallError, callError } from './errors.ts'

/** The fields of a call, in the words of the Bot API. */
export type Fields = Readonly<Record<string, unknown>>

/** The Bot API, each call with a deadline and an end. */
export type Api = {
  /** Gives the result. Throws a `CallError`, which is safe to show; after a 401 at once and without asking. */
  readonly call: (method: string, fields: Fields, within: { signal: AbortSignal; ms: number }) => Promise<unknown>
  readonly isClosed: () => boolean
}

export type ApiOptions = {
  readonly telegram: Telegram
  readonly clock: Clock
  /** Telegram does not know the token: nothing will ever be taken again. */
  readonly closed: (error: CallError) => void
}

type Call = (method: string, fields: Fields, options: { readonly signal: AbortSignal }) => Promise<unknown>

export function createApi({ telegram, clock, closed }: ApiOptions): Api {
  // With TLS it is telegraf's own, which keeps connections; without, telegraf leaves it to Node.
  const agent = telegram.options.agent ?? new Agent({ keepAlive: true })
  telegram.options.agent = agent
  const ask = telegram.callApi.bind(telegram) as unknown as Call
  let isClosed = false

  const failed = (error: CallError): CallError => {
    if (['timeout', 'network', 'unreachable'].includes(error.fault)) dropIdle(agent)
    if (error.fault === 'unauthorized' && !isClosed) {
      isClosed = true
      closed(error)
    }
    return error
  }

  return {
    isClosed: () => isClosed,
    call: async (method, fields, { signal, ms }) => {
      if (isClosed) throw new CallError(method, 'unauthorized')
      if (signal.aborted) throw new CallError(method, 'ended')
      const own = new AbortController()
      const done = new AbortController()
      const end = (): void => own.abort()
      let isLate = false
      signal.addEventListener('abort', end, { once: true })
      void clock.sleep(ms, done.signal).then(() => {
        isLate = !done.signal.aborted
        own.abort()
      })
      try {
        return await ask(method, fields, { signal: own.signal })
      } catch (error) {
        throw failed(isLate ? new CallError(method, 'timeout') : callError(method, error))
      } finally {
        signal.removeEventListener('abort', end)
        done.abort()
      }
    },
  }
}

/** Where one connection was dead, the idle ones beside it are likely to be: the next call would wait for its deadline again. */
function dropIdle(agent: Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
}
