import { copyableOf, returnOf } from '../core/whale/record.ts'
import type { Candidate, Candidates } from './desk.ts'
import { counted, percent, shortAddress, whaleText } from './format.ts'
import { type Reply, reply } from './reply.ts'
import { qualityOfRecord } from './whale-words.ts'

/** Wallets of the rankings that are not followed yet, best first by our own measures; looking is a press, following another. */
export function candidatesReply(found: Candidates, category: string | undefined, qualityMin: number): Reply {
  const scored = found.found
    .map(one => ({ ...one, score: qualityOfRecord(one.record).score }))
    .sort((one, other) => other.score - one.score)
  const good = scored.filter(({ score }) => score >= qualityMin).length
  const where = category === undefined ? '' : ` in ${category}`
  const title =
    scored.length === 0
      ? `No candidate${where} could be looked at`
      : `${good} of ${counted(scored.length, 'candidate')}${where} reach quality ${qualityMin}`
  const base = reply(title, good > 0 ? 'good' : 'info')
  const listed =
    scored.length === 0
      ? base
      : base.table(['Whale', 'Wallet', 'Quality', 'Resolved', 'Return', 'Copyable'], scored.map(row))
  const said = listed
    .note(wayText(found))
    .note('Ranked by the venue’s profit of the week and month, scored by what we can copy. Nobody is followed by this.')
  return scored.reduce((so, { whale, name }) => so.press(`Look ${whaleText(name, whale)}`, `whale ${whale}`), said)
}

function row({ whale, name, record, score }: Candidate & { readonly score: number }): readonly string[] {
  const roi = returnOf(record)
  const copyable = copyableOf(record)
  return [
    whaleText(name, whale),
    shortAddress(whale),
    String(score),
    String(record.resolved),
    roi === undefined ? '?' : percent(roi),
    copyable === undefined ? '?' : percent(copyable, 0),
  ]
}

/** How far the search went, so that a short list is not taken for all there is. */
function wayText({ found, ranked, followed, failed, isCut }: Candidates): string {
  return [
    `${found.length} looked at of ${counted(ranked, 'leader')}`,
    ...(followed === 0 ? [] : [`${followed} followed already`]),
    ...(failed === 0 ? [] : [`${failed} could not be read`]),
    ...(isCut ? ['the time was up'] : []),
  ].join(', ')
}
