import { need } from '../src/chat/access.ts'
import { BREAKER_NAMES, breakerRows } from '../src/chat/breaker-words.ts'
import { type Context, command } from '../src/chat/command.ts'
import { instructed } from '../src/chat/instructing.ts'
import { choice, optional, text } from '../src/chat/option.ts'
import { type Reply, reply } from '../src/chat/reply.ts'
import { holdText } from '../src/chat/status-words.ts'
import { UserError } from '../src/chat/user-error.ts'
import type { Breaker } from '../src/core/risk/breakers.ts'

export default command({
  name: 'breakers',
  summary: 'Breakers and holds; reset one that waits for a hand, or accept the books after a difference.',
  access: 'viewer',
  isObeyedLate: false,
  options: {
    action: optional(choice('What to do.', ['show', 'reset', 'accept'])),
    name: optional(choice('The breaker to reset.', BREAKER_NAMES)),
    why: optional(text('Why the books are accepted.')),
  },
  run({ action, name, why }, context) {
    if (action === 'reset') return reset(name, context)
    if (action === 'accept') return accept(why, context)
    return shown(context)
  },
})

function shown({ desk }: Context): Reply {
  const { holds, trading } = desk.status()
  const open = holds.map(hold => ['Hold', holdText(hold)] as const)
  const title = holds.length === 0 ? 'All breakers are closed, and nothing holds trading' : `Trading is ${trading}`
  const said = reply(title, holds.length === 0 ? 'good' : 'danger').rows(...open)
  return said.table(['Breaker', 'State', 'Opens at', 'Closes'], breakerRows(holds, desk.limits()))
}

async function reset(name: Breaker | undefined, context: Context): Promise<Reply> {
  need(context.actor, 'owner', 'Resetting a breaker')
  if (name === undefined) throw new UserError(`Say which: ${BREAKER_NAMES.join(', ')}.`)
  await instructed(context, { kind: 'resetBreaker', breaker: name })
  const { trading } = context.desk.status()
  return reply(`Breaker ${name} is reset; trading is ${trading}`, 'warn')
    .text('It measures on from here: the drawdown from the present equity, the streak from nothing.')
    .press('Status', 'status')
}

async function accept(why: string | undefined, context: Context): Promise<Reply> {
  need(context.actor, 'owner', 'Accepting the books')
  if (why === undefined) throw new UserError('Say what was found out: breakers accept why:"…". It goes on record.')
  await instructed(context, { kind: 'acceptBooks', why })
  return reply(`Our books are taken for right; trading is ${context.desk.status().trading}`, 'warn')
    .rows(['Why', why])
    .press('Status', 'status')
}
