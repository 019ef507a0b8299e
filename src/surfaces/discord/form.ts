import type { Command } from '../../chat/command.ts'
import { wordsOf } from '../../chat/line.ts'
import { type OptionKind, offeredOf } from '../../chat/option.ts'
import type { Form } from '../../chat/reply.ts'
import { calledBy } from '../../chat/router.ts'

const EXAMPLES: Readonly<Record<OptionKind, string>> = {
  text: 'a few words',
  choice: 'one of the choices',
  dollars: '40',
  percent: '50%',
  whole: '3',
  wallet: '0x and 40 hex digits',
  flag: 'on',
}

/**
 * What a button asks for, from its line alone: a button holds no more than that, and outlives the process that made it. The line ends
 * in the name of the option that is missing (`approve a7k2 card:1 amount:`); where it does not, it is the command's last one.
 */
export function formOf(line: string, label: string, commands: readonly Command[]): Form {
  const command = commands.find(({ name }) => name === calledBy(line, commands))
  const options = command?.options ?? {}
  const named = wordsOf(line).at(-1)?.named?.name
  const name = named !== undefined && Object.hasOwn(options, named) ? named : offeredOf(options).at(-1)?.[0]
  const option = name === undefined ? undefined : options[name]
  const [example = EXAMPLES[option?.kind ?? 'text']] = option?.choices ?? []
  return { title: label === '' ? line : label, label: option?.about ?? 'What is missing', example }
}

/** Whatever a line takes for a quote. */
const QUOTES = /["“”„]/g

/** The line of a form with the text that was filled in as its last word, whatever is in it. */
export function completed(line: string, text: string): string {
  const word = `"${text.replace(QUOTES, '')}"`
  return line.endsWith(':') ? `${line}${word}` : `${line} ${word}`
}
