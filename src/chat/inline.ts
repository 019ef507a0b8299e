/** A piece of a text: words, or a command of ours that it names between backticks. */
export type Span = { readonly kind: 'words' | 'code'; readonly text: string }

/**
 * What between two backticks is shown as code: at most one line of a phone, of the letters that our command lines and the names of
 * limits are made of, apart from the words around it. Strangers' titles can hold backticks as well, so it is decided by what
 * stands there and not by who wrote it: none of these letters is markup, a mention or an address anywhere inside code.
 */
const CODE = /(?<=^|[\s("“])`([\w:#%$."…-](?:[\w :#%$."…-]{0,58}[\w:#%$."…-])?)`(?=$|[\s.,;:!?)"”])/g

/** The text in its pieces, in order and with nothing left out but the backticks of code. */
export function spansOf(text: string): readonly Span[] {
  const spans: Span[] = []
  let end = 0
  for (const match of text.matchAll(CODE)) {
    if (match.index > end) spans.push({ kind: 'words', text: text.slice(end, match.index) })
    spans.push({ kind: 'code', text: match[1] ?? '' })
    end = match.index + match[0].length
  }
  if (end < text.length) spans.push({ kind: 'words', text: text.slice(end) })
  return spans
}
