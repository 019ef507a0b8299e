import type { Config } from '../../adapters/system/config.ts'
import { type Scheduled, schedule } from '../../adapters/system/schedule.ts'
import type { StateView } from '../../core/engine/state.ts'
import type { Instant, PersonId } from '../../core/units/ids.ts'

import type { Eyes } from '../eyes/eyes.ts'
import type { Intake } from '../intake.ts'
import type { LiveMarket } from './live-market.ts'
import type { Sweeps } from './sweeps.ts'

/** Hears of what went wrong at the edge of a live run. */
export type Note = (what: string, error?: unknown) => void

/** How many of the simulated market's leaders a first start follows, so that there is something to see. */
const LEADERS = 8

/** Without the simulated market there is nothing to trade: its end is ours. */
export async function lastAsLongAs(market: LiveMarket, signal: AbortSignal): Promise<void> {
  const why = await Promise.race([market.ended, aborted(signal)])
  if (why !== undefined) throw new Error(why)
}

/** The hours of UTC, and the rounds that back up every stream. */
export function startCalendar(intake: Intake, sweeps: Sweeps, eyes: Eyes, note: Note): readonly Scheduled[] {
  return [
    schedule('the hour', '0 0 * * * *', () => intake.offer({ kind: 'clockTurned' }), note),
    schedule('exits', '*/20 * * * * *', eyes.exits, note),
    schedule('marks', '*/15 * * * * *', sweeps.marks, note),
    schedule('books', '*/10 * * * * *', sweeps.books, note),
    schedule('resolutions', '*/20 * * * * *', sweeps.resolutions, note),
    schedule('records', '0 10 0 * * *', sweeps.records, note),
  ]
}

/** Follows what the configuration names, and at a first start in the simulated market its leaders, so that there is something to see. */
export async function followAtStart(
  parts: {
    readonly config: Config
    readonly market: LiveMarket
    readonly state: StateView
    readonly intake: Intake
    readonly startedAt: Instant
  },
  signal: AbortSignal,
): Promise<void> {
  const { config, market, state, intake, startedAt } = parts
  const isFirst = state.whales.size === 0
  const leaders =
    market.isSimulated && isFirst ? await market.history.leaders({ period: 'month', most: LEADERS }, signal) : []
  for (const whale of [...config.follow, ...leaders]) {
    if (state.whales.has(whale)) continue
    const profile = await market.history.profile(whale, signal).catch(() => undefined)
    const name = profile?.name ?? ''
    const asker = { person: 'start' as PersonId, surface: 'start', press: `start ${startedAt} ${whale}` }
    await intake.ask({ kind: 'instructed', asker, instruction: { kind: 'follow', whale, name, record: undefined } })
  }
}

/** Resolves with nothing when the signal aborts. */
export async function aborted(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  return undefined
}
