import { fieldsOf, flagOf, integerOf, isFields, listOf, textOf } from './fields.ts'
import { type Ask, badRequest, type Fields, type Update } from './wire.ts'
import type { World } from './world.ts'

/** What concerns the bot itself: who it is, what it can be told, and what waits for it. */

export const UPDATES_A_POLL_MAX = 100
/** The server's own cap (`LONG_POLL_MAX_TIMEOUT` of tdlib/telegram-bot-api). */
export const POLL_SECONDS_MAX = 50
const COMMANDS_MAX = 100
const COMMAND_LENGTH_MAX = 32
const DESCRIPTION_LENGTH_MAX = 256
const SCOPES: ReadonlySet<string> = new Set([
  'default',
  'all_private_chats',
  'all_group_chats',
  'all_chat_administrators',
  'chat',
  'chat_administrators',
  'chat_member',
])

export function getMe({ bot }: World): Fields {
  return {
    ...bot,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
  }
}

export function getUpdates(world: World, { body, gone }: Ask): Promise<readonly Update[]> {
  const limit = integerOf(body, 'limit') ?? UPDATES_A_POLL_MAX
  const seconds = integerOf(body, 'timeout') ?? 0
  return world.inbox.poll({
    offset: integerOf(body, 'offset'),
    limit: limit < 1 || limit > UPDATES_A_POLL_MAX ? UPDATES_A_POLL_MAX : limit,
    timeoutSeconds: Math.min(Math.max(seconds, 0), POLL_SECONDS_MAX),
    allowed: listOf(body, 'allowed_updates', 'allowed_updates')?.map(String),
    gone,
  })
}

export function deleteWebhook(world: World, { body }: Ask): true {
  if (flagOf(body, 'drop_pending_updates')) world.inbox.clear()
  return true
}

export function setMyCommands(world: World, { body }: Ask): true {
  const commands = listOf(body, 'commands', 'BotCommands')
  if (commands === undefined) throw badRequest('can\'t parse commands: Can\'t find field "commands"')
  if (commands.length > COMMANDS_MAX) throw badRequest('BOT_COMMANDS_TOO_MUCH')
  world.commands.set(scopeOf(body), commands.map(commandOf))
  world.changes.tell()
  return true
}

/** Those of exactly this scope and language: what a person is shown is up to the client. */
export function getMyCommands(world: World, { body }: Ask): readonly Fields[] {
  return world.commands.get(scopeOf(body)) ?? []
}

export function deleteMyCommands(world: World, { body }: Ask): true {
  world.commands.delete(scopeOf(body))
  world.changes.tell()
  return true
}

function commandOf(given: unknown): Fields {
  if (!isFields(given)) throw badRequest("can't parse BotCommand: expected an Object")
  const command = textOf(given, 'command')?.trim().replace(/^\//, '') ?? ''
  const description = textOf(given, 'description')?.trim() ?? ''
  if (command === '') throw badRequest('command must be non-empty')
  if (command.length > COMMAND_LENGTH_MAX) throw badRequest(`command length must not exceed ${COMMAND_LENGTH_MAX}`)
  if (!/^[a-z0-9_]+$/.test(command)) throw badRequest('BOT_COMMAND_INVALID')
  if (description === '') throw badRequest('command description must be non-empty')
  if (description.length > DESCRIPTION_LENGTH_MAX)
    throw badRequest(`command description length must not exceed ${DESCRIPTION_LENGTH_MAX}`)
  return { ...given, command, description }
}

/** One text for a scope in a language. */
export function scopeOf(body: Fields): string {
  const scope = fieldsOf(body, 'scope', 'BotCommandScope') ?? { type: 'default' }
  if (!SCOPES.has(String(scope.type))) throw badRequest("can't parse BotCommandScope: unsupported type specified")
  const parts = [scope.type, scope.chat_id, scope.user_id, textOf(body, 'language_code')]
  return parts
    .map(part => part ?? '')
    .join(' ')
    .trimEnd()
}
