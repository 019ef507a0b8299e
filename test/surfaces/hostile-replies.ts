import { announcements } from '../../src/chat/announce.ts'
import { clean } from '../../src/chat/format.ts'
import { emptyNotebook, note } from '../../src/chat/notebook.ts'
import { type Block, type Reply, reply } from '../../src/chat/reply.ts'
import { storyReply } from '../../src/chat/story.ts'
import type { Fact } from '../../src/core/engine/fact.ts'
import { PRESETS } from '../../src/core/risk/limits.ts'
import { later } from '../../src/core/units/ids.ts'
import { usd } from '../../src/core/units/money.ts'
import { askedFact, NOW, plannedFact, refusedFact, signalFrom, trade, weighedFact } from '../chat/stand-in.ts'

const UNTIL = later(NOW, 88_000)

/** A reply with a stranger's text in every place that a reply has. */
function everywhere(title: string, short: string): Reply {
  return reply(title)
    .text(title)
    .text(`${short}: ${title}`)
    .rows([short, title], ['Who', short], [title, ''])
    .table(['Id', 'Market', 'Whale'], [[short, title, short], ['', title, ''], [title]])
    .table(['Day', short], [['2026-10-02', title]])
    .note(title)
    .until(short, UNTIL, title)
    .code(title, short)
    .press(short === '' ? '?' : short, 'why 7q2f')
}

/** The same text as a card, a story and a refusal carry it: as the title, the outcome, the name and the reasons. */
function cards(text: string): readonly Reply[] {
  const signal = signalFrom(trade({ transaction: '0x0d', title: text, outcome: text, name: text, source: text }))
  const facts: readonly Fact[] = [
    { kind: 'signalOpened', signal },
    weighedFact(signal),
    { ...askedFact, signal: signal.id } as Fact,
    plannedFact(signal),
    { ...refusedFact, refusals: [{ code: 'QUOTE_UNAVAILABLE', detail: text }], signal: signal.id } as Fact,
    { kind: 'signalWithdrawn', signal: signal.id, why: text },
  ]
  const notebook = emptyNotebook()
  note(notebook, [{ kind: 'signalOpened', signal }])
  const context = { isSimulated: true, equity: usd('1000'), notebook, limits: PRESETS.standard }
  const told = { signal: signal.id, facts: facts.map((fact, seq) => ({ seq, at: NOW, fact })) }
  return [...announcements({ seq: 1, at: NOW, facts }, context).map(each => each.reply), storyReply(told, true)]
}

/** Every way in which a stranger's text comes to a surface; and, last, what came in without being cleaned. */
export function repliesWith(text: string): readonly Reply[] {
  return [everywhere(clean(text), clean(text, 30)), ...cards(text), everywhere(text.slice(0, 3_000), text.slice(0, 60))]
}

/** What a reader should read of the blocks, line by line, and how many names, notes and countdowns there are. */
export function expected(blocks: readonly Block[]): {
  readonly lines: readonly string[]
  readonly names: number
  readonly notes: number
} {
  const lines: string[] = []
  let names = 0
  let notes = 0
  const name = (text: string): readonly string[] => {
    if (text !== '') names += 1
    return text === '' ? [] : [text]
  }
  for (const block of blocks) {
    if (block.kind === 'text') lines.push(block.text)
    if (block.kind === 'note') {
      lines.push(block.text)
      notes += block.text === '' ? 0 : 1
    }
    if (block.kind === 'code' && block.lines.some(line => line !== '')) lines.push(block.lines.join('\n'))
    if (block.kind === 'until') {
      const at = new Date(block.at).toISOString()
      const isSaid = block.text.includes(`${at.slice(11, 19)}Z`)
      const words = isSaid ? [block.text] : [block.text, `${at.slice(0, 10)} ${at.slice(11, 19)}Z`]
      lines.push([...name(block.name), '⏱', `(${words.filter(each => each !== '').join(', ')})`].join(' '))
    }
    if (block.kind === 'rows')
      for (const [what, value] of block.rows)
        lines.push([...name(what), ...[value].filter(each => each !== '')].join(' '))
    if (block.kind === 'table')
      for (const [first = '', ...cells] of block.rows) {
        const rest = cells.flatMap((cell, index) => {
          const head = block.head[index + 1] ?? ''
          return cell === '' ? [] : [head === '' ? cell : `${head}: ${cell}`]
        })
        lines.push([...name(first), ...[rest.join(' · ')].filter(each => each !== '')].join('\n'))
      }
  }
  return { lines: lines.filter(line => line !== ''), names, notes }
}
