import { badge } from './announce-words.ts'
import { missedText, speedText, tallied, tallyText } from './answer-words.ts'
import type { Answers, Desk } from './desk.ts'
import { clean, counted, dayText, dollars, percent, signedDollars } from './format.ts'
import { type Reply, reply } from './reply.ts'

const DAYS = 7
const WHALES_SHOWN = 5

/** The summary of a day, with its picture: how it stands, what the day brought, and because of whom. */
export async function dailyReply(desk: Desk): Promise<Reply> {
  const [{ account, days, whales }, answers] = await Promise.all([desk.profit(DAYS), desk.answers(1)])
  const { holds, trading, isSimulated } = desk.status()
  const mark = badge(isSimulated, account.account)
  const title = `${mark} · ${signedDollars(account.today)} today, ${signedDollars(account.realised)} final in all`
  const closed = account.won + account.lost
  const said = reply(title, account.today >= 0n ? 'good' : 'warn').rows(
    [
      'Equity',
      `${dollars(account.equity)} of ${dollars(account.deposits)} paid in, ${signedDollars(account.open)} open`,
    ],
    ['Won', closed === 0 ? 'nothing has ended yet' : `${account.won} of ${closed} (${percent(account.won / closed)})`],
    ['Drawdown', `${percent(account.drawdown)} under the peak; fees ${dollars(account.fees)}`],
    ['At risk', `${dollars(account.exposed)} in ${counted(account.positions, 'position')}`],
    ['Trading', trading === 'active' ? 'nothing is in the way' : `${trading}: ${counted(holds.length, 'hold')}`],
  )
  const table = withAnswers(said, answers).table(
    ['Day (UTC)', 'Profit', 'Fills'],
    days.map(day => [dayText(day.day), signedDollars(day.profit), String(day.fills)]),
  )
  const best = whales.slice(0, WHALES_SHOWN).map(each => [clean(each.name, 30) || '?', signedDollars(each.profit)])
  const whole = best.length === 0 ? table : table.table(['Whale', 'Profit'], best)
  return whole
    .drawn(await desk.picture(DAYS))
    .press('Positions', 'positions')
    .press('Profit', 'pnl')
}

/** How the cards of the day were answered, where there were any. */
function withAnswers(said: Reply, answers: Answers): Reply {
  if (answers.length === 0) return said
  const tally = tallied(answers)
  const speed = speedText(tally)
  const missed = missedText(answers)
  const asked = said.rows(['Asked', speed === undefined ? tallyText(tally) : `${tallyText(tally)}; decided ${speed}`])
  return missed === undefined ? asked : asked.rows(['Would be', missed])
}
