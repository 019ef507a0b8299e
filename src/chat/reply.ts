import { assert } from '../core/units/brand.ts'
import type { Instant } from '../core/units/ids.ts'
import { shorten, visible } from './format.ts'
import { fitsPress } from './press-codec.ts'

/** How it is meant: colours and marks follow from it. */
export type Tone = 'good' | 'info' | 'warn' | 'danger'

export type Row = readonly [name: string, value: string]

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'code'; readonly lines: readonly string[] }
  | { readonly kind: 'note'; readonly text: string }
  /** An instant that is looked forward to: surfaces that can, count down by themselves; the others say `text`. */
  | { readonly kind: 'until'; readonly name: string; readonly at: Instant; readonly text: string }

/** What a press asks for before it is a whole line: one text, which becomes the line's last word. */
export type Form = { readonly title: string; readonly label: string; readonly example: string }

/** A button: its label, and the command line that it stands for. A press and a typed line are one path and one permission check. */
export type Press = {
  readonly label: string
  readonly line: string
  /** How it is meant, where a surface can show that. */
  readonly style: 'plain' | 'good' | 'danger'
  readonly asks: Form | undefined
  /** Whether it stands under the press before it and not beside it: a thumb must not hit a yes for a no. */
  readonly isBelow: boolean
}

/** A drawing that goes with the words. `alt` says what it shows to those who cannot see it. */
export type Picture = { readonly name: string; readonly alt: string; readonly png: Uint8Array }

/** Lines on a phone's screen that are still read. */
export const ROWS_MAX = 40
/** Discord's title of an embed. */
export const TITLE_MAX = 256
/** A Telegram message and a Discord description hold 4,096; this leaves room for what a renderer puts between. */
const CHARACTERS_MAX = 3_200
/** Three rows of them on a phone. */
const PRESSES_MAX = 9
const LABEL_GRAPHEMES = 40
/** What each row costs beside its letters, in any renderer. */
const ROW_COST = 8

type Parts = {
  readonly title: string
  readonly tone: Tone
  readonly blocks: readonly Block[]
  readonly presses: readonly Press[]
  readonly picture: Picture | undefined
  readonly isPrivate: boolean
}

type PressWish = {
  readonly style?: Press['style']
  readonly asks?: Form
  readonly isBelow?: boolean
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
  readonly picture: Picture | undefined
  /** For the asker's eyes only, where a surface can do that. */
  readonly isPrivate: boolean

  constructor(parts: Parts) {
    this.title = parts.title
    this.tone = parts.tone
    this.blocks = parts.blocks
    this.presses = parts.presses
    this.picture = parts.picture
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

  /** An instant to come; `text` says it where nothing counts down. */
  until(name: string, at: Instant, text: string): Reply {
    return this.with({ kind: 'until', name: visible(name), at, text: visible(text) })
  }

  press(label: string, line: string, { style = 'plain', asks, isBelow = false }: PressWish = {}): Reply {
    assert(fitsPress(line), 'a press fits into the data of a button, signed')
    if (this.presses.length >= PRESSES_MAX) return this
    const press = { label: shorten(visible(label), LABEL_GRAPHEMES), line: visible(line), style, asks, isBelow }
    return new Reply({ ...this, presses: [...this.presses, press] })
  }

  /** The same without its buttons: what they were for is over. */
  withoutPresses(): Reply {
    return new Reply({ ...this, presses: [] })
  }

  drawn(picture: Picture | undefined): Reply {
    return new Reply({ ...this, picture })
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
  return new Reply({
    title: shorten(visible(title), TITLE_MAX),
    tone,
    blocks: [],
    presses: [],
    picture: undefined,
    isPrivate: false,
  })
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
    case 'until':
      return block.name.length + block.text.length + ROW_COST
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
