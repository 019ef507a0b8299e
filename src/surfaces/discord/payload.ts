import { MessageFlags } from 'discord.js'
import { shortenedTo } from '../../chat/fitting.ts'
import type { DiscordMessage } from './render.ts'
import type { Payload } from './requests.ts'

export type PayloadWish = {
  readonly isSilent?: boolean
  readonly isEphemeral?: boolean
  /** Tells Discord that a repeat is one. */
  readonly nonce?: string
}

const CONTENT_MAX = 2_000

/** A message as it goes over the wire, with everything said, so that an edit leaves nothing of what was there before. */
export function payloadOf(message: DiscordMessage, wish: PayloadWish = {}): Payload {
  const { content, embeds, components, files, allowedMentions } = message
  const flags =
    (wish.isSilent === true ? MessageFlags.SuppressNotifications : 0) |
    (wish.isEphemeral === true ? MessageFlags.Ephemeral : 0)
  return {
    body: {
      content,
      embeds,
      components,
      attachments: files.map(({ name, description }, id) => ({ id, filename: name, description })),
      allowed_mentions: allowedMentions,
      ...(flags === 0 ? {} : { flags }),
      ...(wish.nonce === undefined ? {} : { nonce: wish.nonce, enforce_nonce: true }),
    },
    files: files.map(({ attachment, name }) => ({ data: attachment, name })),
  }
}

/** The words alone, for where the rest would not be taken: they are clean already, and every button can be typed. */
export function plain(message: DiscordMessage): DiscordMessage {
  const all = [message.content, ...message.embeds.map(embed => embed.description ?? '')].join('\n')
  const content = shortenedTo(all, CONTENT_MAX, text => text.length)
  return { ...message, content: content.trim() === '' ? '…' : content, embeds: [], components: [], files: [] }
}
