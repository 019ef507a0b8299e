const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** What a terminal draws two columns wide: the East Asian scripts and their full-width forms, and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Regional_Indicator}/u

/** The columns that a text takes on a terminal. An estimate: terminals differ on rare scripts. */
export function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let columns = 0
  for (const { segment } of graphemes.segment(text)) columns += columnsOf(segment)
  return columns
}

/** Cut to so many columns, the last of them `…` where something is missing. */
export function cutTo(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let room = columns - 1
  let kept = ''
  for (const { segment } of graphemes.segment(text)) {
    room -= columnsOf(segment)
    if (room < 0) break
    kept += segment
  }
  return columns < 1 ? '' : `${kept}…`
}

/** Lines of at most so many columns, broken between words, and inside a word that is longer than a line. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer) <= columns) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = piecesOf(word, columns)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line]
}

export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)))
}

function piecesOf(word: string, columns: number): readonly string[] {
  const pieces: string[] = []
  let piece = ''
  for (const { segment } of graphemes.segment(word)) {
    if (piece !== '' && widthOf(piece) + columnsOf(segment) > columns) {
      pieces.push(piece)
      piece = ''
    }
    piece += segment
  }
  return [...pieces, piece]
}

function columnsOf(grapheme: string): number {
  return WIDE.test(grapheme) ? 2 : Math.max(1, [...grapheme.replace(/\p{M}/gu, '')].length)
}
