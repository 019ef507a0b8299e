import type { FactOf } from '../core/engine/fact.ts'
import type { Stake } from '../core/sizing/stake.ts'
import type { SignalId } from '../core/units/ids.ts'
import { fraction, minus, type Price, plus, type Shares, type Usd } from '../core/units/money.ts'
import type { Signal } from '../core/whale/signal.ts'
import type { WhaleTrade } from '../core/whale/trade.ts'
import {
  badge,
  headline,
  type Message,
  marketOf,
  noted,
  originText,
  outcomeText,
  type Said,
  type Telling,
} from './announce-words.ts'
import { amountsOffered } from './card-amounts.ts'
import {
  age,
  cents,
  clean,
  clock,
  counted,
  dollars,
  partText,
  percent,
  personText,
  shareCount,
  signedCents,
} from './format.ts'
import { type Reply, type Row, reply } from './reply.ts'
import { doneText } from './trade-words.ts'

/** What would be sent, by a person's yes or without one. */
type Offer = { readonly limit: Price; readonly size: Shares; readonly dollars: Usd; readonly stake: Stake | undefined }

/** The messages about one trade are about the same. Without a signal it is about nothing that could be found again. */
export function cardSubject(signal: Pick<Signal, 'short'> | undefined): string {
  return `card:${signal?.short ?? '?'}`
}

/** A card that waits for a person: who, what, price then and now, size, confidence, reasons, risk after it, time left. */
export function approvalCard(telling: Telling, fact: FactOf<'approvalAsked'>): Said {
  const { signal } = noted(telling, fact.signal)
  if (signal === undefined) return undefined
  const isAgain = telling.context.notebook.signals.get(fact.signal)?.asked !== undefined
  return proposal(telling, signal, fact, isAgain)
}

/** The card anew, where it still waits: it has one more vote, or the whale has gone on buying. */
export function cardAgain(telling: Telling, fact: FactOf<'approvalVoted'> | FactOf<'tradeJoined'>): Said {
  const { signal, asked, isWaiting } = noted(telling, fact.signal)
  if (signal === undefined || asked === undefined || isWaiting !== true) return undefined
  const isVote = fact.kind === 'approvalVoted'
  const votes = isVote ? [...(asked.votes ?? []), fact.by.person] : (asked.votes ?? [])
  const shown = isVote ? signal : grown(signal, fact)
  return { ...proposal(telling, shown, { ...asked, votes }, true), isUpdate: true }
}

/** The card of that short name where it waits, as the notebook has it. */
export function standingCard(telling: Telling, short: string): Message | undefined {
  for (const { signal, asked, isWaiting } of telling.context.notebook.signals.values()) {
    if (signal?.short !== short || asked === undefined || isWaiting !== true) continue
    return proposal(telling, signal, asked, false)
  }
  return undefined
}

/** The whale's trade with its further piece, which the notebook takes down only afterwards. */
function grown(signal: Signal, { trade }: FactOf<'tradeJoined'>): Signal {
  if (signal.origin.kind !== 'whale') return signal
  const whole = { ...signal.origin.trade, size: plus(signal.origin.trade.size, trade.size) }
  return { ...signal, origin: { kind: 'whale', trade: whole } }
}

/** The card that had asked says how it went on; nothing where nobody was asked. */
export function endOfCard(telling: Telling, id: SignalId, told: Reply): readonly Message[] {
  const { signal, asked } = noted(telling, id)
  if (signal === undefined || asked === undefined) return []
  const message = { level: 'action', event: 'proposal', purpose: 'approvals', isUpdate: true } as const
  return [{ ...message, subject: cardSubject(signal), reply: told }]
}

function proposal(telling: Telling, signal: Signal, fact: FactOf<'approvalAsked'>, isAgain: boolean): Message {
  const { bound, stake, round } = fact
  const left = bound.expiresAt - telling.at
  const offer = { limit: bound.limit, size: bound.size, dollars: bound.dollars, stake }
  const card = cardOf(telling, signal, offer, [age(left)], againText(fact, isAgain))
    .rows(...afterRows(fact), ...votesRows(fact))
    .until('Decide by', bound.expiresAt, `${clock(bound.expiresAt)}, in ${age(left)}; no answer is a no`)
  const { half, double, isFree } = amountsOffered(telling.context, signal, fact)
  const { short } = signal
  const version = `card:${round}`
  const yes = card.press(`Approve ${dollars(bound.dollars)}`, `approve ${short} ${version}`, { style: 'good' })
  const halved =
    half === undefined ? yes : yes.press(`Half ${dollars(half)}`, `approve ${short} ${dollars(half)} ${version}`)
  const doubled =
    double === undefined
      ? halved
      : halved.press(`Double ${dollars(double)}`, `approve ${short} ${dollars(double)} ${version}`, { isBelow: true })
  const asks = { title: `How much for ${short}?`, label: 'Dollars, at most', example: dollars(bound.dollars).slice(1) }
  const free = isFree
    ? doubled.press('Other amount', `approve ${short} ${version} amount:`, { asks, isBelow: double === undefined })
    : doubled
  const rejected = free.press('Reject', `reject ${short}`, { style: 'danger', isBelow: true })
  return {
    level: 'action',
    event: 'proposal',
    subject: cardSubject(signal),
    group: groupOf(signal),
    expiresAt: bound.expiresAt,
    reply: withMute(rejected, signal).press('Why', `why ${short}`),
  }
}

/** Why this is not the first card about it. */
function againText({ again, round }: FactOf<'approvalAsked'>, isAgain: boolean): string {
  if (!isAgain || again === undefined) return ''
  return again === 'moved' ? `PRICE MOVED, asked again (version ${round})` : `ANOTHER AMOUNT (version ${round})`
}

/** What would be at risk with it. */
function afterRows({ after, met, bound }: FactOf<'approvalAsked'>): readonly Row[] {
  const shown =
    met === undefined
      ? []
      : [['Book', `${shareCount(met)} of ${shareCount(bound.size)} shares within the limit`] as const]
  if (after === undefined || bound.side === 'sell') return shown
  const part = (amount: Usd): string => percent(fraction(amount, after.equity))
  return [
    ...shown,
    [
      'After it',
      `${part(after.market)} of bankroll in this market, ${part(after.category)} in its category, ${part(after.all)} in all`,
    ],
  ]
}

function votesRows({ persons = 1, votes = [] }: FactOf<'approvalAsked'>): readonly Row[] {
  if (persons <= 1) return []
  const said = votes.length === 0 ? 'nobody has said it yet' : `${votes.map(personText).join(', ')} said it`
  return [['Yes of', `${counted(persons, 'person', 'people')}; ${said}`]]
}

/** Trades of one whale in one token the same way: told one after the other they are one message. */
export function groupOf({ origin, token, side }: Signal): string {
  return origin.kind === 'whale' ? `${origin.trade.whale}:${token}:${side}` : `person:${token}`
}

/** Too much of one whale is a press away from silence; its exits are followed all the same. */
export function withMute(card: Reply, { origin, side }: Signal): Reply {
  const isEntry = origin.kind === 'whale' && side === 'buy'
  return isEntry ? card.press('Mute 24 h', `whale ${origin.trade.whale} mute 24h`) : card
}

/** Who, what, price then and now, size, and the way to the stake: what is said of a trade before it is done. */
export function cardOf(telling: Telling, signal: Signal, offer: Offer, after: readonly string[], before = ''): Reply {
  const market = marketOf(noted(telling, signal.id))
  const { isSimulated, equity } = telling.context
  const isBuy = signal.side === 'buy'
  const what = `${isBuy ? 'BUY' : 'SELL'} ${outcomeText(market.outcome)} ${isBuy ? '≤' : '≥'}${cents(offer.limit)} ${dollars(offer.dollars)}`
  const edge = offer.stake === undefined ? '' : `edge ${signedCents(offer.stake.chance - offer.stake.cost)}`
  const first = [badge(isSimulated, signal.account), before, what].filter(part => part !== '').join(' · ')
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

/** The whale's trade, where it is one with a price: shares can leave a wallet without. */
export function pricedTrade({ origin }: Signal): WhaleTrade | undefined {
  return origin.kind === 'whale' && origin.trade.how === undefined ? origin.trade : undefined
}
