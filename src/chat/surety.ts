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

/** What the second press carries: until when it counts, in seconds, and what it is about, where the line does not say that. */
export function suretyFor(now: Instant, about = ''): string {
  const until = Math.ceil((now + SURE_MS) / 1_000).toString(36)
  return about === '' ? until : `${until}-${about}`
}

/** Whether it is the second press, in time. */
export function isSure(said: string | undefined, now: Instant): boolean {
  const [seconds = '', ...rest] = said?.split('-') ?? []
  if (!/^[0-9a-z]{1,9}$/.test(seconds) || rest.length > 1) return false
  const until = Number.parseInt(seconds, 36) * 1_000
  return now < until && until <= now + SURE_MS + 1_000
}

/** What the second press is about. */
export function sureAbout(said: string | undefined): string {
  return said?.split('-')[1] ?? ''
}
