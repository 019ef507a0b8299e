import type { Clock } from '../../../ports/clock.ts'
import type { TradeStream } from '../../../ports/feeds.ts'
import type { Note } from '../client.ts'
import type { TokenIndex } from '../token-index.ts'
import type { ChainContracts } from './contracts.ts'
import type { SessionTimings } from './session.ts'

export type ChainOptions = {
  /** Nodes of Polygon, the first choice first: `ws`, `wss`, or `http` and `https`, which are asked instead. At least one. */
  readonly urls: readonly string[]
  readonly clock: Clock
  readonly tokens: TokenIndex
  readonly note: Note
  /** A number in [0, 1) that spreads reconnects. */
  readonly chance?: () => number
  readonly contracts?: ChainContracts
  readonly timings?: Partial<ChainTimings>
}

export type ChainTimings = SessionTimings & {
  readonly openWithinMs: number
  readonly askWithinMs: number
  readonly departureHoldMs: number
  readonly tokenRetryMs: readonly number[]
  readonly backoffFirstMs: number
  readonly backoffMaxMs: number
  readonly goodAfterMs: number
}

/** Trades of the watched wallets as the exchanges' contracts tell them. What it needs (20 MB) is loaded when it is first watched. */
export function chainStream(options: ChainOptions): TradeStream {
  return {
    name: 'chain',
    watch: async (watched, hear, report, signal) => {
      const { watchChain } = await import('./watch.ts')
      await watchChain(options, watched, hear, report, signal)
    },
  }
}
