import type { Entry } from '../src/core/engine/entry.ts'
import { entriesOf } from './entries.ts'
import { between, grouped, quantile, timedAsync } from './measure.ts'
import type { Part, Row } from './row.ts'
import { withJournal } from './scratch.ts'

const WARM_UPS = 50
const SINGLES = 1_000
const BATCHES = 150
/** What the loop drains at once. */
const BATCH = 64
const ROUNDS = 3

/** What it costs to make entries durable. The disk decides, so there is no target: the figures are for comparing machines. */
export const appends: Part = async () => {
  const entries = entriesOf(WARM_UPS + ROUNDS * (SINGLES + BATCHES * BATCH), 100)
  return withJournal(async journal => {
    let next = 0
    const append = (count: number): Promise<number> => {
      const batch: readonly Entry[] = entries.slice(next, next + count)
      next += count
      return timedAsync(() => journal.append(batch))
    }
    const series = async (appended: number, count: number): Promise<readonly number[]> => {
      const times: number[] = []
      for (let index = 0; index < appended; index += 1) times.push(await append(count))
      return times
    }
    await series(WARM_UPS, 1)
    const singles: (readonly number[])[] = []
    const batches: (readonly number[])[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      singles.push(await series(SINGLES, 1))
      batches.push(await series(BATCHES, BATCH))
    }
    return [...rowsOf('one at a time', singles, 1), ...rowsOf(`in batches of ${BATCH}`, batches, BATCH)]
  })
}

function rowsOf(how: string, rounds: readonly (readonly number[])[], each: number): readonly Row[] {
  const rates = rounds.map(times => (times.length * each * 1_000) / times.reduce((sum, ms) => sum + ms, 0))
  const times = rounds.flat()
  return [
    {
      what: `journal entries a second, ${how}`,
      figure: grouped(quantile(rates, 0.5)),
      spread: between(rates, 0),
    },
    {
      what: `journal append, ${how}: p50 / p99`,
      figure: `${quantile(times, 0.5).toFixed(2)} / ${quantile(times, 0.99).toFixed(2)} ms`,
      spread: `at most ${Math.max(...times).toFixed(1)} ms, ${grouped(times.length)} appends`,
    },
  ]
}
