import type { Config, Get } from './config.ts'
import type { TopicName } from './config-people.ts'
import type { Secret } from './log.ts'

/** The one server that the bot works in, and its channels by what they are for. */
export type DiscordConfig = {
  readonly token: Secret
  readonly guild: string
  readonly channels: Readonly<Record<TopicName, string>>
  readonly pageRole: string | undefined
  readonly api: string
}

export type TelegramConfig = {
  readonly token: Secret
  readonly group: string | undefined
  readonly topics: Readonly<Partial<Record<TopicName, number>>>
  readonly api: string
}

const DISCORD_API = 'https://discord.com/api'
const TELEGRAM_API = 'https://api.telegram.org'

/** Discord as it is set up; nothing without a token. What is missing is told by `chatFaults`. */
export function discordOf(get: Get): DiscordConfig | undefined {
  const token = get('REMORA_DISCORD_TOKEN')
  if (token === undefined) return undefined
  const approvals = get('REMORA_DISCORD_APPROVALS') ?? ''
  const fills = get('REMORA_DISCORD_FILLS') ?? approvals
  const risk = get('REMORA_DISCORD_RISK') ?? approvals
  const log = get('REMORA_DISCORD_LOG') ?? fills
  return {
    token,
    guild: get('REMORA_DISCORD_GUILD') ?? '',
    channels: { approvals, fills, risk, log },
    pageRole: get('REMORA_DISCORD_PAGE_ROLE'),
    api: get('REMORA_DISCORD_URL') ?? DISCORD_API,
  }
}

export function telegramOf(get: Get): TelegramConfig | undefined {
  const token = get('REMORA_TELEGRAM_TOKEN')
  if (token === undefined) return undefined
  return {
    token,
    group: get('REMORA_TELEGRAM_GROUP'),
    topics: get('REMORA_TELEGRAM_TOPICS') ?? {},
    api: get('REMORA_TELEGRAM_URL') ?? TELEGRAM_API,
  }
}

/** What keeps a surface that is asked for from working: nobody who may speak there, or nowhere to speak. */
export function chatFaults(
  { people, discord, telegram }: Pick<Config, 'people' | 'discord' | 'telegram'>,
  get: Get,
): string[] {
  const faults: string[] = []
  for (const [name, surface, config] of [
    ['REMORA_DISCORD_TOKEN', 'discord', discord],
    ['REMORA_TELEGRAM_TOKEN', 'telegram', telegram],
  ] as const) {
    if (config === undefined) continue
    if (people.length === 0)
      faults.push(
        `${name} is set and REMORA_PEOPLE is empty: nobody could say anything. List at least an owner, such as REMORA_PEOPLE="ann owner ${surface}:${surface === 'discord' ? '400000000000000001' : '42'}"`,
      )
    else if (!people.some(person => person.access === 'owner'))
      faults.push(
        `REMORA_PEOPLE lists no owner: nobody could resume trading or loosen a limit. Give somebody the role owner`,
      )
  }
  if (discord !== undefined) {
    for (const name of ['REMORA_DISCORD_GUILD', 'REMORA_DISCORD_APPROVALS'] as const)
      if (get(name) === undefined)
        faults.push(
          `REMORA_DISCORD_TOKEN is set and ${name} is not: set it to an id, from "Copy ID" in Discord's developer mode`,
        )
  }
  return [...new Set(faults)]
}
