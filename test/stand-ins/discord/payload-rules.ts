import { ApiError, refuseBody } from './api-error.ts'
import {
  addressComplaints,
  type Complaint,
  complaint,
  countComplaints,
  numberComplaints,
  type Path,
  textComplaints,
  under,
} from './complaints.ts'
import { componentComplaints } from './component-rules.ts'
import { type Body, bodiesOf, bodyOf, isMissing, numberOf, textOf } from './json.ts'
import { mentionComplaints } from './mentions.ts'
import { FLAGS } from './message.ts'

/** Bounds of a message. Source: Discord's reference, "Create message" and "Embed limits", 2026-08. */
const CONTENT = { min: 0, max: 2_000 }
const EMBEDS = { min: 0, max: 10 }
const EMBED_TITLE = { min: 0, max: 256 }
const EMBED_DESCRIPTION = { min: 0, max: 4_096 }
const EMBED_FIELDS = { min: 0, max: 25 }
const FIELD_NAME = { min: 1, max: 256 }
const FIELD_VALUE = { min: 1, max: 1_024 }
const FOOTER = { min: 0, max: 2_048 }
const AUTHOR_NAME = { min: 0, max: 256 }
const EMBED_TEXT_MAX = 6_000
const NONCE_MAX = 25
const ALTERNATIVE_TEXT = { min: 0, max: 1_024 }
const COLOUR = { min: 0, max: 0xff_ff_ff }
const OLD_FIELDS = ['content', 'embeds', 'poll', 'sticker_ids'] as const

/** A message as it would be: what was sent, and on an edit what stays. */
export type Payload = {
  readonly body: Body
  /** Names of the files that it would have. */
  readonly files: readonly string[]
  /** Where the message lies in what was sent: under `data` in an answer to an interaction. */
  readonly path: Path
}

/** Throws what Discord would answer to a message that it does not take. */
export function refuseMessage({ body, files, path }: Payload): void {
  refuseBody(under(path, messageComplaints(body, files)))
  if (isEmpty(body, files)) throw new ApiError('emptyMessage')
}

/** What is wrong with a message. An empty one is another matter. */
export function messageComplaints(body: Body, files: readonly string[] = []): readonly Complaint[] {
  const isFlagged = (numberOf(body.flags) & FLAGS.components) !== 0
  const embeds = bodiesOf(body.embeds)
  return [
    ...textComplaints(body.content, ['content'], CONTENT),
    ...(isFlagged ? oldFieldComplaints(body) : []),
    ...countComplaints(embeds.length, ['embeds'], EMBEDS),
    ...embeds.flatMap((embed, at) => embedComplaints(embed, ['embeds', at])),
    ...embedTextComplaints(embeds),
    ...componentComplaints(body.components, isFlagged, files),
    ...nonceComplaints(body),
    ...mentionComplaints(body.allowed_mentions),
    ...bodiesOf(body.attachments).flatMap((file, at) =>
      textComplaints(file.description, ['attachments', at, 'description'], ALTERNATIVE_TEXT),
    ),
  ]
}

/** Whether there would be nothing to see. */
function isEmpty(body: Body, files: readonly string[]): boolean {
  const hasEmbed = bodiesOf(body.embeds).some(embed => !isEmptyEmbed(embed))
  const hasPart = bodiesOf(body.components).length > 0
  return textOf(body.content).trim() === '' && !hasEmbed && !hasPart && files.length === 0 && isMissing(body.poll)
}

function isEmptyEmbed(embed: Body): boolean {
  const shown = [embed.title, embed.description, embed.image, embed.thumbnail, embed.author, embed.footer]
  return shown.every(one => isMissing(one) || one === '') && bodiesOf(embed.fields).length === 0
}

function oldFieldComplaints(body: Body): readonly Complaint[] {
  return OLD_FIELDS.flatMap(field => {
    const value = body[field]
    if (isMissing(value) || value === '' || (Array.isArray(value) && value.length === 0)) return []
    const text = `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`
    return complaint([field], 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2', text)
  })
}

function embedComplaints(embed: Body, path: Path): readonly Complaint[] {
  const at = (...steps: (string | number)[]) => [...path, ...steps]
  const fields = bodiesOf(embed.fields)
  return [
    ...textComplaints(embed.title, at('title'), EMBED_TITLE),
    ...textComplaints(embed.description, at('description'), EMBED_DESCRIPTION),
    ...textComplaints(bodyOf(embed.footer).text, at('footer', 'text'), FOOTER),
    ...textComplaints(bodyOf(embed.author).name, at('author', 'name'), AUTHOR_NAME),
    ...numberComplaints(embed.color, at('color'), COLOUR),
    ...addressComplaints(embed.url, at('url')),
    ...addressComplaints(bodyOf(embed.image).url, at('image', 'url')),
    ...addressComplaints(bodyOf(embed.thumbnail).url, at('thumbnail', 'url')),
    ...timestampComplaints(embed.timestamp, at('timestamp')),
    ...countComplaints(fields.length, at('fields'), EMBED_FIELDS),
    ...fields.flatMap((field, index) => [
      ...textComplaints(field.name, at('fields', index, 'name'), FIELD_NAME),
      ...textComplaints(field.value, at('fields', index, 'value'), FIELD_VALUE),
    ]),
  ]
}

function timestampComplaints(value: unknown, path: Path): readonly Complaint[] {
  if (isMissing(value) || !Number.isNaN(Date.parse(textOf(value)))) return []
  return complaint(path, 'DATE_TIME_TYPE_PARSE', `Could not parse ${String(value)}. Should be ISO8601.`)
}

function embedTextComplaints(embeds: readonly Body[]): readonly Complaint[] {
  const length = embeds.reduce((sum, embed) => sum + embedText(embed).length, 0)
  if (length <= EMBED_TEXT_MAX) return []
  return complaint(['embeds'], 'MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${EMBED_TEXT_MAX}`)
}

function embedText(embed: Body): string {
  const fields = bodiesOf(embed.fields).flatMap(field => [field.name, field.value])
  return [embed.title, embed.description, bodyOf(embed.footer).text, bodyOf(embed.author).name, ...fields]
    .map(textOf)
    .join('')
}

function nonceComplaints({ nonce, enforce_nonce }: Body): readonly Complaint[] {
  if (isMissing(nonce)) {
    return enforce_nonce === true
      ? complaint(['enforce_nonce'], 'NONCE_REQUIRED', 'A nonce is required to enforce it.')
      : []
  }
  if (typeof nonce !== 'string' && typeof nonce !== 'number') {
    return complaint(['nonce'], 'NONCE_TYPE_INVALID', 'Nonce must be a string or an integer.')
  }
  return textComplaints(String(nonce), ['nonce'], { min: 0, max: NONCE_MAX })
}
