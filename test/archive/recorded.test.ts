import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openRecording } from '../../src/adapters/archive/open.ts'
import { eventsOf } from './made.ts'

/** Real recordings are nobody's to ship; who has them names their folder. */
const FOLDER = process.env.REMORA_RECORDED_DATA ?? ''
const isThere = FOLDER !== '' && existsSync(FOLDER)

type Counts = Readonly<Record<string, number>>

async function countsOf(path: string): Promise<{ readonly counts: Counts; readonly isOrdered: boolean }> {
  const events = await eventsOf(await openRecording(join(FOLDER, path)))
  const counts: Record<string, number> = {}
  for (const { kind } of events) counts[kind] = (counts[kind] ?? 0) + 1
  return { counts, isOrdered: events.every((event, index) => event.at >= (events[index - 1]?.at ?? 0)) }
}

describe.skipIf(!isThere)('real recordings (skipped unless REMORA_RECORDED_DATA names their folder)', () => {
  test.each([
    ['updown-15m', { market: 477, book: 56_988, trade: 24_155, resolution: 32 }],
    ['whales', { market: 218, trade: 431, resolution: 99 }],
    ['wallet-activity/wallet-1.csv.gz', { market: 454, trade: 39_975, resolution: 407 }],
    ['wallet-activity/activity-raw.json.gz', { market: 24, trade: 3_452, resolution: 8 }],
    ['books', { market: 142, book: 14_628, trade: 28_375, resolution: 19 }],
  ])('%s', async (path, counts) => {
    expect(await countsOf(path)).toEqual({ counts, isOrdered: true })
  })
})
