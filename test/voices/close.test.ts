import { afterEach, expect, test } from 'vitest'
import type { Reply } from '../../src/chat/reply.ts'
import type { Shares } from '../../src/core/units/money.ts'
import { openRig, type Process, type Rig } from '../rig/rig.ts'
import { say, seen, waiting } from '../rig/saying.ts'

let rig: Rig | undefined
afterEach(async () => {
  await rig?.end()
  rig = undefined
})

function pressed({ presses }: Reply, label: string): string {
  const found = presses.find(press => press.label === label)
  if (found === undefined) throw new Error(`no button ${label}`)
  return found.line
}

function heldIn(process: Process): Shares | undefined {
  return [...(process.state.accounts.get('paper')?.positions.values() ?? [])][0]?.shares
}

test('the button of a fill shows what closing brings and sells nothing; the next press sells, and once it is old it asks again', async () => {
  rig = await openRig({ hasSurfaces: false })
  const process = await rig.boot()
  const short = await waiting(process, 1)
  const copied = seen(process, 'signalCopied')
  await say(process, `approve ${short}`)
  await copied
  const before = heldIn(process) ?? 0n
  const shown = await say(process, `close ${short}`)
  expect(JSON.stringify(shown.blocks)).toMatch(/before fees/)
  expect(heldIn(process)).toBe(before)
  const half = pressed(shown, 'Close 50%')
  const stale = half.replace(/sure:\w+/, 'sure:1')
  for (const line of [stale, half.replace(/.$/, letter => (letter === '0' ? '1' : '0'))]) {
    const again = await say(process, line)
    expect(again.presses.map(({ label }) => label)).toEqual(['Close 100%', 'Close 50%', 'Close 25%'])
  }
  expect(process.sends).toHaveLength(1)
  const sold = seen(process, 'signalCopied')
  await say(process, half)
  await sold
  expect(process.sends).toHaveLength(2)
  expect(Number(heldIn(process)) / Number(before)).toBeCloseTo(0.5, 2)
  process.market.setAway(true)
  expect(JSON.stringify((await say(process, `close ${short}`)).blocks)).toContain('its book cannot be had')
})
