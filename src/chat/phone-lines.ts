import type { Instant } from '../core/units/ids.ts'
import { clock } from './format.ts'
import type { Block, Row } from './reply.ts'

/**
 * A piece of a line. Each surface has its own markup for it: `name` is what the eye looks for, `note` is small, `until` counts down
 * by itself, `break` goes on in a new line of the same.
 */
export type Piece =
  | { readonly kind: 'words' | 'name' | 'note'; readonly text: string }
  | { readonly kind: 'until'; readonly at: Instant }
  | { readonly kind: 'break' }

/** Pieces that stay together, with a space between. */
export type Line = readonly Piece[]

/** Lines that are drawn alike: as they are, as code, or `more`, which a surface that can folds away until it is asked for. */
export type Run<Drawn = Line> = { readonly kind: 'lines' | 'code' | 'more'; readonly lines: readonly Drawn[] }

/** Rows that a phone shows at once. */
const ROWS_OPEN = 12
/** A value of more letters is a paragraph, and hides the rows below it. */
const VALUE_OPEN = 200

/** The blocks of a reply in lines that fit a narrow screen, which has room for two columns and no more. */
export function phoneLines(blocks: readonly Block[]): readonly Run[] {
  return blocks.flatMap(runsOf)
}

function runsOf(block: Block): readonly Run[] {
  switch (block.kind) {
    case 'text':
      return block.text === '' ? [] : [{ kind: 'lines', lines: [[{ kind: 'words', text: block.text }]] }]
    case 'note':
      return block.text === '' ? [] : [{ kind: 'lines', lines: [[{ kind: 'note', text: block.text }]] }]
    case 'until':
      return [{ kind: 'lines', lines: [untilLine(block.name, block.at, block.text)] }]
    case 'code':
      return [{ kind: 'code', lines: block.lines.map(text => [{ kind: 'words', text }]) }]
    case 'rows':
      return folded(block.rows.map(row => ({ line: rowLine(row), isLong: row[1].length > VALUE_OPEN })))
    case 'table':
      return folded(block.rows.map(cells => tableRow(block.head, cells)))
  }
}

/** The countdown, and the words in full beside it, since a surface that counts down shows nothing else in its place. */
function untilLine(name: string, at: Instant, text: string): Line {
  const whole = text.includes(clock(at)) ? text : [text, fullMoment(at)].filter(part => part !== '').join(', ')
  return [...named(name), { kind: 'until', at }, { kind: 'words', text: `(${whole})` }]
}

function rowLine([name, value]: Row): Line {
  return [...named(name), ...worded(value)]
}

type TableRow = { readonly line: Line; readonly isLong: boolean }

/** The first cell is what the row is about; the others say what they are, since no column stands above them. */
function tableRow(head: readonly string[], cells: readonly string[]): TableRow {
  const [first = '', ...others] = cells
  const told = others.flatMap((cell, index) => {
    const about = head[index + 1] ?? ''
    if (cell === '') return []
    return [about === '' ? cell : `${about}: ${cell}`]
  })
  const rest = told.join(' · ')
  const isTwo = first !== '' && rest !== ''
  const line: Line = [...named(first), ...(isTwo ? [{ kind: 'break' } as const] : []), ...worded(rest)]
  return { line, isLong: rest.length > VALUE_OPEN }
}

function folded(rows: readonly TableRow[]): readonly Run[] {
  const runs: { readonly kind: 'lines' | 'more'; readonly lines: Line[] }[] = []
  for (const [index, { line, isLong }] of rows.entries()) {
    if (line.length === 0) continue
    const kind = isLong || index >= ROWS_OPEN ? 'more' : 'lines'
    const last = runs.at(-1)
    if (last?.kind === kind) last.lines.push(line)
    else runs.push({ kind, lines: [line] })
  }
  return runs
}

function named(name: string): Line {
  return name === '' ? [] : [{ kind: 'name', text: name }]
}

function worded(text: string): Line {
  return text === '' ? [] : [{ kind: 'words', text }]
}

function fullMoment(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 10)} ${clock(at)}`
}
