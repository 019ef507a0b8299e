import type { Form, Reply } from '../../chat/reply.ts'

/** What was posted lately, as far as a press on it needs that: the data of a button holds its line and nothing else. */
export type Recent = {
  readonly shown: (reply: Reply) => void
  /** What a line asks for before it is whole, as the last message that offered it said. */
  readonly form: (line: string) => Form | undefined
  readonly answered: (chat: string, message: string) => void
  /** Whether the message is an answer to somebody, which nobody edits when what it speaks of comes to an end. */
  readonly isAnswer: (chat: string, message: string) => boolean
}

/** Far more than anybody scrolls back to press. */
const FORMS_MAX = 500
const ANSWERS_MAX = 1_000

export function createRecent(): Recent {
  const forms = new Map<string, Form>()
  const answers = new Set<string>()
  return {
    shown: ({ presses }) => {
      for (const { line, asks } of presses) {
        if (asks === undefined) continue
        forms.delete(line)
        forms.set(line, asks)
        const [oldest] = forms.keys()
        if (forms.size > FORMS_MAX && oldest !== undefined) forms.delete(oldest)
      }
    },
    form: line => forms.get(line),
    answered: (chat, message) => {
      answers.add(`${chat} ${message}`)
      const [oldest] = answers
      if (answers.size > ANSWERS_MAX && oldest !== undefined) answers.delete(oldest)
    },
    isAnswer: (chat, message) => answers.has(`${chat} ${message}`),
  }
}
