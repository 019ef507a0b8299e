import { INTERACTION_TYPE } from './interaction.ts'
import type { Attachment, Message } from './message.ts'
import { BOT_ROLE } from './permissions.ts'
import {
  type Channel,
  isArchived,
  type Member,
  permissionsIn,
  type Role,
  rolePermissions,
  type User,
  type World,
} from './world.ts'

/** Somebody, in Discord's words. */
export function userShape({ id, name, isBot }: User): object {
  const username = name.toLowerCase().replace(/[^a-z0-9_.]/g, '_')
  const shown = isBot ? null : name
  return { id, username, discriminator: '0', global_name: shown, avatar: null, bot: isBot, public_flags: 0 }
}

/** Somebody in the guild, in Discord's words. */
export function memberShape(member: Member): object {
  return {
    user: userShape(member),
    roles: member.roles,
    nick: null,
    avatar: null,
    banner: null,
    joined_at: '2026-01-01T00:00:00.000000+00:00',
    premium_since: null,
    communication_disabled_until: null,
    deaf: false,
    mute: false,
    pending: false,
    flags: 0,
  }
}

export function roleShape({ id, name, position, permissions, isMentionable, isManaged }: Role, bot: string): object {
  return {
    id,
    name,
    position,
    permissions: String(permissions),
    mentionable: isMentionable,
    managed: isManaged,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
    ...(isManaged ? { tags: { bot_id: bot } } : {}),
  }
}

/** A channel in Discord's words, with the overwrites that make the bot's permissions what they are. */
export function channelShape(world: World, channel: Channel): object {
  const last = { last_message_id: channel.lastMessage ?? null, flags: 0 }
  switch (channel.kind) {
    case 'text':
      return { ...last, ...textChannel(world, channel) }
    case 'thread':
      return { ...last, ...threadChannel(world, channel) }
    case 'direct': {
      const recipient = world.members.get(channel.recipient)
      return { ...last, id: channel.id, type: 1, recipients: recipient === undefined ? [] : [userShape(recipient)] }
    }
  }
}

function textChannel(world: World, { id, name, position, overwrite }: Channel): object {
  const { allow, deny } = overwrite
  const isNeeded = allow !== 0n || deny !== 0n
  return {
    id,
    type: 0,
    guild_id: world.guild,
    name,
    position,
    permission_overwrites: isNeeded ? [{ id: world.bot.id, type: 1, allow: String(allow), deny: String(deny) }] : [],
    topic: null,
    parent_id: null,
    nsfw: false,
    rate_limit_per_user: 0,
  }
}

function threadChannel(world: World, thread: Extract<Channel, { readonly kind: 'thread' }>): object {
  const { id, name, parent, madeAt, archiveAfterMinutes } = thread
  const made = new Date(madeAt).toISOString()
  return {
    id,
    type: 11,
    guild_id: world.guild,
    parent_id: parent,
    owner_id: world.bot.id,
    name,
    message_count: 0,
    member_count: 1,
    total_message_sent: 0,
    rate_limit_per_user: 0,
    thread_metadata: {
      archived: isArchived(world, thread),
      auto_archive_duration: archiveAfterMinutes,
      archive_timestamp: made,
      create_timestamp: made,
      locked: false,
    },
    member: { id, user_id: world.bot.id, join_timestamp: made, flags: 1 },
  }
}

/** The guild as `GET /guilds/:guild` gives it. */
export function guildShape(world: World): object {
  return {
    id: world.guild,
    name: 'Desk',
    owner_id: world.owner,
    roles: [...world.roles.values()].map(role => roleShape(role, world.bot.id)),
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    vanity_url_code: null,
    application_id: null,
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: 'en-US',
    emojis: [],
    stickers: [],
    features: [],
  }
}

/** The guild as the gateway tells of it. Without the intent for members, only the bot is among them. */
export function arrivedGuildShape(world: World): object {
  const there = [...world.channels.values()].filter(one => !one.isDeleted)
  const shapes = (kind: Channel['kind']) => there.filter(one => one.kind === kind).map(one => channelShape(world, one))
  return {
    ...guildShape(world),
    joined_at: '2026-01-01T00:00:00.000000+00:00',
    large: false,
    unavailable: false,
    member_count: world.members.size,
    members: [memberShape(world.bot)],
    channels: shapes('text'),
    threads: shapes('thread'),
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  }
}

/** A member and what they may do in a channel, as an interaction tells of them. */
export function actingMemberShape(world: World, member: Member, channel: Channel): object {
  return { ...memberShape(member), permissions: String(permissionsIn(world, member, channel)) }
}

/** What the bot may do in a channel, as an interaction tells of it. */
export function botPermissionsIn(world: World, channel: Channel): bigint {
  return channel.kind === 'direct'
    ? rolePermissions(world, world.bot) | BOT_ROLE
    : permissionsIn(world, world.bot, channel)
}

/** A message in Discord's words. */
export function messageShape(world: World, message: Message): object {
  const { mentioned, interaction, webhook, repliesTo } = message
  return {
    id: message.id,
    type: 0,
    channel_id: message.channel,
    author: userShape(message.author),
    content: message.content,
    embeds: message.embeds.map(embed => ({ type: 'rich', ...embed })),
    components: message.components,
    attachments: message.attachments.map(attachmentShape),
    flags: message.flags,
    timestamp: new Date(message.madeAt).toISOString(),
    edited_timestamp: message.editedAt === undefined ? null : new Date(message.editedAt).toISOString(),
    mention_everyone: mentioned.everyone,
    mention_roles: mentioned.roles,
    mentions: mentioned.users.flatMap(id => {
      const member = world.members.get(id)
      return member === undefined ? [] : [userShape(member)]
    }),
    pinned: message.isPinned,
    tts: false,
    ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
    ...(webhook === undefined ? {} : { webhook_id: webhook }),
    ...(repliesTo === undefined
      ? {}
      : { message_reference: { type: 0, message_id: repliesTo, channel_id: message.channel, guild_id: world.guild } }),
    ...(interaction === undefined
      ? {}
      : { application_id: world.bot.id, interaction_metadata: metadata(world, interaction) }),
  }
}

function metadata(world: World, { id, type, by, original }: NonNullable<Message['interaction']>): object {
  const isFollowUp = original !== undefined
  return {
    id,
    type,
    user: userShape(by),
    authorizing_integration_owners: { 0: world.guild },
    ...(type === INTERACTION_TYPE.slash ? { command_type: 1 } : {}),
    ...(isFollowUp ? { original_response_message_id: original } : {}),
  }
}

function attachmentShape({ id, filename, description, contentType, bytes }: Attachment): object {
  const url = `https://cdn.discordapp.invalid/attachments/${id}/${encodeURIComponent(filename)}`
  return {
    id,
    filename,
    size: bytes.length,
    content_type: contentType,
    url,
    proxy_url: url,
    ...(description === undefined ? {} : { description }),
  }
}
