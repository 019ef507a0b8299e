import { JOINER, unlinked } from '../../chat/inert.ts'
import { spansOf } from '../../chat/inline.ts'

/** A sign of two of the same is markup, and one alone is not: `||` hides, `~~` strikes out. */
const MARKS = /[\\*_`[]|\|(?=\|)|(?<=\|)\||~(?=~)|(?<=~)~/g
/** What makes a line a header, a small one, a quote or a list. Discord looks for it inside bold and lists as well. */
const LINE_MARKS = /^(?:#{1,3}(?=\s|$)|>|-(?=[\s#]|$)|\+(?=\s|$))/
const LIST_NUMBER = /^(\d+)\.(?=\s|$)/
/** The name of an emoji between colons; two digits are a part of a time of day, and no emoji. */
const EMOJI = /:(?=[^\s:]+:)(?!\d\d:)/g

/**
 * A text as Discord shows it letter for letter, but for our own commands, which stay code.
 *
 * A backslash takes the meaning from a mark. It does not take it from `<` and `@` (the server pings from the bare text) or from an
 * address (which is no markup to the client), so a joiner breaks those: mentions, channels, custom emoji, timestamps, commands and
 * links in angle brackets all begin with `<`.
 */
export function escaped(text: string): string {
  return spansOf(text)
    .map((span, index) => (span.kind === 'code' ? `\`${span.text}\`` : escapedWords(span.text, index === 0)))
    .join('')
}

function escapedWords(words: string, isFirst: boolean): string {
  const inert = unlinked(words.replace(MARKS, '\\$&')).replace(/[<@]/g, `$&${JOINER}`).replace(EMOJI, `:${JOINER}`)
  return isFirst ? inert.replace(LINE_MARKS, '\\$&').replace(LIST_NUMBER, '$1\\.') : inert
}

/** A line inside a fence, where nothing is markup but the fence itself. */
export function fenced(line: string): string {
  return line.replaceAll('`', `\`${JOINER}`)
}
