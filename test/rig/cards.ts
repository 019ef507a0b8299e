import { buttonsOf, type Message } from '../stand-ins/discord/message.ts'
import type { ChatMessage } from '../stand-ins/telegram/message.ts'
import { ANN_TELEGRAM, BOB_TELEGRAM, type Process, type Rig } from './rig.ts'

/** One card that waits, as it stands on both surfaces, and the trade behind it. */
export type Card = {
  readonly number: number
  readonly signal: string
  readonly discord: Message
  /** The custom ids of its buttons when it came, by the first word of their labels. */
  readonly buttons: ReadonlyMap<string, string>
  /** By chat: each person has their own. */
  readonly telegram: ReadonlyMap<number, ChatMessage>
}

const ARRIVES_WITHIN_MS = 60_000

/** Lets a whale trade in so many markets, and gives the cards once both surfaces have them all. */
export async function deal(rig: Rig, process: Process, numbers: readonly number[], by = 0): Promise<readonly Card[]> {
  const signals = new Map<number, string>()
  process.watch(({ facts }) => {
    for (const fact of facts) {
      if (fact.kind !== 'signalOpened' || fact.signal.origin.kind !== 'whale') continue
      const number = numberIn(fact.signal.origin.trade.title)
      if (number !== undefined) signals.set(number, fact.signal.id)
    }
  })
  for (const number of numbers) process.hear(process.market.trade({ on: number, by }))
  const found = new Map<number, { discord?: Message; telegram: Map<number, ChatMessage> }>()
  const wanted = new Set(numbers)
  const buttonIds = new Map<string, ReadonlyMap<string, string>>()
  const take = (number: number | undefined): { discord?: Message; telegram: Map<number, ChatMessage> } | undefined => {
    if (number === undefined || !wanted.has(number)) return undefined
    const known = found.get(number) ?? { telegram: new Map<number, ChatMessage>() }
    found.set(number, known)
    return known
  }
  await rig.discord.until(() => {
    for (const message of newest(rig.discord.messages('approvals'), numbers.length * 2)) {
      const known = labelOf(message, 'Approve') === undefined ? undefined : take(numberOfMessage(message))
      if (known !== undefined) known.discord = message
      if (known !== undefined && !buttonIds.has(message.id)) buttonIds.set(message.id, idsOf(message))
    }
    return numbers.every(number => found.get(number)?.discord !== undefined)
  }, ARRIVES_WITHIN_MS)
  for (const chat of [ANN_TELEGRAM, BOB_TELEGRAM]) {
    await rig.telegram.until(() => {
      for (const message of newest(rig.telegram.messages(chat), numbers.length * 3)) {
        const known = labelIn(message, 'Approve') === undefined ? undefined : take(numberIn(message.text))
        known?.telegram.set(chat, message)
      }
      return numbers.every(number => found.get(number)?.telegram.has(chat) === true)
    }, ARRIVES_WITHIN_MS)
  }
  return numbers.map(number => {
    const { discord, telegram } = found.get(number) ?? { telegram: new Map() }
    const signal = signals.get(number)
    if (discord === undefined || signal === undefined) throw new Error(`the card ${number} is not there`)
    return { number, signal, discord, telegram, buttons: buttonIds.get(discord.id) ?? new Map() }
  })
}

function idsOf(message: Message): ReadonlyMap<string, string> {
  return new Map(buttonsOf(message).map(({ label = '', custom_id = '' }) => [label.split(' ')[0] ?? '', custom_id]))
}

function newest<T>(all: readonly T[], most: number): readonly T[] {
  return all.slice(-most)
}

/** The label of the button that begins so. */
export function labelOf(message: Message, begin: string): string | undefined {
  return buttonsOf(message).find(button => button.label?.startsWith(begin) === true)?.label
}

export function labelIn(message: ChatMessage, begin: string): string | undefined {
  return message.keyboard.flat().find(button => button.text.startsWith(begin))?.text
}

export function textOf(message: Message): string {
  return [message.content, ...message.embeds.map(embed => embed.description ?? '')].join('\n')
}

function numberOfMessage(message: Message): number | undefined {
  return numberIn(textOf(message))
}

function numberIn(text: string): number | undefined {
  const found = /lighthouse number (\d+) be painted/.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}
