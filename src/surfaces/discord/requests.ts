import { DefaultRestOptions, type RawFile, REST, type RESTOptions } from 'discord.js'
import { CODE, requestError, UNAUTHORISED } from './request-error.ts'
import type { Timings } from './timings.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH'
export type Route = `/${string}`

/** What goes along with a request. */
export type Payload = { readonly body?: object | undefined; readonly files?: readonly RawFile[] | undefined }

/**
 * The three ways to ask Discord for something. All throw a `RequestError` and nothing else. None waits for a rate limit: that is an
 * error that says how long, since the queues that know what is urgent are ours.
 */
export type Requests = {
  /** By the bot's token, once: whoever calls knows whether it may be said again. */
  readonly asBot: (method: Method, route: Route, payload: Payload, signal: AbortSignal) => Promise<unknown>
  /** By the token of an interaction, which is in the route, once. */
  readonly asInteraction: (method: Method, route: Route, payload: Payload) => Promise<unknown>
  /** The first answer to an interaction: soon or not at all, through connections that nothing else waits on. */
  readonly acknowledge: (route: Route, payload: Payload, withinMs: number) => Promise<unknown>
}

/** A warning at every so many refused requests: 10,000 in ten minutes ban the address. */
const REFUSED_WARNING = 100
/** What discord.js keeps of each interaction's limits is thrown away this often, and not only every hour. */
const SWEEP_MS = 600_000

export function openRequests(options: {
  readonly token: string
  readonly api: string
  readonly timings: Timings
  readonly warn: (what: string) => void
  /** Discord itself says that it does not know the token. */
  readonly unknown: (why: string) => void
}): Requests {
  const { token, api, timings } = options
  const shared = { api, retries: 0, rejectOnRateLimit: () => true, makeRequest }
  const speaking = new REST({ ...shared, timeout: timings.requestMs, invalidRequestWarningInterval: REFUSED_WARNING })
  // What Discord says about all requests together does not count those of interactions.
  const uncounted = { ...shared, globalRequestsPerSecond: Number.POSITIVE_INFINITY, handlerSweepInterval: SWEEP_MS }
  const answering = new REST({ ...uncounted, timeout: timings.requestMs })
  const hurried = new REST({ ...uncounted, timeout: timings.acknowledgeMs })
  speaking.on('invalidRequestWarning', ({ count }) => options.warn(`${count} requests refused in ten minutes`))

  const ask = async (
    rest: REST,
    method: Method,
    fullRoute: Route,
    { body, files }: Payload,
    more: { readonly auth: boolean; readonly signal: AbortSignal },
  ): Promise<unknown> => {
    try {
      // A single 401 makes discord.js forget the token; whether that is the end is not for it to say.
      if (more.auth) rest.setToken(token)
      return await rest.request({
        method: method as Parameters<REST['request']>[0]['method'],
        fullRoute,
        body,
        ...(files === undefined ? {} : { files: [...files] }),
        ...more,
      })
    } catch (error) {
      throw requestError(error)
    }
  }
  return {
    asBot: async (method, route, payload, signal) => {
      try {
        return await ask(speaking, method, route, payload, { auth: true, signal })
      } catch (error) {
        const { trouble, message } = requestError(error)
        if (trouble.kind === 'refused' && trouble.status === UNAUTHORISED) options.unknown(message)
        throw error
      }
    },
    // The timeout of discord.js ends with the headers, and a body can hang as well.
    asInteraction: (method, route, payload) =>
      ask(answering, method, route, payload, { auth: false, signal: AbortSignal.timeout(timings.requestMs) }),
    acknowledge: (route, payload, withinMs) =>
      ask(hurried, 'POST', route, payload, { auth: false, signal: AbortSignal.timeout(Math.max(1, withinMs)) }),
  }
}

const TOO_MANY = 429
const BAD = 400

/**
 * Asks as discord.js does. It takes every 429 for a limit that passes, by the status alone; one that Discord gives for an old message
 * that was edited too often, or without saying how long, is an answer like another, and comes back as such.
 */
const makeRequest: RESTOptions['makeRequest'] = async (url, init) => {
  const response = await DefaultRestOptions.makeRequest(url, init)
  if (response.status !== TOO_MANY) return response
  const body: unknown = await response.json().catch(() => undefined)
  const code: unknown = body !== null && typeof body === 'object' ? Reflect.get(body, 'code') : undefined
  const isLimit = response.headers.has('retry-after') && code !== CODE.oldMessageEdits
  return isLimit || typeof code !== 'number' ? response : { ...response, status: BAD, json: async () => body }
}
