import { createHash } from 'node:crypto'

/**
 * Commands in the one form in which ours and those that Discord gives back can be compared: what we say of them and nothing else,
 * sorted, without what is the default. A server's commands have no contexts, so what we ask for there never comes back.
 */
export function canonical(commands: unknown): string {
  const list = Array.isArray(commands) ? commands : []
  return JSON.stringify(list.map(each => kept(each, COMMAND)).sort(byName))
}

/** Short enough to keep, and as good as the whole. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const COMMAND = ['default_member_permissions', 'description', 'name', 'nsfw', 'options', 'type']
const OPTION = [
  'autocomplete',
  'choices',
  'description',
  'max_length',
  'max_value',
  'min_length',
  'min_value',
  'name',
  'options',
  'required',
  'type',
]
const CHOICE = ['name', 'value']
const INNER: Readonly<Record<string, readonly string[]>> = { options: OPTION, choices: CHOICE }
/** A command without a type is one that is typed. */
const TYPED = 1

function kept(thing: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (thing === null || typeof thing !== 'object') return {}
  return Object.fromEntries(
    names.flatMap(name => {
      const value: unknown = Reflect.get(thing, name)
      const inner = INNER[name]
      if (isDefault(value) || (names === COMMAND && name === 'type' && value === TYPED)) return []
      return [[name, inner !== undefined && Array.isArray(value) ? value.map(each => kept(each, inner)) : value]]
    }),
  )
}

function isDefault(value: unknown): boolean {
  return value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0)
}

function byName(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): number {
  return String(one.name) < String(other.name) ? -1 : 1
}
