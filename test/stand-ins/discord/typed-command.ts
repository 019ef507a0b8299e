import type { Command } from './command-book.ts'
import { OPTION, typeOf } from './command-rules.ts'
import { type Body, bodiesOf, numberOf, textOf } from './json.ts'
import { channelShape, memberShape, roleShape, userShape } from './shapes.ts'
import { channelOf, type World } from './world.ts'

/** What somebody fills in, by the names of the options. Channels may be given by name, people and roles by id. */
export type Values = Readonly<Record<string, string | number | boolean>>

/** A command as somebody types it. */
export type Typed = {
  /** With its sub-command, as in `whale add`. */
  readonly command: string
  readonly values: Values
  /** The option that is being typed just now. What else is needed may still be missing then. */
  readonly focused?: string
  /** Whether anything goes, as for who does not use Discord's own client. */
  readonly isForged: boolean
}

/** The command as Discord passes it on. Throws a sentence where Discord's client would not let it be sent. */
export function typedData(world: World, typed: Typed): Body {
  const [name = '', ...path] = typed.command.split(' ')
  const command = registered(world, name)
  if (command === undefined && !typed.isForged) {
    const known = commandsOf(world).map(one => one.name)
    throw new Error(`there is no command /${name}, only ${known.join(', ') || 'none at all'}`)
  }
  const taken = filled(world, typed, path.reduce(innerOption, command as Body | undefined), path)
  const options = path.reduceRight<readonly Body[]>((inner, step, at) => {
    const isGroup = at < path.length - 1
    return [{ name: step, type: isGroup ? OPTION.group : OPTION.subcommand, options: inner }]
  }, taken)
  const resolved = resolvedOf(world, taken)
  return {
    id: command?.id ?? world.snowflake(),
    name,
    type: 1,
    guild_id: world.guild,
    ...(options.length > 0 ? { options } : {}),
    ...(Object.keys(resolved).length > 0 ? { resolved } : {}),
  }
}

/** The command as people see it typed. */
export function typedText({ command, values }: Typed): string {
  return [`/${command}`, ...Object.entries(values).map(([name, value]) => `${name}:${value}`)].join(' ')
}

function commandsOf(world: World): readonly Command[] {
  return [...world.commands.of(world.guild), ...world.commands.of('global')].filter(one => typeOf(one) === 1)
}

function registered(world: World, name: string): Command | undefined {
  return commandsOf(world).find(one => one.name === name)
}

function innerOption(option: Body | undefined, step: string): Body | undefined {
  return bodiesOf(option?.options).find(one => one.name === step)
}

function filled(world: World, typed: Typed, known: Body | undefined, path: readonly string[]): readonly Body[] {
  const { command, values, focused, isForged } = typed
  const options = bodiesOf(known?.options)
  const isNested = options.some(one => one.type === OPTION.subcommand || one.type === OPTION.group)
  const must = (condition: boolean, otherwise: () => string) => {
    if (!condition && !isForged) throw new Error(`/${command} ${otherwise()}`)
  }
  must(known !== undefined || path.length === 0, () => 'is no sub-command of the command')
  must(!isNested, () => `needs a sub-command: ${options.map(one => textOf(one.name)).join(', ')}`)
  for (const { name, required } of options) {
    const isGiven = values[textOf(name)] !== undefined
    must(isGiven || required !== true || focused !== undefined, () => `needs ${textOf(name)}`)
  }
  return Object.entries(values).map(([name, value]) => {
    const option = options.find(one => one.name === name)
    must(option !== undefined, () => `has no option ${name}, only ${options.map(one => textOf(one.name)).join(', ')}`)
    must(name !== focused || option?.autocomplete === true, () => `offers nothing while ${name} is typed`)
    const wrong = option === undefined || name === focused ? undefined : whyNot(option, value)
    must(wrong === undefined, () => `does not take ${name}:${value}, since ${wrong}`)
    const type = option === undefined ? typeFor(value) : numberOf(option.type)
    const meant = type === OPTION.channel ? channelOf(world, String(value)).id : value
    return { name, type, value: meant, ...(name === focused ? { focused: true } : {}) }
  })
}

function typeFor(value: Values[string]): number {
  if (typeof value === 'boolean') return OPTION.yesNo
  return typeof value === 'number' ? OPTION.number : OPTION.text
}

/** Why Discord's client would not take a value, if it would not. */
function whyNot(option: Body, value: Values[string]): string | undefined {
  const choices = bodiesOf(option.choices)
  if (choices.length > 0 && !choices.some(one => one.value === value)) {
    return `it is one of ${choices.map(one => String(one.value)).join(', ')}`
  }
  const size = typeof value === 'string' ? value.length : Number(value)
  const [least, most] = [option.min_value ?? option.min_length, option.max_value ?? option.max_length]
  if (typeof least === 'number' && size < least) return `the least is ${least}`
  if (typeof most === 'number' && size > most) return `the most is ${most}`
  switch (option.type) {
    case OPTION.yesNo:
      return typeof value === 'boolean' ? undefined : 'it is yes or no'
    case OPTION.whole:
      return Number.isInteger(value) ? undefined : 'it is a whole number'
    case OPTION.number:
      return typeof value === 'number' ? undefined : 'it is a number'
    default:
      return typeof value === 'string' ? undefined : 'it is a text'
  }
}

function resolvedOf(world: World, options: readonly Body[]): Body {
  const of = (...types: number[]) =>
    options.filter(one => types.includes(numberOf(one.type))).map(one => String(one.value))
  const members = of(OPTION.user, OPTION.mentionable).flatMap(id => world.members.get(id) ?? [])
  const roles = of(OPTION.role, OPTION.mentionable).flatMap(id => world.roles.get(id) ?? [])
  const channels = of(OPTION.channel).flatMap(id => world.channels.get(id) ?? [])
  return {
    ...(members.length > 0
      ? {
          users: Object.fromEntries(members.map(one => [one.id, userShape(one)])),
          members: Object.fromEntries(members.map(one => [one.id, memberShape(one)])),
        }
      : {}),
    ...(roles.length > 0
      ? { roles: Object.fromEntries(roles.map(one => [one.id, roleShape(one, world.bot.id)])) }
      : {}),
    ...(channels.length > 0
      ? { channels: Object.fromEntries(channels.map(one => [one.id, channelShape(world, one)])) }
      : {}),
  }
}
