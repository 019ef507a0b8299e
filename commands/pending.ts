import { badge } from '../src/chat/announce-words.ts'
import { command } from '../src/chat/command.ts'
import { ALL } from '../src/chat/decide-all.ts'
import type { Pending } from '../src/chat/desk.ts'
import { age, cents, clean, counted, dollars, shorten } from '../src/chat/format.ts'
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

function row({ signal, bound, title, outcome, whaleName }: Pending, now: Instant): readonly string[] {
  const sign = bound.side === 'buy' ? '≤' : '≥'
  const trade = `${bound.side} ${clean(outcome, 20)} ${sign}${cents(bound.limit)} ${dollars(bound.dollars)}`
  return [signal.short, trade, shorten(clean(title), 40), clean(whaleName, 20), age(bound.expiresAt - now)]
}
