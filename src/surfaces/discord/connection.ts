import { type Client, DiscordjsErrorCodes } from 'discord.js'
import type { Clock } from '../../ports/clock.ts'
import { type GatewayHears, openClient } from './client.ts'
import type { IdentifyBudget } from './identify-budget.ts'
import { requestError } from './request-error.ts'
import type { StatusBoard } from './status.ts'
import { backoffMs, type Timings } from './timings.ts'
import { createWatchdog } from './watchdog.ts'

export type ConnectionOptions = {
  readonly token: string
  readonly api: string
  readonly clock: Clock
  readonly timings: Timings
  readonly budget: IdentifyBudget
  readonly board: StatusBoard
  readonly chance: () => number
  /** Asks Discord itself whether it knows the token, which closes the board if not: discord.js takes anybody's word for it. */
  readonly ask: () => Promise<void>
  /** `until` aborts when this connection ends. */
  readonly ready: (client: Client<true>, until: AbortSignal) => void
  readonly changed: (client: Client<true>) => void
  readonly interaction: (raw: unknown) => void
  readonly trouble: (what: string) => void
}

/** What the gateway says when it will never take us as we are. Source: Discord's reference, "Gateway close event codes". */
const NEVER: Readonly<Record<number, string>> = {
  4004: 'Discord does not know the token (any more)',
  4010: 'Discord does not know the shard',
  4011: 'Discord wants more than one shard',
  4012: 'Discord does not speak this version any more',
  4013: 'Discord does not know what is asked for',
  4014: 'Discord does not allow what is asked for',
}

/** Keeps one client at the gateway, and never two, until the signal aborts or Discord does not know us any more. */
export async function stayConnected(options: ConnectionOptions, signal: AbortSignal): Promise<void> {
  const { board, clock, budget, timings } = options
  const over = AbortSignal.any([signal, board.closing()])
  let failures = 0
  while (!over.aborted) {
    await clock.sleep(budget.waitMs(), over)
    if (over.aborted) return
    const wasLive = await oneClient(options, over)
    failures = wasLive ? 1 : failures + 1
    await clock.sleep(
      backoffMs(failures, { firstMs: timings.loginFirstMs, maxMs: timings.loginMaxMs }, options.chance),
      over,
    )
  }
}

/** One client, until there is nothing more to be had from it. Gives whether it was ever live. */
async function oneClient(options: ConnectionOptions, over: AbortSignal): Promise<boolean> {
  const { board, clock, timings, token, trouble } = options
  const watchdog = createWatchdog(clock, timings)
  const ending = new AbortController()
  const until = AbortSignal.any([over, ending.signal])
  let wasLive = false
  const giveUp = (why: string): void => {
    board.to('down', why)
    ending.abort()
  }
  const hears: GatewayHears = {
    ready: client => {
      wasLive = true
      watchdog.ready()
      board.to('live', '')
      options.ready(client, until)
    },
    lost: code => {
      watchdog.lost()
      if (board.view().status === 'live') board.to('connecting', `the gateway ended the connection (${code})`)
    },
    alive: watchdog.alive,
    turnedOut: code => board.close(NEVER[code] ?? `the gateway ended the connection for good (${code})`),
    invalidated: () => giveUp('the session is not valid any more'),
    interaction: options.interaction,
    changed: options.changed,
    trouble,
  }
  const client = openClient({ token, api: options.api, clock, timings, budget: options.budget, hears })
  void client.login().catch(async (error: unknown) => {
    if (isTokenFault(error) && !until.aborted) await options.ask()
    if (!until.aborted) giveUp(`no login: ${requestError(error).message}`)
  })
  while (!until.aborted) {
    await clock.sleep(timings.lookMs, until)
    if (until.aborted) break
    const seen = watchdog.look()
    if (seen === 'dead') giveUp('the gateway has fallen silent')
    else if (seen === 'away' && board.view().status === 'connecting') board.to('down', board.view().why)
  }
  await client.end()
  return wasLive
}

function isTokenFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === DiscordjsErrorCodes.TokenInvalid
}
