import { BREAKERS, type Breaker } from '../core/risk/breakers.ts'
import type { Hold } from '../core/risk/holds.ts'
import type { Limits } from '../core/risk/limits.ts'
import { dollars, percent } from './format.ts'

export const BREAKER_NAMES: readonly Breaker[] = BREAKERS

/** Each breaker: open or closed, where it opens, how it closes again. */
export function breakerRows(holds: readonly Hold[], limits: Limits): readonly (readonly string[])[] {
  const daily = `${dollars(limits.dailyLossMax)} or ${percent(limits.dailyLossPctMax)} of the day's opening`
  const words: Readonly<Record<Breaker, readonly [opens: string, closes: string]>> = {
    'daily-loss': [daily, 'by itself at the next UTC midnight'],
    'hourly-loss': [dollars(limits.hourlyLossMax), 'by itself at the next full hour'],
    'losing-streak': [`${limits.lossesInARowMax} losses in a row`, '`breakers reset losing-streak`'],
    drawdown: [`${percent(limits.drawdownPctMax)} under the peak`, '`breakers reset drawdown`'],
  }
  return BREAKERS.map(name => [name, holds.some(hold => hold.by === name) ? 'OPEN' : 'closed', ...words[name]])
}
