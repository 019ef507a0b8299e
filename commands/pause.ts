import { badge } from '../src/chat/announce-words.ts'
import { command } from '../src/chat/command.ts'
import { counted } from '../src/chat/format.ts'
import { countOf, instructed } from '../src/chat/instructing.ts'
import { optional, text } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'
import { holdText } from '../src/chat/status-words.ts'

/** A command of its own, so that no word after `stop` can ever make a stop do less. */
export default command({
  name: 'pause',
  summary: 'Buy nothing more, and go on following what was bought out.',
  access: 'guardian',
  isObeyedLate: true,
  options: { why: optional(text('Why, for the record.')) },
  async run({ why = '' }, context) {
    const facts = await instructed(context, { kind: 'pause', why })
    const { holds, account, pending, isSimulated } = context.desk.status()
    const asked = countOf(facts, 'cancelAsked')
    const hold = holds.find(each => each.by === 'pause')
    const said = reply(`${badge(isSimulated)} · EXITS ONLY: nothing is bought from here on`, 'warn').rows(
      ['Exits', `${counted(account.positions, 'position')} are followed out when the whale leaves, as before`],
      [
        'Resting',
        asked === 0 ? 'no purchase rests at the venue' : `${counted(asked, 'cancel')} of purchases asked of the venue`,
      ],
      [
        'Waiting',
        pending === 0
          ? 'no trade waits for a person'
          : `${counted(pending, 'trade')}; a purchase cannot be approved meanwhile`,
      ],
    )
    return (hold === undefined ? said : said.rows(['Hold', holdText(hold)]))
      .text("It survives a restart. An owner's `resume` ends it; `stop` stops exits as well.")
      .press('Stop', 'stop', { style: 'danger' })
      .press('Resume', 'resume', { isBelow: true })
  },
})
