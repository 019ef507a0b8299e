import {
  type Complaint,
  complaint,
  countComplaints,
  missing,
  notOneOf,
  type Path,
  textComplaints,
} from './complaints.ts'
import { type Body, bodiesOf, bodyOf, isMissing, numberOf, textOf } from './json.ts'

/** Bounds of commands. Source: Discord's reference, "Application commands", 2026-08. */
const COMMANDS = { min: 0, max: 100 }
const OPTIONS = { min: 0, max: 25 }
const CHOICES = { min: 0, max: 25 }
const DESCRIPTION = { min: 1, max: 100 }
const CHOICE_NAME = { min: 1, max: 100 }
const CHOICE_TEXT = { min: 0, max: 100 }
const COMBINED_MAX = 8_000
const NAME = /^[-_'\p{L}\p{N}\p{Script=Devanagari}\p{Script=Thai}]{1,32}$/u
/** Names of the commands on people and messages may have capitals and spaces. */
const MENU_NAME = { min: 1, max: 32 }

/** The types of options. Source: Discord's reference, "Application command option type". */
export const OPTION = {
  subcommand: 1,
  group: 2,
  text: 3,
  whole: 4,
  yesNo: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  file: 11,
} as const

const OPTION_TYPES = Object.values(OPTION)
const TYPED: readonly number[] = [OPTION.text, OPTION.whole, OPTION.number]

/** What is wrong with a set of commands that is to replace the present one. */
export function commandComplaints(commands: readonly Body[]): readonly Complaint[] {
  return [
    ...countComplaints(commands.filter(one => typeOf(one) === 1).length, [], COMMANDS),
    ...commands.flatMap((command, at) => oneComplaints(command, [at])),
    ...repeated(commands, one => `${typeOf(one)} ${textOf(one.name)}`, []).map(one => ({
      ...one,
      code: 'APPLICATION_COMMANDS_DUPLICATE_NAME',
      message: 'Application command names must be unique',
    })),
  ]
}

/** The type of a command, which is one to type where nothing is said. */
export function typeOf(command: Body): number {
  return isMissing(command.type) ? 1 : numberOf(command.type)
}

function oneComplaints(command: Body, path: Path): readonly Complaint[] {
  if (typeOf(command) !== 1) {
    const description = isMissing(command.description) || command.description === ''
    return [
      ...textComplaints(command.name, [...path, 'name'], MENU_NAME),
      ...(description
        ? []
        : complaint([...path, 'description'], 'APPLICATION_COMMAND_DESCRIPTION', 'Context menus have no description')),
    ]
  }
  const length = combinedLength(command)
  return [
    ...nameComplaints(command.name, [...path, 'name']),
    ...textComplaints(command.description, [...path, 'description'], DESCRIPTION),
    ...optionsComplaints(bodiesOf(command.options), [...path, 'options'], 0),
    ...(length > COMBINED_MAX
      ? complaint(path, 'APPLICATION_COMMAND_TOO_LARGE', `Command exceeds maximum size (${COMBINED_MAX})`)
      : []),
  ]
}

function optionsComplaints(options: readonly Body[], path: Path, depth: number): readonly Complaint[] {
  return [
    ...countComplaints(options.length, path, OPTIONS),
    ...options.flatMap((option, at) => optionComplaints(option, [...path, at], depth)),
    ...repeated(options, option => textOf(option.name), path).map(one => ({
      ...one,
      code: 'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS',
      message: 'Option names must be unique',
    })),
    ...orderComplaints(options, path),
    ...mixedComplaints(options, path),
  ]
}

function optionComplaints(option: Body, path: Path, depth: number): readonly Complaint[] {
  const type = numberOf(option.type)
  const isNested = type === OPTION.subcommand || type === OPTION.group
  const isTooDeep = (type === OPTION.group && depth > 0) || (type === OPTION.subcommand && depth > 1)
  const inGroup = type === OPTION.group ? bodiesOf(option.options) : []
  return [
    ...(OPTION_TYPES.some(known => known === type) ? [] : notOneOf([...path, 'type'], OPTION_TYPES)),
    ...(isTooDeep || inGroup.some(one => one.type !== OPTION.subcommand)
      ? complaint(path, 'APPLICATION_COMMAND_OPTIONS_NESTING', 'Sub-commands may only be one group deep')
      : []),
    ...nameComplaints(option.name, [...path, 'name']),
    ...textComplaints(option.description, [...path, 'description'], DESCRIPTION),
    ...choicesComplaints(option, path),
    ...(isNested ? optionsComplaints(bodiesOf(option.options), [...path, 'options'], depth + 1) : []),
  ]
}

function choicesComplaints(option: Body, path: Path): readonly Complaint[] {
  const choices = bodiesOf(option.choices)
  const type = numberOf(option.type)
  const place = [...path, 'choices']
  if (!TYPED.includes(type) && (choices.length > 0 || option.autocomplete === true)) {
    return complaint(path, 'APPLICATION_COMMAND_OPTIONS_TYPE', 'Only texts and numbers have choices')
  }
  if (choices.length > 0 && option.autocomplete === true) {
    return complaint(path, 'APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES', 'Autocomplete cannot be set with choices')
  }
  return [
    ...countComplaints(choices.length, place, CHOICES),
    ...choices.flatMap(({ name, value }, at) => [
      ...textComplaints(name, [...place, at, 'name'], CHOICE_NAME),
      ...(type === OPTION.text
        ? textComplaints(value, [...place, at, 'value'], CHOICE_TEXT)
        : typeof value === 'number'
          ? []
          : missing([...place, at, 'value'])),
    ]),
    ...repeated(choices, choice => textOf(choice.name), place).map(one => ({
      ...one,
      code: 'APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS',
      message: 'Choice names must be unique',
    })),
  ]
}

function nameComplaints(value: unknown, path: Path): readonly Complaint[] {
  if (isMissing(value)) return missing(path)
  const name = textOf(value)
  if (NAME.test(name) && name === name.toLowerCase()) return []
  return complaint(path, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid')
}

/** What must be given comes before what may be. */
function orderComplaints(options: readonly Body[], path: Path): readonly Complaint[] {
  const firstOptional = options.findIndex(option => option.required !== true)
  if (firstOptional === -1) return []
  return options.flatMap((option, at) =>
    option.required === true && at > firstOptional
      ? complaint(
          [...path, at],
          'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
          'Required options must be placed before non-required options',
        )
      : [],
  )
}

function mixedComplaints(options: readonly Body[], path: Path): readonly Complaint[] {
  const nested = options.filter(({ type }) => type === OPTION.subcommand || type === OPTION.group).length
  if (nested === 0 || nested === options.length) return []
  const text = 'Sub-command and sub-command group option types are mutually exclusive to all other types'
  return complaint(path, 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', text)
}

function repeated(bodies: readonly Body[], keyOf: (body: Body) => string, path: Path): readonly Complaint[] {
  const met = new Set<string>()
  return bodies.flatMap((body, at) => {
    const isMet = met.has(keyOf(body))
    met.add(keyOf(body))
    return isMet ? complaint([...path, at, 'name'], '', '') : []
  })
}

/** Names, descriptions and values together; of a translated text, the longest. */
function combinedLength(part: Body): number {
  const own = longest(part.name, part.name_localizations) + longest(part.description, part.description_localizations)
  const inner = [...bodiesOf(part.options), ...bodiesOf(part.choices)]
  return own + textOf(part.value).length + inner.reduce((sum, one) => sum + combinedLength(one), 0)
}

function longest(text: unknown, translations: unknown): number {
  return Math.max(...[text, ...Object.values(bodyOf(translations))].map(one => textOf(one).length))
}
