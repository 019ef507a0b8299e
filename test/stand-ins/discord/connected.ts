import {
  type Interaction as Arrived,
  Client,
  type ClientOptions,
  Events,
  GatewayIntentBits,
  REST,
  TextChannel,
} from 'discord.js'
import { afterEach, expect } from 'vitest'
import { type Discord, type DiscordOptions, startDiscord } from './discord.ts'

/** The channels that a stand-in has unless it is told others. */
export type Usual = 'approvals' | 'fills' | 'risk' | 'log'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A stand-in for this test alone, which must not have failed in the end. */
export async function desk(options: DiscordOptions<Usual> = {}): Promise<Discord> {
  const discord = await startDiscord(options)
  closing.push(async () => {
    await discord.stop()
    expect(discord.failures).toEqual([])
  })
  return discord
}

/** A client that has not logged in. It is destroyed after the test, and must be ready or gone by then: between IDENTIFY and READY that never ends. */
export function clientOf(discord: Discord, options: Partial<ClientOptions> = {}): Client {
  const rest = { api: discord.api, ...options.rest }
  const client = new Client({ intents: [GatewayIntentBits.Guilds], ...options, rest })
  client.on(Events.Error, () => {})
  client.on(Events.ShardError, () => {})
  closing.push(() => client.destroy())
  return client
}

/** A client that is ready. */
export async function loggedIn(discord: Discord, options: Partial<ClientOptions> = {}): Promise<Client<true>> {
  const client = clientOf(discord, options)
  const ready = new Promise<Client<true>>(resolve => client.once(Events.ClientReady, resolve))
  await client.login(discord.token)
  return ready
}

/** The REST side of the client alone. */
export function restOf(discord: Discord, options: ConstructorParameters<typeof REST>[0] = {}): REST {
  return new REST({ api: discord.api, ...options }).setToken(discord.token)
}

/** Lets the client identify again at once; of its own it waits five seconds from one time to the next. */
export const AT_ONCE: Partial<ClientOptions> = {
  ws: { buildIdentifyThrottler: async () => ({ waitForIdentify: async () => {} }) },
}

/** Lets the client answer. What goes wrong in an answer is in the list that is given back. */
export function answering(client: Client, answer: (arrived: Arrived) => Promise<unknown>): unknown[] {
  const errors: unknown[] = []
  client.on(Events.InteractionCreate, arrived => {
    answer(arrived).catch(error => errors.push(error))
  })
  return errors
}

/** The channel as the client knows it. */
export function channelIn(client: Client, discord: Discord, name: Usual): TextChannel {
  const channel = client.channels.cache.get(discord.channels[name])
  if (!(channel instanceof TextChannel)) throw new Error(`the client knows no #${name}`)
  return channel
}
