import { isDomain } from './links.ts'
import type { Entity } from './wire.ts'

/**
 * What a client makes tappable out of plain text, though nobody marked it: mentions, links, addresses, commands and tags.
 *
 * It finds rather more than Telegram does, so that a text which gives nothing here gives nothing there.
 */

type Pattern = { readonly type: string; readonly shape: RegExp; readonly accepts?: (found: string) => boolean }

/** The first that takes a stretch keeps it. */
const PATTERNS: readonly Pattern[] = [
  { type: 'url', shape: /(?:https?|tg|ton|tonsite):\/\/[^\s<>"'`]+/giu },
  { type: 'email', shape: /(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?![\w-])/giu },
  {
    type: 'url',
    shape:
      /(?<![\p{L}\p{N}_@/-])(?:[\p{L}\p{N}_-]{1,63}\.)+(?:[\p{L}\p{N}-]{2,24}|\d{1,3})(?::\d{1,5})?(?:[/?#][^\s<>"]*)?(?![\p{L}\p{N}_@])/giu,
    accepts: isBareLink,
  },
  { type: 'mention', shape: /(?<![\p{L}\p{N}_])@[a-z0-9_]{3,32}(?![a-z0-9_])/giu },
  { type: 'bot_command', shape: /(?<![\p{L}\p{N}_/<>])\/[a-z0-9_]{1,64}(?:@[a-z0-9_]{3,32})?(?![\p{L}\p{N}_/])/giu },
  {
    type: 'hashtag',
    shape: /(?<![\p{L}\p{N}_@#])#[\p{L}\p{N}\p{M}_·\u200c]{1,256}(?:@[a-z0-9_]{3,32})?(?!#)/giu,
    accepts: found => /[^\d#]/u.test(found),
  },
  { type: 'cashtag', shape: /(?<![\p{L}\p{N}_$])\$(?:[A-Z]{1,8}|1INCH)(?:@\w{3,32})?(?![\p{L}\p{N}_$])/gu },
]

/** Inside these nothing is looked for: they are shown as they are, or lead somewhere already. */
const CLOSED: ReadonlySet<string> = new Set(['code', 'pre', 'text_link', 'text_mention', 'custom_emoji', 'date_time'])

/** Stretches that nobody marked and that can be tapped all the same; `marked` is what somebody did mark. */
export function tappableIn(text: string, marked: readonly Entity[]): readonly Entity[] {
  const taken = marked.filter(entity => CLOSED.has(entity.type))
  const found: Entity[] = []
  for (const { type, shape, accepts } of PATTERNS)
    for (const { 0: match, index: offset } of text.matchAll(shape)) {
      const entity = { type, offset, length: match.length }
      if (taken.some(other => overlaps(entity, other)) || accepts?.(match) === false) continue
      taken.push(entity)
      found.push(entity)
    }
  return found
}

/** The stretches of these types, as they are written. */
export function written(text: string, entities: readonly Entity[], ...types: readonly string[]): readonly string[] {
  return entities
    .filter(({ type }) => types.includes(type))
    .map(({ offset, length }) => text.slice(offset, offset + length))
}

/** A name with a domain behind it, or the four numbers of an address. */
function isBareLink(found: string): boolean {
  const [host = ''] = found.split(/[:/?#]/)
  const words = host.split('.')
  if (words.every(word => /^\d{1,3}$/.test(word))) return words.length === 4 && words.every(word => Number(word) < 256)
  return isDomain(words.at(-1) ?? '')
}

/** Whether two entities have a character in common. */
export function overlaps(one: Entity, other: Entity): boolean {
  return one.offset < other.offset + other.length && other.offset < one.offset + one.length
}
