import { setTimeout as wait } from 'node:timers/promises'
import type { Entry } from '../../src/core/engine/entry.ts'
import type { Fact } from '../../src/core/engine/fact.ts'
import { type Seeded, seeded } from '../../src/core/units/seeded.ts'
import type { Interaction } from '../stand-ins/discord/interaction.ts'
import { type Card, deal } from './cards.ts'
import { ANN, ANN_TELEGRAM, BOB, BOB_TELEGRAM, openRig, type Process, type Rig } from './rig.ts'

/** What came of many races between two presses of the same card. */
export type Outcome = {
  readonly races: number
  /** By how each ended: who was first, and whether anything was sent. */
  readonly ends: ReadonlyMap<string, number>
  /** Races without exactly one decision; with what each shows. */
  readonly broken: readonly string[]
  /** Presses that lost and were not told so. */
  readonly untold: number
  /** Races that were none, since a press came too late. */
  readonly late: number
  readonly pressesOnRecord: number
  readonly acknowledgedP99Ms: number
  readonly seconds: number
}

/** What two people, or one twice, do to the same card within five milliseconds. */
const KINDS = [
  ['approve discord ann', 'reject telegram bob'],
  ['reject discord bob', 'approve telegram ann'],
  ['approve discord ann', 'approve telegram bob'],
  ['approve discord ann', 'approve discord ann'],
  ['approve telegram ann', 'approve telegram ann'],
  ['approve discord ann', 'reject discord bob'],
  ['approve telegram bob', 'reject telegram ann'],
  ['approve discord ann', 'reject discord ann'],
  ['reject discord ann', 'reject telegram bob'],
] as const

/** Few enough that the machine, which plays both sides, acknowledges each within the three seconds that Discord gives. */
const AT_ONCE = 15
const APART_MAX_MS = 5
const SETTLED_WITHIN_MS = 10_000

/** Runs so many races through the real surfaces. Same seed, same presses and delays; the machine decides who is first. */
export async function race(
  count: number,
  seed: string,
  tell: (line: string) => void = () => undefined,
): Promise<Outcome> {
  const chance = seeded(seed)
  const rig = await openRig()
  try {
    const process = await rig.boot()
    await rig.discord.until(() => rig.discord.commandPuts() === 1, SETTLED_WITHIN_MS)
    const from = performance.now()
    const tally = newTally()
    for (let done = 0; done < count; done += AT_ONCE) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, count - done) }, (_, index) => done + index + 1)
      await raceBatch(rig, process, numbers, chance, tally)
      if (done % (AT_ONCE * 50) === 0) tell(`${done + numbers.length} races, ${tally.broken.length} broken`)
    }
    const delays = tally.delays.sort((one, other) => one - other)
    return {
      races: count,
      ends: tally.ends,
      broken: tally.broken,
      untold: tally.untold,
      late: tally.late,
      pressesOnRecord: tally.pressesOnRecord,
      acknowledgedP99Ms: delays[Math.floor(delays.length * 0.99)] ?? 0,
      seconds: (performance.now() - from) / 1_000,
    }
  } finally {
    await rig.end()
  }
}

type Tally = {
  readonly ends: Map<string, number>
  readonly broken: string[]
  readonly delays: number[]
  untold: number
  late: number
  pressesOnRecord: number
}

function newTally(): Tally {
  return { ends: new Map(), broken: [], delays: [], untold: 0, late: 0, pressesOnRecord: 0 }
}

/**
 * The same without the wires: both presses come to the ears, and go through the router, the engine and the journal on the disk
 * like any other. Many at once, since nothing has to be drawn.
 */
export async function raceAtEars(
  count: number,
  seed: string,
  tell: (line: string) => void = () => undefined,
): Promise<Outcome> {
  const chance = seeded(seed)
  const rig = await openRig({ hasSurfaces: false })
  try {
    const process = await rig.boot()
    const from = performance.now()
    const tally = newTally()
    const cards = waitingCards(process)
    for (let done = 0; done < count; done += EARS_AT_ONCE) {
      const numbers = Array.from({ length: Math.min(EARS_AT_ONCE, count - done) }, (_, index) => done + index + 1)
      await raceBatchAtEars(process, await cards(numbers), chance, tally)
      process.entries.splice(0)
      if (done % (EARS_AT_ONCE * 50) === 0) tell(`${done + numbers.length} races, ${tally.broken.length} broken`)
    }
    const delays = tally.delays.sort((one, other) => one - other)
    const { ends, broken, untold, late, pressesOnRecord } = tally
    const acknowledgedP99Ms = delays[Math.floor(delays.length * 0.99)] ?? 0
    return {
      races: count,
      ends,
      broken,
      untold,
      late,
      pressesOnRecord,
      acknowledgedP99Ms,
      seconds: (performance.now() - from) / 1_000,
    }
  } finally {
    await rig.end()
  }
}

/** Two presses each: under the hundred instructions that the engine takes in at once before it says "busy". */
const EARS_AT_ONCE = 45

type Waiting = { readonly number: number; readonly signal: string; readonly short: string; readonly round: number }

/** Lets whales trade, and gives the cards once people are asked. */
function waitingCards(process: Process): (numbers: readonly number[]) => Promise<readonly Waiting[]> {
  const shorts = new Map<string, string>()
  let asked: Waiting[] = []
  let wanted = 0
  let ring: () => void = () => undefined
  process.watch(({ facts }) => {
    for (const fact of facts) {
      if (fact.kind === 'signalOpened') shorts.set(fact.signal.id, fact.signal.short)
      if (fact.kind !== 'approvalAsked') continue
      asked.push({ number: asked.length, signal: fact.signal, short: shorts.get(fact.signal) ?? '', round: fact.round })
      if (asked.length >= wanted) ring()
    }
  })
  return async numbers => {
    asked = []
    shorts.clear()
    wanted = numbers.length
    const all = new Promise<void>(resolve => {
      ring = resolve
    })
    for (const number of numbers) process.hear(process.market.trade({ on: number }))
    await all
    return asked
  }
}

async function raceBatchAtEars(
  process: Process,
  cards: readonly Waiting[],
  chance: Seeded,
  tally: Tally,
): Promise<void> {
  const over = new Set<string>()
  let ring: () => void = () => undefined
  const all = new Promise<void>(resolve => {
    ring = resolve
  })
  const stop = process.watch(({ facts }) => {
    for (const fact of facts) {
      const signal = ENDS.has(fact.kind) ? aboutOf(fact) : undefined
      if (signal !== undefined) over.add(signal)
    }
    if (over.size >= cards.length) ring()
  })
  const told = await Promise.all(
    cards.flatMap(card => {
      const kind = chance.pick(KINDS)
      const apartMs = chance.whole(APART_MAX_MS + 1)
      return [say(process, card, kind[0], 0, tally), say(process, card, kind[1], apartMs, tally)]
    }),
  )
  await all
  stop()
  tally.untold += told.filter(words => words === '').length
  const seen = factsAbout(process.entries, 0)
  for (const card of cards) judge(card, seen.get(card.signal) ?? [], tally)
}

let said = 0

async function say(process: Process, card: Waiting, what: string, afterMs: number, tally: Tally): Promise<string> {
  if (afterMs > 0) await wait(afterMs)
  const [verb, surface, who] = what.split(' ')
  said += 1
  const account = who === 'ann' ? [ANN, ANN_TELEGRAM] : [BOB, BOB_TELEGRAM]
  const from = performance.now()
  const answer = await process.ears.hear({
    surface: surface === 'discord' ? 'discord' : 'telegram',
    account: String(surface === 'discord' ? account[0] : account[1]),
    name: who ?? '',
    id: `race ${said}`,
    said: {
      kind: 'line',
      line: verb === 'approve' ? `approve ${card.short} card:${card.round}` : `reject ${card.short}`,
    },
    late: undefined,
  })
  tally.delays.push(performance.now() - from)
  return answer.title
}

async function raceBatch(
  rig: Rig,
  process: Process,
  numbers: readonly number[],
  chance: Seeded,
  tally: Tally,
): Promise<void> {
  const cards = await deal(rig, process, numbers)
  const begin = process.entries.length
  const presses = cards.flatMap(card => {
    const kind = chance.pick(KINDS)
    const apartMs = chance.whole(APART_MAX_MS + 1)
    return [press(rig, card, kind[0], 0), press(rig, card, kind[1], apartMs)]
  })
  const made = await Promise.all(presses)
  const decided = (): boolean => {
    const seen = factsAbout(process.entries, begin)
    return cards.every(
      card => (seen.get(card.signal) ?? []).filter(isAnswer).length >= 2 && isOver(seen.get(card.signal) ?? []),
    )
  }
  await rig.discord.until(() => decided(), SETTLED_WITHIN_MS).catch(() => undefined)
  const seen = factsAbout(process.entries, begin)
  for (const [index, card] of cards.entries()) {
    const isRace = made.slice(2 * index, 2 * index + 2).every(one => one.delayMs !== undefined)
    if (isRace) judge(card, seen.get(card.signal) ?? [], tally)
    else tally.late += 1
  }
  const answers = await Promise.all(made.map(one => one.told(rig)))
  tally.delays.push(...made.flatMap(one => (one.delayMs === undefined ? [] : [one.delayMs])))
  tally.untold += answers.filter(isTold => !isTold).length
}

/** `delayMs` is undefined where the surface would not take the acknowledgement any more. */
type Press = { readonly delayMs: number | undefined; readonly told: (rig: Rig) => Promise<boolean> }

/** Makes one press, after a while, and gives how soon it was acknowledged and whether its maker hears what came of it. */
async function press(rig: Rig, card: Card, what: string, afterMs: number): Promise<Press> {
  if (afterMs > 0) await wait(afterMs)
  const [verb, surface, who] = what.split(' ')
  const begin = verb === 'approve' ? 'Approve' : 'Reject'
  const { discord, telegram, chat } = who === 'ann' ? rig.ann : rig.bob
  if (surface === 'discord') {
    // The card may have changed meanwhile: what was on the screen is what is pressed.
    const interaction = discord.press(card.discord, card.buttons.get(begin) ?? '', { isForged: true })
    // A machine that plays both sides may be too late for the three seconds; what comes late is told as such, and is no race.
    const refused = rig.discord.until(() => interaction.refusals[0], SETTLED_WITHIN_MS).catch(() => undefined)
    const first = await Promise.race([interaction.acknowledged, refused])
    if (first === undefined || !('delayMs' in first) || interaction.refusals.length > 0)
      return { delayMs: undefined, told: async () => true }
    return { delayMs: first.delayMs, told: each => hasHeard(each, interaction) }
  }
  const message = card.telegram.get(chat)
  const button = message?.keyboard.flat().find(each => each.text.startsWith(begin))
  if (message === undefined || button?.callback_data === undefined) throw new Error('the card is not there')
  const made = telegram.press(message, button.callback_data, { forged: true })
  const { delayMs } = await made.answered
  return { delayMs, told: async () => true }
}

/** Whoever presses on Discord gets words of their own, whether they won or lost. */
async function hasHeard(rig: Rig, interaction: Interaction): Promise<boolean> {
  const found = await rig.discord
    .until(() => interaction.followUps.length > 0 || interaction.edits.length > 0, SETTLED_WITHIN_MS)
    .catch(() => false)
  return found === true
}

function factsAbout(entries: readonly Entry[], from: number): ReadonlyMap<string, readonly Fact[]> {
  const found = new Map<string, Fact[]>()
  for (const { facts } of entries.slice(from)) {
    for (const fact of facts) {
      const signal = aboutOf(fact)
      if (signal === undefined) continue
      const known = found.get(signal) ?? []
      known.push(fact)
      found.set(signal, known)
    }
  }
  return found
}

function aboutOf(fact: Fact): string | undefined {
  if (fact.kind === 'orderPlanned') return fact.intent.signal
  return 'signal' in fact && typeof fact.signal === 'string' ? fact.signal : undefined
}

function isAnswer({ kind }: Fact): boolean {
  return kind === 'approvalGiven' || kind === 'signalDeclined' || kind === 'instructionRefused'
}

function isOver(facts: readonly Fact[]): boolean {
  return facts.some(({ kind }) => ENDS.has(kind))
}

const ENDS: ReadonlySet<Fact['kind']> = new Set(['signalCopied', 'signalDeclined', 'signalRefused', 'signalWithdrawn'])

/** Exactly one decision: either an order, by a yes, or a no and no order after it. */
function judge(card: { readonly number: number }, facts: readonly Fact[], tally: Tally): void {
  const count = (kind: Fact['kind']): number => facts.filter(fact => fact.kind === kind).length
  const ends = facts.filter(fact => ENDS.has(fact.kind)).map(({ kind }) => kind)
  const planned = count('orderPlanned')
  const declined = count('signalDeclined')
  const answers = facts.filter(isAnswer).length
  tally.pressesOnRecord += answers
  const isOne =
    ends.length === 1 && planned <= 1 && planned + declined === 1 && count('approvalGiven') <= 1 && answers === 2
  if (!isOne) tally.broken.push(`card ${card.number}: ${facts.map(({ kind }) => kind).join(' ')}`)
  const first = facts.find(isAnswer)?.kind ?? 'nothing'
  const end = `${first} → ${ends.join(' ') || 'nothing'}`
  tally.ends.set(end, (tally.ends.get(end) ?? 0) + 1)
}
