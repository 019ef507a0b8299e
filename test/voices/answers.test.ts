import { afterEach, expect, test } from 'vitest'
import type { Reply } from '../../src/chat/reply.ts'
import { openRig, type Process, type Rig } from '../rig/rig.ts'
import { say, seen, waiting } from '../rig/saying.ts'

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
