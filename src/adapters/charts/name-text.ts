import type { Font } from './font.ts'

/** Far beyond what is shown; keeps a megabyte of a name from costing anything. */
const RAW_MAX = 400
/** Stands for what the font cannot draw: leaving it out would make two names one. */
const UNDRAWN = '□'
const CUT = '…'
const UNREADABLE = 'unreadable name'

/** A stranger's words as one line that can be seen: no control, no direction, no half of a pair, no pile of marks. */
export function oneLine(text: string): string {
  return text
    .slice(0, RAW_MAX)
    .normalize('NFKC')
    .replace(/\s+/gu, ' ')
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .trim()
}

/** The same in letters that the font has, no wider than `width` times the font's size; `…` ends what was cut. */
export function fitted(text: string, font: Font, width: number): string {
  const drawn = [...oneLine(text)].map(letter => (font.has(letter.codePointAt(0) ?? 0) ? letter : UNDRAWN)).join('')
  const once = drawn.replace(/□{2,}/gu, UNDRAWN)
  if (once === '' || once === UNDRAWN) return UNREADABLE
  if (font.widthOf(once) <= width) return once
  let room = width - font.widthOf(CUT)
  let kept = ''
  for (const letter of once) {
    room -= font.widthOf(letter)
    if (room < 0) break
    kept += letter
  }
  return `${kept.trimEnd()}${CUT}`
}
