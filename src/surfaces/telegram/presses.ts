import { reaches } from '../../chat/access.ts'
import type { Command } from '../../chat/command.ts'
import type { Pressed as Button, PressCodec } from '../../chat/press-codec.ts'
import { type Form, type Reply, reply } from '../../chat/reply.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Directory } from '../../voices/people.ts'
import type { Acknowledge, Toast } from './acknowledgement.ts'
import { createAllowance } from './allowance.ts'
import type { Answers } from './answers.ts'
import { type CallFault, wordsOf } from './errors.ts'
import type { Hearing, Taken } from './hearing.ts'
import type { Recent } from './recent.ts'
import type { Pressed } from './saying.ts'

export type PressesOptions = {
  readonly codec: PressCodec
  readonly people: Directory
  readonly hearing: Hearing
  readonly answers: Answers
  readonly recent: Recent
  readonly acknowledge: Acknowledge
  readonly clock: Clock
  /** How long it took from the press until it was heard. */
  readonly observe: (ms: number) => void
  readonly note: (what: string) => void
}

export type Presses = {
  readonly press: (taken: Taken<Pressed>) => Promise<void>
  /** What is left to do about a stop that has been heard. */
  readonly stopped: (pressed: Pressed, said: Promise<Reply>) => Promise<void>
}

/** What they do is seen on the card or the page, which is edited wherever it stands. */
const SEEN_THERE: ReadonlySet<string> = new Set(['approve', 'reject', 'ack'])
const NOTHING: Toast = { text: '', isAlert: false }
const NOT_OURS: Toast = { text: 'That button is none of mine, or not any more. Nothing was done.', isAlert: true }

/**
 * A press is acknowledged first. One that would risk something then says what was pressed, and is heard only when Telegram has taken
 * that, which proves it fresh; one that only looks or holds back is heard at once. The one acknowledgement that a press may have is
 * spent by then, so what is to be told goes into the chat, unless the card says it.
 */
export function createPresses(options: PressesOptions): Presses {
  const { codec, people, hearing, answers, recent, acknowledge, clock, observe, note } = options

  const notes = createAllowance({ most: 1, perMs: 60_000 })

  const press = async (taken: Taken<Pressed>): Promise<void> => {
    const { saying } = taken
    const from = performance.now()
    const button = codec.read(saying.data)
    const person = people.of('telegram', saying.account)
    if (button === undefined || person === undefined) {
      if (notes.take(saying.account, clock.now())) note(`a press of account ${saying.account} was not one of ours`)
      await acknowledge(saying.query, NOT_OURS)
      return
    }
    const command = hearing.command(button.line)
    if (command !== undefined && !reaches(person.access, command.access)) return mayNot(taken, button)
    if (button.isForm) return form(saying, button, command)
    const isRisky = command !== undefined && !command.isObeyedLate
    const acknowledged = acknowledge(saying.query, isRisky ? pressedToast(saying) : NOTHING)
    const late = isRisky ? latenessOf(await acknowledged) : undefined
    const said = await hearing.hear(taken, button.line, late)
    observe(performance.now() - from)
    if (!isTold(said, command, saying)) await answers.answer(saying, said)
    await acknowledged
  }

  /** For the eyes of whoever pressed alone, and over the card. It changes nothing, so its age does not matter. */
  const mayNot = async (taken: Taken<Pressed>, { line }: Button): Promise<void> => {
    const said = await hearing.hear(taken, line, undefined)
    const fault = await acknowledge(taken.saying.query, { text: said.title, isAlert: true })
    if (fault !== undefined) await answers.answer(taken.saying, said)
  }

  const form = async (saying: Pressed, { line }: Button, command: Command | undefined): Promise<void> => {
    const fault = await acknowledge(saying.query, NOTHING)
    if (fault !== undefined) return answers.answer(saying, tooLateToAsk(fault))
    const asked = recent.form(line) ?? formOf(line, command, saying.label)
    await answers.ask(saying, { account: saying.account, name: saying.name, line, form: asked })
  }

  /** Whether what came of it shows without an answer. An answer to somebody is edited by nobody, so a press on one is told. */
  const isTold = ({ tone, presses }: Reply, command: Command | undefined, { chat, message }: Pressed): boolean => {
    const isDone = tone === 'good' || tone === 'info'
    if (!isDone || recent.isAnswer(chat, String(message))) return false
    // An acknowledgement that offers something names the pages that nobody has seen yet.
    return SEEN_THERE.has(command?.name ?? '') && (command?.name !== 'ack' || presses.length === 0)
  }

  return {
    press,
    stopped: async (saying, said) => {
      const acknowledged = acknowledge(saying.query, pressedToast(saying))
      await answers.answer(saying, await said)
      await acknowledged
    },
  }
}

function pressedToast({ label }: Pressed): Toast {
  return label === undefined ? NOTHING : { text: `Pressed: ${label}`, isAlert: false }
}

function latenessOf(fault: CallFault | undefined): string | undefined {
  if (fault === undefined) return undefined
  return fault === 'too old' ? wordsOf(fault) : `nobody knows how old the press is: ${wordsOf(fault)}`
}

function tooLateToAsk(fault: CallFault): Reply {
  return reply('That press came too late, and nothing was done', 'warn')
    .text(`${latenessOf(fault)}. Press it again.`)
    .privately()
}

/** What the line asks for next, where nobody remembers the words of the card: after a restart. */
function formOf(line: string, command: Command | undefined, label = 'More is needed'): Form {
  const name = /(\w+):$/.exec(line)?.[1] ?? ''
  const option = command?.options[name]
  return { title: label, label: option?.about ?? 'What belongs behind it.', example: EXAMPLES[option?.kind ?? 'text'] }
}

const EXAMPLES = {
  text: 'some words',
  choice: 'one of them',
  dollars: '40',
  percent: '5%',
  whole: '10',
  wallet: '0x…',
  flag: 'on',
} as const
