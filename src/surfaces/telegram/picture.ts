import type { PressCodec } from '../../chat/press-codec.ts'
import type { Outgoing } from '../../voices/surface.ts'
import type { Fields } from './api.ts'
import { type TelegramMessage, telegramMessage } from './render.ts'

/** What stands below a picture. */
export type Caption = {
  readonly fields: Fields
  /** Whether all the words of the reply are in it: a caption holds a quarter of what a message does. */
  readonly isWhole: boolean
}

export function captionOf({ reply, isRepeat }: Outgoing, codec: PressCodec): Caption {
  const whole = telegramMessage({ reply: reply.drawn(undefined), codec, isRepeat })
  const cut = telegramMessage({ reply, codec, isRepeat })
  return { fields: captioned(cut.html), isWhole: cut.html.text === whole.html.text }
}

/** Previews are for links in texts; a picture has none, and its form cannot carry the field. */
function captioned({ text, parse_mode, reply_markup }: TelegramMessage['html']): Fields {
  return { caption: text, parse_mode, ...(reply_markup === undefined ? {} : { reply_markup }) }
}
