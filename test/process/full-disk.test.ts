import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { inFile } from '../../src/adapters/simulated/record.ts'
import { accountOf, differences, folded, journalOf, venueSideOf } from './outside.ts'
import { folder, started } from './started.ts'

const mounted: string[] = []

afterEach(() => {
  for (const place of mounted.splice(0)) execFileSync('umount', ['-l', place])
})

/** A disk of its own, so small that it is soon full; `undefined` where this machine does not let us make one. */
function disk(size: string): string | undefined {
  const place = join(folder(), 'disk')
  mkdirSync(place)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', place], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  mounted.push(place)
  return place
}

test('a full disk ends the run with what to do, and with room again it goes on with nothing lost', {
  timeout: 120_000,
}, async context => {
  const place = disk('1500k')
  if (place === undefined) return context.skip('this machine does not let us mount a small disk')
  const environment = { REMORA_DATA_DIR: join(place, 'data'), REMORA_SANDBOX_SPEED: '50' }
  const first = started(['live'], environment)
  await first.hear(/Type help/)
  expect((await first.end()).code).toBe(1)
  expect(plain(first.complained())).toMatch(/^remora: .*the disk is full.*Make room on the disk, then start again.*\n$/)

  const still = started(['live'], environment)
  expect((await still.end()).code).toBe(1)
  expect(plain(still.complained())).toMatch(/^remora: .*the disk is full.*Make room on .*\n$/)

  execFileSync('mount', ['-o', 'remount,size=64m', place])
  const before = await journalOf(environment.REMORA_DATA_DIR)
  expect(before.length).toBeGreaterThan(1)
  const again = started(['live'], { ...environment, REMORA_SANDBOX_SPEED: '1' })
  await again.hear(/Going on from/)
  await again.hear(/the hold of recovery is released/)
  again.signal('SIGINT')
  expect(await again.end()).toEqual({ code: 0, signal: null })

  const entries = await journalOf(environment.REMORA_DATA_DIR)
  expect(entries.slice(0, before.length)).toEqual(before)
  expect(accountOf(entries).wrong).toEqual([])
  const venue = venueSideOf(environment.REMORA_DATA_DIR)
  expect(venue.wrong).toEqual([])
  const state = folded(entries)
  if (state.openOrders.size === 0) expect(differences(state, venue)).toEqual([])
})

test('a disk with no room for the lock', { timeout: 60_000 }, async context => {
  const place = disk('64k')
  if (place === undefined) return context.skip('this machine does not let us mount a small disk')
  fill(place)
  const remora = started(['live'], { REMORA_DATA_DIR: place })
  expect((await remora.end()).code).toBe(1)
  expect(remora.complained()).toMatch(/^remora: the disk is full .*Make room on it, then start again.*\n$/)
})

test("the venue's file takes a record whole or not at all", async context => {
  const place = disk('64k')
  if (place === undefined) return context.skip('this machine does not let us mount a small disk')
  const path = join(place, 'venue.jsonl')
  const memory = inFile(path)
  const payouts = Array.from({ length: 40 }, () => ({ token: '1'.repeat(78), price: 1n }))
  const record = { kind: 'redeemed', condition: `0x${'0'.repeat(64)}`, payouts } as never
  let kept = 0
  expect(() => {
    for (; kept < 1_000; kept += 1) memory.append(record)
  }).toThrow(/ENOSPC/)
  execFileSync('mount', ['-o', 'remount,size=1m', place])
  memory.append(record)
  memory.close()
  expect(inFile(path).load()).toHaveLength(kept + 1)
})

function fill(place: string): void {
  try {
    for (let number = 0; number < 100; number += 1) writeFileSync(join(place, `filler ${number}`), Buffer.alloc(4_096))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

/** What a person reads on stderr: the log's lines are for machines. */
function plain(complained: string): string {
  return complained
    .split('\n')
    .filter(line => !line.startsWith('{'))
    .join('\n')
}
