import { afterEach, describe, expect, test } from 'vitest'
import type { Reply } from '../../src/chat/reply.ts'
import { BOB_TELEGRAM, openRig, type Process, type Rig } from '../rig/rig.ts'
import { say, waiting } from '../rig/saying.ts'

let rig: Rig | undefined
afterEach(async () => {
  await rig?.end()
  rig = undefined
})

async function dealt(most: number, limits: Parameters<typeof openRig>[0] = {}) {
  rig = await openRig({ hasSurfaces: false, ...limits })
  const process = await rig.boot()
  const shorts: string[] = []
  for (let number = 1; number <= most; number += 1) shorts.push(await waiting(process, number))
  return { process, shorts }
}

function pressed({ presses }: Reply, label: RegExp): string {
  const found = presses.find(press => label.test(press.label))
  if (found === undefined) throw new Error(`no button like ${label}`)
  return found.line
}

function idsIn({ blocks }: Reply): readonly string[] {
  return blocks.flatMap(block => (block.kind === 'table' ? block.rows.map(([id = '']) => id) : []))
}

function became({ blocks }: Reply): readonly string[] {
  return blocks.flatMap(block => (block.kind === 'table' ? block.rows.map(row => row[2] ?? '') : []))
}

/** Every signal has its verdict. */
async function settled(process: Process): Promise<void> {
  if (process.state.signals.size === 0) return
  await new Promise<void>(resolve => {
    const stop = process.watch(() => {
      if (process.state.signals.size > 0) return
      stop()
      resolve()
    })
  })
}

describe('approve all', () => {
  test('shows what it is and what it comes to, does nothing before the second press, and then buys each', async () => {
    const { process, shorts } = await dealt(3)
    const first = await say(process, 'approve all')
    expect(first.title).toMatch(/3 trades, \$[\d,.]+ in all: sure\?/)
    expect([...idsIn(first)].sort()).toEqual([...shorts].sort())
    expect(process.sends).toEqual([])
    const done = await say(process, pressed(first, /^Approve all, \$/))
    expect(done.title).toMatch(/approved 3 of 3 trades/)
    await settled(process)
    expect(process.sends).toHaveLength(3)
    expect((await say(process, 'approve all')).title).toBe('No trade waits for your yes.')
  })

  test('is to the trades that were shown: one that came since still waits, and one that is gone is told', async () => {
    const { process, shorts } = await dealt(3)
    const line = pressed(await say(process, 'approve all'), /^Approve all/)
    const late = await waiting(process, 4)
    const gone = shorts[0] ?? ''
    await say(process, `reject ${gone}`)
    const done = await say(process, line)
    expect(done.title).toMatch(/approved 2 of 3 trades/)
    expect([...idsIn(done)].sort()).toEqual([...shorts].sort())
    expect(became(done).filter(each => each !== 'approved')).toEqual([
      expect.stringMatching(/^not done: You declined it/),
    ])
    const left = [...process.state.signals.values()].filter(({ stage }) => stage.kind === 'waiting')
    expect(left.map(({ short }) => short)).toEqual([late])
    await say(process, `reject ${late}`)
    await settled(process)
    expect(process.sends).toHaveLength(2)
  })

  test('is void after a restart, and asks again', { timeout: 60_000 }, async () => {
    const { process } = await dealt(2)
    const line = pressed(await say(process, 'approve all'), /^Approve all/)
    await process.kill()
    const next = await rig?.boot()
    if (next === undefined) throw new Error('the rig is open')
    expect((await say(next, line)).title).toMatch(/2 trades, .* in all: sure\?/)
    expect([...process.sends, ...next.sends]).toEqual([])
  })

  test('is refused by one whose time is over, forged, or of another set', async () => {
    const { process } = await dealt(1)
    for (const sure of ['zzzz', '1-aaaaaaaa', 'x-y-z', '-'])
      expect((await say(process, `approve all sure:${sure}`)).title).toMatch(/sure\?$/)
    expect((await say(process, 'approve all $20')).title).toMatch(/takes each trade as its card says/)
    expect(process.sends).toEqual([])
  })

  test('counts as one yes where two people are needed, and offers only what waits for this person', async () => {
    const { process } = await dealt(2, { limits: { approvalPersons: 2, approvalPersonsFrom: 0n as never } })
    const mine = await say(process, pressed(await say(process, 'approve all'), /^Approve all/))
    expect(became(mine)).toEqual(Array(2).fill('your yes counts; more people must say it'))
    expect((await say(process, 'approve all')).title).toBe('No trade waits for your yes.')
    const theirs = await say(process, 'approve all', BOB_TELEGRAM)
    const done = await say(process, pressed(theirs, /^Approve all/), BOB_TELEGRAM)
    expect(became(done)).toEqual(['approved', 'approved'])
    await settled(process)
    expect(process.sends).toHaveLength(2)
  })

  test('takes ten at once, and says how many are left', async () => {
    const { process } = await dealt(12)
    const first = await say(process, 'approve all')
    expect(idsIn(first)).toHaveLength(10)
    expect(JSON.stringify(first.blocks)).toContain('2 more trades would still wait')
  })
})

describe('reject all', () => {
  test('says no to each, and nothing is sent', async () => {
    const { process, shorts } = await dealt(3)
    const done = await say(process, 'reject all "the Fed speaks"')
    expect(done.title).toMatch(/rejected 3 trades/)
    expect([...idsIn(done)].sort()).toEqual([...shorts].sort())
    await settled(process)
    const declined = process.entries.flatMap(({ facts }) => facts.filter(fact => fact.kind === 'signalDeclined'))
    expect(declined).toMatchObject(Array(3).fill({ why: 'the Fed speaks' }))
    expect(process.sends).toEqual([])
    expect((await say(process, 'reject all')).title).toBe('Nothing waits for a person.')
  })

  test('beside a yes that was first: that one is told, and the others are rejected all the same', async () => {
    const { process, shorts } = await dealt(3)
    const [yes, no] = [say(process, `approve ${shorts[1]}`, BOB_TELEGRAM), say(process, 'reject all')]
    await Promise.all([yes, no])
    expect((await no).title).toMatch(/rejected [23] trades/)
    await settled(process)
    expect(process.sends.length).toBeLessThanOrEqual(1)
  })
})
