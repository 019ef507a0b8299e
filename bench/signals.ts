import { SIGNALS_A_ROUND, startBusyEngine } from './busy-engine.ts'
import { between, collect, grouped, median } from './measure.ts'
import { held, type Part, type Row } from './row.ts'

const SIGNALS = 1_000_000
const EVERY = 100_000
const WHALES = 100
/** By this many signals everything that has a bound has reached it. */
const FULL_AT = 200_000
const GROWTH_MAX = 1.05
/** Processor time still differs from one hundred thousand to the next with what else the machine does. */
const SLOWER_MAX = 1.3

type Reading = { readonly signals: number; readonly heap: number; readonly rss: number; readonly seconds: number }

/** That an engine which goes on and on neither grows nor slows down. */
export const signals: Part = async () => {
  const engine = startBusyEngine(WHALES, 'signals', () => undefined)
  const readings: Reading[] = []
  let done = 0
  let from = cpuSeconds()
  while (done < SIGNALS) {
    engine.round()
    done += SIGNALS_A_ROUND
    if (done < (readings.length + 1) * EVERY) continue
    const seconds = cpuSeconds() - from
    readings.push({ signals: done, seconds, ...(await memory()) })
    process.stdout.write(`  ${lineOf(readings.at(-1))}\n`)
    from = cpuSeconds()
  }
  const full = readings.find(reading => reading.signals >= FULL_AT)
  const last = readings.at(-1)
  if (full === undefined || last === undefined) throw new Error('a series has a beginning and an end')
  const after = readings.filter(reading => reading.signals >= FULL_AT)
  const growth = (what: string, of: (reading: Reading) => number): Row => {
    const all = after.map(reading => of(reading) / of(full))
    const spread = `${Math.min(...all).toFixed(3)} to ${Math.max(...all).toFixed(3)} on the way`
    return held(what, (of(last) / of(full)).toFixed(3), spread, `≤ ${GROWTH_MAX}`, of(last) <= of(full) * GROWTH_MAX)
  }
  const when = `${grouped(SIGNALS)} signals against ${grouped(FULL_AT)}`
  return [
    growth(`heap after ${when}`, reading => reading.heap),
    growth(`RSS after ${when}`, reading => reading.rss),
    slowing(after.map(reading => reading.seconds)),
  ]
}

/** The later half of the readings against the earlier. */
function slowing(seconds: readonly number[]): Row {
  const half = Math.floor(seconds.length / 2)
  const [early, late] = [seconds.slice(0, half), seconds.slice(-half)]
  const ratio = median(late) / median(early)
  const rates = seconds.map(each => EVERY / each)
  const what = `processor time a signal, to ${grouped(SIGNALS)} against from ${grouped(FULL_AT)}`
  const spread = `${between(rates, 0)} signals a second`
  return held(what, ratio.toFixed(2), spread, `≤ ${SLOWER_MAX}`, ratio <= SLOWER_MAX)
}

/** Of this process alone, so that a busy machine does not look like a slow engine. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000_000
}

/** Pages that a collection has freed go back to the system a moment later, in another thread: the least of some readings counts. */
const SETTLE_MS = 250
const SETTLES = 4

async function memory(): Promise<{ readonly heap: number; readonly rss: number }> {
  let rss = Number.POSITIVE_INFINITY
  for (let times = 0; times < SETTLES; times += 1) {
    collect()
    await new Promise(resolve => setTimeout(resolve, SETTLE_MS))
    rss = Math.min(rss, process.memoryUsage.rss())
  }
  return { heap: process.memoryUsage().heapUsed, rss }
}

function lineOf(reading: Reading | undefined): string {
  if (reading === undefined) return ''
  const { signals: count, heap, rss, seconds } = reading
  const rate = grouped(EVERY / seconds)
  return `${grouped(count).padStart(9)} signals  heap ${mb(heap)} MB  RSS ${mb(rss)} MB  ${rate} signals a second`
}

function mb(bytes: number): string {
  return (bytes / 1_048_576).toFixed(1).padStart(6)
}
