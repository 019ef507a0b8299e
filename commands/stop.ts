import { badge } from '../src/chat/announce-words.ts'
import { command } from '../src/chat/command.ts'
import { clock, counted } from '../src/chat/format.ts'
import { countOf, factOf } from '../src/chat/instructing.ts'
import { optional, text } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'
import { holdText } from '../src/chat/status-words.ts'

export default command({
  name: 'stop',
  also: ['halt', 'panic', 'paper'],
  summary: 'Stop all trading now and cancel every resting order.',
  access: 'guardian',
  options: { why: optional(text('Why, for the record.')) },
  async run({ why }, { desk, actor }) {
    const before = desk.status()
    const facts = await desk.instruct({ kind: 'stop', why: why ?? '' }, actor)
    const { holds, account, pending, isSimulated } = desk.status()
    const hold = holds.find(each => each.by === 'operator')
    const asked = countOf(facts, 'cancelAsked')
    const isNew = factOf(facts, 'holdPlaced') !== undefined
    const inFlight = Math.max(0, before.openOrders - asked)
    if (hold === undefined)
      return reply('Trading could NOT be stopped: look at once', 'danger').press('Status', 'status')
    const title = `${badge(isSimulated)} · STOPPED ${clock(hold.since)}${isNew ? '' : ' (it was stopped already)'}`
    return reply(title, 'danger')
      .rows(
        ['New orders', 'none is sent from here on, neither entries nor exits'],
        ['Resting', asked === 0 ? 'no resting order to cancel' : `${counted(asked, 'cancel')} asked of the venue`],
        [
          'In flight',
          inFlight === 0 ? 'nothing else' : `${counted(inFlight, 'order')} may still fill, followed to the end`,
        ],
        ['Positions', `${counted(account.positions, 'position')} stay open: nothing is sold`],
        [
          'Waiting',
          pending === 0
            ? 'no trade waits for a person'
            : `${counted(pending, 'trade')} cannot be approved and will expire`,
        ],
        ['Hold', holdText(hold)],
      )
      .text('It survives a restart. Only `resume` by an owner ends it.')
      .press('Orders', 'orders')
      .press('Resume', 'resume')
  },
})
