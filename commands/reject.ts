import { command } from '../src/chat/command.ts'
import { ALL, rejectAll } from '../src/chat/decide-all.ts'
import { findSignal } from '../src/chat/find-pending.ts'
import { clean, personText } from '../src/chat/format.ts'
import { factOf, instructed } from '../src/chat/instructing.ts'
import { optional, text } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'

export default command({
  name: 'reject',
  summary: 'Say no to a waiting trade, or stop one that was approved and is not sent yet.',
  access: 'guardian',
  isObeyedLate: true,
  options: { id: text('The short name on the card, or `all`.'), why: optional(text('Why, for the record.')) },
  async run({ id, why }, context) {
    if (id.toLowerCase() === ALL) return rejectAll(why, context)
    const signal = await findSignal(context.desk, id)
    const found = context.desk.pending().find(each => each.signal.id === signal)
    const facts = await instructed(context, { kind: 'reject', signal, why: why ?? '' })
    if (factOf(facts, 'declineExplained') !== undefined)
      return reply(`Noted: ${id.toLowerCase()} was rejected because of ${why}`).privately()
    const vetoed = factOf(facts, 'signalDeclined')?.vetoed
    const overruled = vetoed === undefined ? '' : `, though ${personText(vetoed)} had approved it`
    const said = reply(`Rejected ${id.toLowerCase()}${overruled}: nothing is sent`).privately()
    const named = found === undefined ? said : said.text(`${clean(found.outcome, 30)} · ${clean(found.title)}`)
    return why === undefined ? named : named.rows(['Why', why])
  },
})
