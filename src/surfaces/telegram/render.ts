import { fitted, LEFT_OUT, shortenedTo } from '../../chat/fitting.ts'
import { clock } from '../../chat/format.ts'
import { JOINER } from '../../chat/inert.ts'
import { type Line, type Piece, phoneLines, type Run } from '../../chat/phone-lines.ts'
import type { PressCodec } from '../../chat/press-codec.ts'
import type { Picture, Reply } from '../../chat/reply.ts'
import { block, blockLine, countdown, folding, NOTHING, type Node, sizeOf, together, words } from './html.ts'
import { type Keyboard, keyboardOf } from './keyboard.ts'

const TEXT_MAX = 4_096
const CAPTION_MAX = 1_024
const REPEATED = 'Sent again: an earlier try may have arrived.'

/** What goes with a text whether it is marked up or not. */
type Body = {
  readonly text: string
  readonly link_preview_options: { readonly is_disabled: true }
  readonly reply_markup?: Keyboard
}

export type TelegramMessage = {
  readonly html: Body & { readonly parse_mode: 'HTML' }
  /** The same words without markup, for the case that Telegram cannot read it. */
  readonly plain: Body
  /** Where there is one, the text is its caption, and has been cut to that. */
  readonly picture: Picture | undefined
}

/** A reply as a message of Telegram. The title is the first line, since that is what a lock screen shows. */
export function telegramMessage(shown: {
  readonly reply: Reply
  readonly codec: PressCodec
  /** Telegram has no way to tell a repeat, so the message says it. */
  readonly isRepeat?: boolean
}): TelegramMessage {
  const { reply, codec, isRepeat = false } = shown
  const { html, plain } = textOf(reply, isRepeat, reply.picture === undefined ? TEXT_MAX : CAPTION_MAX)
  const keyboard = keyboardOf(reply.presses, codec)
  const rest = {
    link_preview_options: { is_disabled: true },
    ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
  } as const
  return {
    html: { text: html, parse_mode: 'HTML', ...rest },
    plain: { text: plain, ...rest },
    picture: reply.picture,
  }
}

function textOf({ title, blocks }: Reply, isRepeat: boolean, most: number): Node {
  const repeated = isRepeat ? [words(REPEATED, 'i')] : []
  const room = most - (isRepeat ? REPEATED.length + 1 : 0)
  const head = words(
    shortenedTo(title, room, text => sizeOf(words(text, 'b'))),
    'b',
  )
  const drawn = phoneLines(blocks).map(draw)
  const { runs, isCut } = fitted(drawn, room - sizeOf(head), sizeOf)
  return together([head, ...runs.map(joined), ...(isCut ? [words(LEFT_OUT, 'i')] : []), ...repeated], '\n')
}

function draw({ kind, lines }: Run): Run<Node> {
  const drawn = lines.map(kind === 'code' ? codeLine : drawLine)
  return { kind, lines: drawn.some(({ html }) => html !== '') ? drawn : [] }
}

function joined({ kind, lines }: Run<Node>): Node {
  switch (kind) {
    case 'lines':
      return together(lines, '\n')
    case 'code':
      return block(lines)
    case 'more':
      return folding(lines)
  }
}

function drawLine(line: Line): Node {
  const drawn = line.map((piece, index) => drawPiece(apart(piece, line.slice(0, index))))
  const { html, plain } = together(drawn, ' ')
  return { html: html.replaceAll(' \n ', '\n'), plain: plain.replaceAll(' \n ', '\n') }
}

/** A number that follows another would be read as one with it, and one long enough can be tapped. */
function apart(piece: Piece, before: Line): Piece {
  const last = before.findLast(each => 'text' in each)
  if (piece.kind !== 'words' || last === undefined) return piece
  const isOne = /\d$/.test(last.text) && /^[+(]?\d/.test(piece.text)
  return isOne ? { ...piece, text: `${JOINER}${piece.text}` } : piece
}

function drawPiece(piece: Piece): Node {
  switch (piece.kind) {
    case 'words':
      return words(piece.text)
    case 'name':
      return words(piece.text, 'b')
    case 'note':
      return words(piece.text, 'i')
    case 'until':
      return countdown(piece.at, clock(piece.at))
    case 'break':
      return { html: '\n', plain: '\n' }
  }
}

function codeLine(line: Line): Node {
  return together(line.map(piece => ('text' in piece ? blockLine(piece.text) : NOTHING)))
}
