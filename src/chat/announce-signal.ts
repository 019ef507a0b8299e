import type { FactOf } from '../core/engine/fact.ts'
import { REFUSALS } from '../core/risk/refusals.ts'
import { estimate, minus, notional, type Price } from '../core/units/money.ts'
import type { Signal } from '../core/whale/signal.ts'
import { cardOf, cardSubject, endOfCard, groupOf, pricedTrade, withMute } from './announce-card.ts'
import { badge, marketOf, noted, originText, outcomeText, type Said, type Telling } from './announce-words.ts'
import { REASONS } from './answer-words.ts'
import { age, clean, dollars, personText, sentence, shorten } from './format.ts'
import { type Reply, reply, TITLE_MAX, type Tone } from './reply.ts'
import { briefText } from './trade-words.ts'

/** What is being done where nobody is asked; where somebody was, the card that asked says that it is on its way. */
export function orderCard(telling: Telling, fact: FactOf<'orderPlanned'>): Said {
  const { signal, weighed, asked } = noted(telling, fact.intent.signal)
  if (signal === undefined) return undefined
  if (asked !== undefined) {
    const said = reply(`${subject(telling, signal, 'ORDER SENT')} — at its price or better.`)
    return endOfCard(telling, signal.id, said.press('Why', `why ${signal.short}`))
  }
  const { limit, size, side } = fact.intent
  const amount = side === 'buy' ? fact.reserve : notional(size, limit, 'down')
  const offer = { limit, size, dollars: amount, stake: weighed?.stake }
  const card = cardOf(telling, signal, offer, []).press('Why', `why ${signal.short}`)
  const message = { level: 'outcome', event: 'ordered', subject: cardSubject(signal) } as const
  return { ...message, reply: withMute(card, signal) }
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
  const said = reply(`${head}${line}${tail}`, isOurs ? 'warn' : 'info')
  if (!isOurs) return { level: 'info', event: 'refused', group: groupOf(note.signal), reply: said }
  const told = said.press('Why', `why ${note.signal.short}`)
  return [{ level: 'outcome', event: 'failed', reply: told }, ...endOfCard(telling, fact.signal, told)]
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
  const by = `APPROVED by ${personText(fact.by.person)}`
  const amount = fact.bound === undefined ? '' : `, ${dollars(fact.bound.dollars)} at most`
  const said = reply(`${subject(telling, signal, by)}${amount} — asking a fresh price.`)
    .press('Stop it', `reject ${signal.short}`, { style: 'danger' })
    .press('Why', `why ${signal.short}`)
  return [{ level: 'info', event: 'approved', reply: said }, ...endOfCard(telling, fact.signal, said)]
}

/** The verdicts that need no figures: declined, expired, withdrawn. */
export function endedLine(
  telling: Telling,
  fact: FactOf<'signalDeclined'> | FactOf<'signalExpired'> | FactOf<'signalWithdrawn'>,
): Said {
  const { signal } = noted(telling, fact.signal)
  if (signal === undefined) return undefined
  // Where two sources disagreed, that has been told with what each of them says.
  const isTold = telling.facts.some(each => each.kind === 'tradeContradicted' && each.signal === fact.signal)
  const said = reply(endText(telling, signal, fact), toneOf(fact, signal))
  const isStillHeld = fact.kind === 'signalExpired' && signal.side === 'sell' && signal.origin.kind === 'whale'
  const told = (isStillHeld ? stillHeld(said, signal.short) : said).press('Why', `why ${signal.short}`)
  const message = { level: 'outcome', event: isStillHeld ? 'failed' : ENDS[fact.kind], reply: told } as const
  const onCard = fact.kind === 'signalDeclined' && fact.why === '' ? withReasons(told, signal.short) : told
  return [...(isTold ? [] : [message]), ...endOfCard(telling, fact.signal, onCard)]
}

/** An exit that nobody said yes to leaves us in what the whale has left: that is told aloud, with the way out. */
function stillHeld(said: Reply, short: string): Reply {
  return said
    .text(`What the whale sold of it is still held here. \`close ${short}\` shows what it would bring.`)
    .press('Close it', `close ${short}`, { style: 'danger' })
}

/** One tap more says why not, for `answers` to count; nobody has to. */
function withReasons(card: Reply, short: string): Reply {
  const [first, ...others] = REASONS
  return others.reduce(
    (so, { why, label }) => so.press(label, `reject ${short} ${why}`),
    card
      .note('Why not? A tap by whoever said no keeps it for `answers`.')
      .press(first.label, `reject ${short} ${first.why}`, { isBelow: true }),
  )
}

/** The card says why not, once it was said. */
export function reasonedLine(telling: Telling, fact: FactOf<'declineExplained'>): Said {
  const { signal } = noted(telling, fact.signal)
  if (signal === undefined) return undefined
  const head = subject(telling, signal, `DECLINED by ${personText(fact.by.person)}`)
  const told = reply(`${head} — ${sentence(clean(fact.why))}`).press('Why', `why ${signal.short}`)
  return endOfCard(telling, fact.signal, told)
}

function toneOf({ kind }: { readonly kind: keyof typeof ENDS }, { side }: Signal): Tone {
  return kind === 'signalWithdrawn' || (kind === 'signalExpired' && side === 'sell') ? 'warn' : 'info'
}

const ENDS = { signalDeclined: 'declined', signalExpired: 'expired', signalWithdrawn: 'withdrawn' } as const

function endText(
  telling: Telling,
  signal: Signal,
  fact: FactOf<'signalDeclined'> | FactOf<'signalExpired'> | FactOf<'signalWithdrawn'>,
): string {
  switch (fact.kind) {
    case 'signalDeclined': {
      const why = clean(fact.why)
      const did =
        fact.vetoed === undefined
          ? 'DECLINED'
          : `STOPPED before it was sent (${personText(fact.vetoed)} had approved it)`
      const head = subject(telling, signal, `${did} by ${personText(fact.by.person)}`)
      return why === '' ? sentence(head) : `${head} — ${sentence(why)}`
    }
    case 'signalExpired':
      return `${subject(telling, signal, 'EXPIRED')} — nobody decided in ${age(fact.waitedMs)}.`
    case 'signalWithdrawn':
      return `${subject(telling, signal, 'WITHDRAWN')} — ${sentence(clean(fact.why))}`
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
