/** WORD JOINER: draws nothing and breaks no line, and no client reads on over it when it looks for what can be tapped. */
export const JOINER = '\u2060'

/**
 * The words with every address in them broken, seen or unseen by a scheme: nobody sees a difference, and no client makes a link.
 *
 * A scheme is broken before its slash, since clients take what comes behind it on trust. A dot is broken before a letter, for
 * that is where the top of a domain begins; and all dots of three numbers and more, for those may be an address as well.
 */
export function unlinked(words: string): string {
  return words
    .replace(/:(?=\/)/g, `:${JOINER}`)
    .replace(/\.(?=\p{L})/gu, `.${JOINER}`)
    .replace(/\d+(?:\.\d+){2,}/g, numbers => numbers.replaceAll('.', `.${JOINER}`))
}
