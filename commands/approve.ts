import { badge } from '../src/chat/announce-words.ts'
import { command } from '../src/chat/command.ts'
import { findPending } from '../src/chat/find-pending.ts'
import { cents, clean, dollars, shareCount } from '../src/chat/format.ts'
import { instructed } from '../src/chat/instructing.ts'
import { text } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'

export default command({
  name: 'approve',
  summary: 'Say yes to a waiting trade, at its price or better and no larger.',
  access: 'trader',
  options: { id: text('The short name on the card.') },
  async run({ id }, context) {
    const { signal, bound, title, outcome } = await findPending(context.desk, id)
    await instructed(context, { kind: 'approve', signal: signal.id })
    const word = bound.side === 'buy' ? 'most' : 'least'
    return reply(`${badge(context.desk.status().isSimulated, signal.account)} · approved ${signal.short}`, 'good')
      .text(`${clean(outcome, 30)} · ${clean(title)}`)
      .text(
        `To ${bound.side} ${shareCount(bound.size)} at ${word} ${cents(bound.limit)}, ${dollars(bound.dollars)} at ${word}. A fresh price is asked now and every gate is passed again; if the price has moved beyond that, nothing is sent.`,
      )
      .press('Why', `why ${signal.short}`)
  },
})
