import type { PressCodec } from '../../chat/press-codec.ts'
import { pressRows } from '../../chat/press-rows.ts'
import type { Press } from '../../chat/reply.ts'

/** Three labels are whole on a phone; there may be as many rows as there are presses. */
const MOST = { rows: 9, inRow: 3 }

/** `style` is newer than telegraf's types; telegraf hands it on as it is. */
export type KeyboardButton = {
  readonly text: string
  readonly callback_data: string
  readonly style?: 'success' | 'danger' | 'primary'
}

export type Keyboard = { readonly inline_keyboard: readonly (readonly KeyboardButton[])[] }

const STYLES: Readonly<Record<Press['style'], Pick<KeyboardButton, 'style'>>> = {
  plain: {},
  good: { style: 'success' },
  danger: { style: 'danger' },
}

/** The presses of a reply as an inline keyboard, each with its line signed; nothing where there are none. */
export function keyboardOf(presses: readonly Press[], codec: PressCodec): Keyboard | undefined {
  if (presses.length === 0) return undefined
  const rows = pressRows(presses, MOST).map(row =>
    row.map(({ label, line, style, asks }) => ({
      text: label,
      callback_data: codec.write(line, asks !== undefined),
      ...STYLES[style],
    })),
  )
  return { inline_keyboard: rows }
}
