import { type ClientOptions, GatewayIntentBits, Options } from 'discord.js'
import type { Timings } from './timings.ts'

/** An hour, in the seconds of discord.js's sweepers. */
const SWEEP_S = 3_600
/** Other servers that the bot may be in and that are not there hold up everything for so long. */
const WAIT_FOR_GUILDS_MS = 2_000

/**
 * What discord.js is told to be: one shard, no intent but that for guilds (interactions need none), and caches that hold channels and
 * roles for the self-test and hardly anything else.
 */
export function clientOptions(api: string, { requestMs }: Timings, ws: ClientOptions['ws']): ClientOptions {
  return {
    intents: [GatewayIntentBits.Guilds],
    enforceNonce: true,
    allowedMentions: { parse: [], repliedUser: false },
    waitGuildTimeout: WAIT_FOR_GUILDS_MS,
    rest: { api, timeout: requestMs, retries: 2, rejectOnRateLimit: () => true },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      ApplicationCommandManager: 0,
      AutoModerationRuleManager: 0,
      GuildBanManager: 0,
      GuildEmojiManager: 0,
      GuildInviteManager: 0,
      GuildScheduledEventManager: 0,
      GuildStickerManager: 0,
      MessageManager: 0,
      PresenceManager: 0,
      ReactionManager: 0,
      ReactionUserManager: 0,
      StageInstanceManager: 0,
      ThreadManager: 100,
      ThreadMemberManager: 0,
      VoiceStateManager: 0,
      GuildMemberManager: { maxSize: 25, keepOverLimit: member => member.id === member.client.user.id },
      UserManager: { maxSize: 100, keepOverLimit: user => user.id === user.client.user.id },
    }),
    sweepers: {
      ...Options.DefaultSweeperSettings,
      users: { interval: SWEEP_S, filter: () => user => user.id !== user.client.user.id },
    },
    ...(ws === undefined ? {} : { ws }),
  }
}
