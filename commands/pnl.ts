import { badge } from '../src/chat/announce-words.ts'
import { command } from '../src/chat/command.ts'
import type { AccountView, Profit } from '../src/chat/desk.ts'
import { clean, counted, dayText, dollars, percent, signedDollars } from '../src/chat/format.ts'
import { optional, whole } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'

const DAYS = 7
/** Days of which each has its own line. */
const DAYS_SHOWN = 14
const WHALES_SHOWN = 8

export default command({
  name: 'pnl',
  summary: 'Profit and loss: final and open, by day and by whale.',
  access: 'viewer',
  options: { days: optional(whole('How many days back.', { min: 1, max: 90 })) },
  async run({ days = DAYS }, { desk }) {
    const [{ account, ...profit }, picture] = await Promise.all([desk.profit(days), desk.picture(days)])
    const lines = dayLines(profit.days)
    const whales = profit.whales
      .slice(0, WHALES_SHOWN)
      .map(whale => [clean(whale.name, 30) || '?', signedDollars(whale.profit), dollars(whale.fees)])
    const title = `${badge(desk.status().isSimulated, account.account)} · ${signedDollars(account.realised)} final, ${signedDollars(account.open)} open`
    const said = reply(title, account.realised >= 0n ? 'good' : 'warn').rows(['Result', resultText(account)])
    const daily = lines.length === 0 ? said : said.table(['Day (UTC)', 'Profit', 'Fees', 'Fills'], lines)
    const whole = whales.length === 0 ? daily : daily.table(['Whale', 'Profit', 'Fees'], whales)
    return whole.drawn(picture)
  },
})

type Day = Profit['days'][number]

/** The newest days one by one, and what was before them in one line. */
function dayLines(days: readonly Day[]): readonly (readonly string[])[] {
  const line = (name: string, { profit, fees, fills }: Omit<Day, 'day'>): readonly string[] => [
    name,
    signedDollars(profit),
    dollars(fees),
    String(fills),
  ]
  const earlier = days.slice(DAYS_SHOWN)
  const shown = days.slice(0, DAYS_SHOWN).map(day => line(dayText(day.day), day))
  return earlier.length === 0 ? shown : [...shown, line(`${counted(earlier.length, 'day')} before`, sumOf(earlier))]
}

function sumOf(days: readonly Day[]): Omit<Day, 'day'> {
  const nothing = { profit: 0n, fees: 0n, fills: 0 }
  const sum = days.reduce(
    (so, { profit, fees, fills }) => ({ profit: so.profit + profit, fees: so.fees + fees, fills: so.fills + fills }),
    nothing,
  )
  return { profit: sum.profit as Day['profit'], fees: sum.fees as Day['fees'], fills: sum.fills }
}

function resultText(account: AccountView): string {
  const closed = account.won + account.lost
  const rate =
    closed === 0 ? 'nothing closed yet' : `${account.won} of ${closed} won (${percent(account.won / closed)})`
  const streak = account.lossesInARow > 1 ? `, ${counted(account.lossesInARow, 'loss', 'losses')} in a row` : ''
  return `${rate}${streak}, ${percent(account.drawdown)} under the peak, fees ${dollars(account.fees)}`
}
