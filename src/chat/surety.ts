import { createHash } from 'node:crypto'
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

/** What the second press carries: until when it counts, in seconds, and a few letters that stand for what was shown, where that can change. */
export function suretyFor(now: Instant, shown = ''): string {
  const until = Math.ceil((now + SURE_MS) / 1_000).toString(36)
  return shown === '' ? until : `${until}-${printOf(shown)}`
}

/** Whether it is the second press, in time. */
export function isSure(said: string | undefined, now: Instant): boolean {
  const [seconds = '', ...rest] = said?.split('-') ?? []
  if (!/^[0-9a-z]{1,9}$/.test(seconds) || rest.length > 1) return false
  const until = Number.parseInt(seconds, 36) * 1_000
  return now < until && until <= now + SURE_MS + 1_000
}

/** Whether what was shown to whoever pressed is still what there is. */
export function isSureOf(said: string | undefined, shown: string): boolean {
  return said?.split('-')[1] === printOf(shown)
}

const PRINT_LETTERS = 8

function printOf(shown: string): string {
  return createHash('sha256').update(shown).digest('hex').slice(0, PRINT_LETTERS)
}
