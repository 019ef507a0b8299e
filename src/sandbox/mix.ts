/**
 * Stirs up to four whole numbers into 32 even bits: the murmur3 finaliser, applied word by word.
 *
 * The sequence generator of the house answers "what comes next"; a book level or a participant list must be answered
 * for any moment without what came before, so those are looked up with this instead.
 */
export function mix(a: number, b = 0, c = 0, d = 0): number {
  let hash = 0x9e3779b9
  hash = stir(hash ^ a)
  hash = stir(hash ^ b)
  hash = stir(hash ^ c)
  return stir(hash ^ d) >>> 0
}

/** The same, as a number in [0, 1). */
export function mixUnit(a: number, b = 0, c = 0, d = 0): number {
  return mix(a, b, c, d) / 0x1_0000_0000
}

/** That many lower-case hexadecimal digits, decided by the numbers alone. */
export function mixHex(digits: number, a: number, b = 0, c = 0): string {
  let text = ''
  for (let word = 0; text.length < digits; word += 1) text += mix(a, b, c, word).toString(16).padStart(8, '0')
  return text.slice(0, digits)
}

function stir(word: number): number {
  let hash = Math.imul((word ^ (word >>> 16)) + 0x6d2b79f5, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
