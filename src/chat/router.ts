import { aRole, reaches } from './access.ts'
import { type Command, type Given, usage } from './command.ts'
import type { Actor, Desk } from './desk.ts'
import { commandName, given, wordsOf } from './line.ts'
import { nearest } from './nearest.ts'
import { quoted } from './option.ts'
import { type Reply, reply } from './reply.ts'
import { ForbiddenError, UserError } from './user-error.ts'

/** Something broke while a command ran. The person is told the reference, and nothing of the error. */
export type Fault = { readonly reference: string; readonly command: string; readonly error: unknown }

export type Router = {
  readonly commands: readonly Command[]
  /** Answers a line as it was typed, or a press. Never throws. */
  readonly hear: (line: string, actor: Actor) => Promise<Reply>
  /** Answers a surface that has taken the options apart itself. Never throws. */
  readonly call: (name: string, given: Given, actor: Actor) => Promise<Reply>
}

/** The one path from what people say to what commands do: who, may they, read the options, run. */
export function createRouter(parts: {
  readonly commands: readonly Command[]
  readonly desk: Desk
  readonly report: (fault: Fault) => void
  /** Hears of a command that its caller may not give. */
  readonly turnAway?: (actor: Actor, line: string, why: string) => void
}): Router {
  const { commands, desk, report, turnAway = () => undefined } = parts

  const answer = async (name: string, read: (found: Command) => Given, actor: Actor): Promise<Reply> => {
    const found = commands.find(each => each.name === name || each.also.includes(name))
    if (found === undefined) return unknownCommand(name, commands)
    if (!reaches(actor.access, found.access)) {
      turnAway(actor, found.name, `it takes ${aRole(found.access)}`)
      return mayNot(found, actor)
    }
    try {
      return await found.run(read(found), { actor, desk, commands })
    } catch (error) {
      if (error instanceof ForbiddenError) turnAway(actor, found.name, error.message)
      if (error instanceof UserError) return refused(found, error)
      report({ reference: actor.press, command: found.name, error })
      return apology(actor.press)
    }
  }

  return {
    commands,
    call: (name, options, actor) => answer(name, () => options, actor),
    hear: async (line, actor) => {
      try {
        const [first, ...rest] = wordsOf(line)
        return await answer(commandName(first), found => given(rest, found.options), actor)
      } catch (error) {
        if (error instanceof UserError) return reply(error.message, 'warn').privately()
        report({ reference: actor.press, command: '?', error })
        return apology(actor.press)
      }
    },
  }
}

/** The name of the command that a line would call, for surfaces that must hurry some of them. */
export function calledBy(line: string, commands: readonly Command[]): string | undefined {
  const first = line.trim().slice(0, 40).split(/\s/)[0] ?? ''
  const name = commandName({ text: first, named: undefined })
  return commands.find(each => each.name === name || each.also.includes(name))?.name
}

function unknownCommand(name: string, commands: readonly Command[]): Reply {
  if (name === '') return reply('Nothing was asked. `help` lists what can be.', 'warn').privately()
  const meant = nearest(
    name,
    commands.map(each => each.name),
  )
  const base = reply(`There is no command ${quoted(name)}.`, 'warn').privately()
  return meant === undefined
    ? base.note('`help` lists what can be asked.')
    : base.note(`Did you mean \`${meant}\`?`).press(meant, meant)
}

function mayNot(found: Command, actor: Actor): Reply {
  return reply(`\`${found.name}\` takes ${aRole(found.access)}; you are ${aRole(actor.access)}.`, 'warn').privately()
}

/** A sentence that is too long for a first line goes below one. */
const SENTENCE_MAX = 200

function refused(found: Command, error: UserError): Reply {
  const isLong = error.message.length > SENTENCE_MAX
  const said = isLong ? reply('That was not done', 'warn').text(error.message) : reply(error.message, 'warn')
  return (error.isTyping ? said.note(`How it is typed: ${usage(found)}`) : said).privately()
}

function apology(reference: string): Reply {
  return reply('Something went wrong here, and it is on record.', 'danger')
    .text('What you asked for may or may not have been done: look before you ask again.')
    .note(`Reference: ${reference}`)
    .privately()
}
