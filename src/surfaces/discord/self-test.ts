import { type Client, PermissionFlagsBits } from 'discord.js'
import type { Purpose } from '../../chat/notice/events.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Note } from './sparing.ts'
import type { Timings } from './timings.ts'

const NEEDED = ['ViewChannel', 'SendMessages', 'EmbedLinks', 'AttachFiles', 'ReadMessageHistory'] as const

type Wanted = {
  readonly guild: string
  readonly channels: Readonly<Record<Purpose, string>>
  /** In whose channels something is pinned. */
  readonly pinned: readonly Purpose[]
}

/** Looks whether the bot may do what it has to. */
export type SelfTest = {
  /** Looks in a moment: several changes come together. Never throws. */
  readonly soon: (client: Client<true>) => void
  readonly faults: () => readonly string[]
}

export function createSelfTest(
  options: Wanted & { readonly clock: Clock; readonly timings: Timings; readonly note: Note },
): SelfTest {
  const { clock, timings, note } = options
  let faults: readonly string[] = []
  let waiting: Client<true> | undefined
  const look = async (): Promise<void> => {
    await clock.sleep(timings.selfTestMs)
    const client = waiting
    waiting = undefined
    const found = client === undefined ? [] : channelFaults(client, options)
    const isNews = found.length > 0 && found.join() !== faults.join()
    faults = found
    if (isNews) note(`Discord: ${found.join('; ')}`)
  }
  return {
    faults: () => faults,
    soon: client => {
      const isDue = waiting !== undefined
      waiting = client
      if (!isDue) look().catch((error: unknown) => note('the channels could not be looked at', error))
    },
  }
}

/** What keeps the bot from working in its channels, each as a sentence that somebody can act on. From what Discord has told us already. */
function channelFaults(client: Client<true>, options: Wanted): readonly string[] {
  const guild = client.guilds.cache.get(options.guild)
  if (guild === undefined) return [`the bot is not in the server ${options.guild}: invite it, or correct the id`]
  if (!guild.available) return [`Discord does not show the server ${options.guild} at the moment`]
  return [...byChannel(options.channels)].flatMap(([id, purposes]) => {
    const called = `${purposes.join(', ')} (${id})`
    const channel = guild.channels.cache.get(id)
    if (channel === undefined) return [`${called}: there is no such channel in the server, or the bot cannot see it`]
    if (!channel.isTextBased()) return [`${called}: that is no channel for text`]
    const me = guild.members.me
    const has = me === null ? null : channel.permissionsFor(me)
    if (has === null) return [`${called}: Discord does not say what the bot may do there`]
    const isPinned = purposes.some(purpose => options.pinned.includes(purpose))
    const needed = isPinned ? [...NEEDED, 'PinMessages' as const] : NEEDED
    const missing = needed.filter(name => !has.has(PermissionFlagsBits[name]))
    return missing.length === 0 ? [] : [`${called}: the bot lacks ${missing.map(spaced).join(', ')}`]
  })
}

/** One channel may serve several purposes. */
function byChannel(channels: Readonly<Record<Purpose, string>>): ReadonlyMap<string, readonly Purpose[]> {
  const found = new Map<string, Purpose[]>()
  for (const [purpose, id] of Object.entries(channels) as [Purpose, string][])
    found.set(id, [...(found.get(id) ?? []), purpose])
  return found
}

/** As it is called where people tick it. */
function spaced(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
}
