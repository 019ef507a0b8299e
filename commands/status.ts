import { badge } from '../src/chat/announce-words.ts'
import { command } from '../src/chat/command.ts'
import { clean, counted, dollars, percent, signedDollars } from '../src/chat/format.ts'
import { modeText } from '../src/chat/mode-words.ts'
import { reply } from '../src/chat/reply.ts'
import { feedText, holdText } from '../src/chat/status-words.ts'

export default command({
  name: 'status',
  summary: 'Whether it trades, and how it stands: the one-screen answer.',
  access: 'viewer',
  options: {},
  run(_values, { desk }) {
    const { account, feeds, holds, ...status } = desk.status()
    const now = desk.now()
    const state = status.trading === 'active' ? 'trading' : status.trading === 'reducing' ? 'exits only' : 'HALTED'
    const tone = status.trading === 'active' ? 'good' : 'danger'
    const waiting =
      status.pending === 0 ? 'nothing waits for a person' : `${counted(status.pending, 'trade')} to decide`
    const said = reply(`${badge(status.isSimulated, account.account)} · ${state} · ${modeText(status.mode)}`, tone)
      .rows(...holds.map(hold => ['Hold', holdText(hold)] as const))
      .rows(
        [
          'Equity',
          `${dollars(account.equity)} (${signedDollars(account.today)} today), of ${dollars(account.deposits)} paid in`,
        ],
        ['Cash', `${dollars(account.cash)}, of which ${dollars(account.reserved)} set aside for orders`],
        ['At risk', `${dollars(account.exposed)} in ${counted(account.positions, 'position')}`],
        [
          'Profit',
          `${signedDollars(account.realised)} final, ${signedDollars(account.open)} open, fees ${dollars(account.fees)}`,
        ],
        ['Drawdown', `${percent(account.drawdown)} from the peak; ${account.won} won, ${account.lost} lost`],
        ['Work', `${counted(status.whales, 'whale')}, ${counted(status.openOrders, 'open order')}, ${waiting}`],
        ...feeds.map(feed => [`Feed ${clean(feed.name, 20)}`, feedText(feed, now)] as const),
      )
    const next = status.trading === 'halted' ? said.press('Breakers', 'breakers') : said.press('Stop', 'stop')
    return status.pending > 0 ? next.press('Pending', 'pending') : next
  },
})
