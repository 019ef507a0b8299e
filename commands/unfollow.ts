import { command } from '../src/chat/command.ts'
import { counted, whaleText } from '../src/chat/format.ts'
import { instructed } from '../src/chat/instructing.ts'
import { wallet } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'

export default command({
  name: 'unfollow',
  summary: 'Stop following a wallet. What was copied of it stays open.',
  access: 'trader',
  options: { wallet: wallet('The wallet, 0x and 40 hex digits.') },
  async run({ wallet: whale }, context) {
    const name = context.desk.whales().find(each => each.address === whale)?.name ?? ''
    await instructed(context, { kind: 'unfollow', whale })
    const left = context.desk.positions().filter(position => position.lots.has(whale)).length
    const said = reply(`${whaleText(name, whale)} is not followed any more`)
    if (left === 0) return said.text('No open position follows it.')
    return said
      .text(
        `${counted(left, 'position')} of it stay open, and nobody follows its exits any more: close by hand, or wait for the market's end.`,
      )
      .press('Positions', 'positions')
  },
})
