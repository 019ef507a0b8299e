import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { archiveData } from '../src/adapters/archive/data.ts'
import { openRecording } from '../src/adapters/archive/open.ts'
import { jsonlJournal } from '../src/adapters/jsonl/journal.ts'
import { PRESETS } from '../src/core/risk/limits.ts'
import { usd } from '../src/core/units/money.ts'
import type { Recording } from '../src/ports/archive.ts'
import { backtest } from '../src/run/backtest/backtest.ts'
import { between, grouped, median } from './measure.ts'
import type { Part } from './row.ts'
import { inScratch } from './scratch.ts'

const ROUNDS = 5
/** A round repeats the recording for at least so long, since the sample takes less than a moment. */
const ROUND_MS = 1_500
const LEVELS_MAX = 6

/** How fast the past is traded, journal included: the shipped sample, or the recording that is named. */
export const backtests: Part = ([path = sample()]) =>
  inScratch(async folder => {
    const recording = await openRecording(path)
    const journal = join(folder, 'backtest.jsonl')
    await once(recording, journal)
    const trades: number[] = []
    const events: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const from = performance.now()
      let told = 0
      let repeats = 0
      do {
        told += await once(recording, journal)
        repeats += 1
      } while (performance.now() - from < ROUND_MS)
      const seconds = (performance.now() - from) / 1_000
      trades.push(told / seconds)
      events.push((recording.total * repeats) / seconds)
    }
    return [
      {
        what: `backtest of ${recording.name}: trades a second`,
        figure: grouped(median(trades)),
        spread: between(trades, 0),
      },
      {
        what: `backtest of ${recording.name}: events a second`,
        figure: grouped(median(events)),
        spread: between(events, 0),
      },
    ]
  })

/** Gives how many trades it was told. */
async function once(recording: Recording, journal: string): Promise<number> {
  rmSync(journal, { force: true })
  const summary = await backtest({
    recording,
    data: archiveData(),
    journal: await jsonlJournal(journal, { isDurable: false }),
    limits: PRESETS.standard,
    deposit: usd('10000'),
    latencyMs: 250,
    progress: () => undefined,
  })
  return summary.trades
}

/** The recording that comes with the program: the compiled benchmark lies deeper than its source. */
function sample(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (let level = 0; level < LEVELS_MAX; level += 1) {
    const found = join(folder, 'recordings', 'sample.jsonl')
    if (existsSync(found)) return found
    folder = dirname(folder)
  }
  throw new Error('recordings/sample.jsonl is missing')
}
