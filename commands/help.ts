import { aRole, reaches } from '../src/chat/access.ts'
import type { Command } from '../src/chat/command.ts'
import { command, usage } from '../src/chat/command.ts'
import { nearest } from '../src/chat/nearest.ts'
import { offeredOf, optional, text } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'
import { UserError } from '../src/chat/user-error.ts'

export default command({
  name: 'help',
  summary: 'What can be asked here, or how one command is used.',
  access: 'viewer',
  options: { about: optional(text('The command to explain.')) },
  run({ about }, { actor, commands }) {
    if (about !== undefined) return explained(about, commands)
    const rows = commands.map(each => {
      const lock = reaches(actor.access, each.access) ? '' : ` (takes ${each.access})`
      return [usage(each), `${each.summary}${lock}`] as const
    })
    return reply(`You are ${aRole(actor.access)}. Typed or pressed, it is the same.`)
      .rows(...rows)
      .privately()
  },
})

function explained(about: string, commands: readonly Command[]) {
  const name = about.toLowerCase().replace(/^\//, '')
  const found = commands.find(each => each.name === name || each.also.includes(name))
  if (found === undefined) {
    const meant = nearest(
      name,
      commands.map(each => each.name),
    )
    throw new UserError(`There is no such command.${meant === undefined ? '' : ` Did you mean ${meant}?`}`)
  }
  const rows = offeredOf(found.options).map(([each, option]) => {
    const choices = option.choices.length === 0 ? '' : ` One of ${option.choices.join(', ')}.`
    return [option.isNeeded ? each : `${each} (optional)`, `${option.about}${choices}`] as const
  })
  const also = found.also.length === 0 ? '' : ` Also: ${found.also.join(', ')}.`
  return reply(usage(found))
    .text(found.summary)
    .rows(['For', found.access], ...rows)
    .note(`Options go in this order, or as name:value.${also}`)
    .privately()
}
