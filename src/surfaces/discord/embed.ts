import type { APIEmbed } from 'discord.js'
import { fitted, LEFT_OUT } from '../../chat/fitting.ts'
import { type Line, type Piece, phoneLines, type Run } from '../../chat/phone-lines.ts'
import type { Reply, Tone } from '../../chat/reply.ts'
import { escaped, fenced } from './escape.ts'

/** Of one description. The 6,000 that all embeds of a message may hold are never reached by one. */
const DESCRIPTION_MAX = 4_096

const COLOURS: Readonly<Record<Tone, number>> = {
  good: 0x2e_a0_43,
  info: 0x54_6e_7a,
  warn: 0xd2_99_22,
  danger: 0xda_36_33,
}

/** The blocks of a reply as the one embed below its title; none where it has no blocks, for Discord takes no empty one. */
export function embedsOf({ blocks, tone }: Reply): readonly APIEmbed[] {
  const drawn = phoneLines(blocks).map(draw)
  const { runs, isCut } = fitted(drawn, DESCRIPTION_MAX, line => line.length)
  const parts = [...runs.map(joined), ...(isCut ? [`-# ${LEFT_OUT}`] : [])]
  return parts.length === 0 ? [] : [{ description: parts.join('\n'), color: COLOURS[tone] }]
}

function draw({ kind, lines }: Run): Run<string> {
  const drawn = lines.map(kind === 'code' ? codeLine : drawLine)
  return { kind, lines: drawn.some(line => line !== '') ? drawn : [] }
}

function joined({ kind, lines }: Run<string>): string {
  return kind === 'code' ? ['```', ...lines, '```'].join('\n') : lines.join('\n')
}

function drawLine(line: Line): string {
  return line.map(drawPiece).join(' ').replaceAll(' \n ', '\n')
}

function drawPiece(piece: Piece): string {
  switch (piece.kind) {
    case 'words':
      return escaped(piece.text)
    case 'name':
      return `**${escaped(piece.text)}**`
    case 'note':
      return `-# ${escaped(piece.text)}`
    case 'until':
      return `<t:${Math.floor(piece.at / 1_000)}:R>`
    case 'break':
      return '\n'
  }
}

function codeLine(line: Line): string {
  return fenced(line.map(piece => ('text' in piece ? piece.text : '')).join(''))
}
