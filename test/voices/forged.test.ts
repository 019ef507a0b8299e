import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { pressCodec } from '../../src/chat/press-codec.ts'
import { seeded } from '../../src/core/units/seeded.ts'
import { pressKeys } from '../../src/run/live/voices/press-keys.ts'
import { type Card, deal, textOf } from '../rig/cards.ts'
import { ANN_TELEGRAM, openRig, type Process, type Rig } from '../rig/rig.ts'

const SEED = 'forged 1'
const SOON_MS = 20_000
/** Of a button's 64 bytes, those at the end that sign it. */
const MAC_LETTERS = 12
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_'

let rig: Rig | undefined
afterEach(async () => {
  await rig?.end()
  rig = undefined
})

/** A rig with two cards that wait on both surfaces, and what Ann may press there, whatever her client shows. */
async function table() {
  const opened = await openRig()
  rig = opened
  const process = await opened.boot()
  await opened.discord.until(() => opened.discord.commandPuts() === 1, SOON_MS)
  const [card, other] = await deal(opened, process, [1, 2])
  if (card === undefined || other === undefined) throw new Error('two cards were dealt')
  const { ann, discord } = opened
  const onDiscord = async (data: string, message = card.discord): Promise<string> => {
    const pressed = ann.discord.press(message, data, { isForged: true })
    // The words for her alone: the answer itself, or one that follows it.
    const told = () => [pressed.original, ...pressed.followUps].find(message => message?.onlyFor === ann.discord.id)
    return textOf(await discord.until(() => told(), SOON_MS))
  }
  const onTelegram = async (data: string): Promise<string> => {
    const message = card.telegram.get(ANN_TELEGRAM)
    if (message === undefined) throw new Error('the card is with Ann')
    const { text } = await ann.telegram.press(message, data, { forged: true }).answered
    return text
  }
  return { opened, process, card, other, onDiscord, onTelegram }
}

function approveOf(card: Card): string {
  const data = card.buttons.get('Approve')
  if (data === undefined) throw new Error('the card has an Approve button')
  return data
}

function decisions(process: Process): readonly string[] {
  const kinds = process.entries.flatMap(({ facts }) => facts.map(({ kind }) => kind))
  return kinds.filter(kind => ['approvalVoted', 'approvalGiven', 'signalDeclined', 'orderPlanned'].includes(kind))
}

test(`X3: a tampered signature, another card's, and 65 bytes are refused on both surfaces (seed ${SEED})`, {
  timeout: 120_000,
}, async () => {
  const { process, card, other, onDiscord, onTelegram } = await table()
  const chance = seeded(SEED)
  const right = approveOf(card)
  const bent = Array.from({ length: right.length }, (_, at) => {
    const letter = chance.pick([...LETTERS].filter(each => each !== right[at]))
    return `${right.slice(0, at)}${letter}${right.slice(at + 1)}`
  })
  const swapped = `${approveOf(other).slice(0, -MAC_LETTERS)}${right.slice(-MAC_LETTERS)}`
  const long = right.padEnd(65, '.')
  expect(Buffer.byteLength(long)).toBe(65)
  for (const data of [...bent, swapped, long]) {
    expect(await onDiscord(data), data).toMatch(/none of mine/)
    expect(await onTelegram(data), data).toMatch(/none of mine/)
  }
  expect(decisions(process)).toEqual([])
  expect([...process.state.signals.values()].map(({ stage }) => stage.kind)).toEqual(['waiting', 'waiting'])
})

test('X3: the button of an older version of the card does not approve the newer one, and says so', {
  timeout: 60_000,
}, async () => {
  const { opened, process, card, onDiscord } = await table()
  const old = approveOf(card)
  process.market.move('0.51', '0.53')
  await onDiscord(old)
  await opened.discord.until(
    () => process.entries.some(({ facts }) => facts.some(fact => fact.kind === 'approvalAsked' && fact.round === 2)),
    SOON_MS,
  )
  const before = decisions(process)
  expect(await onDiscord(old)).toMatch(/has changed since, and is version 2/)
  expect(decisions(process)).toEqual(before)
  expect(decisions(process)).not.toContain('orderPlanned')
})

test('X3: what another key signed is not ours', { timeout: 60_000 }, async () => {
  const { opened, process, card, onDiscord, onTelegram } = await table()
  const ours = pressCodec(pressKeys(join(opened.folder, 'press.keys')))
  const line = ours.read(approveOf(card))?.line ?? ''
  expect(line).toMatch(/^approve /)
  const theirs = pressCodec([new Uint8Array(32).fill(7)]).write(line, false)
  expect(await onDiscord(theirs)).toMatch(/none of mine/)
  expect(await onTelegram(theirs)).toMatch(/none of mine/)
  expect(decisions(process)).toEqual([])
})
