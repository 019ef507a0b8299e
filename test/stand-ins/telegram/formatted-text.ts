import { isFields, listOf, textOf } from './fields.ts'
import { parseHtml } from './html.ts'
import { overlaps, tappableIn } from './tappable.ts'
import { badRequest, type Entity, type Fields, type User } from './wire.ts'

/** A text as everybody sees it: plain, with what was marked in it and what clients make tappable of the rest. */
export type FormattedText = {
  readonly text: string
  readonly marked: readonly Entity[]
  readonly tappable: readonly Entity[]
}

export const TEXT_LENGTH_MAX = 4_096
export const CAPTION_LENGTH_MAX = 1_024
/** Telegram keeps the first hundred and forgets the others without a word. */
export const ENTITIES_MAX = 100

const MARKS: ReadonlySet<string> = new Set([
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'blockquote',
  'expandable_blockquote',
  'code',
  'pre',
  'text_link',
  'text_mention',
  'custom_emoji',
  'date_time',
])
/** Those that bold and its like may lie inside of, and that may not lie inside each other. */
const WHOLE: ReadonlySet<string> = new Set(['code', 'pre', 'text_link', 'text_mention', 'custom_emoji', 'date_time'])
const QUOTES: ReadonlySet<string> = new Set(['blockquote', 'expandable_blockquote'])
/** Lines and directions that Telegram takes out of every text, and the carriage return. */
const TAKEN_OUT = /[\r\u2028-\u202E]/
const CONTROL = /(?!\n)\p{Cc}/gu

/** The caption of a photo without one. */
export const NO_TEXT: FormattedText = { text: '', marked: [], tappable: [] }

/** The fields that a text comes in. */
export type TextFields = { readonly text: string; readonly entities: string }

/** Reads a text with its `parse_mode` or its entities. Lengths are its caller's: texts and captions differ. */
export function formattedText(
  body: Fields,
  names: TextFields,
  personOf: (id: number) => User | undefined,
): FormattedText {
  const raw = textOf(body, names.text)
  if (raw === undefined) return NO_TEXT
  const mode = textOf(body, 'parse_mode')?.toLowerCase()
  if (mode !== undefined && mode !== 'html') throw badRequest('unsupported parse_mode')
  const parsed =
    mode === 'html' ? parseHtml(raw) : { text: raw, entities: markedBy(listOf(body, names.entities, 'entities'), raw) }
  const { text, entities } = trimmed(cleaned(parsed.text, parsed.entities))
  const known = entities.flatMap(entity => withPerson(entity, personOf))
  const marked = apart(sorted(known)).slice(0, ENTITIES_MAX)
  return { text, marked, tappable: tappableIn(text, marked) }
}

/** Entities that the caller gave. Those that only clients make (`mention`, `url`) are left to the clients. */
function markedBy(given: readonly unknown[] | undefined, text: string): readonly Entity[] {
  return (given ?? []).flatMap(one => {
    if (!isFields(one) || typeof one.type !== 'string') throw badRequest("can't parse MessageEntity")
    const { offset, length } = one
    if (typeof offset !== 'number' || !(offset >= 0 && offset <= text.length))
      throw badRequest(`receive an entity with incorrect offset ${offset}`)
    if (typeof length !== 'number' || !(length >= 0 && offset + length <= text.length))
      throw badRequest(`receive an entity with incorrect length ${length}`)
    return MARKS.has(one.type) && length > 0 ? [{ ...one, type: one.type, offset, length }] : []
  })
}

/** Control characters become spaces, as Telegram has it, and what it takes out moves the entities behind it. */
function cleaned(text: string, entities: readonly Entity[]): { text: string; entities: readonly Entity[] } {
  const goneBefore: number[] = []
  let gone = 0
  for (let index = 0; index <= text.length; index += 1) {
    goneBefore.push(gone)
    if (TAKEN_OUT.test(text[index] ?? '')) gone += 1
  }
  const place = (index: number) => index - (goneBefore[index] ?? gone)
  const plain = [...text]
    .filter(character => !TAKEN_OUT.test(character))
    .join('')
    .replace(CONTROL, ' ')
  return { text: plain, entities: entities.flatMap(entity => placed(entity, place)) }
}

function trimmed({ text, entities }: { text: string; entities: readonly Entity[] }) {
  const start = text.length - text.trimStart().length
  const inner = text.trim()
  const place = (index: number) => Math.min(Math.max(index - start, 0), inner.length)
  return { text: inner, entities: entities.flatMap(entity => placed(entity, place)) }
}

function placed(entity: Entity, place: (index: number) => number): readonly Entity[] {
  const offset = place(entity.offset)
  const length = place(entity.offset + entity.length) - offset
  return length > 0 ? [{ ...entity, offset, length }] : []
}

/** A mention of somebody whom the bot does not know is text. */
function withPerson(entity: Entity, personOf: (id: number) => User | undefined): readonly Entity[] {
  if (entity.type !== 'text_mention') return [entity]
  const user = personOf(entity.user?.id ?? 0)
  return user === undefined ? [] : [{ ...entity, user }]
}

/** Outer ones first; of two over the same stretch, as Telegram ranks them. */
function sorted(entities: readonly Entity[]): readonly Entity[] {
  return entities.toSorted(
    (one, other) => one.offset - other.offset || other.length - one.length || rank(one.type) - rank(other.type),
  )
}

function rank(type: string): number {
  if (QUOTES.has(type)) return 0
  if (type === 'pre') return 1
  if (type === 'code') return 2
  return WHOLE.has(type) ? 3 : 4
}

/** Leaves out what may not be where it is: anything in code, a link in a link, a quote in a quote. */
function apart(entities: readonly Entity[]): readonly Entity[] {
  const kept: Entity[] = []
  for (const entity of entities) {
    const around = kept.filter(other => overlaps(entity, other))
    const isInCode = around.some(({ type }) => type === 'code' || type === 'pre')
    const isInAnother = WHOLE.has(entity.type) && around.some(({ type }) => WHOLE.has(type))
    const isQuoteInQuote = QUOTES.has(entity.type) && around.some(({ type }) => QUOTES.has(type))
    if (!isInCode && !isInAnother && !isQuoteInQuote) kept.push(entity)
  }
  return kept
}
