import { badge } from '../src/chat/announce-words.ts'
import { type Context, command } from '../src/chat/command.ts'
import { ALL, approveAll } from '../src/chat/decide-all.ts'
import type { Pending } from '../src/chat/desk.ts'
import { findPending, findSignal } from '../src/chat/find-pending.ts'
import { cents, clean, counted, dollars, personText, shareCount } from '../src/chat/format.ts'
import { factOf, instructed } from '../src/chat/instructing.ts'
import { carried, dollars as dollarsOption, optional, text, whole } from '../src/chat/option.ts'
import { type Reply, reply } from '../src/chat/reply.ts'
import { isSure, needsSurety, suretyFor } from '../src/chat/surety.ts'
import { UserError } from '../src/chat/user-error.ts'
import type { Usd } from '../src/core/units/money.ts'

const VERSIONS_MAX = 99

export default command({
  name: 'approve',
  summary: 'Say yes to a waiting trade, at its price or better and no larger.',
  access: 'trader',
  options: {
    id: text('The short name on the card, or `all`.'),
    amount: optional(dollarsOption('Dollars at most, where it is not what the card says.')),
    card: carried(whole('The version of the card that you look at.', { min: 1, max: VERSIONS_MAX })),
    sure: carried(text('What the second press of a large trade says.')),
  },
  async run({ id, amount, card, sure }, context) {
    if (id.toLowerCase() === ALL) return approvesAll(amount, card, sure, context)
    const signal = await findSignal(context.desk, id)
    const found = context.desk.pending().find(each => each.signal.id === signal)
    const isThisCard = found !== undefined && (card === undefined || card === found.round)
    if (isThisCard && isLarge(found, amount, context) && !isSure(sure, context.desk.now()))
      return askAgain(found, amount, card, context)
    const facts = await instructed(context, { kind: 'approve', signal, round: card, dollars: amount })
    const given = factOf(facts, 'approvalGiven')
    if (found === undefined) return reply(`Approved ${id}`, 'good')
    if (given === undefined) return voted(found, context)
    return approved({ ...found, bound: given.bound ?? found.bound }, context)
  },
})

function approvesAll(
  amount: Usd | undefined,
  card: number | undefined,
  sure: string | undefined,
  context: Context,
): Promise<Reply> {
  if (amount !== undefined || card !== undefined)
    throw new UserError('`approve all` takes each trade as its card says, without an amount or a version.', true)
  return approveAll(sure, context)
}

function isLarge({ bound }: Pending, amount: Usd | undefined, { desk }: Context): boolean {
  return bound.side === 'buy' && needsSurety(amount ?? bound.dollars, desk.status().account.equity)
}

/** A large trade takes a second press, within seconds: a thumb slips. */
function askAgain(found: Pending, amount: Usd | undefined, card: number | undefined, { desk }: Context): Reply {
  const { signal, bound, round, title, outcome } = found
  const wanted = amount ?? bound.dollars
  const version = card ?? round
  const line = `approve ${signal.short} ${dollars(wanted).replaceAll(',', '')} card:${version} sure:${suretyFor(desk.now())}`
  return reply(
    `${badge(desk.status().isSimulated, signal.account)} · ${dollars(wanted)} is a large trade: sure?`,
    'warn',
  )
    .text(`${clean(outcome, 30)} · ${clean(title)}`)
    .text('Nothing is done before the second press. It counts for ten seconds.')
    .press(`Confirm ${dollars(wanted)} ≤${cents(bound.limit)}`, line, { style: 'good' })
    .press('Reject', `reject ${signal.short}`, { style: 'danger', isBelow: true })
    .privately()
}

function approved({ signal, bound, title, outcome }: Pending, { desk }: Context): Reply {
  const word = bound.side === 'buy' ? 'most' : 'least'
  return reply(`${badge(desk.status().isSimulated, signal.account)} · approved ${signal.short}`, 'good')
    .text(`${clean(outcome, 30)} · ${clean(title)}`)
    .text(
      `To ${bound.side} ${shareCount(bound.size)} at ${word} ${cents(bound.limit)}, ${dollars(bound.dollars)} at ${word}. A fresh price is asked now and every gate is passed again; if the price has moved beyond that, nothing is sent and you are asked again.`,
    )
    .press('Why', `why ${signal.short}`)
    .privately()
}

async function voted(before: Pending, context: Context): Promise<Reply> {
  const { signal, votes, persons, round } = await findPending(context.desk, before.signal.short)
  const left = persons - votes.length
  const isAnother = round !== before.round
  return reply(
    `Your yes to ${signal.short} counts: ${counted(left, 'more person', 'more people')} must say yes`,
    'good',
  )
    .rows(['Said yes', votes.map(personText).join(', ')])
    .text(isAnother ? 'It is another amount, so everybody is shown the card anew.' : 'Nothing is sent before that.')
    .privately()
}
