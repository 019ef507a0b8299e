import { type Reply, reply } from '../../chat/reply.ts'
import { later } from '../../core/units/ids.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Parcel } from '../../voices/outbox-parcel.ts'
import type { Chats } from './chats.ts'
import type { Asked, Prompts } from './prompts.ts'
import type { Saying, Spot } from './saying.ts'

/** What is said back to somebody, where they spoke, in the turn of that chat. */
export type Answers = {
  /** Resolves when it is known what became of it. */
  readonly answer: (to: To, said: Reply) => Promise<void>
  /** Asks for a text. */
  readonly ask: (to: To, asked: Asked) => Promise<void>
}

type To = Spot & Pick<Saying, 'update' | 'account'>

const ANSWER = 'answer '
const PROMPT = 'ask '

export function isAnswerId(id: string): boolean {
  return id.startsWith(ANSWER)
}

export function createAnswers(options: {
  readonly offer: (parcel: Parcel) => void
  readonly chats: Chats
  readonly prompts: Prompts
  readonly clock: Clock
  readonly promptMs: number
}): Answers {
  const { offer, chats, prompts, clock, promptMs } = options
  const send = (to: To, said: Pick<Parcel, 'id' | 'reply' | 'isSilent' | 'expiresAt'>): Promise<void> =>
    new Promise(resolve => {
      const place = chats.placeOf(to, to.account)
      offer({ ...said, place, priority: 'answer', calls: [], version: 0, done: () => resolve() })
    })
  return {
    // Whoever has asked is looking; only what went wrong makes a sound.
    answer: (to, said) => {
      const isSilent = said.tone === 'good' || said.tone === 'info'
      return send(to, { id: `${ANSWER}${to.update}`, reply: said, isSilent })
    },
    ask: (to, asked) => {
      const id = `${PROMPT}${to.update}`
      prompts.ask(id, asked)
      const { title, label } = asked.form
      const expiresAt = later(clock.now(), promptMs)
      return send(to, { id, reply: reply(title).text(label), isSilent: true, expiresAt })
    },
  }
}
