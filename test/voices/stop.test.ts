import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/adapters/prisma/client.ts'
import type { Reply } from '../../src/chat/reply.ts'
import { ANN_TELEGRAM, BOB_TELEGRAM, openRig, type Rig } from '../rig/rig.ts'
import { say, seen, waiting } from '../rig/saying.ts'

let rig: Rig | undefined
afterEach(async () => {
  await rig?.end()
  rig = undefined
})

const ENDS = ['signalCopied', 'signalRefused', 'signalWithdrawn', 'signalDeclined']

describe('X5: a stop at every point of an execution', () => {
  test('however many turns after the yes it comes, no order begins once it is in force', {
    timeout: 120_000,
  }, async () => {
    rig = await openRig({ hasSurfaces: false })
    const process = await rig.boot()
    let copied = 0
    for (let turns = 0; turns < 60; turns += 1) {
      const short = await waiting(process, turns + 1)
      const over = seen(process, ...ENDS)
      const yes = say(process, `approve ${short}`)
      // First within one turn of the event loop, later by whole turns: each is another place in the execution.
      for (let turn = 0; turn < turns; turn += 1)
        await (turns < 30 ? undefined : new Promise(resolve => setImmediate(resolve)))
      const stopped = say(process, 'stop', ANN_TELEGRAM)
      const begun = process.sends.length
      await Promise.all([yes, stopped])
      // A yes that came too late for the stop leaves its card waiting.
      if ([...process.state.signals.values()].some(({ stage }) => stage.kind === 'waiting'))
        await say(process, `reject ${short}`)
      await over
      expect(process.sends.slice(begun), `${turns} turns after the yes`).toEqual([])
      expect(process.sends.every(({ wasStopped }) => !wasStopped)).toBe(true)
      copied += process.entries.flatMap(({ facts }) => facts).filter(({ kind }) => kind === 'signalCopied').length
      process.entries.splice(0)
      await say(process, 'resume')
      expect(process.state.holds.has('operator')).toBe(false)
    }
    // Some stops came after the order and some before it: the loop has gone through the whole execution.
    expect(copied).toBeGreaterThan(0)
    expect(copied).toBeLessThan(60)
  })
})

describe('X6: a stop when everything else does not work', () => {
  test('with the database locked it is in force, says that it is not on record, and the next process honours it', {
    timeout: 60_000,
  }, async () => {
    rig = await openRig({ hasSurfaces: false })
    const first = await rig.boot()
    const short = await waiting(first, 1)
    const other = await openDatabase(`file:${join(rig.folder, 'remora.db')}`)
    let answer: Reply | undefined
    await other.connection.transaction(async () => {
      answer = await say(first, 'STOP!')
    })
    await other.close()
    expect(answer?.title).toMatch(/STOPPED .* and not on record yet/)
    expect(readFileSync(join(rig.folder, 'HALT'), 'utf8')).toContain('ann, telegram')
    await first.kill()
    const second = await rig.boot()
    expect(second.state.holds.has('operator')).toBe(true)
    expect((await say(second, `approve ${short}`)).title).toMatch(/Trading is halted/)
    expect([...first.sends, ...second.sends]).toEqual([])
  })

  test('with the event loop blocked for two seconds nothing begins before it', { timeout: 60_000 }, async () => {
    rig = await openRig({ hasSurfaces: false })
    const process = await rig.boot()
    const short = await waiting(process, 1)
    const over = seen(process, ...ENDS)
    const yes = say(process, `approve ${short}`)
    const until = performance.now() + 2_000
    while (performance.now() < until) {
      // Nothing can happen while this goes on; a press that came meanwhile is heard first of all.
    }
    const stopped = say(process, 'stop')
    await Promise.all([yes, stopped])
    if ([...process.state.signals.values()].some(({ stage }) => stage.kind === 'waiting'))
      await say(process, `reject ${short}`)
    await over
    expect(process.sends).toEqual([])
  })

  test('with the venue away it answers at once, and what was approved is not sent', { timeout: 60_000 }, async () => {
    rig = await openRig({ hasSurfaces: false })
    const process = await rig.boot()
    const short = await waiting(process, 1)
    process.market.setAway(true)
    const over = seen(process, ...ENDS)
    await say(process, `approve ${short}`, BOB_TELEGRAM)
    expect((await say(process, 'stop')).title).toMatch(/STOPPED/)
    await over
    expect(process.sends).toEqual([])
  })

  test('it survives the end of the process, whether it came on record or not', { timeout: 60_000 }, async () => {
    rig = await openRig({ hasSurfaces: false })
    const first = await rig.boot()
    await say(first, 'stop')
    await first.kill()
    const second = await rig.boot()
    expect(second.state.holds.has('operator')).toBe(true)
    expect(existsSync(join(rig.folder, 'HALT'))).toBe(true)
    expect((await say(second, 'resume', BOB_TELEGRAM)).title).toMatch(/takes an owner/)
    await say(second, 'resume')
    expect(existsSync(join(rig.folder, 'HALT'))).toBe(false)
    expect(second.state.holds.has('operator')).toBe(false)
  })
})
