import { afterEach, expect, test } from 'vitest'
import { hostileTexts } from '../chat/hostile.ts'
import { labelIn, labelOf } from '../rig/cards.ts'
import { openRig, type Rig } from '../rig/rig.ts'

const SEED = 'hostile 1'
const TEXTS = 500
const AT_ONCE = 25
const ARRIVES_WITHIN_MS = 60_000

let rig: Rig | undefined
afterEach(async () => {
  await rig?.end()
  rig = undefined
})

test(`C2: ${TEXTS} hostile titles, outcomes and names make no ping, no broken card and no failed message (seed ${SEED})`, {
  timeout: 300_000,
}, async () => {
  const texts = hostileTexts(TEXTS, SEED)
  expect(texts.length).toBe(TEXTS)
  rig = await openRig({ whales: TEXTS, nameOf: whale => texts[(whale * 7) % TEXTS] ?? '' })
  const { discord, telegram, ann } = rig
  const process = await rig.boot()
  await discord.until(() => discord.commandPuts() === 1, ARRIVES_WITHIN_MS)
  for (let from = 0; from < TEXTS; from += AT_ONCE) {
    for (let index = from; index < Math.min(TEXTS, from + AT_ONCE); index += 1) {
      const title = texts[index] ?? ''
      const outcome = texts[(index * 3) % TEXTS] ?? ''
      process.hear(process.market.trade({ by: index, title, outcome, name: texts[(index * 7) % TEXTS] ?? '' }))
    }
    const wanted = Math.min(TEXTS, from + AT_ONCE)
    const asking = () => discord.messages('approvals').filter(each => labelOf(each, 'Approve') !== undefined).length
    await discord.until(() => asking() >= wanted, ARRIVES_WITHIN_MS)
    const told = () => telegram.messages(ann.chat).filter(each => labelIn(each, 'Approve') !== undefined).length
    await telegram.until(() => told() >= wanted, ARRIVES_WITHIN_MS)
  }
  const cards = discord.messages('approvals').filter(each => labelOf(each, 'Approve') !== undefined)
  for (const message of [...discord.messages('approvals'), ...discord.messages('log'), ...discord.messages('fills')]) {
    expect(message.pings, message.content).toEqual({ everyone: false, roles: [], users: [] })
  }
  for (const card of cards) {
    for (const begin of ['Approve', 'Reject', 'Why']) expect(labelOf(card, begin), card.content).toBeDefined()
    expect(card.content).toMatch(/BUY .* ≤52\.0¢ \$80\.00/)
  }
  for (const message of telegram.messages(ann.chat)) {
    if (labelIn(message, 'Approve') === undefined) continue
    expect(message.mentions, message.text).toEqual([])
    expect(message.links, message.text).toEqual([])
    expect(message.textLinks, message.text).toEqual([])
    expect(message.hashtags, message.text).toEqual([])
    expect(message.cashtags, message.text).toEqual([])
    expect(message.commands, message.text).toEqual([])
    for (const begin of ['Approve', 'Reject', 'Why']) expect(labelIn(message, begin), message.text).toBeDefined()
  }
  const failed = process.health().map(({ name, failed: count }) => `${name}: ${count}`)
  expect(failed).toEqual(['discord: 0', 'telegram: 0'])
  const refused = [...discord.calls.filter(call => call.status === 400)].map(call => `${call.method} ${call.path}`)
  expect(refused).toEqual([])
  expect(telegram.calls.filter(call => call.outcome.kind === 'refused').map(call => call.method)).toEqual([])
})
