import type { Instant } from '../core/units/ids.ts'
import { badge } from './announce-words.ts'
import type { Status } from './desk.ts'
import { clean, clock, counted, dollars, percent, signedDollars } from './format.ts'
import { modeText } from './mode-words.ts'
import { type Reply, reply } from './reply.ts'
import { holdText } from './status-words.ts'

/** What stands pinned at the top of a channel: whether it is alive, whether it trades, and how it is doing. */
export function boardReply(status: Status, now: Instant): Reply {
  const { account, holds, trading, isSimulated, mode, feeds } = status
  const state = trading === 'active' ? 'trading' : trading === 'reducing' ? 'EXITS ONLY' : 'HALTED'
  const blind = feeds.filter(feed => feed.status !== 'live').map(feed => `${clean(feed.name, 20)} ${feed.status}`)
  return reply(
    `${badge(isSimulated, account.account)} · ${state} · ${modeText(mode)}`,
    trading === 'active' ? 'good' : 'danger',
  )
    .rows(...holds.map(hold => ['Hold', holdText(hold)] as const))
    .rows(
      ['Equity', `${dollars(account.equity)} (${signedDollars(account.today)} today)`],
      [
        'At risk',
        `${dollars(account.exposed)} in ${counted(account.positions, 'position')}, drawdown ${percent(account.drawdown)}`,
      ],
      ['To decide', counted(status.pending, 'trade')],
      ['Sources', blind.length === 0 ? `all ${feeds.length} live` : blind.join(', ')],
    )
    .until('Looked at', now, clock(now))
    .press('Status', 'status')
    .press('Stop', 'stop', { style: 'danger', isBelow: true })
}

/** What of a board is news: the same again is not worth an edit. */
export function boardSignature({ title, blocks }: Reply): string {
  return JSON.stringify([title, blocks.filter(block => block.kind !== 'until')])
}
