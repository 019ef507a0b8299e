import { type Reply, reply } from '../../chat/reply.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Answers } from './answers.ts'
import type { Hearing, Taken } from './hearing.ts'
import type { Identity } from './identity.ts'
import { ANSWER_MAX, type Prompts } from './prompts.ts'
import { addressed, type Typed } from './saying.ts'

export type SpeechOptions = {
  readonly hearing: Hearing
  readonly answers: Answers
  readonly prompts: Prompts
  readonly identity: Identity
  readonly clock: Clock
}

export type Speech = {
  /** Whether a known person means the bot with it, so that it has to be kept until it is answered. */
  readonly isForUs: (typed: Typed) => boolean
  readonly hear: (taken: Taken<Typed>) => Promise<void>
}

/** How long a command that names some bot waits until we know our own name. */
const NAME_MS = 5_000

/** What known people type: in private every line, in the group commands, stops and answers to prompts. */
export function createSpeech(options: SpeechOptions): Speech {
  const { hearing, answers, prompts, identity, clock } = options

  const isReplyToUs = ({ repliesTo }: Typed): boolean => repliesTo?.account === identity.id

  /** What the text means: a line, a sentence to say at once, or nothing. */
  const read = async (typed: Typed): Promise<string | Reply | undefined> => {
    const answered = isReplyToUs(typed) ? answer(typed) : undefined
    if (answered !== undefined) return answered
    const heard = addressed(typed.text, identity.name())
    if (heard === undefined) return undefined
    if (!heard.isNameKnown) {
      const name = await identity.learnt(NAME_MS)
      if (name === undefined || addressed(typed.text, name) === undefined) return undefined
    }
    if (!typed.isPrivate && !heard.isCommand) return undefined
    return !typed.isPrivate && hearing.command(heard.line)?.name === 'link' ? saidInPrivate() : heard.line
  }

  /** A command is one wherever it is typed; anything else behind a prompt is its answer, or comes too late for that. */
  const answer = (typed: Typed): string | Reply | undefined => {
    const { repliesTo, chat, account, text } = typed
    if (repliesTo === undefined || text.startsWith('/')) return undefined
    const to = { chat, message: String(repliesTo.message), account }
    const completed = prompts.answer(to, text, clock.now())
    if (completed?.kind === 'line') return completed.line
    if (completed?.kind === 'too long') return tooLong()
    const isForNobody = repliesTo.isPromptLike && hearing.command(text) === undefined
    return completed?.kind === 'late' || isForNobody ? promptIsOver() : undefined
  }

  return {
    isForUs: typed => {
      if (typed.isEdit) return false
      if (typed.isPrivate || isReplyToUs(typed)) return true
      return addressed(typed.text, identity.name())?.isCommand === true
    },
    hear: async taken => {
      const { saying } = taken
      // Of what is edited only a stop counts: nobody can tell what was seen when the rest was said.
      if (saying.isEdit) return
      const heard = await read(saying)
      if (heard === undefined) return
      const said = typeof heard === 'string' ? await hearing.hear(taken, heard, hearing.lateness(saying)) : heard
      await answers.answer(saying, said)
    },
  }

  function promptIsOver(): Reply {
    return reply('That question is over, and nothing was done', 'warn')
      .text('It waits for a minute, for whoever pressed, and not through a restart. Press it again.')
      .privately()
  }

  function tooLong(): Reply {
    return reply(`At most ${ANSWER_MAX} characters, and nothing was done`, 'warn').text('Answer it again.').privately()
  }

  function saidInPrivate(): Reply {
    const name = identity.name()
    const where = name === undefined ? 'a private chat with me' : `a private chat with @${name}`
    return reply('Say that in private: here others would read the code', 'warn').text(`Say \`link\` in ${where}.`)
  }
}
