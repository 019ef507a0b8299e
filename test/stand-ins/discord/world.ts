import type { CommandBook } from './command-book.ts'
import type { OpenInteraction } from './interaction.ts'
import type { Message } from './message.ts'
import { type Overwrite, withOverwrite } from './permissions.ts'
import { momentOf } from './snowflakes.ts'

/** Somebody with a name: a person or the bot. */
export type User = { readonly id: string; readonly name: string; readonly isBot: boolean }

/** Somebody in the guild. */
export type Member = User & {
  readonly roles: readonly string[]
  /** The language of their client, `en-US` for one. */
  readonly locale: string
  /** Whether they take direct messages; who does not is answered for with 50007. */
  readonly isReachable: boolean
}

export type Role = {
  readonly id: string
  readonly name: string
  readonly position: number
  readonly permissions: bigint
  readonly isMentionable: boolean
  /** Whether it belongs to a bot. */
  readonly isManaged: boolean
}

/** A place to talk. A thread has the channel that it hangs from, a direct channel the person at its other end. */
export type Channel = {
  readonly id: string
  readonly name: string
  readonly position: number
  readonly madeAt: number
  readonly pins: { readonly message: string; readonly at: number }[]
  /** What this channel allows and denies the bot, beside what its roles do. */
  overwrite: Overwrite
  isDeleted: boolean
  lastMessage?: string
} & (
  | { readonly kind: 'text' }
  | { readonly kind: 'thread'; readonly parent: string; readonly archiveAfterMinutes: number }
  | { readonly kind: 'direct'; readonly recipient: string }
)

/** A webhook of a channel, which needs no bot: whoever knows its token may write. */
export type Webhook = { readonly id: string; readonly token: string; readonly name: string; readonly channel: string }

/** A line of the conversation as people saw it. */
export type Line = { readonly channel: string; readonly at: number; readonly text: string }

/** Bits of the intents that decide who is told what. Source: Discord's reference, "Gateway intents". */
export const INTENTS = { guilds: 1 << 0, guildMessages: 1 << 9, directMessages: 1 << 12 } as const

/** Everything the stand-in knows, and the two ways in which it speaks up. */
export type World = {
  readonly now: () => number
  readonly snowflake: (at?: number) => string
  readonly token: string
  readonly guild: string
  readonly owner: string
  readonly bot: Member
  readonly interactionDeadlineMs: number
  readonly interactionTokenMs: number
  readonly roles: Map<string, Role>
  readonly members: Map<string, Member>
  readonly channels: Map<string, Channel>
  readonly webhooks: Map<string, Webhook>
  readonly messages: Map<string, Message>
  /** By their tokens. */
  readonly interactions: Map<string, OpenInteraction>
  readonly commands: CommandBook
  readonly lines: Line[]
  /** Tells every session of the gateway that asked for one of these intents; zero is for all. */
  readonly dispatch: (type: string, data: object, intents?: number) => void
  /** Says that something changed, to those who wait for it. */
  readonly changed: () => void
}

/** The channel of that name or id that is still there. Throws a sentence for whoever writes the test. */
export function channelOf(world: World, nameOrId: string): Channel {
  const channels = [...world.channels.values()].filter(one => !one.isDeleted)
  const found = channels.find(one => one.id === nameOrId) ?? channels.find(one => one.name === nameOrId)
  if (found !== undefined) return found
  throw new Error(`there is no channel "${nameOrId}", only ${channels.map(one => one.name).join(', ')}`)
}

/** Whether nothing was said in a thread for so long that it was put away. */
export function isArchived(world: World, thread: Extract<Channel, { readonly kind: 'thread' }>): boolean {
  const { madeAt, lastMessage, archiveAfterMinutes } = thread
  const spokenAt = Math.max(madeAt, lastMessage === undefined ? 0 : momentOf(lastMessage))
  return world.now() >= spokenAt + archiveAfterMinutes * 60_000
}

/** What the roles of a member give them anywhere in the guild. */
export function rolePermissions(world: World, { roles }: Member): bigint {
  return [world.guild, ...roles].reduce((bits, id) => bits | (world.roles.get(id)?.permissions ?? 0n), 0n)
}

/** What a member may do in a channel. Threads go by the channel they hang from; nobody is kept from writing directly. */
export function permissionsIn(world: World, member: Member, channel: Channel): bigint {
  const bits = rolePermissions(world, member)
  if (channel.kind === 'direct' || !member.isBot) return bits
  const parent = channel.kind === 'thread' ? world.channels.get(channel.parent) : channel
  return parent === undefined ? bits : withOverwrite(bits, parent.overwrite)
}
