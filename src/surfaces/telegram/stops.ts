import type { PressCodec } from '../../chat/press-codec.ts'
import type { Reply } from '../../chat/reply.ts'
import type { Ears } from '../../voices/ears.ts'
import type { Directory } from '../../voices/people.ts'
import type { Chats } from './chats.ts'
import { heardOf } from './hearing.ts'
import { addressed, type Saying } from './saying.ts'

/**
 * The one thing that waits for nothing. A stop is heard in the very turn in which it is seen, before anything is written, and by
 * whatever spelling the ears know: typed, pressed, or put into an older message by editing it.
 */
export type Stops = {
  /** Hears it where it is a stop of somebody who is known, and once only. It is in force when this returns; then it is answered. */
  readonly hear: (saying: Saying) => Promise<void> | undefined
}

export type StopsOptions = {
  readonly ears: Ears
  readonly codec: PressCodec
  readonly people: Directory
  readonly chats: Chats
  /** The bot's own name, where it is known. */
  readonly name: () => string | undefined
  readonly answer: (saying: Saying, said: Promise<Reply>) => Promise<void>
  readonly note: (what: string, error?: unknown) => void
}

/** Updates that were heard already, of those that may be given again. */
const HEARD_MAX = 1_000

export function createStops({ ears, codec, people, chats, name, answer, note }: StopsOptions): Stops {
  const heard = new Map<number, Promise<void>>()

  const lineOf = (saying: Saying): string | undefined => {
    if (saying.kind === 'typed') return saying.isNobody ? undefined : addressed(saying.text, name())?.line
    const pressed = codec.read(saying.data)
    return pressed?.isForm === false ? pressed.line : undefined
  }

  return {
    hear: saying => {
      const known = heard.get(saying.update)
      if (known !== undefined) return known
      if (!chats.isOurs(saying) || people.of('telegram', saying.account) === undefined) return undefined
      const line = lineOf(saying)
      if (line === undefined || !ears.isStop(line)) return undefined
      const said = ears.hear(heardOf(saying, line, undefined))
      const answered = answer(saying, said).catch(error => note('a stop could not be answered', error))
      heard.set(saying.update, answered)
      const [oldest] = heard.keys()
      if (heard.size > HEARD_MAX && oldest !== undefined) heard.delete(oldest)
      return answered
    },
  }
}
