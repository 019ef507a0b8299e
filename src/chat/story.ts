import type { Chapter, Reason, Weight } from '../core/engine/chapters.ts'
import { explain, type Story } from '../core/engine/explain.ts'
import type { PersonId } from '../core/units/ids.ts'
import { NO_USD } from '../core/units/money.ts'
import type { Signal } from '../core/whale/signal.ts'
import { badge } from './announce-words.ts'
import type { Told } from './desk.ts'
import {
  age,
  cents,
  clean,
  clock,
  counted,
  dollars,
  moment,
  partText,
  personText,
  shareCount,
  shorten,
  signedDollars,
  whaleText,
} from './format.ts'
import { type Reply, ROWS_MAX, type Row, reply, rowsOf } from './reply.ts'
import { doneText } from './trade-words.ts'

/** The whole story of one signal, as an answer to `why`. */
export function storyReply(told: Told, isSimulated: boolean): Reply {
  const story = explain(told.signal, told.facts)
  const { signal, verdict } = story
  const head = `${badge(isSimulated, signal?.account)} · ${signal?.short ?? '?'}: ${verdict ?? 'not decided yet'}`
  const market = story.market ?? tradeOf(signal)
  const weighed = story.chapters.filter(chapter => chapter.kind === 'weighed').at(-1)
  const reasons = story.chapters.flatMap(chapter => (chapter.kind === 'refused' ? chapter.reasons : []))
  const title = `${clean(market?.outcome ?? '', 30) || '?'} · ${clean(market?.title ?? '') || 'a market whose title is not known'}`
  let said = reply(head, toneOf(story)).text(title)
  if (weighed?.stake !== undefined) said = withWeights(said, weighed.weights, weighed.stake.confidence)
  if (reasons.length > 0) said = said.table(['Refused', 'Why', 'Figures'], reasons.map(reasonRow))
  return said.rows(...timeline(told, story.chapters, ROWS_MAX - 1 - rowsOf(said.blocks)))
}

function tradeOf(signal: Signal | undefined): { readonly title: string; readonly outcome: string } | undefined {
  return signal?.origin.kind === 'whale' ? signal.origin.trade : undefined
}

function toneOf({ verdict }: Story): 'good' | 'warn' | 'info' {
  if (verdict === 'copied') return 'good'
  return verdict === undefined ? 'info' : 'warn'
}

function withWeights(said: Reply, weights: readonly Weight[], confidence: number): Reply {
  const rows = weights.map(({ name, ratio, after, reason }) => [
    name,
    ratio === undefined ? '' : `×${ratio.toFixed(2)}`,
    dollars(after),
    clean(reason),
  ])
  return said.table(['Stake', 'Factor', 'Leaves', 'Why'], rows).note(`Confidence ${confidence} of 100`)
}

function reasonRow({ code, sentence, detail }: Reason): readonly string[] {
  return [code, sentence, clean(detail)]
}

/** The middle of a long timeline is left out, and never its end. */
function timeline(told: Told, chapters: readonly Chapter[], most: number): readonly Row[] {
  const rows = chapters.map(chapter => [clock(chapter.at), chapterText(chapter, told)] as const)
  if (rows.length <= most) return rows
  const half = Math.floor(most / 2)
  return [...rows.slice(0, half), ['…', `${rows.length - 2 * half} more`] as const, ...rows.slice(-half)]
}

function chapterText(chapter: Chapter, told: Told): string {
  switch (chapter.kind) {
    case 'opened':
      return openedText(chapter.signal, told)
    case 'joined':
      return `… and ${counted(chapter.pieces, 'more piece')}, ${shareCount(chapter.size)} shares`
    case 'contradicted': {
      const { side, outcome, price, source } = chapter.trade
      const opposite = `${side === 'buy' ? 'bought' : 'sold'} ${clean(outcome, 30) || '?'} at ${cents(price)}`
      return `another source (${clean(source, 20)}) tells the opposite: ${opposite}`
    }
    case 'quoted':
      return 'asked a fresh price'
    case 'weighed': {
      const { bid, ask, liquidity, bookAgeMs } = chapter.seen
      const prices = `${bid === undefined ? '?' : cents(bid)} / ${ask === undefined ? '?' : cents(ask)}`
      return `saw ${prices}, ${dollars(liquidity)} resting, the book ${age(bookAgeMs)} old`
    }
    case 'refused':
      return `refused for ${counted(chapter.reasons.length, 'reason')}: ${chapter.reasons.map(each => each.code).join(', ')}`
    case 'asked':
      return askedText(chapter)
    case 'voted':
      return `${whoText(chapter)} said yes, which is not the last that is needed`
    case 'approved': {
      const amount = chapter.dollars === undefined ? '' : `, for at most ${dollars(chapter.dollars)}`
      return `approved by ${whoText(chapter)}${amount}`
    }
    case 'declined': {
      const { vetoed, why } = chapter
      const after =
        vetoed === undefined ? 'declined' : `approved by ${personText(vetoed)} and stopped before it was sent,`
      return `${after} by ${whoText(chapter)}${because(why)}`
    }
    case 'reasoned':
      return `${whoText(chapter)} said why not${because(chapter.why)}`
    case 'unheard':
      return `${PRESSES[chapter.press] ?? clean(chapter.press, 20)} by ${whoText(chapter)} came to nothing${because(chapter.why)}`
    case 'expired':
      return `expired: nobody decided in ${age(chapter.waitedMs)}`
    case 'withdrawn':
      return `withdrawn${because(chapter.why)}`
    case 'sent': {
      const { side, size, limit, reserve } = chapter
      const aside = reserve > NO_USD ? `, ${dollars(reserve)} set aside` : ''
      return `order to ${side} ${shareCount(size)} at ${side === 'buy' ? 'most' : 'least'} ${cents(limit)}${aside}`
    }
    case 'uncertain':
      return `its fate became uncertain${because(chapter.why)}`
    case 'probed':
      return `asked the venue about it ${counted(chapter.times, 'time')}`
    case 'rested':
      return 'rests in the book'
    case 'cancelling':
      return 'asked to cancel'
    case 'filled': {
      const { size, average, fee, fills } = chapter
      return `filled ${shareCount(size)} at ${cents(average)} in ${counted(fills, 'piece')}, fee ${dollars(fee)}`
    }
    case 'ended':
      return `order ${chapter.status}${because(chapter.why)}`
    case 'copied':
      return `copied: ${shareCount(chapter.size)} at ${cents(chapter.average)} on average`
    case 'settled':
      return `the market was settled at ${cents(chapter.payout)} a share`
    case 'realised':
      return `the position realised ${signedDollars(chapter.profit)}`
    case 'closed':
      return `the position ended with ${signedDollars(chapter.profit)} after fees`
  }
}

function askedText({ round, bound, persons, again, by }: Extract<Chapter, { readonly kind: 'asked' }>): string {
  const most = bound.side === 'buy' ? 'most' : 'least'
  const what = `at ${most} ${cents(bound.limit)}, ${dollars(bound.dollars)}, until ${clock(bound.expiresAt)}`
  const whom = persons === 1 ? 'a person' : counted(persons, 'person', 'people')
  if (again === undefined) return `asked ${whom}: ${what}`
  const who = by === undefined ? 'somebody' : personText(by)
  const why = again === 'moved' ? 'the price had moved beyond that' : `${who} chose another amount`
  return `asked ${whom} again, as version ${round}, since ${why}: ${what}`
}

/** Presses by the names of their instructions. */
const PRESSES: Readonly<Record<string, string>> = { approve: 'a yes', reject: 'a no' }

function whoText({ by, surface }: { readonly by: PersonId; readonly surface: string }): string {
  return `${personText(by)} on ${clean(surface, 20)}`
}

function openedText(signal: Signal, told: Told): string {
  if (signal.origin.kind === 'person') {
    return `${personText(signal.origin.by)} asked to close ${partText(signal.origin.part)}${because(signal.origin.why)}`
  }
  const { trade } = signal.origin
  const did = `${whaleText(told.whaleName || trade.name, trade.whale)} ${doneText(trade, clean(trade.outcome, 30) || '?')}`
  const late = `heard of ${age(signal.openedAt - trade.happenedAt)} later from ${clean(trade.source, 20)}`
  return `${did} at ${moment(trade.happenedAt)}, ${late}`
}

function because(why: string): string {
  const words = shorten(clean(why), 80)
  return words === '' ? '' : `: ${words}`
}
