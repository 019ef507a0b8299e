import type { IncomingMessage, ServerResponse } from 'node:http'
import { scopeOf } from './bot-methods.ts'
import { type Call, createCallLog, describeCall } from './calls.ts'
import { createChanges, until } from './changes.ts'
import { type Door, handle } from './door.ts'
import { createFaults, type Faults } from './faults.ts'
import { createGroup, type Group, type GroupOptions } from './group.ts'
import { createInbox } from './inbox.ts'
import { createListener } from './listener.ts'
import type { ChatMessage } from './message.ts'
import { createPerson, type Person, type PersonOptions } from './person.ts'
import { createRateLimiter, GENEROUS_LIMITS, type Limited, type RateLimits } from './rate-limits.ts'
import { transcriptOf } from './transcript.ts'
import type { Fields, Update, User } from './wire.ts'
import type { Conduct, World } from './world.ts'

/** What a test may choose beforehand. */
export type TelegramOptions = {
  /** Any free one unless it is given. */
  readonly port?: number
  /** The number before the colon is the bot's id. */
  readonly token?: string
  readonly name?: string
  readonly username?: string
  /** Milliseconds. Waits, of a long poll say, are real all the same. */
  readonly now?: () => number
  readonly limits?: Partial<RateLimits>
  readonly callbackLifeMs?: number
  /** How many calls the log holds. */
  readonly callsMax?: number
}

/** The other side of a bot: Telegram's servers, and the people behind them. */
export type Telegram = {
  /** What telegraf takes as `telegram`. */
  readonly api: { readonly apiRoot: string }
  readonly port: number
  readonly token: string
  readonly bot: User
  /** May be changed at any time. */
  readonly conduct: Conduct
  readonly isListening: () => boolean
  /** For good, but for `restart`: what refused connections for a while does not open again. */
  readonly stop: () => Promise<void>
  /** Cuts every connection and listens again on the same port. Nothing is forgotten. */
  readonly restart: () => Promise<void>

  /** Somebody who has started the bot, unless they are said to be a stranger. */
  readonly person: (options: PersonOptions) => Person
  readonly group: (options: GroupOptions) => Group

  /** Delivers an update once more, as it was, even when it is confirmed. */
  readonly again: (update: Update) => void
  /** Delivers anything. Without an `update_id` it gets the next one. */
  readonly deliver: (update: Fields) => Update
  readonly pending: () => readonly Update[]
  readonly isPolled: () => boolean
  /** Updates below this one are confirmed. */
  readonly confirmedBelow: () => number

  /** The messages of a chat as they are now; deleted ones are not there. */
  readonly messages: (chatId: number) => readonly ChatMessage[]
  readonly message: (chatId: number, id: number) => ChatMessage | undefined
  /** What the bot sent last and has not deleted. */
  readonly latest: (chatId: number) => ChatMessage | undefined
  /** Ids of messages, the one that was pinned last at the end. */
  readonly pinned: (chatId: number) => readonly number[]
  /** The commands of a scope, of the default one unless one is given. */
  readonly commands: (scope?: Fields, languageCode?: string) => readonly Fields[]

  readonly faults: Faults
  /** The newest calls, oldest first. */
  readonly calls: readonly Call[]
  readonly callsOf: (method: string) => readonly Call[]
  /** Calls of methods that are not known here. */
  readonly unhandled: readonly Call[]
  readonly limited: readonly Limited[]
  readonly transcript: (chatId: number) => string
  /** Resolves with what `look` gives as soon as it gives something, and rejects with a picture of what there is. */
  readonly until: <Found>(look: (telegram: Telegram) => Found | undefined | false, withinMs?: number) => Promise<Found>
}

const TOKEN = '700000001:AAExample-Token_OfAStandIn000000000'
/** See `Conduct`. */
const CALLBACK_LIFE_MS = 15_000
const CALLS_MAX = 5_000
const UNTIL_MS = 5_000
const CALLS_PICTURED = 12

/** Starts a Telegram of the test's own, on loopback, with nobody in it but the bot. */
export async function startTelegram(options: TelegramOptions = {}): Promise<Telegram> {
  const { token = TOKEN, callsMax = CALLS_MAX } = options
  const world = createWorld(token, options)
  const { tell } = world.changes
  const limiter = createRateLimiter(world.now)
  const log = createCallLog(callsMax, tell)
  const faults = createFaults(tell)
  const unhandled: Call[] = []
  const door: Door = { world, token, log, unhandled, limiter, strike: faults.take }
  const receive = (request: IncomingMessage, response: ServerResponse) => void handle(door, request, response)
  const listener = createListener(options.port ?? 0, receive, tell)
  await listener.open()

  const telegram: Telegram = {
    ...viewsOf(world),
    api: { apiRoot: `http://127.0.0.1:${listener.port()}` },
    port: listener.port(),
    token,
    bot: world.bot,
    conduct: world.conduct,
    isListening: listener.isOpen,
    stop: listener.close,
    restart: async () => {
      await listener.close()
      await listener.open()
    },
    person: person => createPerson(world, person),
    group: group => createGroup(world, group),
    again: update => {
      world.inbox.force(update)
    },
    deliver: world.inbox.force,
    pending: world.inbox.pending,
    isPolled: world.inbox.isPolled,
    confirmedBelow: world.inbox.confirmedBelow,
    faults: {
      add: faults.add,
      active: faults.active,
      refuseConnections: listener.refuse,
      clear: async () => {
        faults.clear()
        await listener.admit()
      },
    },
    calls: log.calls,
    callsOf: method => log.calls.filter(call => call.method === method),
    unhandled,
    limited: limiter.limited,
    until: (look, withinMs = UNTIL_MS) =>
      until(
        world.changes,
        () => look(telegram),
        withinMs,
        () => pictureOf(world, log.calls),
      ),
  }
  return telegram
}

function createWorld(token: string, options: TelegramOptions): World {
  const { name = 'Remora', username = 'remora_test_bot', now = Date.now } = options
  const changes = createChanges()
  const counts = new Map<string, number>()
  return {
    bot: { id: Number.parseInt(token, 10), is_bot: true, first_name: name, username },
    now,
    conduct: {
      callbackLifeMs: options.callbackLifeMs ?? CALLBACK_LIFE_MS,
      limits: { ...GENEROUS_LIMITS, ...options.limits },
    },
    changes,
    people: new Map(),
    chats: new Map(),
    queries: new Map(),
    photos: new Map(),
    commands: new Map(),
    inbox: createInbox(now, changes.tell),
    count: what => {
      const next = (counts.get(what) ?? 0) + 1
      counts.set(what, next)
      return next
    },
  }
}

function viewsOf(
  world: World,
): Pick<Telegram, 'messages' | 'message' | 'latest' | 'pinned' | 'commands' | 'transcript'> {
  const messages = (chatId: number) => [...(world.chats.get(chatId)?.messages.values() ?? [])]
  return {
    messages,
    message: (chatId, id) => world.chats.get(chatId)?.messages.get(id),
    latest: chatId => messages(chatId).findLast(({ isFromBot }) => isFromBot),
    pinned: chatId => [...(world.chats.get(chatId)?.pinned ?? [])],
    commands: (scope, language) => world.commands.get(scopeOf({ scope, language_code: language })) ?? [],
    transcript: chatId => {
      const chat = world.chats.get(chatId)
      return chat === undefined ? '' : transcriptOf(chat)
    },
  }
}

/** What there is, for somebody who waited in vain for something else. */
function pictureOf({ chats, inbox }: World, calls: readonly Call[]): string {
  return [
    ...[...chats.values()].map(chat => `── ${chat.title} (${chat.id})\n${transcriptOf(chat)}`),
    `── ${inbox.pending().length} updates wait, ${inbox.isPolled() ? 'a poll' : 'no poll'} waits; the last calls:`,
    ...calls.slice(-CALLS_PICTURED).map(describeCall),
  ].join('\n')
}
