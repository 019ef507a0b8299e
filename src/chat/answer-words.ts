import { minus, NO_USD, notional, plus, type Usd } from '../core/units/money.ts'
import type { Answers, AskedView } from './desk.ts'
import { age, clean, counted, signedDollars } from './format.ts'

/** Taps that say why not, after a no: what is said on record, and what stands on the button. */
export const REASONS = [
  { why: 'too late', label: 'Too late' },
  { why: 'the price', label: 'Price' },
  { why: 'the size', label: 'Size' },
  { why: 'the market', label: 'Market' },
  { why: 'the whale', label: 'Whale' },
] as const

/** Cards of some days, counted. */
export type Tally = {
  readonly asked: number
  readonly yes: number
  readonly no: number
  readonly ranOut: number
  /** Taken back or refused before anybody decided, and those that still wait. */
  readonly others: number
  /** From the card to the first decision of a person: in the middle, and at the 90th in 100. */
  readonly p50Ms: number | undefined
  readonly p90Ms: number | undefined
}

export function tallied(answers: Answers): Tally {
  const yes = answers.filter(({ answer }) => answer === 'yes').length
  const no = answers.filter(({ answer }) => answer === 'no').length
  const ranOut = answers.filter(hasRunOut).length
  const waits = answers
    .flatMap(({ askedAt, answeredAt }) => (answeredAt === undefined ? [] : [answeredAt - askedAt]))
    .sort((one, other) => one - other)
  const at = (part: number): number | undefined => waits[Math.min(waits.length - 1, Math.floor(waits.length * part))]
  return {
    asked: answers.length,
    yes,
    no,
    ranOut,
    others: answers.length - yes - no - ranOut,
    p50Ms: at(0.5),
    p90Ms: at(0.9),
  }
}

export function hasRunOut({ answer, verdict }: AskedView): boolean {
  return answer === undefined && verdict === 'expired'
}

/** `12 cards: 5 yes, 4 no, 3 ran out` */
export function tallyText({ asked, yes, no, ranOut, others }: Tally): string {
  const rest = others === 0 ? '' : `, ${others} taken back or still waiting`
  return `${counted(asked, 'card')}: ${yes} yes, ${no} no, ${ranOut} ran out${rest}`
}

/** How soon people decide; nothing where nobody has. */
export function speedText({ p50Ms, p90Ms }: Tally): string | undefined {
  if (p50Ms === undefined || p90Ms === undefined) return undefined
  return `after ${age(p50Ms)} at the median, ${age(p90Ms)} at the 90th percentile`
}

/** What a purchase that was not made would have brought until now, at the price that was shown, fees aside. */
export function missedProfit({ size, expected, now }: AskedView): Usd | undefined {
  return now === undefined ? undefined : minus(notional(size, now, 'down'), notional(size, expected, 'up'))
}

/** `+$12.30 on 6 purchases that were not made`, of those whose price is known; nothing where there is none. */
export function missedText(answers: Answers): string | undefined {
  const profits = answers.map(missedProfit).filter(profit => profit !== undefined)
  if (profits.length === 0) return undefined
  const sum = profits.reduce(plus, NO_USD)
  return `${signedDollars(sum)} on ${counted(profits.length, 'purchase')} not made, at the price shown then and the bid now, fees aside`
}

/** Why people said no, the most frequent first. */
export function reasonsText(answers: Answers): string | undefined {
  const counts = new Map<string, number>()
  for (const { answer, why } of answers) {
    if (answer !== 'no') continue
    const said = clean(why, 30).toLowerCase() || 'no reason given'
    counts.set(said, (counts.get(said) ?? 0) + 1)
  }
  const most = [...counts].sort(([, one], [, other]) => other - one).slice(0, REASONS_SHOWN)
  return most.length === 0 ? undefined : most.map(([why, count]) => `${why} ${count}`).join(', ')
}

const REASONS_SHOWN = 6
