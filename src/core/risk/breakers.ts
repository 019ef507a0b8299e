import { drawdown, lossSince, type Performance } from '../ledger/performance.ts'
import { type Instant, startOfDay, startOfHour } from '../units/ids.ts'
import { decimal, least, minus, NO_USD, scaled, type Usd } from '../units/money.ts'
import type { Hold, Holder } from './holds.ts'
import type { Limits } from './limits.ts'

/** The safety devices that open by themselves. A breaker measures and tells; its opening places a hold. */
export type Breaker = Extract<Holder, 'daily-loss' | 'hourly-loss' | 'losing-streak' | 'drawdown'>

export const BREAKERS: readonly Breaker[] = ['daily-loss', 'hourly-loss', 'losing-streak', 'drawdown']

/** A breaker that must open now: the hold it places. */
export type Opening = Hold & { readonly by: Breaker }

/**
 * Measures every breaker against the books, and gives those that are over their limit.
 *
 * Loss is of marked equity, so it counts what could be sold now and not what is hoped for. A limit is reached at the limit itself:
 * $500.00 lost opens a $500 breaker.
 */
export function measure(performance: Performance, equity: Usd, limits: Limits, at: Instant): readonly Opening[] {
  const openings: Opening[] = []
  const open = (by: Breaker, until: Hold['until'], why: string): void => {
    openings.push({ by, effect: 'halt', since: at, until, why })
  }

  const dayLoss = lossSince(performance.dayOpen, equity)
  const dayMax = dailyLossMax(performance, limits)
  if (dayLoss >= dayMax && dayLoss > NO_USD) {
    open(
      'daily-loss',
      startOfDay(performance.day + 1),
      `lost $${decimal(dayLoss)} today, the limit is $${decimal(dayMax)}`,
    )
  }
  const hourLoss = lossSince(performance.hourOpen, equity)
  if (hourLoss >= limits.hourlyLossMax) {
    const why = `lost $${decimal(hourLoss)} this hour, the limit is $${decimal(limits.hourlyLossMax)}`
    open('hourly-loss', startOfHour(performance.hour + 1), why)
  }
  if (performance.lossesInARow >= limits.lossesInARowMax) {
    open('losing-streak', 'released by hand', `${performance.lossesInARow} losses in a row`)
  }
  if (performance.peak > NO_USD && minus(performance.peak, equity) >= scaled(performance.peak, limits.drawdownPctMax)) {
    const fall = (drawdown(performance, equity) * 100).toFixed(1)
    const why = `down ${fall} % from the peak of $${decimal(performance.peak)}`
    open('drawdown', 'released by hand', why)
  }
  return openings
}

/** The tighter of the two daily limits. */
export function dailyLossMax(performance: Performance, limits: Limits): Usd {
  const part = performance.dayOpen > NO_USD ? scaled(performance.dayOpen, limits.dailyLossPctMax) : NO_USD
  return least(limits.dailyLossMax, part)
}
