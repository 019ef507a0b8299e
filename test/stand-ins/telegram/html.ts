import { checkedLink, mentionedUser } from './links.ts'
import { badRequest, type Entity } from './wire.ts'

/**
 * Telegram's HTML: its tags, its four named entities and the numeric ones, and its refusals with their byte offsets.
 *
 * The grammar is that of TDLib's `parse_html` and its tests (github.com/tdlib/td, MessageEntity.cpp, as of 2025): a `<` that is no
 * known tag is a fault, a `>` is text, an `&` that begins no known entity is text, and attributes may stand bare since `expandable`.
 * Of `tg-time` (Bot API 9.5) only the documented form is known, so the words of its refusals are a guess.
 */

/** What a text is once its tags are read. `user` of a mention has an id only; whoever knows people fills it in. */
export type Parsed = { readonly text: string; readonly entities: readonly Entity[] }

type OpenTag = { readonly tag: string; readonly argument: string; readonly format: string; readonly offset: number }
type Cursor = { readonly html: string; at: number; text: string; readonly open: OpenTag[]; readonly entities: Entity[] }

const KINDS: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  span: 'spoiler',
  'tg-spoiler': 'spoiler',
  'tg-emoji': 'custom_emoji',
  'tg-time': 'date_time',
  a: 'text_link',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
}
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }
const TIME_FORMAT = /^(?:r|w?[dD]?[tT]?)$/
/** Longest numeric entity, its `;` left out: longer ones are text. */
const NUMERIC_LENGTH_MAX = 9

/** Throws a `Refusal` where Telegram would refuse. */
export function parseHtml(html: string): Parsed {
  const cursor: Cursor = { html, at: 0, text: '', open: [], entities: [] }
  while (cursor.at < html.length) {
    const next = html[cursor.at]
    if (next === '&') cursor.text += readEntity(cursor)
    else if (next !== '<') cursor.text += html[cursor.at++]
    else if (html[cursor.at + 1] === '/') readEndTag(cursor)
    else readStartTag(cursor)
  }
  const unclosed = cursor.open.at(-1)
  if (unclosed !== undefined) throw fault(`Can't find end tag corresponding to start tag "${unclosed.tag}"`)
  if (/[\uD800-\uDFFF]/u.test(cursor.text))
    throw fault(
      'Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units',
    )
  return { text: cursor.text, entities: cursor.entities.map(withoutLanguage) }
}

/** A language says something of a block only; `code` carries one while its `pre` may still come. */
function withoutLanguage(entity: Entity): Entity {
  const { language, ...rest } = entity
  return entity.type === 'code' || language === undefined ? rest : entity
}

function readStartTag(cursor: Cursor): void {
  const begin = cursor.at
  cursor.at += 1
  const tag = readWhile(cursor, character => !isSpace(character) && character !== '>').toLowerCase()
  if (isAtEnd(cursor)) throw fault(`Unclosed start tag${offsetOf(cursor, begin)}`)
  if (!Object.hasOwn(KINDS, tag)) throw fault(`Unsupported start tag "${tag}"${offsetOf(cursor, begin)}`)
  const attributes = readAttributes(cursor, tag, begin)
  cursor.at += 1
  const argument = argumentOf(tag, attributes)
  if (tag === 'span' && argument !== 'spoiler')
    throw fault(`Tag "span" must have class "tg-spoiler"${offsetOf(cursor, begin)}`)
  cursor.open.push({ tag, argument, format: attributes.get('format') ?? '', offset: cursor.text.length })
}

/** Leaves the cursor at the `>` of the tag. */
function readAttributes(cursor: Cursor, tag: string, begin: number): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  const unclosed = () => fault(`Unclosed start tag "${tag}"${offsetOf(cursor, begin)}`)
  for (;;) {
    skipSpace(cursor)
    if (cursor.html[cursor.at] === '>') return attributes
    const name = readWhile(cursor, character => !isSpace(character) && !'=>/"\''.includes(character))
    if (name === '') throw fault(`Empty attribute name in the tag "${tag}"${offsetOf(cursor, begin)}`)
    skipSpace(cursor)
    if (isAtEnd(cursor)) throw unclosed()
    if (cursor.html[cursor.at] !== '=') {
      attributes.set(name, '')
      continue
    }
    cursor.at += 1
    skipSpace(cursor)
    if (isAtEnd(cursor)) throw unclosed()
    attributes.set(name, readValue(cursor))
    if (isAtEnd(cursor)) throw fault(`Unclosed start tag${offsetOf(cursor, begin)}`)
  }
}

/** A value in quotes, or a bare one of letters, digits, dots and hyphens. */
function readValue(cursor: Cursor): string {
  const quote = cursor.html[cursor.at]
  if (quote !== '"' && quote !== "'") {
    const begin = cursor.at
    const value = readWhile(cursor, character => /[A-Za-z0-9.-]/.test(character)).toLowerCase()
    const next = cursor.html[cursor.at] ?? ' '
    if (!isSpace(next) && next !== '>') throw fault(`Unexpected end of name token${offsetOf(cursor, begin)}`)
    return value
  }
  cursor.at += 1
  let value = ''
  while (!isAtEnd(cursor) && cursor.html[cursor.at] !== quote)
    value += cursor.html[cursor.at] === '&' ? readEntity(cursor) : cursor.html[cursor.at++]
  cursor.at += 1
  return value
}

function argumentOf(tag: string, attributes: ReadonlyMap<string, string>): string {
  const of = (name: string) => attributes.get(name) ?? ''
  if (tag === 'a') return of('href')
  if (tag === 'code') return of('class').startsWith('language-') ? of('class').slice('language-'.length) : ''
  if (tag === 'span') return of('class').startsWith('tg-') ? of('class').slice('tg-'.length) : ''
  if (tag === 'tg-emoji') return of('emoji-id')
  if (tag === 'tg-time') return of('unix')
  return tag === 'blockquote' && attributes.has('expandable') ? 'expandable' : ''
}

function readEndTag(cursor: Cursor): void {
  const begin = cursor.at
  const opened = cursor.open.at(-1)
  if (opened === undefined) throw fault(`Unexpected end tag${offsetOf(cursor, begin)}`)
  cursor.at += 2
  const tag = readWhile(cursor, character => !isSpace(character) && character !== '>').toLowerCase()
  skipSpace(cursor)
  if (cursor.html[cursor.at] !== '>') throw fault(`Unclosed end tag${offsetOf(cursor, begin)}`)
  cursor.at += 1
  if (tag !== '' && tag !== opened.tag)
    throw fault(`Unmatched end tag${offsetOf(cursor, begin)}, expected "</${opened.tag}>", found "</${tag}>"`)
  cursor.open.pop()
  if (cursor.text.length > opened.offset) close(cursor, opened)
}

/** Takes a tag with something in it into the entities. One that means nothing (a link to nowhere) leaves only its text. */
function close(cursor: Cursor, { tag, argument, format, offset }: OpenTag): void {
  const inner = cursor.text.slice(offset)
  const place = { offset, length: inner.length }
  const type = KINDS[tag] ?? tag
  switch (tag) {
    case 'a': {
      const link = argument === '' ? inner : argument
      const user = mentionedUser(link)
      const url = checkedLink(link)
      if (user !== undefined) cursor.entities.push({ type: 'text_mention', ...place, user })
      else if (url !== undefined) cursor.entities.push({ type, ...place, url })
      return
    }
    case 'code':
    case 'pre':
      closeCode(cursor, tag, argument, place)
      return
    case 'blockquote':
      cursor.entities.push({ type: argument === '' ? type : 'expandable_blockquote', ...place })
      return
    case 'tg-emoji':
      if (!/^[1-9]\d{0,18}$/.test(argument)) throw fault('Invalid custom emoji identifier specified')
      cursor.entities.push({ type, ...place, custom_emoji_id: argument })
      return
    case 'tg-time':
      if (!/^[1-9]\d{0,9}$/.test(argument)) throw fault('Invalid Unix time specified')
      if (!TIME_FORMAT.test(format)) throw fault('Invalid date-time format specified')
      cursor.entities.push({ type, ...place, unix_time: Number(argument), date_time_format: format })
      return
    default:
      cursor.entities.push({ type, ...place })
  }
}

/** `<pre>` and `<code class="language-x">` around the same text are one entity with a language. */
function closeCode(cursor: Cursor, tag: string, argument: string, place: { offset: number; length: number }): void {
  const last = cursor.entities.at(-1)
  const isAround = last?.offset === place.offset && last.length === place.length && last.type !== tag
  const language = tag === 'pre' ? last?.language : argument
  const isOneBlock = isAround && (last.type === 'code' || last.type === 'pre') && language
  if (isOneBlock) cursor.entities.splice(-1, 1, { type: 'pre', ...place, language })
  else cursor.entities.push({ type: tag, ...place, ...(argument === '' ? {} : { language: argument }) })
}

/** The character that the entity at the cursor stands for, or a lone `&` when it stands for none. */
function readEntity(cursor: Cursor): string {
  const rest = cursor.html.slice(cursor.at, cursor.at + 16)
  const [numeric, hex, decimal] = /^&#(?:x([0-9a-fA-F]*)|(\d*))/.exec(rest) ?? []
  const [named, name = ''] = /^&([A-Za-z]+)/.exec(rest) ?? []
  const code = hex === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(hex, 16)
  const isNumber = numeric !== undefined && code > 0 && code < 0x10_ff_ff && numeric.length <= NUMERIC_LENGTH_MAX
  const character = isNumber ? String.fromCodePoint(code) : Object.hasOwn(NAMED, name) ? NAMED[name] : undefined
  if (character === undefined) {
    cursor.at += 1
    return '&'
  }
  const { length } = numeric ?? named ?? ''
  cursor.at += length + (rest[length] === ';' ? 1 : 0)
  return character
}

function readWhile(cursor: Cursor, takes: (character: string) => boolean): string {
  const begin = cursor.at
  while (!isAtEnd(cursor) && takes(cursor.html[cursor.at] ?? '')) cursor.at += 1
  return cursor.html.slice(begin, cursor.at)
}

function skipSpace(cursor: Cursor): void {
  readWhile(cursor, isSpace)
}

function isSpace(character: string): boolean {
  return ' \t\r\n\0\v'.includes(character)
}

function isAtEnd(cursor: Cursor): boolean {
  return cursor.at >= cursor.html.length
}

function offsetOf(cursor: Cursor, index: number): string {
  return ` at byte offset ${Buffer.byteLength(cursor.html.slice(0, index))}`
}

function fault(what: string): Error {
  return badRequest(`can't parse entities: ${what}`)
}
