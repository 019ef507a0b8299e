import { setTimeout as wait } from 'node:timers/promises'
import { labelIn, labelOf } from './cards.ts'
import { openRig, type Process, type Rig } from './rig.ts'

/**
 * `npm run bench:voices`: how soon a press is acknowledged and a stop is in force while a thousand cards a minute go out, on the real
 * clients against stand-ins in this very process, so that each figure holds both sides' work. Prints the figures with their targets.
 */
const CARDS_A_MINUTE = 1_000
const SECONDS = Number(process.argv[2] ?? 60)
const ACKNOWLEDGED_MS = 50
const STOPPED_MS = 250

type Figures = { readonly name: string; readonly targetMs: number; readonly ms: number[] }

const discordPress: Figures = { name: 'press → acknowledged, Discord', targetMs: ACKNOWLEDGED_MS, ms: [] }
const telegramPress: Figures = { name: 'press → acknowledged, Telegram', targetMs: ACKNOWLEDGED_MS, ms: [] }
const discordStop: Figures = { name: '/stop → no order can start, Discord', targetMs: STOPPED_MS, ms: [] }
const telegramStop: Figures = { name: '/stop → no order can start, Telegram', targetMs: STOPPED_MS, ms: [] }

const rig = await openRig()
const life = await rig.boot()
await rig.discord.until(() => rig.discord.commandPuts() === 1, 30_000)
const cardsBefore = rig.discord.messages('approvals').length
const end = performance.now() + SECONDS * 1_000
let dealt = 0
const dealing = (async () => {
  const from = performance.now()
  while (performance.now() < end) {
    dealt += 1
    life.hear(life.market.trade({ on: dealt }))
    await wait(Math.max(0, from + (dealt * 60_000) / CARDS_A_MINUTE - performance.now()))
  }
})()
await pressing(rig, life)
await dealing
const sent = rig.discord.messages('approvals').length - cardsBefore
print(`${dealt} cards in ${SECONDS} s, ${sent} of them on Discord at the end; problems: ${life.problems.length}`)
for (const { name, targetMs, ms } of [discordPress, telegramPress, discordStop, telegramStop]) {
  const sorted = [...ms].sort((one, other) => one - other)
  const at = (part: number): string => (sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN).toFixed(1)
  const isMet = (sorted[Math.floor((sorted.length - 1) * 0.99)] ?? Number.POSITIVE_INFINITY) <= targetMs
  print(
    `${isMet ? 'ok  ' : 'OVER'} ${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms of ${targetMs} ms (n ${sorted.length})`,
  )
}
await rig.end()
process.exit(0)

/** Presses what looks only, so that cards go on; every tenth time somebody stops trading, and goes on again. */
async function pressing({ discord, telegram, ann }: Rig, life: Process): Promise<void> {
  for (let turn = 1; performance.now() < end; turn += 1) {
    const card = discord.messages('approvals').findLast(each => labelOf(each, 'Why') !== undefined)
    const other = telegram.messages(ann.chat).findLast(each => labelIn(each, 'Why') !== undefined)
    if (card !== undefined) discordPress.ms.push((await ann.discord.press(card, 'Why').acknowledged).delayMs)
    if (other !== undefined) telegramPress.ms.push((await ann.telegram.press(other.id, 'Why').answered).delayMs)
    if (turn % 5 === 0) {
      await stopped(life, discordStop, () => ann.discord.slash('stop', {}, { channel: 'approvals' }))
      await stopped(life, telegramStop, () => ann.telegram.say('stop'))
      await life.instruct({ kind: 'resume' })
    }
    await wait(50)
  }
}

async function stopped(life: Process, figures: Figures, stop: () => void): Promise<void> {
  const before = life.halts.length
  const from = performance.now()
  stop()
  while (life.halts.length === before) await wait(1)
  figures.ms.push((life.halts.at(-1) ?? Number.NaN) - from)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
