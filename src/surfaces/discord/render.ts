import type { APIEmbed } from 'discord.js'
import { shortenedTo } from '../../chat/fitting.ts'
import type { PressCodec } from '../../chat/press-codec.ts'
import type { Picture, Reply } from '../../chat/reply.ts'
import { type ButtonRow, buttonRows } from './buttons.ts'
import { embedsOf } from './embed.ts'
import { escaped } from './escape.ts'

const CONTENT_MAX = 2_000
const ALT_MAX = 1_024
/** More than the people of one Remora; each costs up to 24 letters of the title's room. */
const CALLS_MAX = 25
const SNOWFLAKE = /^\d{15,22}$/

export type DiscordMessage = {
  readonly content: string
  readonly embeds: readonly APIEmbed[]
  readonly components: readonly ButtonRow[]
  readonly files: readonly { readonly attachment: Buffer; readonly name: string; readonly description: string }[]
  readonly allowedMentions: {
    readonly parse: readonly []
    readonly users: readonly string[]
    readonly roles: readonly string[]
  }
}

/**
 * A reply as a message of Discord, for discord.js to send as it is. The title is the content, since that is all that a lock screen
 * shows. Nobody is called but the accounts and the role that are named here, whatever the texts say. An edit with it leaves
 * nothing of the message before.
 */
export function discordMessage(shown: {
  readonly reply: Reply
  readonly codec: PressCodec
  readonly calls?: readonly string[]
  readonly roleCalled?: string
}): DiscordMessage {
  const { reply, codec } = shown
  const users = [...new Set(shown.calls)].filter(id => SNOWFLAKE.test(id)).slice(0, CALLS_MAX)
  const roles = [shown.roleCalled ?? ''].filter(id => SNOWFLAKE.test(id))
  const called = [...users.map(id => `<@${id}>`), ...roles.map(id => `<@&${id}>`)].join(' ')
  const room = CONTENT_MAX - called.length - 1
  const title = escaped(shortenedTo(reply.title, room, text => escaped(text).length))
  return {
    content: called === '' ? title : `${title}\n${called}`,
    embeds: embedsOf(reply),
    components: buttonRows(reply.presses, codec),
    files: filesOf(reply.picture),
    allowedMentions: { parse: [], users, roles },
  }
}

function filesOf(picture: Picture | undefined): DiscordMessage['files'] {
  if (picture === undefined) return []
  const description = shortenedTo(picture.alt, ALT_MAX, text => text.length)
  return [{ attachment: Buffer.from(picture.png), name: picture.name, description }]
}
