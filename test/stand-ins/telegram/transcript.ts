import type { ChatMessage } from './message.ts'
import type { Chat, Happening } from './world.ts'

/** A chat as somebody would retell it, one line for each thing that happened and further lines indented. */
export function transcriptOf({ history }: Chat): string {
  return history.map(described).join('\n')
}

function described(happening: Happening): string {
  switch (happening.kind) {
    case 'written': {
      const { message } = happening
      return told(`${speakerOf(message)}${placeOf(message)}:`, message)
    }
    case 'edited': {
      const { message } = happening
      return told(`${speakerOf(message)} edits #${message.id}:`, message)
    }
    case 'deleted':
      return `#${happening.message.id} is deleted`
    case 'pinned':
      return `#${happening.message.id} is pinned`
    case 'unpinned':
      return `#${happening.message.id} is unpinned`
    case 'pressed':
      return `${happening.by.first_name} presses [${happening.label}] of #${happening.messageId}`
    case 'answered': {
      const form = happening.isAlert ? 'an alert' : 'a toast'
      return happening.text === ''
        ? '(the press is taken)'
        : `(${form} to ${happening.to.first_name}: ${happening.text})`
    }
    case 'noted':
      return `(${happening.note})`
  }
}

function told(head: string, message: ChatMessage): string {
  const { photo, text, keyboard } = message
  const picture = photo === undefined ? [] : [`[photo ${photo.name}, ${photo.width}×${photo.height}]`]
  const lines = text === '' ? [] : text.split('\n')
  const buttons = keyboard.map(row => row.map(button => `[${button.text}]`).join(' '))
  const [first = '', ...rest] = [...picture, ...lines, ...buttons]
  return [`${head} ${first}`, ...rest.map(line => `  ${line}`)].join('\n')
}

function speakerOf({ from, senderChat }: ChatMessage): string {
  return senderChat === undefined ? from.first_name : String(senderChat.title)
}

function placeOf({ topic, replyTo }: ChatMessage): string {
  const parts = [topic === undefined ? [] : `in topic ${topic}`, replyTo === undefined ? [] : `to #${replyTo}`].flat()
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}
