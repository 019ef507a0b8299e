import { filledChapter } from '../core/engine/chapters.ts'
import { type FactOf, signalOfOrder } from '../core/engine/fact.ts'
import type { OrderKey } from '../core/units/ids.ts'
import { minus, NO_USD, plus } from '../core/units/money.ts'
import type { Signal } from '../core/whale/signal.ts'
import { cardSubject, endOfCard } from './announce-card.ts'
import { slippage } from './announce-signal.ts'
import {
  badge,
  fillsOf,
  headline,
  type Message,
  noted,
  orderNote,
  originText,
  outcomeText,
  type Said,
  type Telling,
} from './announce-words.ts'
import { cents, clean, dollars, sentence, shareCount, signedCents, signedDollars } from './format.ts'
import { type Reply, reply } from './reply.ts'

/** All fills of one order in one entry, told once; a verdict in the same entry is part of it. */
export function fillLine(telling: Telling, fact: FactOf<'orderFilled'>): Said {
  const fills = fillsOf(telling, fact.order)
  if (fills[0]?.id !== fact.fill.id) return undefined
  const order = orderNote(telling, fact.order)
  const { signal } = noted(telling, signalOfOrder(fact.order))
  if (order === undefined) return undefined
  const { intent, market } = order
  const { size, average, notional, fee } = filledChapter(fills)
  const isBuy = intent.side === 'buy'
  const isPart = size < intent.size
  const verb = `${isBuy ? 'BOUGHT' : 'SOLD'}${isPart ? ` ${shareCount(size)} of ${shareCount(intent.size)}` : ` ${shareCount(size)}`}`
  const amount = dollars(isBuy ? plus(notional, fee) : minus(notional, fee))
  const what = `${verb} ${outcomeText(market.outcome)} at ${cents(average)} ${isBuy ? 'for' : 'bringing'} ${amount}`
  const given = signal === undefined ? undefined : slippage(signal, average)
  const against = given === undefined ? '' : `${signedCents(given)} against the whale`
  const whose = signal === undefined ? '' : originText(signal, telling)
  const first = `${badge(telling.context.isSimulated, intent.account)} · ${what}`
  const feeText = fee > NO_USD ? `fee ${dollars(fee)}` : ''
  const short = signal === undefined ? '' : `\`why ${signal.short}\``
  const told = reply(headline(first, market.title, [whose, against, feeText, short], 200), 'good')
  const filled: Message = {
    level: 'outcome',
    event: 'filled',
    subject: cardSubject(signal),
    reply: withAfter(told, signal, isBuy),
  }
  return [filled, ...endOfCard(telling, signalOfOrder(fact.order), filled.reply)]
}

/** What can be done about a fill: it is explained, and what was bought can be sold again. */
function withAfter(said: Reply, signal: Signal | undefined, isBuy: boolean): Reply {
  if (signal === undefined) return said
  const explained = said.press('Why', `why ${signal.short}`)
  return isBuy ? explained.press('Close', `close ${signal.short}`) : explained
}

export function closedLine(telling: Telling, fact: FactOf<'positionClosed'>): Said {
  const market = telling.fresh.markets.get(fact.token) ?? telling.context.notebook.markets.get(fact.token)
  const settled = telling.facts.some(
    each => each.kind === 'marketSettled' && each.payouts.some(one => one.token === fact.token),
  )
  const name = market === undefined ? '' : outcomeText(market.outcome)
  const what = `${signedDollars(fact.profit)} after fees: ${name === '' ? 'position' : name} ${settled ? 'settled' : 'closed'}`
  const first = `${badge(telling.context.isSimulated, fact.account)} · ${what}`
  const tone = fact.profit > NO_USD ? 'good' : 'warn'
  return { level: 'outcome', event: 'closed', reply: reply(headline(first, market?.title ?? '', [], 160), tone) }
}

/** An order whose answer was lost. It is not failed: it may have been executed, and it is asked about until that is known. */
export function uncertainLine(telling: Telling, fact: FactOf<'orderBecameUncertain'>): Said {
  const head = orderHead(telling, fact.order, 'ORDER UNCERTAIN')
  const said = reply(head, 'danger').text(
    `${sentence(clean(fact.why))} It may have been executed; it is asked about until that is known, and is not sent again.`,
  )
  const { signal } = noted(telling, signalOfOrder(fact.order))
  const told = signal === undefined ? said : said.press('Why', `why ${signal.short}`)
  return { level: 'page', event: 'uncertain', subject: `doubt:${fact.order}`, reply: told }
}

/** The end of a doubt, where there was one before this entry; other ends of orders are told by their verdicts. */
export function doubtOver(telling: Telling, fact: FactOf<'orderClosed'> | FactOf<'orderRested'>): Said {
  const before = telling.context.notebook.orders.get(fact.order)
  if (before?.isUncertain !== true) return undefined
  const isPart = fact.kind === 'orderRested' && fillsOf(telling, fact.order).length > 0
  const rests = `it rests in the book${isPart ? ', filled in part' : ''}`
  const end = fact.kind === 'orderRested' ? rests : `${fact.status}: ${clean(fact.why)}`
  const text = `${orderHead(telling, fact.order, 'No doubt any more')} — ${end}.`
  return { level: 'outcome', event: 'certain', subject: `doubt:${fact.order}`, reply: reply(text, 'good') }
}

function orderHead(telling: Telling, key: OrderKey, what: string): string {
  const order = orderNote(telling, key)
  const mark = badge(telling.context.isSimulated, order?.intent.account)
  if (order === undefined) return `${mark} · ${what}`
  const { intent, market } = order
  const wish = `${intent.side} ${shareCount(intent.size)} ${outcomeText(market.outcome)} at ${cents(intent.limit)}`
  return headline(`${mark} · ${what}: ${wish}`, market.title, [])
}
