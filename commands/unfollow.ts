import { command } from '../src/chat/command.ts'
import { findWhale } from '../src/chat/find-whale.ts'
import { counted, whaleText } from '../src/chat/format.ts'
import { instructed } from '../src/chat/instructing.ts'
import { who as whoOption } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'
import { UserError } from '../src/chat/user-error.ts'

export default command({
  name: 'unfollow',
  summary: 'Stop following a wallet. What was copied of it stays open.',
  access: 'trader',
  options: { who: whoOption('The wallet, or the name of a whale that is followed.') },
  async run({ who }, context) {
    const found = findWhale(context.desk, who)
    if (found === undefined) throw new UserError('That wallet is not followed.')
    const { address, name } = found
    await instructed(context, { kind: 'unfollow', whale: address })
    const left = context.desk.positions().filter(position => position.lots.has(address)).length
    const said = reply(`${whaleText(name, address)} is not followed any more`)
    if (left === 0) return said.text('No open position follows it.')
    return said
      .text(
        `${counted(left, 'position')} of it stay open, and nobody follows its exits any more: close by hand, or wait for the market's end.`,
      )
      .press('Positions', 'positions')
  },
})
