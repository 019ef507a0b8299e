/**
 * What Discord makes of a text, as far as it matters whether anything is made of it: a reading of its markup that shares nothing with
 * the program. Rules: LyricLy/parse-discord, which was found by trial against the client, and Discord's documents. Where those
 * differ or are silent it is stricter, and finds more.
 */
export type Found = { readonly kind: FoundKind; readonly text: string }

export type FoundKind =
  | 'text'
  | 'code'
  | 'block'
  | 'bold'
  | 'italic'
  | 'underline'
  | 'strike'
  | 'spoiler'
  | 'header'
  | 'small'
  | 'quote'
  | 'list'
  | 'mention'
  | 'emoji'
  | 'time'
  | 'link'

type Rule = readonly [kind: FoundKind, pattern: RegExp, inner?: number]

const ANYWHERE: readonly Rule[] = [
  ['block', /```(?:[\w+.-]*\n)?(.*?[^\n].*?)```/sy, 1],
  ['code', /(`+)(.+?)(?<!`)\1(?!`)/sy, 2],
  ['bold', /\*\*((?:\\.|[^\\])+?)\*\*(?!\*)/sy, 1],
  ['underline', /__((?:\\.|[^\\])+?)__(?!_)/sy, 1],
  ['italic', /\*(?!\s)((?:\\.|\*\*|[^*\\])+?)\*(?!\*)/sy, 1],
  ['italic', /_((?:\\.|__|[^_\\])+?)_(?![A-Za-z0-9_])/sy, 1],
  ['strike', /~~(.+?)~~/sy, 1],
  ['spoiler', /\|\|(.+?)\|\|/sy, 1],
  ['time', /<t:-?\d+(?::[a-zA-Z])?>/y],
  ['emoji', /<a?:\w+:\d+>/y],
  ['mention', /<(?:@[!&]?|#)\d+>|<\/[^>]+:\d+>|<id:\w+>|@everyone|@here/y],
  ['link', /<(?:[^: >]+:\/|mailto:|tel:|sms:)[^ >]+>/y],
  ['link', /\[.*?\]\(.*?\)/sy],
  ['link', /[a-z][a-z0-9+.-]*:\/\/[^\s<]/iy],
  ['link', /[\p{L}\p{N}_-]+\.\p{L}/uy],
  ['emoji', /:(?!\d\d:)[^\s:\u2060]+:/y],
]

const AT_LINE_START: readonly Rule[] = [
  ['small', /-#\s+([^\n]*)/y, 1],
  ['header', /#{1,3}\s+([^\n]*)/y, 1],
  ['quote', />(?:>>)?\s+([^\n]*)/y, 1],
  ['list', /(?:[-*+]|\d+\.)\s+([^\n]*)/y, 1],
]

export function scanDiscord(source: string): readonly Found[] {
  const found: { kind: FoundKind; text: string }[] = []
  const add = (kind: FoundKind, text: string): void => {
    const last = found.at(-1)
    if (kind === 'text' && last?.kind === 'text') last.text += text
    else found.push({ kind, text })
  }
  // Letters begin nothing but an address; where there is none they are read in one go.
  const letters = /\.\p{L}|:\//u.test(source) ? undefined : /[\p{L}\p{M}\p{N}\u2060 ,;!?%$¢≤·()='"]+/uy
  let at = 0
  while (at < source.length) {
    const escaping = /^\\([^A-Za-z0-9\s])/.exec(source.slice(at, at + 2))
    if (escaping !== null) {
      add('text', escaping[1] ?? '')
      at += 2
      continue
    }
    const isLineStart = isFirstOfLine(source, at)
    if (letters !== undefined && !isLineStart) {
      letters.lastIndex = at
      const run = letters.exec(source)?.[0] ?? ''
      if (run !== '') {
        add('text', run)
        at += run.length
        continue
      }
    }
    const rules = isLineStart ? [...AT_LINE_START, ...ANYWHERE] : ANYWHERE
    const hit = firstOf(rules, source, at)
    if (hit === undefined) {
      const letter = String.fromCodePoint(source.codePointAt(at) ?? 0)
      add('text', letter)
      at += letter.length
      continue
    }
    const { rule, match } = hit
    const [kind, , inner] = rule
    const text = inner === undefined ? match[0] : (match[inner] ?? '')
    const isLiteral = kind === 'code' || kind === 'block' || inner === undefined
    const nested = isLiteral ? [] : scanDiscord(text)
    add(kind, isLiteral ? text : seenText(nested))
    for (const each of nested) if (each.kind !== 'text' && each.kind !== 'code') found.push(each)
    at += match[0].length
  }
  return found
}

/** What a reader sees of it, where code keeps its backticks. */
export function seenText(found: readonly Found[]): string {
  return found
    .map(({ kind, text }) => (kind === 'code' ? `\`${text}\`` : kind === 'block' ? text.replace(/^\n|\n$/g, '') : text))
    .join('')
    .replaceAll('\u2060', '')
}

/** What the server would ping or link from the bare text, whatever the client draws. */
export function pingsOf(source: string): readonly string[] {
  return source.match(/<@[!&]?\d+>|<#\d+>|@everyone|@here/g) ?? []
}

function isFirstOfLine(source: string, at: number): boolean {
  let before = at - 1
  while (source[before] === ' ') before -= 1
  return before < 0 || source[before] === '\n'
}

function firstOf(rules: readonly Rule[], source: string, at: number) {
  for (const rule of rules) {
    const [, pattern] = rule
    pattern.lastIndex = at
    const match = pattern.exec(source)
    if (match !== null) return { rule, match }
  }
  return undefined
}
