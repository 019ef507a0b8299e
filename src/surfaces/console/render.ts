import type { Block, Reply, Row, Tone } from '../../chat/reply.ts'
import { cutTo, padded, widthOf, wrap } from './width.ts'

export type Look = { readonly width: number; readonly colours: boolean }

/** Under this nothing can be laid out; a narrower terminal wraps by itself. */
const WIDTH_MIN = 40
/** Longer lines are hard to read, however wide the window is. */
const WIDTH_MAX = 140
const NAME_MAX = 40
const COLUMN_MIN = 6
const GAP = '  '

const MARKS: Readonly<Record<Tone, string>> = { good: '+', info: '*', warn: '!', danger: '!!' }
const TONES: Readonly<Record<Tone, string>> = { good: '32', info: '36', warn: '33', danger: '1;31' }

/** A reply as plain text: no line is wider than the terminal, and nothing but our own colours escapes. */
export function render(reply: Reply, look: Look): string {
  const width = Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, look.width))
  const mark = MARKS[reply.tone]
  const title = indented(reply.title, width, `${mark} `, ' '.repeat(mark.length + 1))
  const paint = (code: string, line: string): string => (look.colours ? `\u001b[${code}m${line}\u001b[0m` : line)
  const presses = reply.presses.flatMap(press =>
    indented(`${press.line}   (${press.label})`, width, '  > ', '    ').map(line => paint('36', line)),
  )
  return [
    ...title.map(line => paint(TONES[reply.tone], line)),
    ...reply.blocks.flatMap(block => blockLines(block, width, paint)),
    ...pictureLines(reply, width).map(line => paint('2', line)),
    ...presses,
  ].join('\n')
}

type Paint = (code: string, line: string) => string

/** A terminal has no pictures: what one shows, in words. */
function pictureLines({ picture }: Reply, width: number): readonly string[] {
  return picture === undefined ? [] : indented(picture.alt, width, '  ', '  ')
}

function blockLines(block: Block, width: number, paint: Paint): readonly string[] {
  switch (block.kind) {
    case 'text':
      return indented(block.text, width, '  ', '  ')
    case 'note':
      return indented(block.text, width, '  ', '  ').map(line => paint('2', line))
    case 'until':
      return rowLines([[block.name, block.text]], width)
    case 'code':
      return block.lines.map(line => `    ${cutTo(line, width - 4)}`)
    case 'rows':
      return rowLines(block.rows, width)
    case 'table':
      return tableLines(block.head, block.rows, width, paint)
  }
}

function rowLines(rows: readonly Row[], width: number): readonly string[] {
  const widest = Math.max(0, ...rows.map(([name]) => widthOf(name)))
  const names = Math.min(widest, NAME_MAX, Math.floor(width * 0.4))
  return rows.flatMap(([name, value]) => {
    const first = `  ${padded(cutTo(name, names), names)}  `
    return indented(value, width, first, ' '.repeat(names + 4))
  })
}

/** Columns as wide as they need to be, the widest narrowed until all fit; where they cannot, each row becomes a list. */
function tableLines(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
  paint: Paint,
): readonly string[] {
  const widths = head.map((name, column) => Math.max(widthOf(name), ...rows.map(row => widthOf(row[column] ?? ''))))
  const room = width - 2 - GAP.length * (head.length - 1)
  if (head.length * COLUMN_MIN > room) {
    return rows.flatMap(row =>
      rowLines(
        row.map((cell, column) => [head[column] ?? '', cell] as const),
        width,
      ),
    )
  }
  narrow(widths, room)
  const line = (cells: readonly string[]): readonly string[] => tableLine(cells, widths)
  return [...line(head).map(each => paint('2', each)), ...rows.flatMap(line)]
}

function narrow(widths: number[], room: number): void {
  let over = widths.reduce((sum, width) => sum + width, 0) - room
  while (over > 0) {
    const widest = Math.max(...widths)
    if (widest <= COLUMN_MIN) return
    widths[widths.indexOf(widest)] = widest - 1
    over -= 1
  }
}

function tableLine(cells: readonly string[], widths: readonly number[]): readonly string[] {
  const wrapped = widths.map((width, column) => wrap(cells[column] ?? '', width))
  const height = Math.max(1, ...wrapped.map(lines => lines.length))
  return Array.from({ length: height }, (_, row) => {
    const parts = widths.map((width, column) => padded(wrapped[column]?.[row] ?? '', width))
    return `  ${parts.join(GAP)}`.trimEnd()
  })
}

function indented(text: string, width: number, first: string, rest: string): readonly string[] {
  return wrap(text, width - widthOf(rest)).map((line, index) => `${index === 0 ? first : rest}${line}`.trimEnd())
}
