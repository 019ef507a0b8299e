import { type Complaint, complaint, countComplaints, notOneOf } from './complaints.ts'
import { type Body, bodyOf, isMissing, textsOf } from './json.ts'
import type { Pings } from './message.ts'

/** Nobody. */
export const NO_PINGS: Pings = { everyone: false, roles: [], users: [] }

/** Most ids that `allowed_mentions` may list. Source: Discord's reference, "Allowed mentions object". */
const ALLOWED_IDS_MAX = 100
const KINDS = ['everyone', 'roles', 'users'] as const
/** What is named while code is shown is not notified. */
const CODE = /```[\s\S]*?```|``[^\n]*?``|`[^`\n]*`/g

/** What decides about a text beside itself. */
export type Speech = {
  readonly text: string
  /** `allowed_mentions` as it was sent. */
  readonly allowed: unknown
  /** Whether it is said through an interaction or a webhook, where only people are notified unless more is allowed. */
  readonly isThroughWebhook: boolean
  /** Whether its author may notify everybody and every role. */
  readonly mayPingAll: boolean
  /** Whether the role may be notified by anybody. */
  readonly isMentionable: (role: string) => boolean
  /** Who wrote the message that it replies to, if that is a person. */
  readonly repliesToUser?: string
}

/**
 * Whom a text notifies.
 *
 * An id counts whether or not the stand-in knows it, since in a hostile text it is somebody's. A backslash before a mention
 * does not count as an escape. Source: Discord's reference, "Allowed mentions object".
 */
export function pingsOf(speech: Speech): Pings {
  const text = speech.text.replace(CODE, ' ')
  const allowed = allowance(speech)
  const roles = idsIn(text, /<@&(\d{1,20})>/g).filter(role => speech.mayPingAll || speech.isMentionable(role))
  const reply = speech.repliesToUser !== undefined && allowed.isReplyPinging ? [speech.repliesToUser] : []
  return {
    everyone: allowed.everyone && speech.mayPingAll && /@(?:everyone|here)/.test(text),
    roles: roles.filter(allowed.role),
    users: [...new Set([...idsIn(text, /<@!?(\d{1,20})>/g).filter(allowed.user), ...reply])],
  }
}

/** Whether anybody is notified at all. */
export function isPinging(pings: Pings): boolean {
  return pings.everyone || pings.roles.length > 0 || pings.users.length > 0
}

/** What is wrong with an `allowed_mentions`. */
export function mentionComplaints(value: unknown): readonly Complaint[] {
  if (isMissing(value)) return []
  const allowed = bodyOf(value)
  const path = ['allowed_mentions']
  const parse = textsOf(allowed.parse)
  return [
    ...parse.flatMap((kind, at) =>
      KINDS.some(known => known === kind) ? [] : notOneOf([...path, 'parse', at], KINDS),
    ),
    ...(['users', 'roles'] as const).flatMap(kind => {
      const ids = textsOf(allowed[kind])
      if (parse.includes(kind) && ids.length > 0) {
        const text = `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`
        return complaint(path, 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE', text)
      }
      return countComplaints(ids.length, [...path, kind], { min: 0, max: ALLOWED_IDS_MAX })
    }),
  ]
}

function allowance({ allowed, isThroughWebhook }: Speech) {
  const isUnsaid = isMissing(allowed)
  const said: Body = isUnsaid ? { parse: isThroughWebhook ? ['users'] : KINDS } : bodyOf(allowed)
  const parse = textsOf(said.parse)
  const [roles, users] = [textsOf(said.roles), textsOf(said.users)]
  return {
    everyone: parse.includes('everyone'),
    role: (id: string) => parse.includes('roles') || roles.includes(id),
    user: (id: string) => parse.includes('users') || users.includes(id),
    isReplyPinging: isUnsaid || said.replied_user === true,
  }
}

function idsIn(text: string, mention: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(mention)].map(([, id]) => id ?? ''))]
}
