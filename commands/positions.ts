import { badge } from '../src/chat/announce-words.ts'
import { command } from '../src/chat/command.ts'
import type { Desk } from '../src/chat/desk.ts'
import { positionName, positionTag } from '../src/chat/find-position.ts'
import { cents, counted, dollars, shareCount, signedDollars, whaleText } from '../src/chat/format.ts'
import { averageCost, openProfit } from '../src/chat/position-words.ts'
import { reply } from '../src/chat/reply.ts'
import type { Position } from '../src/core/ledger/position.ts'

const SHOWN_MAX = 20
/** Positions that can be closed with a press, which asks once more; the others are typed. */
const PRESSES = 3

export default command({
  name: 'positions',
  summary: 'Open positions: what was paid, what they would bring, whose trades they were.',
  access: 'viewer',
  options: {},
  run(_values, { desk }) {
    const held = [...desk.positions()].sort((one, other) => (other.cost > one.cost ? 1 : -1))
    const mark = badge(desk.status().isSimulated)
    if (held.length === 0) return reply(`${mark} · no position is open`)
    const names = new Map(desk.whales().map(whale => [whale.address, whaleText(whale.name, whale.address)]))
    const rows = held.slice(0, SHOWN_MAX).map(position => row(position, names))
    const said = reply(`${mark} · ${counted(held.length, 'position')} open`)
      .table(['Id', 'Position', 'Shares', 'Paid', 'Now', 'Profit', 'Whose'], rows)
      .note('`close #id` shows what it would bring, `close #id 50%` sells a part. Now is the best bid when last asked.')
    const whole = held.length > SHOWN_MAX ? said.note(`… and ${held.length - SHOWN_MAX} more`) : said
    return held
      .slice(0, PRESSES)
      .reduce((so, position) => so.press(`Close ${positionTag(position)}`, `close ${positionTag(position)}`), whole)
  },
})

type Names = ReadonlyMap<ReturnType<Desk['whales']>[number]['address'], string>

function row(position: Position, names: Names): readonly string[] {
  const whose = [...position.lots.keys()].map(whale => names.get(whale) ?? whaleText('', whale))
  const profit = openProfit(position)
  return [
    positionTag(position),
    positionName(position, 40),
    shareCount(position.shares),
    `${dollars(position.cost)} (${cents(averageCost(position))})`,
    cents(position.mark),
    signedDollars(profit),
    whose.length > 2 ? `${whose[0]} and ${whose.length - 1} more` : whose.join(', '),
  ]
}
