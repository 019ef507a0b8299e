import { badge } from '../src/chat/announce-words.ts'
import { type Context, command } from '../src/chat/command.ts'
import { findPosition, positionName, positionTag } from '../src/chat/find-position.ts'
import { cents, dollars, partText, shareCount, signedDollars } from '../src/chat/format.ts'
import { factOf, instructed } from '../src/chat/instructing.ts'
import { carried, optional, percent, text } from '../src/chat/option.ts'
import { averageCost, openProfit, profitOfSale } from '../src/chat/position-words.ts'
import { type Reply, type Row, reply } from '../src/chat/reply.ts'
import { isSure, sureAbout, suretyFor } from '../src/chat/surety.ts'
import type { Position } from '../src/core/ledger/position.ts'

const ALL = 1_000_000
/** Parts that are offered, in percent. */
const PARTS = [100, 50, 25] as const

export default command({
  name: 'close',
  summary: 'Sell a position, or a part of it, at the bid. Without a part it first shows what that brings.',
  access: 'trader',
  options: {
    what: text('Its #id, the short name of its trade, or words of its title ("in quotes").'),
    part: optional(percent('How much of it: 100%, or 50%. It is shown what it would bring if not said.')),
    why: optional(text('Why, for the record.')),
    sure: carried(text('What the second press says.')),
  },
  async run({ what, part, why, sure }, context) {
    const position = await findPosition(context.desk, what)
    const isStale = sure !== undefined && !(isSure(sure, context.desk.now()) && sureAbout(sure) === endOf(position))
    if (part === undefined || isStale) return offered(position, context)
    return closing(position, BigInt(Math.round(part * ALL)), why, context)
  },
})

/** What it would bring now, and presses for it that are worth nothing seconds later: old messages must not sell. */
async function offered(position: Position, { desk }: Context): Promise<Reply> {
  const bids = await desk.bids(position.token, position.shares)
  const mark = badge(desk.status().isSimulated, position.account)
  const said = reply(`${mark} · what closing brings: ${positionName(position, 40)}`, 'warn').rows(heldRow(position))
  const shown =
    bids?.average === undefined
      ? said.rows(['Now', `its book cannot be had; ${cents(position.mark)} each when last asked`])
      : said.rows(
          ['Now', `${cents(bids.best)} bid; ${shareCount(bids.met)} shares at ${cents(bids.average)} on average`],
          [
            'Brings',
            `${dollars(bids.proceeds)} before fees, ${signedDollars(profitOfSale(position, bids.met, bids.proceeds))} against what they cost`,
          ],
        )
  const tag = positionTag(position)
  const sure = suretyFor(desk.now(), endOf(position))
  return PARTS.reduce(
    (so, part) => so.press(`Close ${part}%`, `close ${tag} ${part}% sure:${sure}`, { style: 'danger', isBelow: true }),
    shown.text('Nothing is sold before the second press, which counts for ten seconds.'),
  ).privately()
}

async function closing(position: Position, part: bigint, why: string | undefined, context: Context): Promise<Reply> {
  const facts = await instructed(context, { kind: 'close', token: position.token, part, why: why ?? '' })
  const short = factOf(facts, 'signalOpened')?.signal.short
  const mark = badge(context.desk.status().isSimulated, position.account)
  const said = reply(`${mark} · closing ${partText(part)} of ${positionName(position, 40)}`, 'warn')
    .text(
      'A fresh price is asked; the sale takes what the book offers down to 5¢ under its best bid, and the rest stays open.',
    )
    .rows(heldRow(position), [
      'Worth',
      `${cents(position.mark)} each when last asked, ${signedDollars(openProfit(position))} open on all of it`,
    ])
  return short === undefined ? said : said.press('Why', `why ${short}`)
}

/** Longer than what people type of a token, so that a press is to this position and no other. */
function endOf({ token }: Position): string {
  return token.slice(-12)
}

function heldRow(position: Position): Row {
  return [
    'Held',
    `${shareCount(position.shares)} shares, ${dollars(position.cost)} paid (${cents(averageCost(position))} each)`,
  ]
}
