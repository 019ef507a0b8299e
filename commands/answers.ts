import { badge } from '../src/chat/announce-words.ts'
import {
  hasRunOut,
  missedProfit,
  missedText,
  reasonsText,
  speedText,
  type Tally,
  tallied,
  tallyText,
} from '../src/chat/answer-words.ts'
import { command } from '../src/chat/command.ts'
import type { AskedView } from '../src/chat/desk.ts'
import { cents, clean, percent, shorten, signedDollars } from '../src/chat/format.ts'
import { optional, whole } from '../src/chat/option.ts'
import { type Reply, type Row, reply } from '../src/chat/reply.ts'

const DAYS = 7
const SHOWN_MAX = 10
/** Fewer cards say nothing, and so rare a yes says that too much is asked. */
const CARDS_MIN = 20
const YES_MIN = 0.1

export default command({
  name: 'answers',
  summary: 'How the cards were answered, how soon, and what came of those that were not bought.',
  access: 'viewer',
  options: { days: optional(whole('How many days back.', { min: 1, max: 90 })) },
  async run({ days = DAYS }, { desk }) {
    const answers = await desk.answers(days)
    const mark = badge(desk.status().isSimulated)
    const span = days === 1 ? 'a day' : `${days} days`
    if (answers.length === 0) return reply(`${mark} · nobody was asked about a trade in ${span}`)
    const tally = tallied(answers)
    const rows: readonly (readonly [string, string | undefined])[] = [
      ['Decided', speedText(tally)],
      ['No because', reasonsText(answers)],
      ['Would be', missedText(answers)],
    ]
    const said = reply(`${mark} · ${tallyText(tally)}, in ${span}`).rows(
      ...rows.filter((row): row is Row => row[1] !== undefined),
    )
    const missed = answers.filter(each => each.now !== undefined).slice(0, SHOWN_MAX)
    const table =
      missed.length === 0 ? said : said.table(['Id', 'Market', 'Said', 'Shown', 'Now', 'Would be'], missed.map(row))
    return advised(table, tally)
  },
})

function row(each: AskedView): readonly string[] {
  const { short, title, outcome, expected, now = expected } = each
  const what = shorten(`${clean(outcome, 20)} · ${clean(title)}`, 40)
  const said = hasRunOut(each) ? 'ran out' : shorten(`no${each.why === '' ? '' : `: ${clean(each.why)}`}`, 24)
  const profit = missedProfit(each)
  return [short, what, said, cents(expected), cents(now), profit === undefined ? '?' : signedDollars(profit)]
}

/** Whoever says yes to one in twenty is asked too much, and stops looking. */
function advised(said: Reply, { asked, yes }: Tally): Reply {
  if (asked < CARDS_MIN || yes / asked >= YES_MIN) return said
  return said
    .text(
      `A yes to ${percent(yes / asked)} of them: a higher \`qualityMin\` or \`confidenceMin\` would ask less often.`,
    )
    .press('Limits', 'limits')
}
