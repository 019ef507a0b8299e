import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { archiveData } from '../../src/adapters/archive/data.ts'
import { openRecording } from '../../src/adapters/archive/open.ts'
import { jsonlJournal, recordedJournal } from '../../src/adapters/jsonl/journal.ts'
import { prepare } from '../../src/adapters/simulated/venue.ts'
import { type Limits, PRESETS } from '../../src/core/risk/limits.ts'
import { usd } from '../../src/core/units/money.ts'
import type { Archived, Recording } from '../../src/ports/archive.ts'
import { backtest } from '../../src/run/backtest/backtest.ts'
import { replay } from '../../src/run/replay/replay.ts'

/** The decisions on the shipped recording, as they were reviewed. `UPDATE_GOLDEN=1` records them anew. */
const GOLDEN = 'test/golden/sample.journal.jsonl'
const TRADES = 90

/** Whales without a past are let in, and every trade is copied at its own size as far as the limits on exposure let it. */
const LIMITS: Limits = {
  ...PRESETS.standard,
  sizing: 'mirror',
  qualityMin: 0,
  confidenceMin: 0,
  stakeMin: usd('1'),
  hourlyLossMax: usd('900'),
  dailyLossMax: usd('900'),
}

const folder = mkdtempSync(join(tmpdir(), 'remora-golden-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The beginning of a recording, up to and with so many trades. */
function beginningOf(recording: Recording, trades: number): Recording {
  async function* events(): AsyncGenerator<Archived> {
    let heard = 0
    for await (const event of recording.events()) {
      if (heard >= trades && event.kind === 'trade') return
      if (event.kind === 'trade') heard += 1
      yield event
    }
  }
  return { ...recording, events }
}

async function trade(file: string) {
  const recording = beginningOf(await openRecording('recordings/sample.jsonl'), TRADES)
  const journal = await jsonlJournal(file, { isDurable: false })
  const data = archiveData()
  const deposit = usd('30000')
  return backtest({ recording, data, journal, limits: LIMITS, deposit, latencyMs: 250, progress: () => undefined })
}

test('the decisions on the shipped recording are the ones that were reviewed, byte for byte', async () => {
  const file = join(folder, 'now.jsonl')
  const summary = await trade(file)
  if (process.env.UPDATE_GOLDEN !== undefined) copyFileSync(file, GOLDEN)
  expect(
    readFileSync(file, 'utf8') === readFileSync(GOLDEN, 'utf8'),
    'see `npm run replay` on the golden journal',
  ).toBe(true)
  expect(summary.trades).toBe(TRADES)
  expect(summary.verdicts.copied).toBeGreaterThan(5)
  expect(summary.verdicts.refused).toBeGreaterThan(0)
})

test('the same recording gives the same bytes twice', async () => {
  const [one, other] = [join(folder, 'one.jsonl'), join(folder, 'other.jsonl')]
  expect(await trade(other)).toEqual(await trade(one))
  expect(readFileSync(other, 'utf8') === readFileSync(one, 'utf8')).toBe(true)
})

test('what was decided then is decided now', async () => {
  const journal = recordedJournal(GOLDEN)
  const { entries, divergences } = await replay(journal, prepare)
  expect(divergences).toEqual([])
  expect(entries).toBeGreaterThan(100)
})

test('replay shows a decision that differs, and goes on from what was recorded', async () => {
  const journal = recordedJournal(GOLDEN)
  const other = await replay(journal, (intent, at) => ({ ...prepare(intent, at), payload: 'otherwise' }))
  expect(other.divergences.length).toBeGreaterThan(3)
  expect(other.divergences.every(({ decided }) => decided.some(fact => fact.kind === 'orderPlanned'))).toBe(true)
})
