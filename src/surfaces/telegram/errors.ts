import { TelegramError } from 'telegraf'

/**
 * What became of a call that did not succeed. Telegram's own refusals first; then those of whoever stood in between:
 * `failing` for a 5xx, `nonsense` for what is no answer of Telegram's, `unreachable` for what certainly never arrived,
 * `network`, `timeout` and `ended` for calls of which nobody knows whether they were carried out.
 */
export type CallFault =
  | 'unauthorized'
  | 'conflict'
  | 'webhook'
  | 'limited'
  | 'blocked'
  | 'no chat'
  | 'migrated'
  | 'no topic'
  | 'no message'
  | 'not modified'
  | 'captioned'
  | 'unreadable'
  | 'too old'
  | 'refused'
  | 'failing'
  | 'nonsense'
  | 'unreachable'
  | 'network'
  | 'timeout'
  | 'ended'

const WORDS: Readonly<Record<CallFault, string>> = {
  unauthorized: 'Telegram does not know the token any more',
  conflict: 'another program polls with the same token',
  webhook: 'somebody has set a webhook for this bot',
  limited: 'Telegram wants us to wait',
  blocked: 'the chat does not let us write',
  'no chat': 'there is no such chat for us',
  migrated: 'the group has another id now',
  'no topic': 'the topic is gone or closed',
  'no message': 'the message is gone or too old to be changed',
  'not modified': 'the message is like that already',
  captioned: 'the message is a picture',
  unreadable: 'Telegram cannot read the markup',
  'too old': 'Telegram says that the press is too old',
  refused: 'Telegram refused it',
  failing: 'Telegram is failing',
  nonsense: 'the answer is not one of Telegram',
  unreachable: 'Telegram cannot be reached',
  network: 'the connection broke',
  timeout: 'no answer in time',
  ended: 'it was given up',
}

/**
 * A call of the Bot API that did not succeed, in words of our own. There is no `cause`: the errors of the client hold the address
 * of the call, and with it the token (`invalid json response body at https://…/bot<token>/…`).
 */
export class CallError extends Error {
  override readonly name = 'CallError'
  readonly fault: CallFault
  readonly retryAfterMs: number | undefined
  /** The id of the supergroup that a group has become. */
  readonly movedTo: string | undefined

  constructor(method: string, fault: CallFault, more: { code?: string; retryAfterMs?: number; movedTo?: string } = {}) {
    super(`${method}: ${WORDS[fault]}${more.code === undefined ? '' : ` (${more.code})`}`)
    this.fault = fault
    this.retryAfterMs = more.retryAfterMs
    this.movedTo = more.movedTo
  }
}

/** How a fault is said to people. */
export function wordsOf(fault: CallFault): string {
  return WORDS[fault]
}

/** The fault in whatever was thrown. */
export function faultOf(error: unknown): CallFault {
  return error instanceof CallError ? error.fault : 'nonsense'
}

/** How Telegram says it, in the descriptions of its refusals. Source: tdlib/telegram-bot-api, and issues of its users. */
const DESCRIBED: readonly (readonly [CallFault, RegExp])[] = [
  ['not modified', /message is not modified/i],
  ['no message', /message to \w+ not found|message can't be edited|MESSAGE_ID_INVALID/i],
  ['captioned', /there is no text in the message to edit/i],
  ['unreadable', /can't parse entities/i],
  ['too old', /query is too old|QUERY_ID_INVALID/i],
  ['no topic', /message thread not found|TOPIC_(?:DELETED|CLOSED)/i],
  ['no chat', /chat not found|PEER_ID_INVALID|group chat was deactivated/i],
  ['blocked', /(?:not enough|have no) rights to send|CHAT_WRITE_FORBIDDEN/i],
]

/** What never left this machine: the name was not found, or nobody took the connection. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
])
const RETRY_MS = 3_000

/** Reads what the client threw. Nothing of its words is taken over: a code of a few capitals or digits at most. */
export function callError(method: string, error: unknown): CallError {
  if (error instanceof CallError) return error
  if (error instanceof TelegramError) return refusal(method, error.response)
  const { name, type, code } = error as { name?: unknown; type?: unknown; code?: unknown }
  if (name === 'AbortError') return new CallError(method, 'ended')
  const named = typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code) ? { code } : {}
  if (type !== 'system') return new CallError(method, 'nonsense')
  return new CallError(method, NEVER_SENT.has(named.code ?? '') ? 'unreachable' : 'network', named)
}

type Refusal = {
  readonly error_code: number
  readonly description?: string
  readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number }
}

function refusal(method: string, { error_code: code, description, parameters }: Refusal): CallError {
  const more = { code: String(Number(code)) }
  const movedTo = parameters?.migrate_to_chat_id
  if (Number.isSafeInteger(movedTo)) return new CallError(method, 'migrated', { ...more, movedTo: String(movedTo) })
  if (code === 429) {
    const seconds = Number(parameters?.retry_after)
    return new CallError(method, 'limited', { ...more, retryAfterMs: seconds > 0 ? seconds * 1_000 : RETRY_MS })
  }
  return new CallError(method, kindOf(code, String(description)), more)
}

function kindOf(code: number, description: string): CallFault {
  if (code === 401) return 'unauthorized'
  if (code === 409) return /webhook/i.test(description) ? 'webhook' : 'conflict'
  if (code >= 500) return 'failing'
  if (code === 403) return 'blocked'
  return DESCRIBED.find(([, shape]) => shape.test(description))?.[0] ?? 'refused'
}
