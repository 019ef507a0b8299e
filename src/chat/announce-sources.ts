import type { Fact, FactOf } from '../core/engine/fact.ts'
import { type Hold, isFeedHolder } from '../core/risk/holds.ts'
import { badge, noted, outcomeText, type Said, type Telling } from './announce-words.ts'
import { cents, clean, shortAddress, shorten, whaleText } from './format.ts'
import { reply } from './reply.ts'

/** Sources of trades that show nothing to rely on: what it means and when it ends. All that one entry says of them is one page. */
export function blindPage(telling: Telling, { hold }: FactOf<'holdPlaced'>): Said {
  const blind = telling.facts.flatMap(fact => (isBlindness(fact) ? [fact.hold] : []))
  if (blind[0] !== hold) return undefined
  const names = blind.map(sourceOf).join(' and ')
  const title = `${badge(telling.context.isSimulated)} · EXITS ONLY: trades are not seen in full (${names})`
  const said = reply(title, 'danger')
    .text(
      'Nothing new is bought, since a sale of the whale could be missed. Exits that are heard of are still followed.',
    )
    .rows(...blind.map(each => [`Source ${sourceOf(each)}`, clean(each.why, 160)] as const))
    .rows(['Until', 'trades are seen again; it ends by itself'])
  return { level: 'page', event: 'blind', subject: 'hold:feeds', reply: said.press('Health', 'health') }
}

/** The end of that, told once for all sources that one entry lets go. */
export function seenAgainLine(telling: Telling, fact: FactOf<'holdReleased'>): Said {
  const released = telling.facts.flatMap(each =>
    each.kind === 'holdReleased' && isFeedHolder(each.holder) ? [each] : [],
  )
  if (released[0] !== fact) return undefined
  const names = released.map(({ holder }) => holder.slice('feed:'.length)).join(' and ')
  const text = `${badge(telling.context.isSimulated)} · trades are seen again (${names}): they hold nothing back any more`
  const said = reply(text, 'good').note('Other holds, if there are any, still stand: `status` lists them.')
  return { level: 'outcome', event: 'seen', subject: 'hold:feeds', reply: said }
}

/** Two sources tell opposite bets of one deal: what each says, and what was done. */
export function contradictedLine(telling: Telling, { signal: id, trade }: FactOf<'tradeContradicted'>): Said {
  const { signal } = noted(telling, id)
  const name = whaleText(telling.context.notebook.whales.get(trade.whale) || trade.name, trade.whale)
  const first = signal?.origin.kind === 'whale' ? signal.origin.trade : undefined
  const before = first === undefined ? 'the opposite' : saidText(first)
  const title = `${badge(telling.context.isSimulated)} · TWO SOURCES DISAGREE on ${name}: ${saidText(trade)}, or ${before}`
  const isWithdrawn = telling.facts.some(fact => fact.kind === 'signalWithdrawn' && fact.signal === id)
  const done = isWithdrawn
    ? 'Neither is believed: it is withdrawn, and nothing is sent.'
    : 'It had been decided already, so nothing more was done: look at what came of it.'
  const said = reply(title, 'warn')
    .text(`${shorten(clean(trade.title), 90) || 'A market whose title is not known'} (${shortAddress(trade.whale)})`)
    .text(done)
  return {
    level: 'outcome',
    event: 'doubt',
    reply: signal === undefined ? said : said.press('Why', `why ${signal.short}`),
  }
}

type Told = FactOf<'tradeContradicted'>['trade']

function saidText({ side, outcome, price, source }: Told): string {
  return `${side === 'buy' ? 'bought' : 'sold'} ${outcomeText(outcome)} at ${cents(price)} (${clean(source, 20)})`
}

function isBlindness(fact: Fact): fact is FactOf<'holdPlaced'> {
  return fact.kind === 'holdPlaced' && isFeedHolder(fact.hold.by)
}

function sourceOf({ by }: Hold): string {
  return by.slice('feed:'.length)
}
