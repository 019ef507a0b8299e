import { badge } from '../src/chat/announce-words.ts'
import { command } from '../src/chat/command.ts'
import { ALL } from '../src/chat/decide-all.ts'
import type { Pending } from '../src/chat/desk.ts'
import { age, clean, counted, shorten } from '../src/chat/format.ts'
import { wishText } from '../src/chat/pending-words.ts'
import { reply } from '../src/chat/reply.ts'
import type { Instant } from '../src/core/units/ids.ts'

const SHOWN_MAX = 20

export default command({
  name: 'pending',
  summary: 'Trades that wait for a person, the most urgent first.',
  access: 'viewer',
  options: {},
  run(_values, { desk }) {
    const waiting = [...desk.pending()].sort((one, other) => one.bound.expiresAt - other.bound.expiresAt)
    if (waiting.length === 0) return reply('Nothing waits for a person.')
    const rows = waiting.slice(0, SHOWN_MAX).map(each => row(each, desk.now()))
    const said = reply(
      `${badge(desk.status().isSimulated)} · ${counted(waiting.length, 'trade')} to decide`,
      'warn',
    ).table(['Id', 'Trade', 'Market', 'Whale', 'Left'], rows)
    const first = waiting[0]
    if (first === undefined) return said
    const { short } = first.signal
    const both = said
      .press(`Approve ${short}`, `approve ${short} card:${first.round}`, { style: 'good' })
      .press(`Reject ${short}`, `reject ${short}`, { style: 'danger', isBelow: true })
    if (waiting.length === 1) return both
    return both
      .press('Approve all', `approve ${ALL}`, { isBelow: true })
      .press('Reject all', `reject ${ALL}`, { style: 'danger', isBelow: true })
  },
})

function row(card: Pending, now: Instant): readonly string[] {
  const { signal, bound, title, whaleName } = card
  return [signal.short, wishText(card), shorten(clean(title), 40), clean(whaleName, 20), age(bound.expiresAt - now)]
}
