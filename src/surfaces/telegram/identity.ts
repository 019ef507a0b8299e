import { createHash } from 'node:crypto'
import type { Telegraf } from 'telegraf'
import type { Command } from '../../chat/command.ts'
import type { ChatMemory } from '../../ports/chat-memory.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Api } from './api.ts'
import { telegramCommands } from './menu.ts'
import type { Timings } from './timings.ts'

/** Who the bot is to Telegram, learnt beside everything else: nothing waits for it but a command that names a bot. */
export type Identity = {
  /** The bot's number: it stands before the colon of the token, and is no secret. */
  readonly id: string
  readonly name: () => string | undefined
  /** The name; nothing where it cannot be learnt in time. */
  readonly learnt: (ms: number) => Promise<string | undefined>
  /** Reads the name that was kept. */
  readonly load: () => Promise<void>
  /** Asks Telegram, and tells it our commands where it knows others. Ends when both are done. */
  readonly run: (signal: AbortSignal) => Promise<void>
}

export type IdentityOptions = {
  readonly token: string
  readonly bot: Telegraf
  readonly api: Api
  readonly commands: readonly Command[]
  readonly memory: Pick<ChatMemory, 'mark' | 'setMark'>
  readonly clock: Clock
  readonly timings: Pick<Timings, 'callMs' | 'backoffFirstMs'>
  readonly note: (what: string, error?: unknown) => void
}

type Me = NonNullable<Telegraf['botInfo']>

const NAME = 'telegram name'
const MENU = 'telegram commands'
const BACKOFF_MAX_MS = 10 * 60_000

export function createIdentity(options: IdentityOptions): Identity {
  const { bot, api, memory, clock, timings, note } = options
  const id = /^\d{1,20}/.exec(options.token)?.[0] ?? '0'
  let name: string | undefined
  const learning = new AbortController()

  const know = (me: Me): void => {
    bot.botInfo = me
    name = me.username
    learning.abort()
  }
  // Without any, telegraf would ask by itself before it routes anything, and wait for minutes.
  bot.botInfo = meNamed(id, '')

  const introduce = async (signal: AbortSignal): Promise<void> => {
    const me = await api.call('getMe', {}, { signal, ms: timings.callMs })
    if (!isMe(me)) throw new TypeError('getMe gave no bot')
    know(me)
    await memory.setMark(NAME, me.username)
  }
  const showMenu = async (signal: AbortSignal): Promise<void> => {
    const commands = telegramCommands(options.commands)
    const hash = createHash('sha256').update(JSON.stringify(commands)).digest('hex')
    if ((await memory.mark(MENU)) === hash) return
    await api.call('setMyCommands', { commands }, { signal, ms: timings.callMs })
    await memory.setMark(MENU, hash)
  }
  const untilDone = async (what: string, work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal) => {
    for (let tries = 0; !signal.aborted && !api.isClosed(); tries += 1) {
      try {
        await work(signal)
        return
      } catch (error) {
        if (signal.aborted || api.isClosed()) return
        note(what, error)
        await clock.sleep(Math.min(BACKOFF_MAX_MS, timings.backoffFirstMs * 2 ** tries), signal)
      }
    }
  }

  return {
    id,
    name: () => name,
    learnt: async ms => {
      if (name === undefined) await clock.sleep(ms, learning.signal)
      return name
    },
    load: async () => {
      const kept = await memory.mark(NAME)
      if (kept !== undefined && name === undefined) know(meNamed(id, kept))
    },
    run: async signal => {
      await untilDone('the bot could not be asked for its name', introduce, signal)
      await untilDone("the menu of Telegram could not be set to this program's commands", showMenu, signal)
    },
  }
}

function isMe(value: unknown): value is Me {
  const name = typeof value === 'object' && value !== null && 'username' in value ? value.username : undefined
  return typeof name === 'string' && name !== ''
}

function meNamed(id: string, username: string): Me {
  const may = { can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false }
  return { id: Number(id), is_bot: true, first_name: username, username, ...may }
}
