import { type PressCodec, pressCodec } from '../../src/chat/press-codec.ts'
import type { Reply } from '../../src/chat/reply.ts'
import { discordMessage } from '../../src/surfaces/discord/render.ts'
import { telegramMessage } from '../../src/surfaces/telegram/render.ts'

const codec: PressCodec = pressCodec([Buffer.from('the key of the transcripts')])

/** A message of Discord in letters: what a lock screen shows, the embed behind a bar, and the buttons with what they stand for. */
export function discordText(reply: Reply): string {
  const { content, embeds, components, files } = discordMessage({ reply, codec })
  return told([
    ...content.split('\n'),
    ...embeds.flatMap(({ description = '' }) => description.split('\n').map(line => `| ${line}`)),
    ...files.map(({ name, description }) => `(${name}: ${description})`),
    ...components.map(row => row.components.map(each => button(each.label ?? '', each.custom_id)).join(' ')),
  ])
}

/** A message of Telegram in letters: its HTML as it is sent, and the keyboard. */
export function telegramText(reply: Reply): string {
  const { html, picture } = telegramMessage({ reply, codec })
  return told([
    html.text,
    ...(picture === undefined ? [] : [`(${picture.name})`]),
    ...(html.reply_markup?.inline_keyboard ?? []).map(row =>
      row.map(each => button(each.text, each.callback_data)).join(' '),
    ),
  ])
}

function button(label: string, data: string): string {
  const pressed = codec.read(data)
  return `[${label} → ${pressed?.line ?? '?'}${pressed?.isForm === true ? ' …' : ''}]`
}

/** What nobody sees is written out, so that it can be reviewed. */
function told(lines: readonly string[]): string {
  return lines.join('\n').replaceAll('\u2060', '{wj}')
}
