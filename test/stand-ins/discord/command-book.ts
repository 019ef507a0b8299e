import { ApiError, refuseBody } from './api-error.ts'
import { commandComplaints, typeOf } from './command-rules.ts'
import { type Body, bodiesOf, isMissing, textOf } from './json.ts'

/** Most commands with a name that was not there before, in a day and a guild. Source: Discord's reference, "Registering a command". */
const NEW_NAMES_MAX = 200
const DAY_MS = 86_400_000

/** A command as Discord gives it back. */
export type Command = Body & { readonly id: string; readonly name: string; readonly version: string }

/** The registered commands of each scope: a guild's id, or `global`. */
export type CommandBook = {
  readonly of: (scope: string) => readonly Command[]
  /** Replaces all commands of the scope. Throws an `ApiError` for what Discord would not take, and then changes nothing. */
  readonly put: (scope: string, application: string, commands: readonly Body[]) => readonly Command[]
  /** How often commands were replaced. */
  readonly puts: () => number
}

/** An empty book. */
export function commandBook(now: () => number, snowflake: () => string): CommandBook {
  const scopes = new Map<string, readonly Command[]>()
  let made: { readonly scope: string; readonly at: number }[] = []
  let puts = 0
  const of = (scope: string) => scopes.get(scope) ?? []

  const registered = (command: Body, scope: string, application: string): Command => {
    const before = of(scope).find(one => one.name === command.name && typeOf(one) === typeOf(command))
    const after = withDefaults(command, scope, application)
    const id = before?.id ?? snowflake()
    const isSame = before !== undefined && alike(before, { ...after, id, version: before.version })
    return { ...after, id, name: textOf(command.name), version: isSame ? before.version : snowflake() }
  }

  return {
    of,
    puts: () => puts,
    put: (scope, application, commands) => {
      refuseBody(commandComplaints(commands))
      made = made.filter(one => one.at > now() - DAY_MS)
      const known = new Set(of(scope).map(one => `${typeOf(one)} ${one.name}`))
      const added = commands.filter(one => !known.has(`${typeOf(one)} ${textOf(one.name)}`))
      if (made.filter(one => one.scope === scope).length + added.length > NEW_NAMES_MAX) {
        throw new ApiError('tooManyCommands')
      }
      made.push(...added.map(() => ({ scope, at: now() })))
      puts += 1
      const after = commands.map(command => registered(command, scope, application))
      scopes.set(scope, after)
      return after
    },
  }
}

/** The command with what Discord adds, and without what it leaves out when it gives a command back. */
function withDefaults(command: Body, scope: string, application: string): Body {
  const { options, ...rest } = command
  const inner = bodiesOf(options).map(withoutFalse)
  return {
    application_id: application,
    ...(scope === 'global' ? { dm_permission: true, contexts: null, integration_types: [0] } : { guild_id: scope }),
    default_member_permissions: null,
    name_localizations: null,
    description_localizations: null,
    nsfw: false,
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    type: typeOf(command),
    description: textOf(command.description),
    ...(inner.length > 0 ? { options: inner } : {}),
  }
}

/** Of an option, what is `false`, `null` or empty is not given back. */
function withoutFalse(option: Body): Body {
  const kept = Object.entries(option).filter(
    ([, value]) => value !== false && !isMissing(value) && !(Array.isArray(value) && value.length === 0),
  )
  const inner = bodiesOf(option.options)
  return { ...Object.fromEntries(kept), ...(inner.length > 0 ? { options: inner.map(withoutFalse) } : {}) }
}

function alike(one: Body, other: Body): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}
