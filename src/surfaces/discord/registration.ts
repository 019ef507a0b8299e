import { Routes } from 'discord.js'
import type { Command } from '../../chat/command.ts'
import type { ChatMemory } from '../../ports/chat-memory.ts'
import type { Clock } from '../../ports/clock.ts'
import { canonical, hashOf } from './canonical-commands.ts'
import { commandsJson } from './command-data.ts'
import { requestError } from './request-error.ts'
import type { Requests } from './requests.ts'
import { backoffMs, type Timings } from './timings.ts'

/** Tells Discord what can be asked, where it does not know yet. */
export type Registration = {
  /** Tries until it is done or the signal aborts; once done, it stays done for the life of the process. Never throws. */
  readonly run: (application: string, signal: AbortSignal) => Promise<void>
}

/** A whole exchange; each request in it has its own, shorter time. */
const EXCHANGE_MS = 30_000

export function createRegistration(options: {
  readonly guild: string
  readonly commands: readonly Command[]
  readonly requests: Pick<Requests, 'asBot'>
  readonly memory: Pick<ChatMemory, 'mark' | 'setMark'>
  readonly clock: Clock
  readonly timings: Timings
  readonly chance: () => number
  readonly note: (what: string, error?: unknown) => void
}): Registration {
  const { guild, requests, memory, clock, timings, note } = options
  const body = commandsJson(options.commands)
  const ours = canonical(body)
  const markName = `discord commands ${guild}`
  let isDone = false
  let isRunning = false

  const register = async (application: string, signal: AbortSignal): Promise<void> => {
    const route = Routes.applicationGuildCommands(application, guild)
    const within = AbortSignal.any([signal, AbortSignal.timeout(EXCHANGE_MS)])
    const there = await requests.asBot('GET', route, {}, within)
    // Somebody else may have written there since, and our own mark would not know.
    if (canonical(there) !== ours) await requests.asBot('PUT', route, { body }, within)
    await remember()
  }
  /** What is registered is registered, whether or not it can be kept. */
  const remember = async (): Promise<void> => {
    const hash = hashOf(ours)
    try {
      if ((await memory.mark(markName)) !== hash) await memory.setMark(markName, hash)
    } catch (error) {
      note('which commands are registered could not be kept', error)
    }
  }
  return {
    run: async (application, signal) => {
      if (isRunning) return
      isRunning = true
      for (let failures = 0; !isDone && !signal.aborted; ) {
        try {
          await register(application, signal)
          isDone = true
        } catch (error) {
          if (signal.aborted) break
          failures += 1
          note(`the commands are not registered: ${requestError(error).message}`)
          const backoff = { firstMs: timings.registerFirstMs, maxMs: timings.registerMaxMs }
          await clock.sleep(backoffMs(failures, backoff, options.chance), signal)
        }
      }
      isRunning = false
    },
  }
}
