import { Client, Events, GatewayDispatchEvents, SimpleShardingStrategy, type WebSocketOptions } from 'discord.js'
import type { Clock } from '../../ports/clock.ts'
import { clientOptions } from './client-options.ts'
import type { IdentifyBudget } from './identify-budget.ts'
import { inTime } from './in-time.ts'
import { requestError } from './request-error.ts'
import type { Timings } from './timings.ts'

/** What a connection to the gateway tells of. Nothing of it is called any more once it has ended. */
export type GatewayHears = {
  /** It is there: for the first time, or again. */
  readonly ready: (client: Client<true>) => void
  readonly lost: (code: number) => void
  readonly alive: () => void
  /** The gateway has ended it for good, by this code. */
  readonly turnedOut: (code: number) => void
  /** discord.js says that it cannot go on. */
  readonly invalidated: () => void
  /** An interaction as it came. */
  readonly interaction: (raw: unknown) => void
  /** Channels or permissions are others now. */
  readonly changed: (client: Client<true>) => void
  readonly trouble: (what: string) => void
}

/** One client of discord.js, from its login to its end. */
export type GatewayClient = {
  /** Rejects with what discord.js throws. May never settle where the gateway does not answer. */
  readonly login: () => Promise<void>
  /** Leaves nothing behind that could connect again. */
  readonly end: () => Promise<void>
}

/** The end of a handshake; discord.js would wait 30 s. */
const HANDSHAKE_MS = 10_000
const HELLO_MS = 15_000

const CHANGES = [
  Events.ChannelCreate,
  Events.ChannelDelete,
  Events.ChannelUpdate,
  Events.GuildAvailable,
  Events.GuildCreate,
  Events.GuildDelete,
  Events.GuildMemberUpdate,
  Events.GuildRoleCreate,
  Events.GuildRoleDelete,
  Events.GuildRoleUpdate,
] as const

/**
 * A client of discord.js, with what it lacks: it never identifies too often, a dispatch that it cannot read does not end the process,
 * and when it ends it is gone. Left alone, a client that is destroyed while it waits to reconnect connects all the same.
 */
export function openClient(options: {
  readonly token: string
  readonly api: string
  readonly clock: Clock
  readonly timings: Timings
  readonly budget: IdentifyBudget
  readonly hears: GatewayHears
}): GatewayClient {
  const { token, clock, timings, hears } = options
  const ended = new AbortController()
  let strategy: SimpleShardingStrategy | undefined
  const tell =
    <Told extends readonly unknown[]>(hear: (...told: Told) => void) =>
    (...told: Told): void => {
      if (!ended.signal.aborted) hear(...told)
    }

  const client = new Client(
    clientOptions(options.api, timings, {
      buildIdentifyThrottler: () => ({
        waitForIdentify: (_, signal) => options.budget.take(AbortSignal.any([signal, ended.signal])),
      }),
      buildStrategy: gateway => {
        harden(gateway, ended.signal, hears.trouble)
        gateway.on('heartbeat', tell(hears.alive))
        gateway.on(
          'closed',
          tell(({ code }) => hears.lost(code)),
        )
        strategy = new SimpleShardingStrategy(gateway)
        return strategy
      },
    }),
  )
  const isReady = (): boolean => client.isReady()
  client.on(Events.ClientReady, tell(hears.ready))
  // A session that was not resumed is ready again without another ClientReady.
  client.on(
    Events.ShardReady,
    tell(() => isReady() && hears.ready(client as Client<true>)),
  )
  client.on(
    Events.ShardResume,
    tell(() => isReady() && hears.ready(client as Client<true>)),
  )
  client.on(
    Events.ShardDisconnect,
    tell(({ code }) => hears.turnedOut(code)),
  )
  client.on(Events.Invalidated, tell(hears.invalidated))
  for (const change of CHANGES)
    client.on(
      change,
      tell(() => isReady() && hears.changed(client as Client<true>)),
    )
  client.ws.on(GatewayDispatchEvents.InteractionCreate, tell(hears.interaction))
  // Without a listener each of these would end the process.
  client.on(
    Events.Error,
    tell(error => hears.trouble(`discord.js: ${requestError(error).message}`)),
  )
  client.on(
    Events.ShardError,
    tell(error => hears.trouble(`the gateway: ${requestError(error).message}`)),
  )
  client.on(
    Events.Warn,
    tell(() => hears.trouble('discord.js warns of something')),
  )

  return {
    login: async () => {
      await client.login(token)
    },
    end: async () => {
      if (ended.signal.aborted) return
      ended.abort()
      const sockets = socketsOf(strategy)
      // discord.js takes its own listener off a socket that is still connecting, whose failure then nobody hears.
      for (const socket of sockets) socket.on('error', () => undefined)
      const destroyed = client.destroy().catch(error => hears.trouble(requestError(error).message))
      await inTime(destroyed, timings.closeMs, clock)
      for (const socket of sockets) socket.terminate()
    },
  }
}

type Gateway = Parameters<NonNullable<WebSocketOptions['buildStrategy']>>[0]

/** Changes how the inner manager behaves, before it has any shard. */
function harden(gateway: Gateway, ended: AbortSignal, trouble: (what: string) => void): void {
  const never = new Promise<never>(() => undefined)
  const { retrieveSessionInfo } = gateway.options
  Object.assign(gateway.options, {
    handshakeTimeout: HANDSHAKE_MS,
    helloTimeout: HELLO_MS,
    // Every connection begins with this question, also those of a client that was destroyed while it waited to reconnect.
    retrieveSessionInfo: (shard: number) => (ended.aborted ? never : retrieveSessionInfo(shard)),
  })
  const emit = gateway.emit.bind(gateway)
  gateway.emit = (...told: Parameters<typeof emit>) => {
    try {
      return emit(...told)
    } catch (error) {
      trouble(`something from the gateway could not be read (${error instanceof Error ? error.name : 'unknown'})`)
      return true
    }
  }
}

type Socket = {
  readonly on: (name: 'error', hear: () => void) => unknown
  readonly terminate: () => void
}

/** The sockets of the shards, which discord.js keeps to itself. */
function socketsOf(strategy: SimpleShardingStrategy | undefined): readonly Socket[] {
  const shards: unknown = strategy === undefined ? undefined : Reflect.get(strategy, 'shards')
  if (!(shards instanceof Map)) return []
  return [...shards.values()].flatMap((shard: unknown) => {
    const socket: unknown = shard !== null && typeof shard === 'object' ? Reflect.get(shard, 'connection') : undefined
    return isSocket(socket) ? [socket] : []
  })
}

function isSocket(socket: unknown): socket is Socket {
  return (
    socket !== null && typeof socket === 'object' && 'on' in socket && 'terminate' in socket && 'readyState' in socket
  )
}
