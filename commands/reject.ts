import { command } from '../src/chat/command.ts'
import { findPending } from '../src/chat/find-pending.ts'
import { clean } from '../src/chat/format.ts'
import { instructed } from '../src/chat/instructing.ts'
import { optional, text } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'

export default command({
  name: 'reject',
  summary: 'Say no to a waiting trade.',
  access: 'guardian',
  options: { id: text('The short name on the card.'), why: optional(text('Why, for the record.')) },
  async run({ id, why }, context) {
    const { signal, title, outcome } = await findPending(context.desk, id)
    await instructed(context, { kind: 'reject', signal: signal.id, why: why ?? '' })
    const said = reply(`Rejected ${signal.short}: nothing is sent`).text(`${clean(outcome, 30)} · ${clean(title)}`)
    return why === undefined ? said : said.rows(['Why', why])
  },
})
