import { badge } from '../src/chat/announce-words.ts'
import { command } from '../src/chat/command.ts'
import type { AccountView } from '../src/chat/desk.ts'
import { clean, counted, dayText, dollars, percent, signedDollars } from '../src/chat/format.ts'
import { optional, whole } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'

const DAYS = 7
const WHALES_SHOWN = 8

export default command({
  name: 'pnl',
  summary: 'Profit and loss: final and open, by day and by whale.',
  access: 'viewer',
  options: { days: optional(whole('How many days back.', { min: 1, max: 14 })) },
  async run({ days }, { desk }) {
    const { account, ...profit } = await desk.profit(days ?? DAYS)
    const lines = profit.days.map(day => [
      dayText(day.day),
      signedDollars(day.profit),
      dollars(day.fees),
      String(day.fills),
    ])
    const whales = profit.whales
      .slice(0, WHALES_SHOWN)
      .map(whale => [clean(whale.name, 30) || '?', signedDollars(whale.profit), dollars(whale.fees)])
    const title = `${badge(desk.status().isSimulated, account.account)} · ${signedDollars(account.realised)} final, ${signedDollars(account.open)} open`
    const said = reply(title, account.realised >= 0n ? 'good' : 'warn').rows(['Result', resultText(account)])
    const daily = lines.length === 0 ? said : said.table(['Day (UTC)', 'Profit', 'Fees', 'Fills'], lines)
    return whales.length === 0 ? daily : daily.table(['Whale', 'Profit', 'Fees'], whales)
  },
})

function resultText(account: AccountView): string {
  const closed = account.won + account.lost
  const rate =
    closed === 0 ? 'nothing closed yet' : `${account.won} of ${closed} won (${percent(account.won / closed)})`
  const streak = account.lossesInARow > 1 ? `, ${counted(account.lossesInARow, 'loss', 'losses')} in a row` : ''
  return `${rate}${streak}, ${percent(account.drawdown)} under the peak, fees ${dollars(account.fees)}`
}
