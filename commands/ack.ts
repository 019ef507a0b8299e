import { command } from '../src/chat/command.ts'
import type { Desk } from '../src/chat/desk.ts'
import { age, clean, counted, personText } from '../src/chat/format.ts'
import { instructed } from '../src/chat/instructing.ts'
import { nearest } from '../src/chat/nearest.ts'
import { optional, quoted, text } from '../src/chat/option.ts'
import { reply } from '../src/chat/reply.ts'
import { UserError } from '../src/chat/user-error.ts'

type Page = ReturnType<Desk['pages']>[number]

/** Further pages that are a press away. */
const PRESSES_MAX = 5

export default command({
  name: 'ack',
  also: ['seen'],
  summary: 'You have seen a page and look after it: it is not repeated any more. The newest one if not said.',
  access: 'viewer',
  options: { page: optional(text('The id under the page.')) },
  async run({ page: id }, context) {
    const pages = context.desk.pages()
    const page = id === undefined ? newest(pages) : named(id, pages)
    const title = clean(page.title)
    if (page.acknowledgedBy !== undefined)
      return reply(`${personText(page.acknowledgedBy)} has seen that already: ${title}`).privately()
    await instructed(context, { kind: 'acknowledge', page: page.id })
    const others = unseen(pages).filter(each => each.id !== page.id)
    const waited = age(context.desk.now() - page.at)
    const said = reply(`Seen by ${personText(context.actor.person)} after ${waited}: ${title}`, 'good')
    if (others.length === 0) return said
    const more = said.note(`${counted(others.length, 'other page')} nobody has seen yet.`)
    return others.slice(0, PRESSES_MAX).reduce((so, each) => so.press(`Seen ${each.id}`, `ack ${each.id}`), more)
  },
})

function newest(pages: readonly Page[]): Page {
  const [first] = unseen(pages)
  if (first === undefined) throw new UserError('No page waits to be seen.')
  return first
}

function named(id: string, pages: readonly Page[]): Page {
  const found = pages.find(page => page.id === id.toLowerCase())
  if (found !== undefined) return found
  if (unseen(pages).length === 0)
    throw new UserError(`No page waits to be seen; ${quoted(id)} is over or was never one.`)
  const ids = unseen(pages).map(page => page.id)
  const meant = nearest(id, ids) ?? ids[0]
  throw new UserError(`There is no page ${quoted(id)}. Did you mean ${meant}?`)
}

function unseen(pages: readonly Page[]): readonly Page[] {
  return [...pages].filter(page => page.acknowledgedBy === undefined).sort((one, other) => other.at - one.at)
}
