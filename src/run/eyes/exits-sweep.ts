import type { StateView } from '../../core/engine/state.ts'
import { type ConditionId, later, type TokenId, type WhaleAddress } from '../../core/units/ids.ts'
import { NO_SHARES } from '../../core/units/money.ts'
import type { Clock } from '../../ports/clock.ts'
import type { WhaleActivity } from '../../ports/feeds.ts'
import { withDeadline } from '../deadline.ts'
import type { Intake } from '../intake.ts'

export type ExitsSweep = {
  readonly clock: Clock
  readonly activity: WhaleActivity
  readonly state: StateView
  readonly intake: Intake
  readonly signal: AbortSignal
  readonly note?: (what: string, error: unknown) => void
}

const DEADLINE_MS = 10_000
/** Between two questions: at most half of what is published for positions and for activity (200 in 10 s each). */
const PACE_MS = 100
/** Rows come late. What left longer ago than this shows in what the wallet holds. */
const DEPARTURES_BACK_MS = 600_000
/** A service that far behind cannot say what a wallet holds now. */
const LAG_MAX_MS = 60_000

/**
 * What every followed wallet still holds of what we followed it into, told to the engine: shares may leave in ways that no other
 * source tells. `asOf` is when it was asked, less how far the service says that it is behind.
 */
export async function sweepHoldings(options: ExitsSweep): Promise<void> {
  const { clock, activity, state, intake, signal, note } = options
  const lots = lotsIn(state)
  if (lots.size === 0) return
  try {
    const lagMs = (await withDeadline(clock, DEADLINE_MS, signal, until => activity.lagMs(until))) ?? 0
    if (lagMs > LAG_MAX_MS) return
    for (const [whale, tokens] of lots) {
      const asOf = later(clock.now(), -lagMs)
      const conditions = [...new Set(tokens.map(({ condition }) => condition))]
      const held = await withDeadline(clock, DEADLINE_MS, signal, until => activity.holdings(whale, conditions, until))
      for (const { token } of tokens) {
        intake.offer({ kind: 'whaleHolds', whale, token, size: held.get(token) ?? NO_SHARES, asOf })
      }
      await clock.sleep(PACE_MS, signal)
    }
  } catch (error) {
    if (!signal.aborted) note?.('what a whale holds', error)
  }
}

/** What left the wallets that we followed into something, in the ways that the service tells with their transactions. */
export async function sweepDepartures(options: ExitsSweep): Promise<void> {
  const { clock, activity, state, intake, signal, note } = options
  for (const whale of lotsIn(state).keys()) {
    const since = later(clock.now(), -DEPARTURES_BACK_MS)
    try {
      const departures = await withDeadline(clock, DEADLINE_MS, signal, until =>
        activity.departures(whale, since, until),
      )
      for (const trade of departures) intake.offer({ kind: 'whaleTraded', trade })
      await clock.sleep(PACE_MS, signal)
    } catch (error) {
      if (signal.aborted) return
      note?.('what left a wallet', error)
    }
  }
}

type Held = { readonly token: TokenId; readonly condition: ConditionId }

function lotsIn(state: StateView): ReadonlyMap<WhaleAddress, readonly Held[]> {
  const lots = new Map<WhaleAddress, Held[]>()
  for (const books of state.accounts.values()) {
    for (const { token, condition, lots: ours } of books.positions.values()) {
      for (const whale of ours.keys()) {
        if (state.whales.has(whale)) lots.set(whale, [...(lots.get(whale) ?? []), { token, condition }])
      }
    }
  }
  return lots
}
