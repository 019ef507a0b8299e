import { ApiError } from './api-error.ts'
import { keepIn, note } from './bounded.ts'
import type { Path } from './complaints.ts'
import { type Body, bodiesOf, bodyOf, isMissing, numberOf, textOf } from './json.ts'
import { NO_PINGS, pingsOf } from './mentions.ts'
import {
  type Attachment,
  type Component,
  type Embed,
  FLAGS,
  type Message,
  numbered,
  type Pings,
  spokenText,
  type Version,
} from './message.ts'
import { refuseMessage } from './payload-rules.ts'
import { PERMISSIONS } from './permissions.ts'
import { messageShape } from './shapes.ts'
import { deletionLine, editLine, messageLine } from './transcript.ts'
import { type Channel, INTENTS, permissionsIn, type User, type World } from './world.ts'

/** How long Discord remembers a nonce. Its reference says "the past few minutes". */
const NONCE_MS = 300_000
/** Edits of one message that are kept. */
const EDITS_MAX = 500
/** Flags that an app may set on a message of its own. */
const SETTABLE = FLAGS.suppressEmbeds | FLAGS.suppressNotifications | FLAGS.components

/** A file as it was uploaded, under `files[n]`. */
export type Upload = {
  readonly index: string
  readonly filename: string
  readonly contentType: string
  readonly bytes: Buffer
}

/** A message that somebody wants to send. */
export type Draft = {
  readonly channel: Channel
  readonly author: User
  readonly body: Body
  readonly uploads: readonly Upload[]
  /** Where the message lies in what was sent. */
  readonly path: Path
  readonly interaction?: NonNullable<Message['interaction']>
  readonly webhook?: string
  readonly onlyFor?: string
  /** Whether it is only the sign that a reply will come. */
  readonly isLoading?: boolean
}

/** The message of the same author, channel and nonce that is remembered, if the nonce is to be enforced. */
export function sameByNonce(world: World, { channel, author, body }: Draft): Message | undefined {
  if (body.enforce_nonce !== true || isMissing(body.nonce)) return undefined
  return [...world.messages.values()].find(
    one =>
      one.nonce === String(body.nonce) &&
      one.channel === channel.id &&
      one.author.id === author.id &&
      one.madeAt > world.now() - NONCE_MS,
  )
}

/** Makes a message. Throws an `ApiError` for one that Discord would not take. */
export function createMessage(world: World, draft: Draft): Message {
  const { channel, author, body, uploads, onlyFor, isLoading = false } = draft
  const names = uploads.map(one => one.filename)
  if (!isLoading) refuseMessage({ body, files: names, path: draft.path })
  const repliesTo = textOf(bodyOf(body.message_reference).message_id)
  const content = textOf(body.content).trim()
  const components = numbered(body.components === undefined ? [] : (body.components as Component[]))
  const mentioned = mentionedIn(world, draft, spokenText(content, components), repliesTo)
  const message: Message = {
    id: world.snowflake(),
    channel: channel.id,
    author,
    madeAt: world.now(),
    content,
    embeds: embedsOf(body.embeds),
    components,
    attachments: uploads.map(upload => attachmentOf(world, upload, body)),
    flags: (numberOf(body.flags) & SETTABLE) | (onlyFor ? FLAGS.ephemeral : 0) | (isLoading ? FLAGS.loading : 0),
    pings: onlyFor === undefined ? mentioned : NO_PINGS,
    mentioned,
    isPinned: false,
    isDeleted: false,
    edits: [],
    ...(isMissing(body.nonce) || draft.webhook !== undefined ? {} : { nonce: String(body.nonce) }),
    ...(draft.webhook === undefined ? {} : { webhook: draft.webhook }),
    ...(draft.interaction === undefined ? {} : { interaction: draft.interaction }),
    ...(onlyFor === undefined ? {} : { onlyFor }),
    ...(repliesTo === '' ? {} : { repliesTo }),
  }
  keepIn(world.messages, message.id, message)
  channel.lastMessage = message.id
  if (!isLoading) note(world.lines, messageLine(world, message))
  tell(world, 'MESSAGE_CREATE', message)
  return message
}

/** Changes a message. What the body does not name stays. Throws an `ApiError` for what Discord would not take. */
export function editMessage(
  world: World,
  message: Message,
  change: { readonly body: Body; readonly uploads: readonly Upload[]; readonly path: Path },
): Version {
  const { body, uploads, path } = change
  const listed = bodiesOf(body.attachments).map(one => textOf(one.id))
  const kept = isMissing(body.attachments)
    ? message.attachments
    : message.attachments.filter(one => listed.includes(one.id))
  const attachments = [...kept, ...uploads.map(upload => attachmentOf(world, upload, body))]
  const components = body.components === undefined ? message.components : ((body.components ?? []) as Component[])
  const merged = {
    content: body.content === undefined ? message.content : body.content,
    embeds: body.embeds === undefined ? message.embeds : body.embeds,
    components,
    flags: (message.flags | numberOf(body.flags)) & FLAGS.components,
    allowed_mentions: body.allowed_mentions,
    nonce: body.nonce,
    attachments: body.attachments,
  }
  refuseMessage({ body: merged, files: attachments.map(one => one.filename), path })

  const isFirstSaying = (message.flags & FLAGS.loading) !== 0
  message.content = textOf(merged.content).trim()
  message.embeds = embedsOf(merged.embeds)
  message.components = numbered(components)
  message.attachments = attachments
  message.flags = changedFlags(message.flags, body.flags)
  message.mentioned = mentionedAgain(world, message, body)
  message.editedAt = world.now()
  const version = versionOf(world, message)
  note(message.edits, version, EDITS_MAX)
  note(world.lines, isFirstSaying ? messageLine(world, message) : editLine(world, message))
  tell(world, 'MESSAGE_UPDATE', message)
  return version
}

/** Takes a message away. It stays known, as deleted. */
export function removeMessage(world: World, message: Message): void {
  message.isDeleted = true
  note(world.lines, deletionLine(world, message))
  const { id, channel } = message
  world.dispatch('MESSAGE_DELETE', { id, channel_id: channel, ...guildOf(world, channel) }, intentsOf(world, channel))
}

/** The present text as a version. */
export function versionOf(world: World, { content, embeds, components }: Message): Version {
  return { at: world.now(), content, embeds, components }
}

function tell(world: World, type: string, message: Message): void {
  if (message.onlyFor !== undefined) return
  const shape = { ...messageShape(world, message), ...guildOf(world, message.channel) }
  world.dispatch(type, shape, intentsOf(world, message.channel))
}

function guildOf(world: World, channel: string): object {
  return world.channels.get(channel)?.kind === 'direct' ? {} : { guild_id: world.guild }
}

function intentsOf(world: World, channel: string): number {
  return world.channels.get(channel)?.kind === 'direct' ? INTENTS.directMessages : INTENTS.guildMessages
}

function mentionedIn(world: World, draft: Draft, text: string, repliesTo: string): Pings {
  const repliedTo = world.messages.get(repliesTo)?.author
  if (repliesTo !== '' && repliedTo === undefined) {
    const path = [...draft.path, 'message_reference']
    throw new ApiError('invalidBody', [{ path, code: 'MESSAGE_REFERENCE_UNKNOWN_MESSAGE', message: 'Unknown message' }])
  }
  const isPlainWebhook = draft.webhook !== undefined && draft.interaction === undefined
  return pingsOf({
    text,
    allowed: draft.body.allowed_mentions,
    isThroughWebhook: draft.webhook !== undefined,
    mayPingAll: isPlainWebhook || mayBotPingAll(world, draft.channel),
    isMentionable: role => world.roles.get(role)?.isMentionable ?? true,
    ...(repliedTo === undefined || repliedTo.isBot ? {} : { repliesToUser: repliedTo.id }),
  })
}

function mentionedAgain(world: World, message: Message, body: Body): Pings {
  const channel = world.channels.get(message.channel)
  return pingsOf({
    text: spokenText(message.content, message.components),
    allowed: body.allowed_mentions,
    isThroughWebhook: message.webhook !== undefined,
    mayPingAll: channel !== undefined && mayBotPingAll(world, channel),
    isMentionable: role => world.roles.get(role)?.isMentionable ?? true,
  })
}

function mayBotPingAll(world: World, channel: Channel): boolean {
  return (permissionsIn(world, world.bot, channel) & PERMISSIONS.MentionEveryone) !== 0n
}

/** A flag for components stays once it is set, and a message that is edited has come. */
function changedFlags(before: number, wanted: unknown): number {
  const kept = before & ~FLAGS.loading
  if (isMissing(wanted)) return kept
  const own = numberOf(wanted) & (FLAGS.suppressEmbeds | FLAGS.components)
  return (kept & ~FLAGS.suppressEmbeds) | own
}

function embedsOf(value: unknown): readonly Embed[] {
  return bodiesOf(value)
}

function attachmentOf(world: World, { index, filename, contentType, bytes }: Upload, body: Body): Attachment {
  const about = bodiesOf(body.attachments).find(one => String(one.id) === index)
  const description = textOf(about?.description)
  return { id: world.snowflake(), filename, contentType, bytes, ...(description === '' ? {} : { description }) }
}
