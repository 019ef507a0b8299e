import { need } from '../src/chat/access.ts'
import { badge } from '../src/chat/announce-words.ts'
import { type Context, command } from '../src/chat/command.ts'
import { clean, moment, personText } from '../src/chat/format.ts'
import { factOf, instructed } from '../src/chat/instructing.ts'
import { modeText } from '../src/chat/mode-words.ts'
import { choice, flag, optional } from '../src/chat/option.ts'
import { type Reply, reply } from '../src/chat/reply.ts'

export default command({
  name: 'mode',
  summary: 'Show the mode, or change it: whose money, and whether a person is asked first.',
  access: 'viewer',
  isObeyedLate: false,
  options: {
    mode: optional(choice('The mode to change to.', ['paper', 'approval', 'live'])),
    approvals: optional(flag('On PAPER: whether every trade waits for a person.')),
  },
  run({ mode, approvals }, context) {
    if (mode === undefined && approvals === undefined) return shown(context)
    if (mode === 'approval' || mode === 'live') return wished(mode, context)
    return paper(approvals ?? context.desk.status().mode.approvals, context)
  },
})

function shown({ desk }: Context): Reply {
  const { mode, isSimulated } = desk.status()
  const asks = mode.approvals
    ? 'Every entry and exit of a whale waits for a person.'
    : 'What passes every gate is copied at once.'
  return reply(`${badge(isSimulated)} · mode is ${modeText(mode)}`)
    .text(`${asks} No real money: PAPER never sends an order to an exchange.`)
    .rows(['Since', `${moment(mode.since)}, by ${personText(mode.by)}`])
    .press(mode.approvals ? 'Approvals off' : 'Approvals on', `mode paper ${mode.approvals ? 'off' : 'on'}`)
}

/** Asking people before trading is always allowed; ceasing to ask is the owner's to say. */
async function paper(approvals: boolean, context: Context): Promise<Reply> {
  need(context.actor, approvals ? 'guardian' : 'owner', approvals ? 'Turning approvals on' : 'Turning approvals off')
  await instructed(context, { kind: 'setMode', wish: { kind: 'paper', approvals } })
  return shown(context)
}

async function wished(kind: 'approval' | 'live', context: Context): Promise<Reply> {
  need(context.actor, 'owner', `Switching to ${kind.toUpperCase()}`)
  const facts = await instructed(context, { kind: 'setMode', wish: { kind } })
  const refused = factOf(facts, 'modeRefused')
  if (refused === undefined) return shown(context)
  const head = reply(`Refused: the mode stays ${modeText(context.desk.status().mode)}`, 'warn')
  return refused.faults.reduce((said, fault) => said.text(clean(fault, 200)), head)
}
