import { type APIActionRowComponent, type APIButtonComponentWithCustomId, ButtonStyle, ComponentType } from 'discord.js'
import { shortenedTo } from '../../chat/fitting.ts'
import type { PressCodec } from '../../chat/press-codec.ts'
import { pressRows } from '../../chat/press-rows.ts'
import type { Press } from '../../chat/reply.ts'

/** Discord takes five in a row; a phone shows four with their labels whole. */
const MOST = { rows: 5, inRow: 4 }
const LABEL_MAX = 80

const STYLES = {
  plain: ButtonStyle.Secondary,
  good: ButtonStyle.Success,
  danger: ButtonStyle.Danger,
} as const satisfies Readonly<Record<Press['style'], ButtonStyle>>

export type ButtonRow = APIActionRowComponent<APIButtonComponentWithCustomId>

/** The presses of a reply as rows of buttons, each with its line signed. */
export function buttonRows(presses: readonly Press[], codec: PressCodec): readonly ButtonRow[] {
  return pressRows(presses, MOST).map(row => ({
    type: ComponentType.ActionRow,
    components: row.map(({ label, line, style, asks }) => ({
      type: ComponentType.Button,
      style: STYLES[style],
      label: shortenedTo(label, LABEL_MAX, text => text.length),
      custom_id: codec.write(line, asks !== undefined),
    })),
  }))
}
