import { commandBook } from './command-book.ts'
import { BOT_ROLE, bitsOf, EVERYONE, type PermissionName } from './permissions.ts'
import { snowflakes } from './snowflakes.ts'
import type { Channel, Member, Role, World } from './world.ts'

/** The ids that are the same in every run, and so can be read in a transcript. */
const BOT = '100000000000000001'
const GUILD = '200000000000000001'
const OWNER = '400000000000000000'
const BOT_ROLE_ID = '600000000000000001'
const idIn = (family: number, at: number) => String(BigInt(family) * 100_000_000_000_000_000n + BigInt(at))

/** Milliseconds that an interaction waits for its first answer, and that its token then lives. Source: Discord's reference, "Receiving and responding". */
const DEADLINE_MS = 3_000
const TOKEN_MS = 900_000

/** What a guild of the test's own is to be like. */
export type Foundation = {
  readonly channels: readonly string[]
  /** The roles that people may have, by name. */
  readonly roles?: Readonly<
    Record<string, { readonly isMentionable?: boolean; readonly permissions?: readonly PermissionName[] }>
  >
  readonly botName?: string
  /** The clock, in milliseconds since 1970, for ids, deadlines, tokens, nonces and rate limits. */
  readonly now?: () => number
  readonly interactionDeadlineMs?: number
  readonly interactionTokenMs?: number
}

/** A guild with its bot, its channels and nothing said yet. */
export function foundedWorld(foundation: Foundation, speaking: Pick<World, 'dispatch' | 'changed'>): World {
  const { now = Date.now, botName = 'Remora' } = foundation
  const snowflake = snowflakes(now)
  const bot: Member = { id: BOT, name: botName, isBot: true, roles: [BOT_ROLE_ID], locale: 'en-US', isReachable: false }
  const owner: Member = { id: OWNER, name: 'Owner', isBot: false, roles: [], locale: 'en-US', isReachable: true }
  const roles = Object.entries(foundation.roles ?? {}).map(([name, { isMentionable = false, permissions = [] }], at) =>
    roleOf(idIn(5, at + 1), name, at + 2, bitsOf(permissions), isMentionable),
  )
  return {
    ...speaking,
    now,
    snowflake,
    token: `${Buffer.from(BOT).toString('base64url')}.standin.${'0'.repeat(32)}`,
    guild: GUILD,
    owner: OWNER,
    bot,
    interactionDeadlineMs: foundation.interactionDeadlineMs ?? DEADLINE_MS,
    interactionTokenMs: foundation.interactionTokenMs ?? TOKEN_MS,
    roles: byId([
      roleOf(GUILD, '@everyone', 0, EVERYONE, false),
      { ...roleOf(BOT_ROLE_ID, botName, 1, BOT_ROLE, false), isManaged: true },
      ...roles,
    ]),
    members: byId([bot, owner]),
    channels: byId(foundation.channels.map((name, at) => channelNamed(name, at, now()))),
    webhooks: new Map(),
    messages: new Map(),
    interactions: new Map(),
    commands: commandBook(now, snowflake),
    lines: [],
  }
}

/** The id that the next person gets who brings none. */
export function personId(world: World): string {
  return idIn(4, world.members.size)
}

function roleOf(id: string, name: string, position: number, permissions: bigint, isMentionable: boolean): Role {
  return { id, name, position, permissions, isMentionable, isManaged: false }
}

function channelNamed(name: string, position: number, madeAt: number): Channel {
  const id = idIn(3, position + 1)
  return { kind: 'text', id, name, position, madeAt, pins: [], overwrite: { allow: 0n, deny: 0n }, isDeleted: false }
}

function byId<Thing extends { readonly id: string }>(things: readonly Thing[]): Map<string, Thing> {
  return new Map(things.map(one => [one.id, one]))
}
