import { assert } from '../core/units/brand.ts'
import { shorten, visible } from './format.ts'

/** How it is meant: colours and marks follow from it. */
export type Tone = 'good' | 'info' | 'warn' | 'danger'

export type Row = readonly [name: string, value: string]

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'code'; readonly lines: readonly string[] }
  | { readonly kind: 'note'; readonly text: string }

/** A button: its label, and the command line that it stands for. A press and a typed line are one path and one permission check. */
export type Press = { readonly label: string; readonly line: string }

/** Telegram's callback data; Discord allows 100. */
export const PRESS_BYTES_MAX = 64
/** Discord's fields of an embed, which rows become. */
export const ROWS_MAX = 25
/** Discord's title of an embed. */
export const TITLE_MAX = 256
/** A Telegram message and a Discord description hold 4,096; this leaves room for what a renderer puts between. */
const CHARACTERS_MAX = 3_200
const PRESSES_MAX = 5
/** What each row costs beside its letters, in any renderer. */
const ROW_COST = 8

type Parts = {
  readonly title: string
  readonly tone: Tone
  readonly blocks: readonly Block[]
  readonly presses: readonly Press[]
  readonly isPrivate: boolean
}

/**
 * An answer or an announcement, as data that each surface renders in its own way. Immutable: every method gives a new one.
 *
 * All text is made one visible line here, so that no surface can be handed an escape; strangers' words are cleaned before they
 * come in. It never grows beyond what the smallest surface takes: what does not fit is left out, and it says so.
 */
export class Reply {
  readonly title: string
  readonly tone: Tone
  readonly blocks: readonly Block[]
  readonly presses: readonly Press[]
  /** For the asker's eyes only, where a surface can do that. */
  readonly isPrivate: boolean

  constructor(parts: Parts) {
    this.title = parts.title
    this.tone = parts.tone
    this.blocks = parts.blocks
    this.presses = parts.presses
    this.isPrivate = parts.isPrivate
  }

  text(text: string): Reply {
    return this.with({ kind: 'text', text: visible(text) })
  }

  note(text: string): Reply {
    return this.with({ kind: 'note', text: visible(text) })
  }

  rows(...rows: readonly Row[]): Reply {
    const kept = this.fitting(rows)
    const block: Block = { kind: 'rows', rows: kept.map(([name, value]) => [visible(name), visible(value)] as const) }
    return this.with(kept.length === 0 ? undefined : block, rows.length - kept.length)
  }

  table(head: readonly string[], rows: readonly (readonly string[])[]): Reply {
    const kept = this.fitting(rows)
    const block: Block = { kind: 'table', head: head.map(visible), rows: kept.map(row => row.map(visible)) }
    return this.with(kept.length === 0 ? undefined : block, rows.length - kept.length)
  }

  code(...lines: readonly string[]): Reply {
    return this.with({ kind: 'code', lines: lines.map(visible) })
  }

  press(label: string, line: string): Reply {
    assert(new TextEncoder().encode(line).length <= PRESS_BYTES_MAX, 'a press fits into 64 bytes')
    if (this.presses.length >= PRESSES_MAX) return this
    return new Reply({
      ...this,
      presses: [...this.presses, { label: shorten(visible(label), 40), line: visible(line) }],
    })
  }

  privately(): Reply {
    return new Reply({ ...this, isPrivate: true })
  }

  private with(block: Block | undefined, left = 0): Reply {
    const room = CHARACTERS_MAX - sizeOf(this.blocks)
    const blocks = block === undefined || sizeOf([block]) > room ? cutTo(block, room) : [block]
    const last = this.blocks.at(-1)
    if (block?.kind === 'rows' && last?.kind === 'rows' && left === 0) {
      const rows = { ...last, rows: [...last.rows, ...block.rows] }
      return new Reply({ ...this, blocks: [...this.blocks.slice(0, -1), rows] })
    }
    const more: readonly Block[] = left > 0 ? [{ kind: 'note', text: `… and ${left} more` }] : []
    return new Reply({ ...this, blocks: [...this.blocks, ...blocks, ...more] })
  }

  private fitting<Line extends readonly string[]>(rows: readonly Line[]): readonly Line[] {
    let room = CHARACTERS_MAX - sizeOf(this.blocks)
    let places = ROWS_MAX - rowsOf(this.blocks)
    const kept: Line[] = []
    for (const row of rows) {
      room -= row.join('').length + row.length * ROW_COST
      places -= 1
      if (room < 0 || places < 0) break
      kept.push(row)
    }
    return kept
  }
}

export function reply(title: string, tone: Tone = 'info'): Reply {
  return new Reply({ title: shorten(visible(title), TITLE_MAX), tone, blocks: [], presses: [], isPrivate: false })
}

/** How many rows, of lists and tables together. */
export function rowsOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + ('rows' in block ? block.rows.length : 0), 0)
}

function sizeOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + blockSize(block), 0)
}

function blockSize(block: Block): number {
  switch (block.kind) {
    case 'text':
    case 'note':
      return block.text.length
    case 'code':
      return block.lines.join('\n').length
    case 'rows':
    case 'table':
      return block.rows.reduce((sum, row) => sum + row.join('').length + row.length * ROW_COST, 0)
  }
}

function cutTo(block: Block | undefined, room: number): readonly Block[] {
  if (block === undefined || room < 40) return []
  if (block.kind === 'text' || block.kind === 'note') return [{ ...block, text: shorten(block.text, room) }]
  return [{ kind: 'note', text: 'More was left out: it is too long for one message.' }]
}
