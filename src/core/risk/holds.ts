import type { Instant } from '../units/ids.ts'
import type { SourceName } from './sight.ts'

/** Who may stop us. Each places its own hold and removes only its own. */
export type Holder =
  | 'recovery'
  /** A person's stop, and a person's pause of buying. */
  | 'operator'
  | 'pause'
  | 'daily-loss'
  | 'hourly-loss'
  | 'losing-streak'
  | 'drawdown'
  | 'reconciliation'
  | 'voices'
  | FeedHolder

/** A source of trades that shows nothing we could rely on. */
export type FeedHolder = `feed:${SourceName}`

/** `halt`: nothing but cancels. `reduce`: exits as well. */
export type HoldEffect = 'halt' | 'reduce'

/** One reason not to trade: who says so, since when, until when, and why. */
export type Hold = {
  readonly by: Holder
  readonly effect: HoldEffect
  readonly since: Instant
  readonly until: Instant | 'released by hand' | 'released when settled'
  readonly why: string
}

export type TradingState = 'active' | 'reducing' | 'halted'

/** The trading state is not stored but read, so that it always has a reason. */
export function tradingState(holds: Iterable<Hold>): TradingState {
  let state: TradingState = 'active'
  for (const hold of holds) {
    if (hold.effect === 'halt') return 'halted'
    state = 'reducing'
  }
  return state
}

/** A halt that only a person ends. */
export function haltUntilReleased(by: Holder, since: Instant, why: string): Hold {
  return { by, effect: 'halt', since, until: 'released by hand', why }
}

/** A halt of purchases alone, which only a person ends: what was copied is still followed out. */
export function pauseUntilReleased(by: Holder, since: Instant, why: string): Hold {
  return { by, effect: 'reduce', since, until: 'released by hand', why }
}

export function isFeedHolder(holder: Holder): holder is FeedHolder {
  return holder.startsWith('feed:')
}

/** The holds whose time has come. */
export function dueHolds(holds: Iterable<Hold>, at: Instant): readonly Hold[] {
  return [...holds].filter(hold => typeof hold.until === 'number' && hold.until <= at)
}
