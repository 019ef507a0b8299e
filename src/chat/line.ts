import type { Given } from './command.ts'
import { type Options, offeredOf } from './option.ts'
import { UserError } from './user-error.ts'

/** The longest line that is read: the longest command with the longest reason, and some. */
export const LINE_MAX = 500
/** More words than any command has use for. */
const WORDS_MAX = 100

/** One word of a line, and the name before its colon where it could be an option's. */
export type Word = {
  readonly text: string
  readonly named: { readonly name: string; readonly value: string } | undefined
}

const OPENING = '"“„'
const CLOSING = '"”“'

/**
 * Splits a line into words at white space; double quotes, straight or typographic, keep words together, also after `name:`.
 * Single quotes are ordinary letters, since reasons have apostrophes. Throws a `UserError` for a line that is too long or a
 * quote left open.
 */
export function wordsOf(line: string): readonly Word[] {
  if (line.length > LINE_MAX)
    throw new UserError(`A line has at most ${LINE_MAX} characters; that one has ${line.length}.`)
  const words: Word[] = []
  let text = ''
  let isOpen = false
  let isWord = false
  let colon = -1
  const end = (): void => {
    if (!isWord) return
    const named = colon > 0 ? { name: text.slice(0, colon), value: text.slice(colon + 1) } : undefined
    words.push({ text, named })
    text = ''
    isWord = false
    colon = -1
  }
  for (const letter of line) {
    if (isOpen && CLOSING.includes(letter)) isOpen = false
    else if (isOpen) text += letter
    else if (OPENING.includes(letter)) {
      isOpen = true
      isWord = true
    } else if (/\s/.test(letter)) end()
    else {
      if (letter === ':' && colon < 0 && /^[a-zA-Z][a-zA-Z0-9_]*$/.test(text)) colon = text.length
      text += letter
      isWord = true
    }
  }
  if (isOpen) throw new UserError('A quote is opened and not closed.')
  end()
  if (words.length > WORDS_MAX) throw new UserError(`A line has at most ${WORDS_MAX} words.`)
  return words
}

/** The command's name as it is looked for: without the slash, and without what an excited thumb adds (`/STOP!`). */
export function commandName(word: Word | undefined): string {
  return (word?.text ?? '')
    .toLowerCase()
    .replace(/^\//, '')
    .replace(/[!.?]+$/, '')
}

/**
 * Gives each word to an option: `name:value` to the option of that name, the others in the order of the options. A last option
 * that takes text takes all the words that are left.
 */
export function given(words: readonly Word[], options: Options): Given {
  const names = Object.keys(options)
  const taken = new Map<string, string>()
  const loose: string[] = []
  for (const word of words) {
    const name = word.named === undefined ? undefined : names.find(each => isSame(each, word.named?.name))
    if (name === undefined || word.named === undefined) {
      loose.push(word.text)
      continue
    }
    if (taken.has(name)) throw new UserError(`${name} is given twice.`)
    taken.set(name, word.named.value)
  }
  const offered = offeredOf(options).map(([name]) => name)
  const free = offered.filter(name => !taken.has(name))
  for (const [index, name] of free.entries()) {
    if (loose.length === 0) break
    const isLast = index === free.length - 1
    const isRest = isLast && options[name]?.kind === 'text' && name === offered.at(-1)
    taken.set(name, isRest ? loose.splice(0).join(' ') : (loose.shift() ?? ''))
  }
  if (loose.length > 0) throw new UserError(tooMany(offered, loose.length), true)
  return Object.fromEntries(taken)
}

function tooMany(names: readonly string[], left: number): string {
  if (names.length === 0) return 'This command takes nothing after its name.'
  return `${left} more than it takes (${names.join(', ')}). Words that belong together go in "quotes".`
}

function isSame(name: string, said: string | undefined): boolean {
  return name.toLowerCase() === said?.toLowerCase()
}
