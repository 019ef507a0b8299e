import type { PressCodec } from '../../chat/press-codec.ts'
import { reply } from '../../chat/reply.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Acknowledge } from './acknowledgement.ts'
import { createAllowance } from './allowance.ts'
import type { Answers } from './answers.ts'
import type { Hearing } from './hearing.ts'
import { addressed, type Saying } from './saying.ts'

export type StrangersOptions = {
  readonly codec: PressCodec
  readonly hearing: Hearing
  readonly answers: Answers
  readonly acknowledge: Acknowledge
  readonly clock: Clock
  readonly name: () => string | undefined
  readonly note: (what: string) => void
}

/** Those who may do nothing: people whom nobody knows, and senders that are no people. Nothing of what they say is kept. */
export type Strangers = {
  readonly hear: (saying: Saying) => Promise<void>
}

const ONE_A_MINUTE = { most: 1, perMs: 60_000 }
/** However many there are: an answer is a message, and a line on record. */
const ALL_A_MINUTE = { most: 30, perMs: 60_000 }
/** Strangers that are answered, of all that ever come; beyond it only whoever says a right code is. */
const STRANGERS_MAX = 300
/** More than the ears let somebody guess. */
const CODES = { most: 8, perMs: 10 * 60_000 }

export function createStrangers(options: StrangersOptions): Strangers {
  const { codec, hearing, answers, acknowledge, clock, name, note } = options
  /** Each chat that is written to has a queue of its own for good. */
  const answered = new Set<string>()
  const sentences = createAllowance(ONE_A_MINUTE)
  const all = createAllowance(ALL_A_MINUTE)
  const codes = createAllowance(CODES)

  const isWithin = (key: string, isCode: boolean): boolean => {
    const now = clock.now()
    return (isCode ? codes : sentences).take(key, now) && all.take('all', now)
  }

  return {
    hear: async saying => {
      if (saying.kind === 'pressed') {
        const line = codec.read(saying.data)?.line ?? 'a press that was never offered'
        // Every press is on record: our buttons are seen by the few that a known person shows them to.
        const said = await hearing.hear({ saying, isAgain: false }, line, undefined)
        await acknowledge(saying.query, { text: said.title, isAlert: true })
        return
      }
      const heard = addressed(saying.text, name())
      if (saying.isEdit || heard === undefined || (!saying.isPrivate && !heard.isCommand)) return
      if (saying.isNobody) {
        if (!isWithin(`chat ${saying.chat}`, false)) return
        note(`chat ${saying.chat}: a channel or a hidden administrator spoke, and was not heard`)
        return answers.answer(saying, nobody())
      }
      const isLink = hearing.command(heard.line)?.name === 'link'
      if (!isWithin(saying.account, isLink && saying.isPrivate)) return
      // A code is taken in private alone: in a group others read it, and could be faster.
      const line = isLink && !saying.isPrivate ? 'link' : heard.line
      const said = await hearing.hear({ saying, isAgain: false }, line, undefined)
      if (answered.size >= STRANGERS_MAX && !answered.has(saying.chat) && said.tone !== 'good') return
      answered.add(saying.chat)
      await answers.answer(saying, said)
    },
  }
}

function nobody() {
  return reply('I obey people, and a channel or a hidden administrator is nobody to me', 'warn').text(
    'To be heard here, speak as yourself: an administrator turns "Remain anonymous" off.',
  )
}
