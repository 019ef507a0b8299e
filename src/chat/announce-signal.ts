import type { FactOf } from '../core/engine/fact.ts'
import { REFUSALS } from '../core/risk/refusals.ts'
import type { Stake } from '../core/sizing/stake.ts'
import { estimate, fraction, minus, notional, type Price, type Shares, type Usd } from '../core/units/money.ts'
import type { Signal } from '../core/whale/signal.ts'
import type { WhaleTrade } from '../core/whale/trade.ts'
import { badge, headline, marketOf, noted, originText, outcomeText, type Said, type Telling } from './announce-words.ts'
import {
  age,
  cents,
  clean,
  clock,
  dollars,
  partText,
  percent,
  personText,
  sentence,
  shareCount,
  shorten,
  signedCents,
} from './format.ts'
import { type Reply, type Row, reply, TITLE_MAX } from './reply.ts'
import { briefText, doneText } from './trade-words.ts'

/** What would be sent, by a person's yes or without one. */
type Offer = { readonly limit: Price; readonly size: Shares; readonly dollars: Usd; readonly stake: Stake | undefined }

/** A card that waits for a person: who, what, price then and now, size, confidence, reasons, time left. */
export function approvalCard(telling: Telling, fact: FactOf<'approvalAsked'>): Said {
  const { signal } = noted(telling, fact.signal)
  if (signal === undefined) return undefined
  const { bound, stake, expected } = fact
  const left = bound.expiresAt - telling.at
  const offer = { limit: bound.limit, size: bound.size, dollars: bound.dollars, stake }
  const card = cardOf(telling, signal, offer, [age(left)])
    .rows(['Expected', `${cents(expected)} a share, for as long as the book stays as it is`])
    .rows(['Decide by', `${clock(bound.expiresAt)}, in ${age(left)}; no answer is a no`])
    .press(`Approve ${dollars(bound.dollars)}`, `approve ${signal.short}`)
    .press('Reject', `reject ${signal.short}`)
    .press('Why', `why ${signal.short}`)
  return { level: 'action', reply: withMute(card, signal) }
}

/** The same card where nobody is asked: what is being done. */
export function orderCard(telling: Telling, fact: FactOf<'orderPlanned'>): Said {
  const { signal, weighed, asked } = noted(telling, fact.intent.signal)
  // The card was shown when a person was asked, and the person knows what was approved.
  if (signal === undefined || asked !== undefined) return undefined
  const { limit, size, side } = fact.intent
  const amount = side === 'buy' ? fact.reserve : notional(size, limit, 'down')
  const offer = { limit, size, dollars: amount, stake: weighed?.stake }
  const card = cardOf(telling, signal, offer, [])
  return { level: 'outcome', reply: withMute(card.press('Why', `why ${signal.short}`), signal) }
}

/** Too much of one whale is a press away from silence; its exits are followed all the same. */
function withMute(card: Reply, { origin, side }: Signal): Reply {
  const isEntry = origin.kind === 'whale' && side === 'buy'
  return isEntry ? card.press('Mute 1 h', `whale ${origin.trade.whale} mute 1h`) : card
}

function cardOf(telling: Telling, signal: Signal, offer: Offer, after: readonly string[]): Reply {
  const market = marketOf(noted(telling, signal.id))
  const { isSimulated, equity } = telling.context
  const isBuy = signal.side === 'buy'
  const what = `${isBuy ? 'BUY' : 'SELL'} ${outcomeText(market.outcome)} ${isBuy ? '≤' : '≥'}${cents(offer.limit)} ${dollars(offer.dollars)}`
  const edge = offer.stake === undefined ? '' : `edge ${signedCents(offer.stake.chance - offer.stake.cost)}`
  const first = `${badge(isSimulated, signal.account)} · ${what}`
  const size = `${shareCount(offer.size)} shares for at ${isBuy ? 'most' : 'least'} ${dollars(offer.dollars)}`
  const share = isBuy ? `, ${percent(fraction(offer.dollars, equity))} of bankroll` : ''
  const gain = isBuy ? `, wins ${dollars(minus(offer.size as bigint as Usd, offer.dollars))} if it comes true` : ''
  return reply(headline(first, market.title, [edge, originText(signal, telling), ...after]))
    .text(clean(market.title) || 'A market whose title is not known')
    .rows(
      ['Who', whoText(telling, signal)],
      ['Price', priceText(telling, signal, offer)],
      ['Size', `${size}${share}${gain}`],
    )
    .rows(...stakeRows(offer.stake))
}

function whoText(telling: Telling, signal: Signal): string {
  const name = originText(signal, telling)
  if (signal.origin.kind === 'person') {
    const why = clean(signal.origin.why)
    return `${name} closes ${partText(signal.origin.part)} of it${why === '' ? '' : `: ${why}`}`
  }
  const { trade } = signal.origin
  const did = doneText(trade, outcomeText(marketOf(noted(telling, signal.id)).outcome))
  return `${name} ${did}, ${age(telling.at - trade.happenedAt)} ago`
}

function priceText(telling: Telling, signal: Signal, offer: Offer): string {
  const { weighed } = noted(telling, signal.id)
  const paid = pricedTrade(signal)?.price
  const then = paid === undefined ? '' : `whale ${cents(paid)} · `
  const bid = weighed?.seen.bid === undefined ? '?' : cents(weighed.seen.bid)
  const ask = weighed?.seen.ask === undefined ? '?' : cents(weighed.seen.ask)
  return `${then}now ${bid} / ${ask} · at ${signal.side === 'buy' ? 'most' : 'least'} ${cents(offer.limit)}`
}

function stakeRows(stake: Stake | undefined): readonly Row[] {
  if (stake === undefined) return []
  const { confidence, chance, cost } = stake
  const word = confidence > 70 ? 'high' : confidence >= 50 ? 'medium' : 'low'
  const factors = stake.factors.map(({ name, ratio, reason }) => `${name} ×${ratio.toFixed(2)} (${reason})`)
  const caps = stake.caps.map(cap => `capped at ${dollars(cap.amount)} by ${cap.name}`)
  return [
    [
      'Edge',
      `${signedCents(chance - cost)}: chance ${percent(chance)}, a share costs ${signedCents(cost).slice(1)} with its fee`,
    ],
    ['Confidence', `${confidence} of 100, ${word}`],
    ['Reasons', [`base ${dollars(stake.base)}`, ...factors, ...caps].join(' · ')],
  ]
}

/** One compact line with every reason that there is room for; the rest is behind `why`. */
export function refusalLine(telling: Telling, fact: FactOf<'signalRefused'>): Said {
  const note = noted(telling, fact.signal)
  if (note.signal === undefined) return undefined
  const isOurs = note.signal.origin.kind === 'person' || note.asked !== undefined
  const did = note.signal.side === 'buy' ? 'not bought' : 'not sold'
  const head = `${subject(telling, note.signal, did, 48)} — `
  const tail = ` \`why ${note.signal.short}\``
  const reasons = fact.refusals.map(({ code, detail }) => `${REFUSALS[code].replace(/\.$/, '')} (${clean(detail)}).`)
  const line = asManyAs(reasons, TITLE_MAX - [...head].length - [...tail].length)
  return { level: isOurs ? 'outcome' : 'info', reply: reply(`${head}${line}${tail}`, isOurs ? 'warn' : 'info') }
}

/** Whole sentences while there is room, and how many more there are; the first is cut rather than left out. */
function asManyAs(sentences: readonly string[], room: number): string {
  const told: string[] = []
  for (const [index, next] of sentences.entries()) {
    const more = index + 1 < sentences.length ? ` +${sentences.length - index - 1} more.` : ''
    if ([...[...told, next].join(' ')].length + [...more].length > room) break
    told.push(next)
  }
  const left = sentences.length - Math.max(1, told.length)
  const more = left > 0 ? ` +${left} more.` : ''
  return `${told.length > 0 ? told.join(' ') : shorten(sentences[0] ?? '', room - more.length)}${more}`
}

export function approvedLine(telling: Telling, fact: FactOf<'approvalGiven'>): Said {
  const { signal } = noted(telling, fact.signal)
  if (signal === undefined) return undefined
  const by = `approved by ${personText(fact.by.person)}`
  return { level: 'info', reply: reply(`${subject(telling, signal, by)} — asking a fresh price.`) }
}

/** The verdicts that need no figures: declined, expired, withdrawn. */
export function endedLine(
  telling: Telling,
  fact: FactOf<'signalDeclined'> | FactOf<'signalExpired'> | FactOf<'signalWithdrawn'>,
): Said {
  const { signal } = noted(telling, fact.signal)
  if (signal === undefined) return undefined
  switch (fact.kind) {
    case 'signalDeclined': {
      const why = clean(fact.why)
      const head = subject(telling, signal, `declined by ${personText(fact.by.person)}`)
      return { level: 'outcome', reply: reply(why === '' ? `${head}.` : `${head} — ${sentence(why)}`) }
    }
    case 'signalExpired':
      return {
        level: 'outcome',
        reply: reply(`${subject(telling, signal, 'expired')} — nobody decided in ${age(fact.waitedMs)}.`),
      }
    case 'signalWithdrawn':
      // Where two sources disagreed, that has been told with what each of them says.
      if (telling.facts.some(each => each.kind === 'tradeContradicted' && each.signal === fact.signal)) return undefined
      return {
        level: 'outcome',
        reply: reply(`${subject(telling, signal, 'withdrawn')} — ${sentence(clean(fact.why))}`, 'warn'),
      }
  }
}

/** What a one-line message is about: the badge, what became of it, whose trade it was. */
export function subject(telling: Telling, signal: Signal, what: string, titleMost = 60): string {
  const market = marketOf(noted(telling, signal.id))
  const title = shorten(clean(market.title), titleMost)
  const name = outcomeText(market.outcome)
  const did = signal.origin.kind === 'whale' ? briefText(signal.origin.trade, name) : `sells ${name}`
  const whose = `${originText(signal, telling)} ${did}`
  const parts = [badge(telling.context.isSimulated, signal.account), what, whose, title].filter(part => part !== '')
  return parts.join(' · ')
}

/** How much of a whale's price was given away: positive where we paid more, or got less. Nothing where it had no price. */
export function slippage(signal: Signal, average: Price): number | undefined {
  const trade = pricedTrade(signal)
  if (trade === undefined) return undefined
  const difference = estimate(minus(average, trade.price))
  return signal.side === 'buy' ? difference : -difference
}

/** The whale's trade, where it is one with a price: shares can leave a wallet without. */
function pricedTrade({ origin }: Signal): WhaleTrade | undefined {
  return origin.kind === 'whale' && origin.trade.how === undefined ? origin.trade : undefined
}
