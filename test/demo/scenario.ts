import { type Discord, startDiscord } from '../stand-ins/discord/discord.ts'
import type { Interaction } from '../stand-ins/discord/interaction.ts'
import { buttonsOf, type Message } from '../stand-ins/discord/message.ts'
import type { Person as DiscordPerson } from '../stand-ins/discord/person.ts'
import type { ChatMessage } from '../stand-ins/telegram/message.ts'
import type { Person as TelegramPerson } from '../stand-ins/telegram/person.ts'
import { startTelegram, type Telegram } from '../stand-ins/telegram/telegram.ts'
import { type Bot, startBot } from './bot.ts'

/** What a day with the bot is like, from start to stop and over two restarts, with a simulated market behind it. */
export type Scenario = {
  readonly discord: Discord
  readonly telegram: Telegram
  /** What was found out at each step, in the order of the day. */
  readonly steps: readonly { readonly step: string; readonly found: string }[]
  /** What every life of the program wrote to its terminal and its log. */
  readonly said: () => string
  readonly close: () => Promise<void>
}

const CHAT = 42
/** In some minutes of the simulated world nobody buys anything that passes the gates. */
const QUIET_WORLD_MS = 180_000
const SOON_MS = 20_000

/** Plays the day through; throws, with a picture of what there was, where something did not come. */
export async function playDay(entry: string, dataDir: string, tell: (line: string) => void): Promise<Scenario> {
  const discord = await startDiscord()
  const telegram = await startTelegram()
  const ann = discord.person({ id: '400000000000000001', name: 'ann' })
  const annsPhone = telegram.person({ id: CHAT, name: 'Ann' })
  telegram.person({ id: 77, name: 'Bob' })
  const steps: { step: string; found: string }[] = []
  const lives: Bot[] = []
  const note = (step: string, found: string): void => {
    steps.push({ step, found })
    tell(`-- ${step}: ${found}`)
  }
  const begin = (): Bot => {
    const bot = startBot(entry, dataDir, { discord, telegram }, { REMORA_SANDBOX_SPEED: '3' })
    lives.push(bot)
    return bot
  }
  const scenario: Scenario = {
    discord,
    telegram,
    steps,
    said: () => lives.map(bot => bot.said()).join('\n'),
    close: async () => {
      for (const bot of lives) await bot.kill()
      await discord.stop()
      await telegram.stop()
    },
  }
  try {
    await play({ discord, telegram, ann, annsPhone, note, begin })
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    await scenario.close()
    throw new Error(`${problem}\n\n${picture(scenario)}`, { cause: error })
  }
  return scenario
}

type Stage = {
  readonly discord: Discord
  readonly telegram: Telegram
  readonly ann: DiscordPerson
  readonly annsPhone: TelegramPerson
  readonly note: (step: string, found: string) => void
  readonly begin: () => Bot
}

async function play(stage: Stage): Promise<void> {
  const { discord, telegram, ann, annsPhone, note, begin } = stage
  const first = begin()
  await discord.until(() => discord.commands().length > 20, SOON_MS)
  note('started', `${discord.commands().length} commands registered in ${discord.commandPuts()} request`)

  const asked = ann.slash('mode', { mode: 'paper', approvals: 'on' }, { channel: 'approvals' })
  await discord.until(() => /with approvals|approvals/i.test(textOf(asked.original)), SOON_MS)
  note('approvals are on', `acknowledged in ${Math.round((await asked.acknowledged).delayMs)} ms`)

  const seen = new Set<string>()
  const one = await approvedAndFilled(stage, seen)
  const shown = telegram.message(CHAT, one.telegram.id)
  note('the card on Telegram followed', shown?.text.split('\n')[0] ?? '')

  const two = await cardOnBoth(stage, seen)
  note('another card waits', two.discord.content)
  await first.kill()
  note('killed', 'the process is gone, the card still stands on both')

  const second = begin()
  await up(stage, 2)
  const again = annsPhone.press(two.telegram.id, labelOn(telegram.message(CHAT, two.telegram.id), 'Reject'))
  await again.answered
  await discord.until(() => isOver(discord, two.discord), SOON_MS)
  note('the old button still works', firstLine(discord, two.discord))

  annsPhone.say('/limits set hourlyLossMax 1')
  await telegram.until(() => telegram.messages(CHAT).some(each => /Changed, and in force/.test(each.text)), SOON_MS)
  note('a limit made tighter from Telegram', 'an hour may lose $1 now')
  seen.add(two.short)
  await untilBreaker(stage, seen)
  await discord.until(() => discord.messages('risk').some(each => /BREAKER hourly-loss/.test(each.content)), SOON_MS)
  note('a breaker opened', 'told on both at once')

  const page = await telegram.until(
    () => telegram.messages(CHAT).find(each => /BREAKER/.test(each.text) && labelOn(each, 'Seen', '') !== ''),
    SOON_MS,
  )
  annsPhone.press(page.id, labelOn(page, 'Seen'))
  await telegram.until(() => /ann/.test(telegram.message(CHAT, page.id)?.text ?? ''), SOON_MS)
  note('the page was acknowledged', telegram.message(CHAT, page.id)?.text.split('\n').at(-1) ?? '')

  const before = performance.now()
  annsPhone.say('STOP!')
  await telegram.until(() => telegram.messages(CHAT).some(each => /STOPPED/.test(each.text)), SOON_MS)
  const tookMs = Math.round(performance.now() - before)
  await discord.until(() => discord.messages('risk').some(each => /STOPPED/.test(each.content)), SOON_MS)
  note('stopped from Telegram', `answered in ${tookMs} ms, told on Discord`)

  await second.end()
  begin()
  await up(stage, 3)
  const status = ann.slash('status', {}, { channel: 'approvals' })
  await discord.until(() => /HALTED/.test(textOf(status.original)), SOON_MS)
  note('still stopped after a restart', textOf(status.original).split('\n')[0] ?? '')

  const old = ann.press(one.discord, labelled(one.discord, 'Why', one.discord))
  await discord.until(() => old.followUps.length > 0, SOON_MS)
  note('the card of two lives ago explains itself', textOf(old.followUps[0]).split('\n')[0] ?? '')

  const resumed = ann.slash('resume', {}, { channel: 'approvals' })
  await discord.until(() => /lifted|trading again/.test(textOf(resumed.original)), SOON_MS)
  note('resumed by the owner', textOf(resumed.original).split('\n')[0] ?? '')
}

/** Both surfaces of the so-manyth life are connected; what its predecessor left open is not. */
async function up({ discord, telegram }: Stage, life: number): Promise<void> {
  await discord.until(() => discord.gateway.identifies() >= life && discord.gateway.connections() > 0, SOON_MS)
  await telegram.until(() => telegram.isPolled(), SOON_MS)
}

type Card = { readonly short: string; readonly discord: Message; readonly telegram: ChatMessage }

/** The next card that waits for a person, as it stands on both surfaces. */
async function cardOnBoth({ discord, telegram }: Stage, known: ReadonlySet<string>): Promise<Card> {
  const message = await discord.until(
    () =>
      discord
        .messages('approvals')
        .find(each => !known.has(shortOf(each)) && labelled(each, 'Approve', undefined) !== ''),
    QUIET_WORLD_MS,
  )
  const first = message.content.split(' · ').slice(0, 3).join(' · ')
  const other = await telegram.until(
    () => telegram.messages(CHAT).find(each => each.text.startsWith(first) && labelOn(each, 'Approve', '') !== ''),
    SOON_MS,
  )
  return { short: shortOf(message), discord: message, telegram: other }
}

/** Approves cards until one is filled: between a card and the press the world moves, and then nothing is sent, and it says why. */
async function approvedAndFilled(stage: Stage, seen: Set<string>): Promise<Card> {
  const { discord, ann, note } = stage
  for (let attempt = 1; attempt <= CARDS_MAX; attempt += 1) {
    const card = await cardOnBoth(stage, seen)
    seen.add(card.short)
    note('a card arrived on both', card.discord.content)
    const pressed = ann.press(card.discord, labelled(card.discord, 'Approve'))
    const { delayMs } = await pressed.acknowledged
    await confirmed(stage, pressed)
    const end = await discord.until(() => ENDED.exec(firstLine(discord, card.discord))?.[0], SOON_MS)
    if (end === 'BOUGHT' || end === 'SOLD') {
      await filledOnBoth(stage, card)
      note('approved on Discord', `acknowledged in ${Math.round(delayMs)} ms, filled, and told on both`)
      return card
    }
    note('approved, and not sent', firstLine(discord, card.discord))
  }
  throw new Error(`none of ${CARDS_MAX} cards could be filled`)
}

/** Buys, on Telegram, until the fee and the spread of a purchase are more than an hour may lose. */
async function untilBreaker(stage: Stage, seen: Set<string>): Promise<void> {
  const { telegram, annsPhone, note } = stage
  const isOpen = (): boolean => telegram.messages(CHAT).some(each => /BREAKER hourly-loss/.test(each.text))
  for (let attempt = 1; attempt <= CARDS_MAX && !isOpen(); attempt += 1) {
    const card = await cardOnBoth(stage, seen)
    seen.add(card.short)
    const before = telegram.messages(CHAT).length
    annsPhone.press(card.telegram.id, labelOn(card.telegram, 'Approve'))
    const question = (): ChatMessage | undefined =>
      telegram
        .messages(CHAT)
        .slice(before)
        .find(each => labelOn(each, 'Confirm', '') !== '')
    const isEnded = (): boolean => ENDED.test(telegram.message(CHAT, card.telegram.id)?.text ?? '')
    const asked = await telegram.until(() => question() ?? isEnded(), SOON_MS)
    if (asked !== true) annsPhone.press(asked.id, labelOn(asked, 'Confirm'))
    await telegram.until(isEnded, SOON_MS)
    note('approved on Telegram', telegram.message(CHAT, card.telegram.id)?.text.split('\n')[0] ?? '')
    await telegram.until(() => isOpen() || telegram.messages(CHAT).length > before, SOON_MS)
  }
  await telegram.until(isOpen, SOON_MS)
}

const CARDS_MAX = 10
const ENDED = /BOUGHT|SOLD|not bought|not sold|WITHDRAWN|EXPIRED|PRICE MOVED/

/** A large trade asks once more, and is then pressed once more. */
async function confirmed({ discord, ann, note }: Stage, pressed: Interaction): Promise<void> {
  const answer = await discord.until(() => pressed.followUps[0], SOON_MS)
  const again = labelled(answer, 'Confirm', '')
  if (again === '') return
  note('a large trade takes a second press', textOf(answer).split('\n')[0] ?? '')
  await ann.press(answer, again).acknowledged
}

async function filledOnBoth({ discord, telegram }: Stage, card: Card): Promise<void> {
  await discord.until(() => discord.messages('fills').some(each => /BOUGHT|SOLD/.test(each.content)), SOON_MS)
  await telegram.until(() => telegram.messages(CHAT).some(each => /BOUGHT|SOLD/.test(each.text)), SOON_MS)
  await telegram.until(() => /BOUGHT|SOLD/.test(telegram.message(CHAT, card.telegram.id)?.text ?? ''), SOON_MS)
}

/** The message's own id stands for its trade: a card is edited and never posted again. */
function shortOf(message: Message): string {
  return message.id
}

function isOver(discord: Discord, card: Message): boolean {
  const now = discord.messages('approvals').find(each => each.id === card.id)
  return now !== undefined && labelled(now, 'Approve', undefined) === ''
}

function firstLine(discord: Discord, card: Message): string {
  return discord.messages('approvals').find(each => each.id === card.id)?.content ?? ''
}

/** The label of the button that begins so. Throws where there is none, unless something else is to be said then. */
function labelled(message: Message, begin: string, ...otherwise: readonly unknown[]): string {
  const found = buttonsOf(message).find(button => button.label?.startsWith(begin) === true)?.label
  if (found === undefined && otherwise.length === 0) throw new Error(`no button begins with ${begin}`)
  return found ?? ''
}

function labelOn(message: ChatMessage | undefined, begin: string, otherwise?: string): string {
  const found = message?.keyboard.flat().find(button => button.text.startsWith(begin))?.text
  if (found === undefined && otherwise === undefined) throw new Error(`no button begins with ${begin}`)
  return found ?? otherwise ?? ''
}

function textOf(message: Message | undefined): string {
  if (message === undefined) return ''
  return [message.content, ...message.embeds.map(embed => embed.description ?? '')].join('\n')
}

/** Both conversations as they were seen. */
export function picture({ discord, telegram, said }: Scenario): string {
  const channels = ['approvals', 'fills', 'risk', 'log'] as const
  return [
    ...channels.map(name => `===== Discord #${name}\n${discord.transcript(name)}`),
    `===== Telegram, Ann's private chat\n${telegram.transcript(CHAT)}`,
    `===== the terminal\n${said().slice(-6_000)}`,
  ].join('\n\n')
}
