import { resolve } from 'node:path'
import { z } from 'zod'
import type { Preset } from '../../core/risk/limits.ts'
import { type WhaleAddress, whaleAddress } from '../../core/units/ids.ts'
import { millionths, type Usd } from '../../core/units/money.ts'
import { chatFaults, type DiscordConfig, discordOf, type TelegramConfig, telegramOf } from './config-chat.ts'
import { type ListedPerson, readPeople, readTopics } from './config-people.ts'
import { Secret } from './log.ts'

/** One variable: what it means, what it is without being set, and how it is read. */
type Variable<T> = { readonly meaning: string; readonly example: string; readonly read: z.ZodType<T> }

const flag = z
  .enum(['true', 'false'], { error: 'is true or false, and nothing else' })
  .transform(text => text === 'true')
const url = (schemes: readonly string[]): z.ZodType<string> =>
  z.string().refine(text => schemes.some(scheme => text.startsWith(`${scheme}://`)) && URL.canParse(text), {
    error: `is an address that begins with ${schemes.map(scheme => `${scheme}://`).join(' or ')}`,
  })

/** The shape of a token, so that a wrong line of a form is told from one; it never appears in what is said about it. */
const DISCORD_TOKEN = /^[\w-]{3,60}\.[\w-]{2,20}\.[\w-]{1,100}$/
const TELEGRAM_TOKEN = /^\d{5,20}:[\w-]{4,100}$/

const secret = (shape: RegExp): z.ZodType<Secret> =>
  z
    .string()
    .regex(shape, 'does not look like a token: copy all of it, without spaces')
    .transform(text => new Secret(text)) as unknown as z.ZodType<Secret>
const snowflake = (): z.ZodType<string> =>
  z.string().regex(/^\d{15,21}$/, 'is an id of Discord: 15 to 21 digits, from "Copy ID" in developer mode')

/** Every variable there is. The README's table and `.env.example` are made from this. */
export const VARIABLES = {
  REMORA_MARKET: variable(
    'where markets come from: `sandbox` (simulated, on this machine) or `polymarket` (the real, public data)',
    'sandbox',
    z.enum(['sandbox', 'polymarket'], { error: 'is sandbox or polymarket' }),
  ),
  REMORA_DATA_DIR: variable('the folder of the database, the paper venue and the log', './data', z.string().min(1)),
  DATABASE_URL: variable(
    'the database: `file:` and a path; in the data folder where it is not set',
    'file:./data/remora.db',
    z.string().min(1),
  ),
  REMORA_PAPER_BALANCE: variable(
    'dollars on the paper account, at the first start only',
    '10000',
    z.string().transform((text, context): Usd => {
      const amount = millionths(text, 'down')
      if (amount !== undefined && amount > 0n && amount <= 1_000_000_000_000_000n) return amount as Usd
      context.addIssue({ code: 'custom', message: 'is an amount of dollars such as 10000 or 2500.50' })
      return z.NEVER
    }),
  ),
  REMORA_PRESET: variable(
    'limits of the first start: `conservative`, `standard` or `aggressive`; later `limits` changes them',
    'standard',
    z.enum(['conservative', 'standard', 'aggressive'], { error: 'is conservative, standard or aggressive' }),
  ),
  REMORA_FOLLOW: variable(
    'wallets to follow from the start, by address, with commas between',
    '',
    z.string().transform((text, context): readonly WhaleAddress[] => {
      const words = text.split(',').map(word => word.trim())
      return words
        .filter(word => word !== '')
        .flatMap(word => {
          const address = whaleAddress(word)
          if (address !== undefined) return [address]
          context.addIssue({
            code: 'custom',
            message: `holds ${JSON.stringify(word)}, which is no wallet: 0x and 40 hex digits`,
          })
          return []
        })
    }),
  ),
  REMORA_LOG_LEVEL: variable(
    'how much is logged: `debug`, `info`, `warn` or `error`; `warn` on a terminal and else `info` where it is not set',
    'info',
    z.enum(['debug', 'info', 'warn', 'error'], { error: 'is debug, info, warn or error' }),
  ),
  REMORA_RECORD: variable(
    'a file to which everything heard is written as a recording for `npm run backtest`; nothing where it is not set',
    '',
    z.string().min(1),
  ),
  REMORA_SANDBOX_SEED: variable('which simulated world', 'remora', z.string().min(1).max(100)),
  REMORA_SANDBOX_SPEED: variable(
    'how fast the simulated world goes',
    '1',
    z.coerce
      .number({ error: 'is a number from 0.1 to 100' })
      .min(0.1, 'is a number from 0.1 to 100')
      .max(100, 'is a number from 0.1 to 100'),
  ),
  REMORA_GAMMA_URL: variable(
    'markets, instead of the usual host',
    'https://gamma-api.polymarket.com',
    url(['http', 'https']),
  ),
  REMORA_DATA_URL: variable(
    'trades and records, instead of the usual host',
    'https://data-api.polymarket.com',
    url(['http', 'https']),
  ),
  REMORA_CLOB_URL: variable(
    'order books, instead of the usual host',
    'https://clob.polymarket.com',
    url(['http', 'https']),
  ),
  REMORA_MARKET_SOCKET_URL: variable(
    'the market socket, instead of the usual host',
    'wss://ws-subscriptions-clob.polymarket.com/ws/market',
    url(['ws', 'wss']),
  ),
  REMORA_ACTIVITY_SOCKET_URL: variable(
    'the activity socket, instead of the usual host',
    'wss://ws-live-data.polymarket.com',
    url(['ws', 'wss']),
  ),
  REMORA_RPC_URLS: variable(
    'Polygon nodes to read trades from the chain with, the preferred first, with commas between; none where it is not set',
    '',
    z.string().transform((text, context): readonly Secret[] => {
      const words = text.split(',').map(word => word.trim())
      return words
        .filter(word => word !== '')
        .flatMap(word => {
          if (/^(?:wss?|https?):\/\//.test(word) && URL.canParse(word)) return [new Secret(word)]
          context.addIssue({ code: 'custom', message: 'holds an address that does not begin with wss:// or https://' })
          return []
        })
    }),
  ),
  REMORA_PEOPLE: variable(
    'who may do what from Discord and Telegram, by their numeric ids: name, role (viewer, guardian, trader, owner) and accounts, with `;` between people',
    'ann owner discord:400000000000000001 telegram:42; bob guardian telegram:77',
    z.string().transform(readPeople),
  ),
  REMORA_DISCORD_TOKEN: variable(
    'the token of a Discord bot; no Discord where it is not set',
    '',
    secret(DISCORD_TOKEN),
  ),
  REMORA_DISCORD_GUILD: variable('the Discord server, by its id: the bot works in no other', '', snowflake()),
  REMORA_DISCORD_APPROVALS: variable('the channel, by its id, for trades that wait for a person', '', snowflake()),
  REMORA_DISCORD_FILLS: variable(
    'the channel for what was bought and sold; the one for approvals where it is not set',
    '',
    snowflake(),
  ),
  REMORA_DISCORD_RISK: variable(
    'the channel for breakers, stops and alarms; the one for approvals where it is not set',
    '',
    snowflake(),
  ),
  REMORA_DISCORD_LOG: variable(
    'the channel for everything else; the one for fills where it is not set',
    '',
    snowflake(),
  ),
  REMORA_DISCORD_PAGE_ROLE: variable(
    'a role, by its id, that pages call; people are called by their own settings besides',
    '',
    snowflake(),
  ),
  REMORA_DISCORD_URL: variable(
    "Discord's interface, instead of the usual host",
    'https://discord.com/api',
    url(['http', 'https']),
  ),
  REMORA_TELEGRAM_TOKEN: variable(
    'the token of a Telegram bot; no Telegram where it is not set',
    '',
    secret(TELEGRAM_TOKEN),
  ),
  REMORA_TELEGRAM_GROUP: variable(
    'a group, by its numeric id, that is told everything beside the private chats',
    '-1001234567890',
    z.string().regex(/^-\d{1,20}$/, 'is the id of a group: a negative whole number'),
  ),
  REMORA_TELEGRAM_TOPICS: variable(
    "the group's topics, by their ids: `approvals`, `fills`, `risk`, `log`, with commas between; its main topic where one is not set",
    'approvals:2,fills:3,risk:4,log:5',
    z.string().transform(readTopics),
  ),
  REMORA_TELEGRAM_URL: variable(
    "Telegram's interface, instead of the usual host",
    'https://api.telegram.org',
    url(['http', 'https']),
  ),
  LIVE_TRADING: variable(
    'whether real money may be traded; this version cannot, and refuses to start with `true`',
    'false',
    flag,
  ),
  DRY_RUN: variable('orders are built and not sent; of no effect while there are no real orders', 'true', flag),
} as const

export type VariableName = keyof typeof VARIABLES
type ValueOf<Name extends VariableName> = z.output<(typeof VARIABLES)[Name]['read']>
/** The value of a variable that is set and right; each is read, and complained of, once. */
export type Get = <Name extends VariableName>(name: Name) => ValueOf<Name> | undefined

/** What is wrong with one of these is told without showing it. */
const SECRET: ReadonlySet<string> = new Set<keyof typeof VARIABLES>([
  'REMORA_RPC_URLS',
  'REMORA_DISCORD_TOKEN',
  'REMORA_TELEGRAM_TOKEN',
])

function variable<T>(meaning: string, example: string, read: z.ZodType<T>): Variable<T> {
  return { meaning, example, read }
}

/** Where Polymarket answers; what is not set is the adapter's own default. */
export type HostOverrides = {
  readonly gamma?: string
  readonly data?: string
  readonly clob?: string
  readonly marketSocket?: string
  readonly activitySocket?: string
  /** A node's address mostly holds the key to it. */
  readonly rpc?: readonly Secret[]
}

export type Config = {
  readonly market: 'sandbox' | 'polymarket'
  readonly hosts: HostOverrides
  readonly dataDir: string
  readonly databaseUrl: string
  readonly deposit: Usd
  readonly preset: Preset
  readonly follow: readonly WhaleAddress[]
  readonly record: string | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | undefined
  readonly sandbox: { readonly seed: string; readonly speed: number }
  readonly people: readonly ListedPerson[]
  readonly discord: DiscordConfig | undefined
  readonly telegram: TelegramConfig | undefined
}

/** What is wrong with the environment: every fault, one line each, in words that say what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

/** Reads the environment once. Throws a `ConfigError` that lists all that is wrong, a misspelt name among it. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = misspelt(environment)
  const read = new Map<string, unknown>()
  const get: Get = name => {
    if (!read.has(name)) read.set(name, readOne(name))
    return read.get(name) as ReturnType<typeof get<typeof name>>
  }
  const readOne = <Name extends VariableName>(name: Name): ValueOf<Name> | undefined => {
    const text = environment[name]
    if (text === undefined || text === '') return undefined
    const parsed = VARIABLES[name].read.safeParse(text)
    if (parsed.success) return parsed.data as ValueOf<Name>
    const shown = SECRET.has(name) ? '' : `; it is ${JSON.stringify(text.slice(0, 80))}`
    faults.push(...parsed.error.issues.map(issue => `${name} ${issue.message}${shown}`))
    return undefined
  }
  if (get('LIVE_TRADING') === true) {
    faults.push('LIVE_TRADING=true: this version of Remora trades on paper only; set it to false or leave it out')
  }
  get('DRY_RUN')
  const dataDir = resolve(get('REMORA_DATA_DIR') ?? './data')
  const hosts = withoutUnset({
    gamma: get('REMORA_GAMMA_URL'),
    data: get('REMORA_DATA_URL'),
    clob: get('REMORA_CLOB_URL'),
    marketSocket: get('REMORA_MARKET_SOCKET_URL'),
    activitySocket: get('REMORA_ACTIVITY_SOCKET_URL'),
    rpc: get('REMORA_RPC_URLS'),
  })
  const hasHosts = Object.keys(hosts).length > 0
  const market = get('REMORA_MARKET')
  if (hasHosts && market === 'sandbox') {
    faults.push(
      'REMORA_MARKET=sandbox brings its own hosts: leave the REMORA_…_URL variables out, or set REMORA_MARKET=polymarket',
    )
  }
  const config: Config = {
    market: market ?? (hasHosts ? 'polymarket' : 'sandbox'),
    hosts,
    dataDir,
    databaseUrl: get('DATABASE_URL') ?? `file:${dataDir}/remora.db`,
    deposit: get('REMORA_PAPER_BALANCE') ?? (10_000_000_000n as Usd),
    preset: get('REMORA_PRESET') ?? 'standard',
    follow: get('REMORA_FOLLOW') ?? [],
    record: get('REMORA_RECORD'),
    logLevel: get('REMORA_LOG_LEVEL'),
    sandbox: { seed: get('REMORA_SANDBOX_SEED') ?? 'remora', speed: get('REMORA_SANDBOX_SPEED') ?? 1 },
    people: get('REMORA_PEOPLE') ?? [],
    discord: discordOf(get),
    telegram: telegramOf(get),
  }
  faults.push(...chatFaults(config, get))
  if (faults.length > 0) throw new ConfigError(faults)
  return Object.freeze(config)
}

/** A name that begins like one of ours and is none is a mistake that would cost money: it is never passed over. */
function misspelt(environment: Readonly<Record<string, string | undefined>>): string[] {
  const names = Object.keys(VARIABLES)
  return Object.keys(environment)
    .filter(name => /^(REMORA|LIVE_TRADING)/.test(name) && !names.includes(name))
    .map(name => `${name} is not a variable of Remora; did you mean ${nearest(name, names)}?`)
}

function nearest(name: string, names: readonly string[]): string {
  const ranked = names.map(known => ({ known, distance: distanceOf(name, known) }))
  return ranked.reduce((best, next) => (next.distance < best.distance ? next : best)).known
}

/** Levenshtein's distance: how many letters to change, add or take away. */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}

function withoutUnset(
  overrides: { readonly [Name in keyof HostOverrides]: HostOverrides[Name] | undefined },
): HostOverrides {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined))
}
