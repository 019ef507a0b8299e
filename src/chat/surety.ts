import type { Instant } from '../core/units/ids.ts'
import { fraction, NO_USD, type Usd, usd } from '../core/units/money.ts'

/** From here on a yes takes a second press. A judgement: what hurts if a thumb slips. */
const LARGE = usd('250')
const LARGE_PART = 0.02
/** How long the second press counts. */
const SURE_MS = 10_000

export function needsSurety(dollars: Usd, equity: Usd): boolean {
  return dollars > LARGE || equity <= NO_USD || fraction(dollars, equity) > LARGE_PART
}

/** What the second press carries: until when it counts, in seconds. */
export function suretyFor(now: Instant): string {
  return Math.ceil((now + SURE_MS) / 1_000).toString(36)
}

export function isSure(said: string | undefined, now: Instant): boolean {
  if (said === undefined || !/^[0-9a-z]{1,9}$/.test(said)) return false
  const until = Number.parseInt(said, 36) * 1_000
  return now < until && until <= now + SURE_MS + 1_000
}
