import { badge } from '../src/chat/announce-words.ts'
import { command } from '../src/chat/command.ts'
import { findPosition, positionName } from '../src/chat/find-position.ts'
import { cents, dollars, partText, shareCount, signedDollars } from '../src/chat/format.ts'
import { factOf, instructed } from '../src/chat/instructing.ts'
import { optional, percent, text } from '../src/chat/option.ts'
import { averageCost, openProfit } from '../src/chat/position-words.ts'
import { reply } from '../src/chat/reply.ts'

const ALL = 1_000_000

export default command({
  name: 'close',
  summary: 'Sell a position, or a part of it, at what the book offers now.',
  access: 'trader',
  options: {
    what: text('Its #id, the short name of its trade, or words of its title ("in quotes").'),
    part: optional(percent('How much of it: 50%. All of it if not said.')),
    why: optional(text('Why, for the record.')),
  },
  async run({ what, part, why }, context) {
    const position = await findPosition(context.desk, what)
    const millionths = BigInt(Math.round((part ?? 1) * ALL))
    const facts = await instructed(context, { kind: 'close', token: position.token, part: millionths, why: why ?? '' })
    const short = factOf(facts, 'signalOpened')?.signal.short
    const mark = badge(context.desk.status().isSimulated, position.account)
    const said = reply(`${mark} · closing ${partText(millionths)} of ${positionName(position, 40)}`, 'warn')
      .text(
        'A fresh price is asked; the sale takes what the book offers down to 5¢ under its best bid, and the rest stays open.',
      )
      .rows(
        [
          'Held',
          `${shareCount(position.shares)} shares, ${dollars(position.cost)} paid (${cents(averageCost(position))} each)`,
        ],
        [
          'Worth',
          `${cents(position.mark)} each when last asked, ${signedDollars(openProfit(position))} open on all of it`,
        ],
      )
    return short === undefined ? said : said.press('Why', `why ${short}`)
  },
})
