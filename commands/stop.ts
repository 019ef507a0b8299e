import { badge } from '../src/chat/announce-words.ts'
import { type Context, command } from '../src/chat/command.ts'
import type { Status } from '../src/chat/desk.ts'
import { clock, counted } from '../src/chat/format.ts'
import { countOf, factOf } from '../src/chat/instructing.ts'
import { optional, text } from '../src/chat/option.ts'
import { type Reply, reply } from '../src/chat/reply.ts'
import { holdText } from '../src/chat/status-words.ts'
import type { Fact } from '../src/core/engine/fact.ts'
import type { Instant } from '../src/core/units/ids.ts'

export default command({
  name: 'stop',
  also: ['halt', 'panic', 'paper'],
  summary: 'Stop all trading now and cancel every resting order.',
  access: 'guardian',
  isObeyedLate: true,
  options: { why: optional(text('Why, for the record.')) },
  async run({ why = '' }, context) {
    const { desk, actor } = context
    // In force from here on, whatever the record, the venue or a surface does.
    const since = desk.halt(why, actor)
    const before = desk.status()
    const facts = await desk.recorded(desk.instruct({ kind: 'stop', why }, actor))
    return facts === undefined ? unrecorded(since, before) : stopped(since, before, facts, context)
  },
})

/** The database, or the machine, is busy: the stop holds and is put on record as soon as that can be. */
function unrecorded(since: Instant, { isSimulated, openOrders }: Status): Reply {
  return reply(`${badge(isSimulated)} · STOPPED ${clock(since)}, and not on record yet`, 'danger')
    .rows(
      ['New orders', 'none is sent from here on, neither entries nor exits'],
      ['Record', 'it cannot be written at the moment; a file keeps the stop, also through a restart'],
      [
        'In flight',
        `${counted(openOrders, 'order')} may still fill or rest, and are looked after as soon as it can be written`,
      ],
    )
    .press('Status', 'status')
}

function stopped(since: Instant, before: Status, facts: readonly Fact[], { desk }: Context): Reply {
  const { holds, account, pending, isSimulated } = desk.status()
  const hold = holds.find(each => each.by === 'operator')
  const asked = countOf(facts, 'cancelAsked')
  const isNew = factOf(facts, 'holdPlaced') !== undefined
  const inFlight = Math.max(0, before.openOrders - asked)
  const title = `${badge(isSimulated)} · STOPPED ${clock(hold?.since ?? since)}${isNew ? '' : ' (it was stopped already)'}`
  const said = reply(title, 'danger').rows(
    ['New orders', 'none is sent from here on, neither entries nor exits'],
    ['Resting', asked === 0 ? 'no resting order to cancel' : `${counted(asked, 'cancel')} asked of the venue`],
    [
      'In flight',
      inFlight === 0 ? 'nothing else' : `${counted(inFlight, 'order')} may still fill, followed to the end`,
    ],
    ['Positions', `${counted(account.positions, 'position')} stay open: nothing is sold`],
    [
      'Waiting',
      pending === 0 ? 'no trade waits for a person' : `${counted(pending, 'trade')} cannot be approved and will expire`,
    ],
  )
  return (hold === undefined ? said : said.rows(['Hold', holdText(hold)]))
    .text('It survives a restart. Only `resume` by an owner ends it.')
    .press('Orders', 'orders')
    .press('Resume', 'resume', { isBelow: true })
}
