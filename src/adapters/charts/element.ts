import type { Font } from './font.ts'
import { COLOURS, PLAIN } from './look.ts'

/** The weights of the letters that pictures are drawn with. */
export type Fonts = { readonly regular: Font; readonly bold: Font }

export const REGULAR_WEIGHT = 400
export const BOLD_WEIGHT = 600
export const FAMILY = 'Inter'

/** The heights between which something is drawn. */
export type Band = { readonly top: number; readonly bottom: number }

/** A drawn thing at a fixed place, as the charting library takes it. */
export type Element = Readonly<Record<string, unknown>> & { readonly type: 'text' | 'rect' | 'line' }

export type TextLook = {
  readonly size?: number
  readonly colour?: string
  readonly isBold?: boolean
  readonly align?: 'left' | 'right' | 'center'
}

/** One line of text, centred on `y`. */
export function textAt(x: number, y: number, text: string, look: TextLook = {}): Element {
  const { size = PLAIN, colour = COLOURS.text, isBold = false, align = 'left' } = look
  const font = { fontFamily: FAMILY, fontSize: size, fontWeight: isBold ? BOLD_WEIGHT : REGULAR_WEIGHT }
  return { type: 'text', silent: true, x, y, style: { ...font, text, fill: colour, align, verticalAlign: 'middle' } }
}

export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

export function boxAt(box: Box, style: Readonly<Record<string, unknown>>, r = 0): Element {
  return { type: 'rect', silent: true, shape: { ...box, r }, style }
}

export function lineAt(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  style: Readonly<Record<string, unknown>>,
): Element {
  return { type: 'line', silent: true, shape: { x1, y1, x2, y2 }, style }
}

/** How wide a text will be. */
export function widthOf(fonts: Fonts, text: string, { size = PLAIN, isBold = false }: TextLook = {}): number {
  return size * (isBold ? fonts.bold : fonts.regular).widthOf(text)
}
