import type { StateView } from '../core/engine/state.ts'
import type { Clock } from '../ports/clock.ts'
import type { WhaleActivity } from '../ports/feeds.ts'
import { sweepDepartures, sweepHoldings } from '../run/eyes/exits-sweep.ts'
import { createReconciler } from '../run/eyes/reconciler.ts'
import { followedIn } from '../run/eyes/watched.ts'
import type { Intake, Unstamped } from '../run/intake.ts'

/** What the rounds of one life of the process work with. */
export type Rounds = {
  readonly clock: Clock
  readonly activity: WhaleActivity
  readonly state: StateView
  readonly intake: Intake
  /** Aborts when the process dies. */
  readonly signal: AbortSignal
}

/** The very reconciler that asks for what streams missed, for as long as the process lives. */
export function reconcile({ clock, activity, state, intake, signal }: Rounds, chance: () => number): Promise<void> {
  const offer = (input: Unstamped): void => {
    if (!signal.aborted) intake.offer(input)
  }
  const reconciler = createReconciler({
    clock,
    activity,
    chance,
    state: followedIn(state),
    hear: trade => offer({ kind: 'whaleTraded', trade }),
    mark: (from, behind) => offer({ kind: 'tradesSwept', from, behind }),
    isQuick: () => false,
    note: () => undefined,
    signal,
  })
  return reconciler.run(signal)
}

/** What left the followed wallets without an order, and what they still hold: against what no stream told. */
export async function sweepExits(rounds: Rounds): Promise<void> {
  await sweepDepartures(rounds)
  await sweepHoldings(rounds)
}
