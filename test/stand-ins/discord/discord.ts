import { note } from './bounded.ts'
import { changes } from './changes.ts'
import type { Command } from './command-book.ts'
import { type Faults, faultBoard } from './faults.ts'
import { type Foundation, foundedWorld, personId } from './founding.ts'
import { type GatewayView, gateway } from './gateway.ts'
import type { Interaction } from './interaction.ts'
import { listener } from './listener.ts'
import type { Message } from './message.ts'
import { removeMessage } from './message-book.ts'
import { bitsOf, overwriteFor, type PermissionName } from './permissions.ts'
import { type Person, personIn } from './person.ts'
import { pictureOf } from './picture.ts'
import { type RateLimits, rateLimits } from './rate-limits.ts'
import type { Call } from './request.ts'
import { handleRequest, type Rest } from './rest.ts'
import { router } from './router.ts'
import { routesWith } from './routes.ts'
import { channelShape } from './shapes.ts'
import { transcriptOf } from './transcript.ts'
import { channelOf, INTENTS, permissionsIn, rolePermissions, type Webhook, type World } from './world.ts'

const CHANNELS = ['approvals', 'fills', 'risk', 'log'] as const
/** What Discord's HELLO asks for in practice; its reference shows 45 000 as an example. */
const HEARTBEAT_MS = 41_250
const WAIT_MS = 5_000

/** What a stand-in is to be like. Everything has a usual value. */
export type DiscordOptions<Name extends string> = Omit<Foundation, 'channels'> & {
  /** The names of the channels, in their order. */
  readonly channels?: readonly Name[]
  readonly port?: number
  /** What HELLO asks for. */
  readonly heartbeatMs?: number
}

/** Who a person of the test is. */
export type PersonAbout = {
  readonly name: string
  readonly id?: string
  /** Names of roles, or ids. */
  readonly roles?: readonly string[]
  readonly locale?: string
  /** Whether the bot may write to them directly; it may unless said. */
  readonly isReachable?: boolean
}

/** A Discord of the test's own. Channels are named by their names or ids everywhere. */
export type Discord<Name extends string = (typeof CHANNELS)[number]> = {
  /** For `new Client({ rest: { api } })`. */
  readonly api: string
  readonly port: number
  readonly token: string
  readonly guild: string
  readonly bot: string
  readonly channels: Readonly<Record<Name, string>>
  /** Ids by names. */
  readonly roles: Readonly<Record<string, string>>
  /** Goes away: nobody can connect, and who was connected is cut off. What was said is kept. */
  readonly stop: () => Promise<void>
  /** Comes back on the same port, going away first if it is there. Sessions can be resumed unless they are not kept. */
  readonly restart: (options?: { readonly keepsSessions?: boolean }) => Promise<void>
  readonly person: (about: PersonAbout) => Person
  /** What is there to see in a channel, oldest first; not what only one person sees. */
  readonly messages: (channel: Name | (string & {})) => readonly Message[]
  readonly interactions: () => readonly Interaction[]
  /** The registered commands, of the guild unless `global`. */
  readonly commands: (scope?: 'global') => readonly Command[]
  /** How often commands were replaced. */
  readonly commandPuts: () => number
  readonly transcript: (channel: Name | (string & {})) => string
  readonly calls: readonly Call[]
  /** Requests for which the stand-in has no route. */
  readonly unhandled: readonly Call[]
  /** What went wrong in the stand-in itself. A test may ask that there is nothing. */
  readonly failures: readonly unknown[]
  readonly limits: RateLimits
  readonly faults: Faults
  readonly gateway: GatewayView
  /** What the bot may do in a channel, as Discord's bits. */
  readonly permissions: (channel: Name | (string & {})) => bigint
  readonly grant: (channel: Name | (string & {}), ...names: readonly PermissionName[]) => void
  readonly revoke: (channel: Name | (string & {}), ...names: readonly PermissionName[]) => void
  readonly deleteChannel: (channel: Name | (string & {})) => void
  /** Takes a message away, as somebody with the right to would. */
  readonly deleteMessage: (message: Message) => void
  /** Makes a webhook, at whose `url` anybody may write. */
  readonly webhook: (channel: Name | (string & {}), name?: string) => Webhook & { readonly url: string }
  readonly deleteWebhook: (id: string) => void
  /**
   * What `look` gives as soon as that is neither `false` nor `undefined`. It looks again when something changes here, so it may ask
   * about anything that the stand-in knows and nothing else. Rejects after `withinMs`, with a picture of what there is.
   */
  readonly until: <Found>(
    look: (discord: Discord<Name>) => Found,
    withinMs?: number,
  ) => Promise<Exclude<Found, false | undefined>>
}

/** Starts a Discord on loopback, with a guild, a bot and empty channels. */
export async function startDiscord<const Name extends string = (typeof CHANNELS)[number]>(
  options: DiscordOptions<Name> = {},
): Promise<Discord<Name>> {
  const names: readonly string[] = options.channels ?? CHANNELS
  const faults = faultBoard()
  const bell = changes(() => pictureOf(rest, gate, faults))
  const world = foundedWorld(
    { ...options, channels: names },
    { changed: bell.tell, dispatch: (...dispatch) => gate.dispatch(...dispatch) },
  )
  const url = () => `ws://127.0.0.1:${place.port()}/gateway`
  const gate = gateway({ world, faults, url, heartbeatMs: options.heartbeatMs ?? HEARTBEAT_MS })
  const routes = routesWith(url, gate.identifies)
  const limits = rateLimits(
    world.now,
    routes.map(one => one.name),
  )
  const rest: Rest = { world, faults, limits, find: router(routes), calls: [], unhandled: [] }
  const failures: unknown[] = []
  const place = listener(async (request, response) => {
    try {
      await handleRequest(rest, request, response)
    } catch (error) {
      if (!request.destroyed) note(failures, error)
      if (!response.headersSent) response.writeHead(500).end(String(error))
    }
  }, gate.accept)
  await place.open(options.port)

  const stop = async () => {
    gate.cut()
    await place.close()
  }
  const api = `http://127.0.0.1:${place.port()}/api`
  const discord: Discord<Name> = {
    api,
    port: place.port(),
    token: world.token,
    guild: world.guild,
    bot: world.bot.id,
    channels: Object.fromEntries(names.map(name => [name, channelOf(world, name).id])) as Record<Name, string>,
    roles: Object.fromEntries([...world.roles.values()].map(one => [one.name, one.id])),
    stop,
    restart: async ({ keepsSessions = true } = {}) => {
      await stop()
      if (!keepsSessions) gate.forgetSessions()
      await place.open()
    },
    person: about => personIn(world, memberOf(world, about)),
    messages: name => {
      const { id } = channelOf(world, name)
      return [...world.messages.values()].filter(
        one => one.channel === id && !one.isDeleted && one.onlyFor === undefined,
      )
    },
    interactions: () => [...world.interactions.values()],
    commands: (scope?: 'global') => world.commands.of(scope ?? world.guild),
    commandPuts: world.commands.puts,
    transcript: name => transcriptOf(world, channelOf(world, name)),
    calls: rest.calls,
    unhandled: rest.unhandled,
    failures,
    limits,
    faults,
    gateway: gate,
    permissions: name => permissionsIn(world, world.bot, channelOf(world, name)),
    grant: (name, ...granted) => permit(world, name, bits => bits | bitsOf(granted)),
    revoke: (name, ...revoked) => permit(world, name, bits => bits & ~bitsOf(revoked)),
    deleteChannel: name => {
      const channel = channelOf(world, name)
      channel.isDeleted = true
      world.dispatch('CHANNEL_DELETE', channelShape(world, channel), INTENTS.guilds)
    },
    deleteMessage: message => removeMessage(world, message),
    webhook: (name, called = 'Desk') => {
      const id = world.snowflake()
      const webhook = { id, token: `webhook-token-${id}`, name: called, channel: channelOf(world, name).id }
      world.webhooks.set(id, webhook)
      return { ...webhook, url: `${api}/webhooks/${id}/${webhook.token}` }
    },
    deleteWebhook: id => {
      world.webhooks.delete(id)
    },
    until: (look, withinMs = WAIT_MS) => bell.until(() => look(discord), withinMs, String(look)),
  }
  return discord
}

function memberOf(world: World, { name, id, roles = [], locale = 'en-US', isReachable = true }: PersonAbout) {
  const roleIds = roles.map(wanted => {
    const found = world.roles.get(wanted) ?? [...world.roles.values()].find(one => one.name === wanted)
    if (found === undefined) throw new Error(`there is no role "${wanted}"; name it in the options of startDiscord`)
    return found.id
  })
  const member = { id: id ?? personId(world), name, isBot: false, roles: roleIds, locale, isReachable }
  world.members.set(member.id, member)
  return member
}

function permit(world: World, name: string, change: (bits: bigint) => bigint): void {
  const channel = channelOf(world, name)
  const wanted = change(permissionsIn(world, world.bot, channel))
  channel.overwrite = overwriteFor(rolePermissions(world, world.bot), wanted)
  world.dispatch('CHANNEL_UPDATE', channelShape(world, channel), INTENTS.guilds)
}
