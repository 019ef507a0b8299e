/**
 * What Telegram makes of an HTML text: whether it takes it at all, and what could be tapped in it. A reading of its rules that shares
 * nothing with the program: the tags of the Bot API, and what the server looks for by itself (`find_entities` of tdlib). Where a
 * rule depends on a list, such as that of the domains, everything counts as being on it.
 */
export type Scanned = {
  readonly faults: readonly string[]
  readonly tags: readonly string[]
  /** The text as it is shown, where code keeps its backticks and a countdown its text. */
  readonly seen: string
  readonly shownLength: number
  readonly tappable: readonly string[]
}

const TAG = /^<(\/?)([a-z-]+)((?: [a-z]+(?:="[^"<>&]*")?)*)>/
const OPENINGS: Readonly<Record<string, RegExp>> = {
  b: /^$/,
  i: /^$/,
  code: /^$/,
  pre: /^$/,
  blockquote: /^ expandable$/,
  'tg-time': /^ unix="\d{1,12}" format="r"$/,
}
const ENTITY = /^&(lt|gt|amp|quot);/
const LETTERS: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

export function scanTelegram(html: string): Scanned {
  const faults: string[] = []
  const tags: string[] = []
  const open: string[] = []
  let seen = ''
  let masked = ''
  let shownLength = 0
  let at = 0
  while (at < html.length) {
    const rest = html.slice(at)
    const tag = TAG.exec(rest)
    const entity = ENTITY.exec(rest)
    if (tag !== null) {
      const [whole, slash = '', name = '', attributes = ''] = tag
      if (slash === '/') {
        if (open.pop() !== name) faults.push(`closes ${whole} out of turn`)
      } else {
        if (OPENINGS[name]?.test(attributes) !== true) faults.push(`no such tag: ${whole}`)
        faults.push(...misplaced(name, open))
        open.push(name)
        tags.push(name)
      }
      if (name === 'code') seen += '`'
      at += whole.length
      continue
    }
    const letter = entity === null ? String.fromCodePoint(html.codePointAt(at) ?? 0) : (LETTERS[entity[1] ?? ''] ?? '')
    if (entity === null && /[<>&]/.test(letter)) faults.push(`a bare ${letter} at ${at}`)
    seen += letter
    shownLength += letter.length
    masked += open.includes('code') || open.includes('pre') ? ' ' : letter
    at += entity === null ? letter.length : entity[0].length
  }
  if (open.length > 0) faults.push(`left open: ${open.join(', ')}`)
  return { faults, tags, seen: seen.replaceAll('\u2060', ''), shownLength, tappable: tappableIn(masked) }
}

function misplaced(name: string, open: readonly string[]): readonly string[] {
  if (open.includes(name)) return [`${name} inside ${name}`]
  if (open.includes('code') || open.includes('pre')) return [`${name} inside code`]
  const isCode = name === 'code' || name === 'pre'
  return isCode && open.some(each => each !== 'blockquote') ? [`${name} inside ${open.join(', ')}`] : []
}

const WORD = '\\p{L}\\p{N}_'
const TAPPABLE: readonly RegExp[] = [
  new RegExp(`(?<![${WORD}])@[A-Za-z0-9_]{2,}`, 'gu'),
  new RegExp(`(?<![${WORD}/<>])/[A-Za-z0-9_]+`, 'gu'),
  new RegExp(`(?<![${WORD}\\u200c])#[${WORD}\\u00b7\\u200c]*[\\p{L}_\\u00b7][${WORD}\\u00b7\\u200c]*`, 'gu'),
  new RegExp(`(?<![$${WORD}])\\$(?:1INCH|[A-Z]{1,8})(?![$${WORD}])`, 'gu'),
  // An address without a scheme, with whatever the server takes for a part of a domain before the dot.
  /[^\s\u2000-\u200b\u200e-\u206f<>"'`()]\.\p{L}/gu,
  /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g,
  /[a-z][a-z0-9+-]*:\/\/\S/giu,
  /[A-Za-z0-9_+-]@[A-Za-z0-9]/g,
]
const NUMBER = /(?<![\p{L}\p{N}_])\+?\d(?:[ ().-]{0,2}\d){6,}/gu

/** All in a bare text that somebody could tap. */
export function tappableIn(text: string): readonly string[] {
  // The server takes these marks out first.
  const taken = text.replace(/[\u030a\u0333\u033f\u2028-\u202e]/g, '')
  const numbers = (taken.match(NUMBER) ?? []).filter(each => !/^\d{4}-\d\d-\d\d(?: \d\d)?$/.test(each))
  return [...TAPPABLE.flatMap(rule => taken.match(rule) ?? []), ...numbers]
}
