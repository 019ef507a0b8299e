import { JOINER, unlinked } from '../../chat/inert.ts'
import { type Span, spansOf } from '../../chat/inline.ts'
import type { Instant } from '../../core/units/ids.ts'

/** A piece of a message in both of its forms, made together so that they say the same: in Telegram's HTML, and as bare text. */
export type Node = { readonly html: string; readonly plain: string }

export const NOTHING: Node = { html: '', plain: '' }

/** What a limit counts, in UTF-16 units and in the longer of the two forms: letters without tags, an entity as one. */
export function sizeOf({ html, plain }: Node): number {
  return Math.max(plain.length, html.replace(/<[^>]*>/g, '').replace(/&\w+;/g, '&').length)
}

/** Words, where our own commands are code. A tag is closed before code and opened anew behind it, for code takes no other markup. */
export function words(text: string, tag?: 'b' | 'i'): Node {
  return together(spansOf(text).map(span => spanNode(span, tag)))
}

/** A text as it stands, in one piece of code. */
export function code(text: string): Node {
  return spanNode({ kind: 'code', text })
}

function spanNode({ kind, text }: Span, tag?: 'b' | 'i'): Node {
  const inert = untappable(text)
  if (kind === 'code') return { html: `<code>${quoted(text)}</code>`, plain: `\`${inert}\`` }
  const html = quoted(inert)
  return { html: tag === undefined ? html : `<${tag}>${html}</${tag}>`, plain: inert }
}

/** A time that counts down by itself on a client that can; `text` is what the others show. Nothing in bare text. */
export function countdown(at: Instant, text: string): Node {
  return { html: `<tg-time unix="${Math.floor(at / 1_000)}" format="r">${quoted(text)}</tg-time>`, plain: '' }
}

/** Lines of a fixed width. */
export function block(lines: readonly Node[]): Node {
  const { html, plain } = together(lines, '\n')
  return { html: `<pre>${html}</pre>`, plain }
}

/** A line inside a block, where nothing is looked for and nothing is tapped. */
export function blockLine(text: string): Node {
  return { html: quoted(text), plain: untappable(text) }
}

/** What is folded to its first lines until somebody asks for it. */
export function folding(lines: readonly Node[]): Node {
  const { html, plain } = together(lines, '\n')
  return { html: `<blockquote expandable>${html}</blockquote>`, plain }
}

/** One after the other; what is empty in a form leaves no gap in it. */
export function together(nodes: readonly Node[], between = ''): Node {
  const join = (parts: readonly string[]): string => parts.filter(part => part !== '').join(between)
  return { html: join(nodes.map(({ html }) => html)), plain: join(nodes.map(({ plain }) => plain)) }
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** A text between tags; none ever stands inside one. */
function quoted(text: string): string {
  return text.replace(/[&<>]/g, letter => ENTITIES[letter] ?? '')
}

/** Marks that the server takes out of every text before it looks for what can be tapped: what stands beside them would meet. */
const TAKEN_OUT = /[\u030a\u0333\u033f]/g
/** A number of seven digits and more, with what people put between them. Clients take those for telephones, the server for cards. */
const LONG_NUMBER = /(?<![\p{L}\p{N}_])\+?\d(?:[ ().-]{0,2}\d){6,}/gu
const DAY = /^\d{4}-\d\d-\d\d(?: \d\d)?$/
/** A tag of digits alone is none: our positions are called so. */
const TAG = /#(?!\d+(?![\p{L}\p{N}_·\u0d80-\u0dff]))(?=\S)/gu

/**
 * Words in which nothing can be tapped. The server looks for mentions, commands, tags and addresses in every text, whatever its
 * markup, and a bot cannot tell it not to; it finds them by the letters right behind their sign, so a joiner stands there.
 * Entities instead would have to be of some kind, and each kind shows. Rules: tdlib, `find_entities` and `clean_input_string`.
 */
export function untappable(text: string): string {
  return unlinked(
    text
      .replace(TAKEN_OUT, '')
      .replace(LONG_NUMBER, number => (DAY.test(number) ? number : number.replace(/\d(?!$)/g, `$&${JOINER}`))),
  )
    .replaceAll('@', `@${JOINER}`)
    .replace(TAG, `#${JOINER}`)
    .replace(/(?<![\p{L}\p{N}_])\/(?=\w)/gu, `/${JOINER}`)
    .replace(/\$(?=[A-Z]|1INCH)/g, `$${JOINER}`)
}
