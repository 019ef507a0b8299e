import type { Telegraf } from 'telegraf'
import type { Update as RoutedUpdate } from 'telegraf/types'
import { reply } from '../../chat/reply.ts'
import type { Acknowledge } from './acknowledgement.ts'
import type { Answers } from './answers.ts'
import type { Taken } from './hearing.ts'
import type { Dispatch } from './letters.ts'
import type { Presses } from './presses.ts'
import { type Pressed, type Saying, sayingOf, type Typed } from './saying.ts'
import type { Speech } from './speech.ts'
import type { Stops } from './stops.ts'
import type { Update } from './updates.ts'

export type DispatcherOptions = {
  readonly bot: Telegraf
  readonly stops: Stops
  readonly speech: Speech
  readonly presses: Presses
  readonly answers: Answers
  readonly acknowledge: Acknowledge
  readonly note: (what: string, error?: unknown) => void
}

/** What one account may have under way at once; a thumb is slower, a program that has stolen an account is not. */
const UNDER_WAY_MAX = 200

/** Routes what was kept to whoever answers it, many at a time. */
export function createDispatcher(options: DispatcherOptions): Dispatch {
  const { bot, stops, speech, presses, note } = options
  const underWay = new Map<string, number>()
  bot.on(['message', 'edited_message'], context => speech.hear(takenOf<Typed>(context.update)))
  bot.on('callback_query', context => presses.press(takenOf<Pressed>(context.update)))
  bot.catch(error => note('something that was said could not be handled', error))

  return async (update, isAgain) => {
    const saying = sayingOf(update)
    if (saying === undefined) return
    const stopped = stops.hear(saying)
    if (stopped !== undefined) return stopped
    const count = underWay.get(saying.account) ?? 0
    if (count >= UNDER_WAY_MAX) return refuse(saying)
    underWay.set(saying.account, count + 1)
    try {
      await bot.handleUpdate({ ...update, is_again: isAgain } as Routed as unknown as RoutedUpdate)
    } finally {
      const left = (underWay.get(saying.account) ?? 1) - 1
      if (left > 0) underWay.set(saying.account, left)
      else underWay.delete(saying.account)
    }
  }

  async function refuse(saying: Saying): Promise<void> {
    const title = `Too many at once: ${UNDER_WAY_MAX} are under way. That one was not taken.`
    if (saying.kind === 'pressed') await options.acknowledge(saying.query, { text: title, isAlert: true })
    else await options.answers.answer(saying, reply(title, 'warn').privately())
  }
}

/** What goes through telegraf's router: our reading of an update, in Telegram's words. */
type Routed = Update & { readonly is_again: boolean }

function takenOf<Kind extends Saying>(routed: unknown): Taken<Kind> {
  const { is_again: isAgain, ...update } = routed as Routed
  return { saying: sayingOf(update) as Kind, isAgain }
}
