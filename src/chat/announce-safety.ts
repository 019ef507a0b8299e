import type { FactOf } from '../core/engine/fact.ts'
import type { Difference } from '../core/order/reconcile.ts'
import { type Hold, isFeedHolder } from '../core/risk/holds.ts'
import { blindPage, seenAgainLine } from './announce-sources.ts'
import { badge, type Said, type Telling } from './announce-words.ts'
import { clean, counted, dollars, moment, percent, personText, sentence, shareCount, shorten } from './format.ts'
import { showLimit } from './limit-words.ts'
import { modeText } from './mode-words.ts'
import { reply } from './reply.ts'

/** A breaker opened by itself: the reason with its figures, what happens now, and when it ends. */
export function breakerPage(telling: Telling, { account, opening }: FactOf<'breakerOpened'>): Said {
  const said = reply(
    `${badge(telling.context.isSimulated, account)} · BREAKER ${opening.by} opened: ${clean(opening.why)}`,
    'danger',
  )
    .text('No new order is sent. Open positions stay as they are, and are still settled when their markets end.')
    .rows(['Until', untilText(opening.until)])
  return { level: 'page', event: 'breaker', subject: `hold:${opening.by}`, reply: said.press('Breakers', 'breakers') }
}

/** `operator` is a person's stop, `pause` one of purchases alone, `feed:…` a source that shows nothing; the breakers' and the reconciliation's holds are told by what placed them. */
export function holdPage(telling: Telling, fact: FactOf<'holdPlaced'>): Said {
  const { hold } = fact
  if (hold.by === 'operator') {
    const asked = telling.facts.filter(fact => fact.kind === 'cancelAsked').length
    const said = reply(`${badge(telling.context.isSimulated)} · STOPPED: ${clean(hold.why)}`, 'danger')
      .text(`No new order is sent. ${counted(asked, 'resting order')} asked to cancel. Positions are not closed.`)
      .text('It survives a restart; only `resume` by an owner ends it.')
    const told = said.press('Status', 'status').press('Resume', 'resume', { isBelow: true })
    return { level: 'page', event: 'stop', subject: 'hold:operator', reply: told }
  }
  if (hold.by === 'pause') return pauseLine(telling, hold)
  if (isFeedHolder(hold.by)) return blindPage(telling, fact)
  if (hold.by === 'voices') return voicesPage(telling, hold)
  if (hold.by === 'recovery')
    return { level: 'info', event: 'run', reply: reply(`Not trading yet: ${clean(hold.why)}.`) }
  if (hold.by !== 'reconciliation' || telling.facts.some(fact => fact.kind === 'mismatchFound')) return undefined
  const said = reply(`${badge(telling.context.isSimulated)} · HALTED: ${clean(hold.why)}`, 'danger')
  const told = said.rows(['Until', untilText(hold.until)]).press('Breakers', 'breakers')
  return { level: 'page', event: 'books', subject: 'hold:reconciliation', reply: told }
}

function pauseLine({ context }: Telling, { why }: Hold): Said {
  const said = reply(`${badge(context.isSimulated)} · EXITS ONLY: ${clean(why)}`, 'warn')
    .text('Nothing is bought until an owner says `resume`. What was copied is still followed out.')
    .press('Status', 'status')
    .press('Resume', 'resume', { isBelow: true })
  return { level: 'outcome', event: 'pause', subject: 'hold:pause', reply: said }
}

/** Nobody can be reached: what is told here arrives when somebody can be again. */
function voicesPage({ context }: Telling, { why }: Hold): Said {
  const said = reply(`${badge(context.isSimulated)} · EXITS ONLY: nobody could be reached`, 'danger')
    .text(`${sentence(clean(why))} Nothing new is bought while nobody could stop it; exits are still followed.`)
    .text('It ends by itself.')
  return { level: 'page', event: 'surface', subject: 'hold:voices', reply: said.press('Health', 'health') }
}

export function holdReleasedLine(telling: Telling, fact: FactOf<'holdReleased'>): Said {
  const { holder, why } = fact
  if (isFeedHolder(holder)) return seenAgainLine(telling, fact)
  const mark = badge(telling.context.isSimulated)
  const text = `${mark} · ${holder === 'operator' || holder === 'pause' ? clean(sentence(why)) : `the hold of ${holder} is released: ${clean(why)}`}`
  const said = reply(text, 'good')
  if (holder === 'recovery') return { level: 'info', event: 'run', reply: said }
  const subject = `hold:${holder}`
  return {
    level: 'outcome',
    event: 'resume',
    subject,
    reply: said.note('Other holds, if there are any, still stand: `status` lists them.'),
  }
}

export function breakerResetLine(telling: Telling, { breaker, by }: FactOf<'breakerReset'>): Said {
  const text = `${badge(telling.context.isSimulated)} · breaker ${breaker} reset by ${personText(by.person)}`
  return { level: 'outcome', event: 'resume', subject: `hold:${breaker}`, reply: reply(text, 'warn') }
}

export function mismatchPage(telling: Telling, { account, differences }: FactOf<'mismatchFound'>): Said {
  const title = `${badge(telling.context.isSimulated, account)} · HALTED: our books and the venue's differ`
  const said = reply(title, 'danger')
    .table(
      ['What', 'Ours', 'Theirs'],
      differences.map(each => differenceRow(telling, each)),
    )
    .text('Nothing is sent until a person has looked and an owner says `breakers accept`.')
  const told = said.press('Breakers', 'breakers')
  return { level: 'page', event: 'books', subject: 'hold:reconciliation', reply: told }
}

function differenceRow({ context }: Telling, found: Difference): readonly string[] {
  if (found.kind === 'cash') return ['cash', dollars(found.ours), dollars(found.theirs)]
  const market = context.notebook.markets.get(found.token)
  const name =
    market === undefined ? `token …${found.token.slice(-6)}` : shorten(clean(`${market.outcome} · ${market.title}`), 60)
  return [name, `${shareCount(found.ours)} shares`, `${shareCount(found.theirs)} shares`]
}

export function modeLine(telling: Telling, fact: FactOf<'modeChanged'> | FactOf<'modeRefused'>): Said {
  const mark = badge(telling.context.isSimulated)
  const by = personText(fact.by.person)
  if (fact.kind === 'modeChanged') {
    const text = `${mark} · mode is now ${modeText(fact.after)} (was ${modeText(fact.before)}), by ${by}`
    return { level: 'outcome', event: 'mode', reply: reply(text, 'warn') }
  }
  const said = reply(`${mark} · ${by} asked for ${fact.wish.kind.toUpperCase()}: refused, the mode stays`, 'warn')
  return { level: 'outcome', event: 'mode', reply: fact.faults.reduce((so, fault) => so.text(clean(fault, 200)), said) }
}

export function limitsLine(telling: Telling, { before, after, changed, by }: FactOf<'limitsChanged'>): Said {
  const title = `${badge(telling.context.isSimulated)} · ${counted(changed.length, 'limit')} changed by ${personText(by.person)}`
  const rows = changed.map(
    name => [name, `${showLimit(name, before[name])} → ${showLimit(name, after[name])}`] as const,
  )
  return { level: 'outcome', event: 'limits', reply: reply(title, 'warn').rows(...rows) }
}

export function runLine(telling: Telling, fact: FactOf<'accountOpened'> | FactOf<'redeemPutOff'>): Said {
  const mark = badge(telling.context.isSimulated, fact.account)
  if (fact.kind === 'accountOpened') {
    const limit = `a stake is at most ${dollars(fact.limits.stakeMax)} or ${percent(fact.limits.positionPctMax)} of equity`
    return {
      level: 'info',
      event: 'run',
      reply: reply(`${mark} · account opened with ${dollars(fact.deposit)}; ${limit}`),
    }
  }
  return {
    level: 'info',
    event: 'run',
    reply: reply(`${mark} · a payout is late: ${sentence(clean(fact.why))}`, 'warn'),
  }
}

export function untilText(until: Hold['until']): string {
  return typeof until === 'number' ? moment(until) : until
}
