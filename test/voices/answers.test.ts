import { afterEach, expect, test } from 'vitest'
import type { Reply } from '../../src/chat/reply.ts'
import { deal, labelIn, labelOf, textOf } from '../rig/cards.ts'
import { ANN_TELEGRAM, BOB_TELEGRAM, openRig, type Process, type Rig } from '../rig/rig.ts'
import { say, seen, waiting } from '../rig/saying.ts'

const SOON_MS = 20_000

let rig: Rig | undefined
afterEach(async () => {
  await rig?.end()
  rig = undefined
})

function words({ title, blocks }: Reply): string {
  return JSON.stringify([title, blocks])
}

/** The tables follow the journal by a moment. */
async function answered(process: Process, ready: RegExp): Promise<Reply> {
  for (;;) {
    const said = await say(process, 'answers')
    if (ready.test(words(said))) return said
    await new Promise(resolve => setImmediate(resolve))
  }
}

test('what was asked, answered, explained and missed is counted, with what it would have brought', async () => {
  rig = await openRig({ hasSurfaces: false })
  const process = await rig.boot()
  expect((await say(process, 'answers')).title).toMatch(/nobody was asked about a trade in 7 days/)
  const yes = await waiting(process, 1)
  const copied = seen(process, 'signalCopied')
  await say(process, `approve ${yes}`)
  await copied
  const no = await waiting(process, 2)
  await say(process, `reject ${no}`)
  expect((await say(process, `reject ${no} too late`)).title).toBe(`Noted: ${no} was rejected because of too late`)
  const other = await waiting(process, 3)
  await say(process, `reject ${other} "the whale"`)
  const said = await answered(process, /3 cards: 1 yes, 2 no, 0 ran out.*too late 1/)
  expect(words(said)).toMatch(/too late 1, the whale 1|the whale 1, too late 1/)
  expect(words(said)).toMatch(/on 2 purchases not made/)
  process.market.setAway(true)
  const blind = await say(process, 'answers 1')
  expect(blind.title).toMatch(/3 cards: 1 yes, 2 no, 0 ran out, in a day/)
  expect(words(blind)).not.toContain('purchases not made')
})

test('a no on one surface offers its reasons on both cards; a tap on the other surface keeps one, and both say it', {
  timeout: 60_000,
}, async () => {
  rig = await openRig()
  const { discord, telegram, ann, bob } = rig
  const process = await rig.boot()
  await discord.until(() => discord.commandPuts() === 1, SOON_MS)
  const [card] = await deal(rig, process, [1])
  if (card === undefined) throw new Error('a card was dealt')
  const onDiscord = () => discord.messages('approvals').find(({ id }) => id === card.discord.id)
  const onTelegram = () => telegram.messages(ANN_TELEGRAM).find(({ id }) => id === card.telegram.get(ANN_TELEGRAM)?.id)
  ann.discord.press(card.discord, card.buttons.get('Reject') ?? '')
  const offered = await telegram.until(() => {
    const message = onTelegram()
    return message !== undefined && labelIn(message, 'Price') !== undefined ? message : undefined
  }, SOON_MS)
  const declined = await discord.until(() => {
    const message = onDiscord()
    return message !== undefined && labelOf(message, 'Too late') !== undefined ? message : undefined
  }, SOON_MS)
  expect(labelOf(declined, 'Approve')).toBeUndefined()
  const theirs = telegram.messages(BOB_TELEGRAM).find(({ id }) => id === card.telegram.get(BOB_TELEGRAM)?.id)
  if (theirs === undefined) throw new Error('the card is with Bob')
  bob.telegram.press(theirs, 'Whale')
  await telegram.until(
    () => telegram.messages(BOB_TELEGRAM).some(({ text }) => /Ann declined it on discord/.test(text)),
    SOON_MS,
  )
  ann.telegram.press(offered, 'Price')
  await telegram.until(() => / — The price\./.test(onTelegram()?.text ?? ''), SOON_MS)
  await discord.until(() => / — The price\./.test(textOf(onDiscord() ?? declined)), SOON_MS)
  expect(process.entries.flatMap(({ facts }) => facts.filter(fact => fact.kind === 'declineExplained'))).toMatchObject([
    { why: 'the price', by: { person: 'ann', surface: 'telegram' } },
  ])
})
