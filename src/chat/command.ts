import type { Access, Actor, Desk } from './desk.ts'
import { type Options, offeredOf, type Values } from './option.ts'
import type { Reply } from './reply.ts'
import { UserError } from './user-error.ts'

/** What a command works with besides its options. */
export type Context = {
  readonly actor: Actor
  readonly desk: Desk
  /** All that can be asked, in the order of `help`. */
  readonly commands: readonly Command[]
}

/** Option texts as they came in, by option name. */
export type Given = Readonly<Record<string, string>>

/** A command as surfaces and the router see it: its options still have to be read. */
export type Command = {
  readonly name: string
  /** Other words for it, for people in a hurry. */
  readonly also: readonly string[]
  readonly summary: string
  /** The least that may call it; some of what it does may take more. */
  readonly access: Access
  readonly options: Options
  /**
   * Whether it is obeyed when it comes late: a press that was made before a phone lost its network must not buy anything when it is
   * found again, and must stop everything all the same.
   */
  readonly isObeyedLate: boolean
  readonly run: (given: Given, context: Context) => Promise<Reply>
}

export type Definition<Asked extends Options> = {
  readonly name: string
  readonly also?: readonly string[]
  readonly summary: string
  readonly access: Access
  readonly options: Asked
  /** Where it is not said, what only looks is obeyed late. */
  readonly isObeyedLate?: boolean
  readonly run: (values: Values<Asked>, context: Context) => Reply | Promise<Reply>
}

/** A command from its definition. What `run` sees are values, already read; what is wrong with them is told all at once. */
export function command<const Asked extends Options>(definition: Definition<Asked>): Command {
  const { name, also = [], summary, access, options } = definition
  const run = async (given: Given, context: Context): Promise<Reply> =>
    definition.run(readAll(options, given) as Values<Asked>, context)
  const isObeyedLate = definition.isObeyedLate ?? access === 'viewer'
  return { name, also, summary, access, options, isObeyedLate, run }
}

function readAll(options: Options, given: Given): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  const faults: string[] = []
  for (const [name, option] of Object.entries(options)) {
    const said = Object.hasOwn(given, name) ? given[name] : undefined
    if (said === undefined) {
      if (option.isNeeded) faults.push(`${name} is missing: ${option.about}`)
      continue
    }
    try {
      values[name] = option.read(said)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      faults.push(`${name}: ${error.message}`)
    }
  }
  if (faults.length > 0) throw new UserError(faults.join(' '), true)
  return values
}

/** How the command is typed: `close <what> [part]`. */
export function usage({ name, options }: Pick<Command, 'name' | 'options'>): string {
  const parts = offeredOf(options).map(([each, option]) => (option.isNeeded ? `<${each}>` : `[${each}]`))
  return [name, ...parts].join(' ')
}
