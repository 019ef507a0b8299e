import type { Pending } from './desk.ts'
import { cents, clean, dollars } from './format.ts'

/** What a card that waits asks for, in a few words: `buy Yes ≤63.4¢ $40.00`. */
export function wishText({ bound, outcome }: Pick<Pending, 'bound' | 'outcome'>): string {
  const sign = bound.side === 'buy' ? '≤' : '≥'
  return `${bound.side} ${clean(outcome, 20) || '?'} ${sign}${cents(bound.limit)} ${dollars(bound.dollars)}`
}
