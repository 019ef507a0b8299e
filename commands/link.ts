import { command } from '../src/chat/command.ts'
import { clock } from '../src/chat/format.ts'
import { optional, text } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'
import { UserError } from '../src/chat/user-error.ts'

export default command({
  name: 'link',
  summary: 'Link another account of yours: says a code here, to be said there within five minutes.',
  access: 'viewer',
  isObeyedLate: false,
  options: { code: optional(text('The code, where you say it: in the account that is not known yet.')) },
  run({ code }, { desk, actor }) {
    if (code !== undefined) throw new UserError('You are known here already: say the code in the account that is not.')
    const { code: issued, until } = desk.pair(actor)
    return reply(`Your code is ${issued}`, 'good')
      .text(`Say \`link ${issued}\` in a private chat with me on the other surface, before ${clock(until)}.`)
      .text('It works once. Whoever says it speaks for you: give it to nobody.')
      .privately()
  },
})
