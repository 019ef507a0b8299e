import type { SignalId } from '../core/units/ids.ts'
import { fraction, NO_USD, plus, type Usd } from '../core/units/money.ts'
import { badge } from './announce-words.ts'
import type { Context } from './command.ts'
import type { Actor, Desk, Pending } from './desk.ts'
import { clean, counted, dollars, percent, shorten } from './format.ts'
import { factOf, instructed } from './instructing.ts'
import { wishText } from './pending-words.ts'
import { type Reply, reply } from './reply.ts'
import { isSure, sureAbout, suretyFor } from './surety.ts'
import { UserError } from './user-error.ts'

/** The word that stands for every trade that waits. */
export const ALL = 'all'
/** Trades that one press may approve: as many as are still read on a phone before it. */
const APPROVED_AT_ONCE = 10

/**
 * Says yes to what waits, the best edge first. Two presses, whatever it comes to: the first shows the trades and their total, the
 * second is to these very trades in these versions, and counts for ten seconds. What came since is left waiting, and what is gone
 * is told. Each is still a decision of its own, which passes every gate with what the ones before it have used up.
 */
export async function approveAll(sure: string | undefined, context: Context): Promise<Reply> {
  const { desk } = context
  const shown = isSure(sure, desk.now()) ? desk.offer(sureAbout(sure)) : undefined
  if (shown === undefined) return askedFirst(context)
  const outcomes: Outcome[] = []
  for (const { signal, short, round } of shown) {
    const card = desk.pending().find(each => each.signal.id === signal)
    const became = await tried(() => saidYes(signal, round, context))
    outcomes.push({ short, trade: card === undefined ? '' : wishText(card), became })
  }
  return approved(outcomes, context)
}

/** Says no to what waits, the most urgent first. What was decided meanwhile says so. */
export async function rejectAll(why: string | undefined, context: Context): Promise<Reply> {
  const waiting = [...context.desk.pending()].sort((one, other) => one.bound.expiresAt - other.bound.expiresAt)
  if (waiting.length === 0) throw new UserError('Nothing waits for a person.')
  const outcomes: Outcome[] = []
  for (const card of waiting) {
    const wish = { kind: 'reject', signal: card.signal.id, why: why ?? '' } as const
    const became = await tried(() => instructed(context, wish).then(() => 'rejected'))
    outcomes.push({ short: card.signal.short, trade: wishText(card), became })
  }
  const rejected = outcomes.filter(({ became }) => became === 'rejected').length
  const mark = badge(context.desk.status().isSimulated)
  const said = reply(`${mark} · rejected ${counted(rejected, 'trade')}: nothing is sent of them`).privately()
  return outcomeTable(said, outcomes)
}

type Outcome = { readonly short: string; readonly trade: string; readonly became: string }

/** What waits for this person, exits first, since leaving late costs most; then by what is left of the edge. */
function offeredTo(desk: Desk, { person }: Actor): readonly Pending[] {
  const edge = ({ bound, stake }: Pending): number =>
    bound.side === 'sell' ? Number.POSITIVE_INFINITY : stake === undefined ? 0 : stake.chance - stake.cost
  return desk
    .pending()
    .filter(({ votes }) => !votes.includes(person))
    .sort((one, other) => (edge(one) === edge(other) ? 0 : edge(other) - edge(one)))
}

function askedFirst({ desk, actor }: Context): Reply {
  const offered = offeredTo(desk, actor)
  if (offered.length === 0) throw new UserError('No trade waits for your yes.')
  const chosen = offered.slice(0, APPROVED_AT_ONCE)
  const { isSimulated, account } = desk.status()
  const total = spentOn(chosen)
  const risk = plus(plus(account.exposed, account.reserved), total)
  const said = reply(
    `${badge(isSimulated)} · ${counted(chosen.length, 'trade')}, ${dollars(total)} in all: sure?`,
    'warn',
  )
    .table(['Id', 'Trade', 'Market'], chosen.map(rowOf))
    .rows(['After it', `${percent(fraction(risk, account.equity))} of bankroll at risk, if all of it is bought`])
    .text('Nothing is done before the second press, which counts for ten seconds and for these trades as they are.')
  const more = offered.length - chosen.length
  const name = desk.keepOffer(chosen.map(({ signal, round }) => ({ signal: signal.id, short: signal.short, round })))
  return (more > 0 ? said.note(`${counted(more, 'more trade')} would still wait.`) : said)
    .press(`Approve all, ${dollars(total)}`, `approve ${ALL} sure:${suretyFor(desk.now(), name)}`, { style: 'good' })
    .press('Pending', 'pending', { isBelow: true })
    .privately()
}

function spentOn(chosen: readonly Pending[]): Usd {
  return chosen.reduce((sum, { bound }) => (bound.side === 'buy' ? plus(sum, bound.dollars) : sum), NO_USD)
}

async function saidYes(signal: SignalId, round: number, context: Context): Promise<string> {
  const facts = await instructed(context, { kind: 'approve', signal, round })
  return factOf(facts, 'approvalGiven') === undefined ? 'your yes counts; more people must say it' : 'approved'
}

/** One that comes to nothing must not keep the others from being decided. */
async function tried(decide: () => Promise<string>): Promise<string> {
  try {
    return await decide()
  } catch (error) {
    if (error instanceof UserError) return `not done: ${error.message}`
    throw error
  }
}

function approved(outcomes: readonly Outcome[], { desk }: Context): Reply {
  const given = outcomes.filter(({ became }) => became === 'approved').length
  const title = `${badge(desk.status().isSimulated)} · approved ${given} of ${counted(outcomes.length, 'trade')}`
  return outcomeTable(reply(title, given === outcomes.length ? 'good' : 'warn'), outcomes)
    .text(
      'A fresh price is asked for each and every gate is passed again; one whose price has moved beyond its card is asked again.',
    )
    .privately()
}

function outcomeTable(said: Reply, outcomes: readonly Outcome[]): Reply {
  return said.table(
    ['Id', 'Trade', 'Became'],
    outcomes.map(({ short, trade, became }) => [short, trade, became]),
  )
}

function rowOf(card: Pending): readonly string[] {
  return [card.signal.short, wishText(card), shorten(clean(card.title), 40)]
}
