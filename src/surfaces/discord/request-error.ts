import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js'

/** What came of a request that was not done: Discord refuses it, asks to wait, or nobody knows. */
export type Trouble =
  | { readonly kind: 'refused'; readonly status: number; readonly code: number }
  | { readonly kind: 'limited'; readonly afterMs: number }
  | { readonly kind: 'unknown' }

/**
 * A request that was not done, in our own words. The errors of discord.js never go further than to here: they carry the address,
 * which holds the token of an interaction, and the whole body.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly trouble: Trouble

  constructor(trouble: Trouble, words: string) {
    super(words)
    this.trouble = trouble
  }
}

/** The status of an answer to a token that Discord does not know. */
export const UNAUTHORISED = 401

/** Discord's own codes that mean something to us. Source: its reference, "JSON error codes". */
export const CODE = {
  unknownChannel: 10_003,
  unknownMessage: 10_008,
  unknownWebhook: 10_015,
  unknownInteraction: 10_062,
  channelWritesLimited: 20_028,
  oldMessageEdits: 30_046,
  alreadyAcknowledged: 40_060,
  blockedOnTheWay: 40_333,
  resourceLimited: 40_062,
  missingAccess: 50_001,
  emptyMessage: 50_006,
  missingPermissions: 50_013,
  invalidWebhookToken: 50_027,
  invalidBody: 50_035,
} as const

const MEANINGS: Readonly<Record<number, string>> = {
  [CODE.unknownChannel]: 'there is no such channel',
  [CODE.unknownMessage]: 'there is no such message',
  [CODE.unknownWebhook]: 'there is no such interaction any more',
  [CODE.unknownInteraction]: 'the interaction is too old',
  [CODE.channelWritesLimited]: 'the channel takes no more for now',
  [CODE.oldMessageEdits]: 'an old message was edited too often',
  [CODE.alreadyAcknowledged]: 'it was acknowledged already',
  [CODE.resourceLimited]: 'the channel takes no more for now',
  [CODE.missingAccess]: 'the bot cannot see the channel',
  [CODE.emptyMessage]: 'the message is empty',
  [CODE.missingPermissions]: 'the bot lacks a permission there',
  [CODE.invalidWebhookToken]: 'the time to answer is over',
  [CODE.invalidBody]: 'its form is wrong',
}

/** The error of a request, whatever threw it. */
export function requestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error
  if (error instanceof RateLimitError) {
    const said = Math.max(finite(error.timeToReset), finite(error.retryAfter), finite(error.sublimitTimeout))
    const afterMs = said > 0 ? said : UNSAID_MS
    return new RequestError({ kind: 'limited', afterMs }, `${error.method} ${error.route} is limited for ${afterMs} ms`)
  }
  if (error instanceof DiscordAPIError) return refusal(error)
  if (error instanceof HTTPError) return unknown(`${error.method} ${routeOf(error.url)}: status ${error.status}`)
  return unknown(wordsOf(error))
}

/** What Discord answered, unless somebody on the way did: that is no JSON, has no code of Discord's, and proves nothing. */
function refusal({ method, url, status, code, rawError }: DiscordAPIError): RequestError {
  const where = `${method} ${routeOf(url)}: status ${status}`
  if (typeof code !== 'number') return unknown(`${where}, not in Discord's words`)
  const complaints = 'errors' in rawError ? complaintsIn(rawError.errors).slice(0, COMPLAINTS_MAX) : []
  const why = [MEANINGS[code], ...complaints].filter(each => each !== undefined).join(', ')
  return new RequestError({ kind: 'refused', status, code }, `${where}, code ${code}${why === '' ? '' : ` (${why})`}`)
}

function unknown(words: string): RequestError {
  return new RequestError({ kind: 'unknown' }, words)
}

/** What may be said of an error that is none of Discord's answers: names and codes, and no text that others wrote. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'a request failed'
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer in time'
  if (error instanceof SyntaxError) return 'an answer that is no JSON'
  const code = 'code' in error ? String(error.code) : ''
  if (/^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return `the connection failed (${code})`
  return `a request failed (${/^\w{1,40}$/.test(error.name) ? error.name : 'Error'})`
}

/** The path without ids and tokens. */
function routeOf(url: string): string {
  return url
    .replace(/^https?:\/\/[^/]*/, '')
    .replace(/^.*?\/v\d+(?=\/)/, '')
    .replace(/\?.*$/s, '')
    .replace(/^\/(interactions|webhooks)\/\d+\/[^/]+/, '/$1/:id/:token')
    .replace(/\d{15,}/g, ':id')
    .slice(0, ROUTE_MAX)
}

/** A limit that does not say for how long. */
const UNSAID_MS = 5_000
const ROUTE_MAX = 100
const COMPLAINTS_MAX = 3
const DEPTH_MAX = 8

/** Which fields are wrong and how, from Discord's tree of errors; the values are left out. */
function complaintsIn(tree: unknown, path = '', depth = 0): readonly string[] {
  if (tree === null || typeof tree !== 'object' || depth > DEPTH_MAX) return []
  return Object.entries(tree).flatMap(([name, inner]: [string, unknown]) => {
    if (name !== '_errors') return complaintsIn(inner, path === '' ? name : `${path}.${name}`, depth + 1)
    const codes = Array.isArray(inner) ? inner.map((each: unknown) => codeOf(each)) : []
    return codes.map(code => `${path} ${code}`).filter(said => /^[\w.]{1,80} [A-Z_]{1,60}$/.test(said))
  })
}

function codeOf(error: unknown): string {
  return error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : ''
}

function finite(ms: number): number {
  return Number.isFinite(ms) ? Math.ceil(ms) : 0
}
