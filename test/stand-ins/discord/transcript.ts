import { isPinging } from './mentions.ts'
import { buttonsOf, COMPONENT, type Component, type Embed, everyComponent, FLAGS, type Message } from './message.ts'
import type { Channel, Line, World } from './world.ts'

/** What was said and done in a channel, oldest first, as somebody who sees everything would have seen it. */
export function transcriptOf(world: World, channel: Channel): string {
  const lines = world.lines.filter(one => one.channel === channel.id)
  return lines.map(({ at, text }) => `${timeOf(at)} ${text.replaceAll('\n', '\n         ')}`).join('\n')
}

/** A message as it appeared. */
export function messageLine(world: World, message: Message): Line {
  return lineOf(world, message, `${whoOf(world, message)}:`)
}

/** What a message says since it was edited. */
export function editLine(world: World, message: Message): Line {
  const first = message.edits.length > 0 ? ` (edit ${message.edits.length})` : ''
  return lineOf(world, message, `${whoOf(world, message)} edits${first}:`)
}

/** That a message went away. */
export function deletionLine(world: World, message: Message): Line {
  const what = message.content.split('\n')[0] ?? ''
  return { channel: message.channel, at: world.now(), text: `a message of ${message.author.name} is deleted: ${what}` }
}

function lineOf(world: World, message: Message, who: string): Line {
  const rows = [
    ...message.embeds.flatMap(embedRows),
    ...partRows(message),
    ...message.attachments.map(({ filename, description }) => `(file ${filename}: ${description ?? 'no description'})`),
    ...buttonRows(message),
    ...pingRow(message),
  ]
  const text = [message.content === '' ? who : `${who} ${message.content}`, ...rows.map(row => `  ${row}`)].join('\n')
  return { channel: message.channel, at: world.now(), text }
}

function whoOf(world: World, { author, onlyFor, flags }: Message): string {
  const silently = (flags & FLAGS.suppressNotifications) === 0 ? '' : ', silently'
  const only = onlyFor === undefined ? '' : ` (only to ${world.members.get(onlyFor)?.name ?? onlyFor})`
  return `${author.name}${only}${silently}`
}

function embedRows({ title, description, fields = [], footer, image }: Embed): readonly string[] {
  return [
    ...(title === undefined ? [] : [`## ${title}`]),
    ...(description === undefined ? [] : description.split('\n')),
    ...fields.map(({ name, value }) => `${name}: ${value}`),
    ...(image?.url === undefined ? [] : [`(picture ${image.url})`]),
    ...(footer?.text === undefined ? [] : [`-- ${footer.text}`]),
  ]
}

function partRows({ components }: Message): readonly string[] {
  const texts = everyComponent(components).filter(one => one.type === COMPONENT.text)
  return texts.flatMap(one => (one.content ?? '').split('\n'))
}

function buttonRows(message: Message): readonly string[] {
  const rows = everyComponent(message.components).filter(one => one.type === COMPONENT.row)
  const inRows = rows.map(row => (row.components ?? []).filter(one => one.type === COMPONENT.button))
  const others = buttonsOf(message).filter(one => !inRows.some(row => row.includes(one)))
  return [...inRows, others].filter(row => row.length > 0).map(row => row.map(buttonText).join(' '))
}

/** A button as it is seen; a dimmed one cannot be pressed. */
export function buttonText({ label, emoji, disabled }: Component): string {
  const shown = [emoji?.name, label].filter(one => one !== undefined).join(' ')
  return disabled === true ? `(${shown})` : `[${shown}]`
}

function pingRow({ pings, edits }: Message): readonly string[] {
  if (edits.length > 0 || !isPinging(pings)) return []
  const everyone = pings.everyone ? ['everyone'] : []
  return [`(notifies ${[...everyone, ...pings.roles.map(id => `role ${id}`), ...pings.users].join(', ')})`]
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 19)
}
