import type { Form } from '../../chat/reply.ts'
import type { Instant } from '../../core/units/ids.ts'

/** What a prompt asks for, and whom. */
export type Asked = {
  readonly account: string
  readonly name: string
  /** The line that the answer completes. */
  readonly line: string
  readonly form: Form
}

/**
 * The questions that wait for a person's text. Each is bound to who pressed, to the line that was pressed, and to the message that
 * asks; it is answered once, and soon. They live in memory: after a restart the button is pressed again.
 */
export type Prompts = {
  /** Names a prompt that is to be posted. */
  readonly ask: (id: string, asked: Asked) => void
  readonly named: (id: string) => Asked | undefined
  readonly posted: (id: string, chat: string, message: string, at: Instant) => void
  /** The line that a text completes; `late` for a prompt that has waited too long, nothing where none was asked of this person. */
  readonly answer: (to: { chat: string; message: string; account: string }, text: string, at: Instant) => Completed
}

export type Completed =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'too long' }
  | { readonly kind: 'late' }
  | undefined

/** Presses whose text nobody gives; the oldest goes first. */
const PROMPTS_MAX = 200
/** The longest text of an option. */
export const ANSWER_MAX = 200

export function createPrompts(promptMs: number): Prompts {
  const asked = new Map<string, Asked>()
  const posted = new Map<string, { readonly asked: Asked; readonly at: Instant }>()
  return {
    ask: (id, one) => put(asked, id, one),
    named: id => asked.get(id),
    posted: (id, chat, message, at) => {
      const one = asked.get(id)
      if (one === undefined) return
      asked.delete(id)
      put(posted, keyOf(chat, message), { asked: one, at })
    },
    answer: ({ chat, message, account }, text, at) => {
      const key = keyOf(chat, message)
      const found = posted.get(key)
      if (found === undefined || found.asked.account !== account) return undefined
      if (at - found.at >= promptMs) return { kind: 'late' }
      if (text.length > ANSWER_MAX) return { kind: 'too long' }
      posted.delete(key)
      return { kind: 'line', line: completed(found.asked.line, text) }
    },
  }
}

/** The text as the quoted last word: nothing in it can end the quotes and begin another word. */
function completed(line: string, text: string): string {
  const words = text.replace(/["“”„]/g, '').trim()
  return `${line}${line.endsWith(':') ? '' : ' '}"${words}"`
}

function keyOf(chat: string, message: string): string {
  return `${chat} ${message}`
}

function put<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > PROMPTS_MAX && oldest !== undefined) map.delete(oldest)
}
