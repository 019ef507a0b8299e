import type { Day, Hour } from '../units/ids.ts'
import { fraction, greatest, minus, NO_USD, type Usd } from '../units/money.ts'

/** How an account has done, as far as breakers and sizing ask. */
export type Performance = {
  readonly day: Day
  readonly hour: Hour
  /** Equity when the UTC day and hour began. */
  readonly dayOpen: Usd
  readonly hourOpen: Usd
  /** The highest equity since the last reset by hand. */
  readonly peak: Usd
  readonly lossesInARow: number
  readonly won: number
  readonly lost: number
  /** Orders that opened or added to a position. */
  readonly entries: number
  /** Entries planned since the UTC day began. */
  readonly entriesToday: number
}

export function newPerformance(equity: Usd, day: Day, hour: Hour): Performance {
  return {
    day,
    hour,
    dayOpen: equity,
    hourOpen: equity,
    peak: equity,
    lossesInARow: 0,
    won: 0,
    lost: 0,
    entries: 0,
    entriesToday: 0,
  }
}

export function withEquity(performance: Performance, equity: Usd): Performance {
  return equity > performance.peak ? { ...performance, peak: equity } : performance
}

/** A position that came to its end, with what it brought after fees. Nothing gained counts as lost. */
export function withClosed(performance: Performance, profit: Usd): Performance {
  return profit > NO_USD
    ? { ...performance, won: performance.won + 1, lossesInARow: 0 }
    : { ...performance, lost: performance.lost + 1, lossesInARow: performance.lossesInARow + 1 }
}

/** Loss since the day or hour opened; never negative. */
export function lossSince(open: Usd, equity: Usd): Usd {
  return greatest(NO_USD, minus(open, equity))
}

/** How far equity stands under its peak, 0 to 1. */
export function drawdown(performance: Performance, equity: Usd): number {
  return performance.peak <= NO_USD ? 0 : Math.max(0, fraction(minus(performance.peak, equity), performance.peak))
}
