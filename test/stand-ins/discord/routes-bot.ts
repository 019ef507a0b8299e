import { ApiError } from './api-error.ts'
import { bodiesOf, textOf } from './json.ts'
import { type Asked, given, type Route } from './router.ts'
import { channelShape, guildShape, memberShape, roleShape, userShape } from './shapes.ts'
import type { Channel, World } from './world.ts'

/** Routes about the bot itself, its commands, and the guild. */
export const BOT_ROUTES: readonly Route[] = [
  {
    name: 'GET /users/@me',
    answer: ({ world }) => given({ ...userShape(world.bot), verified: true, mfa_enabled: false }),
  },
  { name: 'POST /users/@me/channels', answer: openDirect },
  {
    name: 'GET /users/:user',
    answer: ({ world, at }) => {
      const member = world.members.get(at('user'))
      if (member === undefined) throw new ApiError('unknownUser')
      return given(userShape(member))
    },
  },
  { name: 'GET /applications/@me', answer: application },
  { name: 'GET /oauth2/applications/@me', answer: application },
  { name: 'GET /applications/:application/commands', answer: ({ world }) => given(world.commands.of('global')) },
  { name: 'PUT /applications/:application/commands', answer: asked => putCommands(asked, 'global') },
  {
    name: 'GET /applications/:application/guilds/:guild/commands',
    answer: asked => given(asked.world.commands.of(guildOf(asked))),
  },
  {
    name: 'PUT /applications/:application/guilds/:guild/commands',
    answer: asked => putCommands(asked, guildOf(asked)),
  },
  {
    name: 'GET /guilds/:guild',
    answer: asked => {
      guildOf(asked)
      return given(guildShape(asked.world))
    },
  },
  {
    name: 'GET /guilds/:guild/roles',
    answer: asked => {
      guildOf(asked)
      return given([...asked.world.roles.values()].map(role => roleShape(role, asked.world.bot.id)))
    },
  },
  {
    name: 'GET /guilds/:guild/channels',
    answer: asked => {
      guildOf(asked)
      const { world } = asked
      const there = [...world.channels.values()].filter(one => one.kind === 'text' && !one.isDeleted)
      return given(there.map(one => channelShape(world, one)))
    },
  },
  {
    name: 'GET /guilds/:guild/members/:member',
    answer: asked => {
      guildOf(asked)
      const id = asked.at('member')
      const member = id === '@me' ? asked.world.bot : asked.world.members.get(id)
      if (member === undefined) throw new ApiError('unknownMember')
      return given(memberShape(member))
    },
  },
]

/** The direct channel with somebody, made if there is none. */
export function directChannel(world: World, recipient: string): Channel {
  const known = [...world.channels.values()].find(one => one.kind === 'direct' && one.recipient === recipient)
  if (known !== undefined) return known
  const name = `direct with ${world.members.get(recipient)?.name ?? recipient}`
  const channel: Channel = {
    kind: 'direct',
    id: world.snowflake(),
    name,
    recipient,
    position: 0,
    madeAt: world.now(),
    pins: [],
    overwrite: { allow: 0n, deny: 0n },
    isDeleted: false,
  }
  world.channels.set(channel.id, channel)
  return channel
}

function openDirect({ world, body }: Asked) {
  const recipient = textOf(body.recipient_id)
  if (!world.members.has(recipient) || recipient === world.bot.id) throw new ApiError('invalidRecipient')
  return given(channelShape(world, directChannel(world, recipient)))
}

function application({ world }: Asked) {
  const { id, name } = world.bot
  return given({
    id,
    name,
    icon: null,
    description: '',
    bot_public: false,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    bot: userShape(world.bot),
    owner: userShape(world.members.get(world.owner) ?? { id: world.owner, name: 'Owner', isBot: false }),
    team: null,
  })
}

function putCommands({ world, at, raw }: Asked, scope: string) {
  if (at('application') !== world.bot.id) throw new ApiError('notFound')
  return given(world.commands.put(scope, world.bot.id, bodiesOf(raw)))
}

function guildOf({ world, at }: Asked): string {
  if (at('guild') !== world.guild) throw new ApiError('unknownGuild')
  return world.guild
}
