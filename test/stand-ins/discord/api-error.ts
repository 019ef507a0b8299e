import { type Complaint, errorTree } from './complaints.ts'

/** What the stand-in answers to a request. */
export type Answer = {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Discord's refusals by what they say: HTTP status, its own code, its words. Source: its reference, "JSON error codes". */
const REFUSALS = {
  notFound: [404, 0, '404: Not Found'],
  unauthorized: [401, 0, '401: Unauthorized'],
  unknownChannel: [404, 10_003, 'Unknown Channel'],
  unknownGuild: [404, 10_004, 'Unknown Guild'],
  unknownMember: [404, 10_007, 'Unknown Member'],
  unknownMessage: [404, 10_008, 'Unknown Message'],
  unknownUser: [404, 10_013, 'Unknown User'],
  unknownWebhook: [404, 10_015, 'Unknown Webhook'],
  unknownInteraction: [404, 10_062, 'Unknown interaction'],
  tooManyPins: [400, 30_003, 'Maximum number of pins reached (250)'],
  tooManyCommands: [400, 30_034, 'Max number of daily application command creates has been reached (200)'],
  alreadyAcknowledged: [400, 40_060, 'Interaction has already been acknowledged.'],
  missingAccess: [403, 50_001, 'Missing Access'],
  otherAuthor: [403, 50_005, 'Cannot edit a message authored by another user'],
  emptyMessage: [400, 50_006, 'Cannot send an empty message'],
  closedDirectMessages: [403, 50_007, 'Cannot send messages to this user'],
  missingPermissions: [403, 50_013, 'Missing Permissions'],
  invalidWebhookToken: [401, 50_027, 'Invalid Webhook Token'],
  invalidRecipient: [400, 50_033, 'Invalid Recipient(s)'],
  invalidBody: [400, 50_035, 'Invalid Form Body'],
  invalidJson: [400, 50_109, 'The request body contains invalid JSON.'],
  tooManyThreads: [400, 160_006, 'Maximum number of active threads reached'],
  threadExists: [400, 160_004, 'A thread has already been created for this message'],
} as const

export type RefusalKind = keyof typeof REFUSALS

/** A request that Discord refuses. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: number
  readonly complaints: readonly Complaint[]

  constructor(kind: RefusalKind, complaints: readonly Complaint[] = []) {
    const [status, code, message] = REFUSALS[kind]
    super(message)
    this.status = status
    this.code = code
    this.complaints = complaints
  }
}

/** Throws where there is anything to complain about. */
export function refuseBody(complaints: readonly Complaint[]): void {
  if (complaints.length > 0) throw new ApiError('invalidBody', complaints)
}

/** The error as an answer. */
export function answerOf({ status, code, message, complaints }: ApiError): Answer {
  const errors = complaints.length > 0 ? { errors: errorTree(complaints) } : {}
  return { status, body: { message, code, ...errors } }
}
