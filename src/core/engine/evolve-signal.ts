import { assert } from '../units/brand.ts'
import type { Instant, SignalId } from '../units/ids.ts'
import { NO_SHARES, negated, plus, type Shares } from '../units/money.ts'
import type { Signal, Stage } from '../whale/signal.ts'
import { type EngineState, KNOWN_MAX, leavingKey } from './state.ts'

export function openSignal(state: EngineState, signal: Signal): void {
  state.signals.set(signal.id, signal)
  const undecided = state.undecided.get(signal.token) ?? new Set<SignalId>()
  state.undecided.set(signal.token, undecided.add(signal.id))
  addLeaving(state, signal, signal.exit)
  // A stamp from the future must not, once forgotten, make every trade look forgotten.
  const { origin, openedAt } = signal
  const happenedAt = origin.kind === 'whale' ? Math.min(origin.trade.happenedAt, openedAt) : 0
  state.known.set(signal.id, happenedAt as Instant)
  if (state.known.size > KNOWN_MAX) forgetOldest(state)
  if (origin.kind !== 'whale') return
  const whale = state.whales.get(origin.trade.whale)
  if (whale === undefined) return
  const lastTradeAt = Math.max(whale.lastTradeAt ?? 0, happenedAt) as Instant
  state.whales.set(whale.address, { ...whale, lastTradeAt })
}

/** Many at once, since finding the first entry of a map costs as much as was deleted before it. */
function forgetOldest(state: EngineState): void {
  let forgotten = 0
  for (const [id, happenedAt] of state.known) {
    if (forgotten === FORGOTTEN_AT_ONCE) return
    state.known.delete(id)
    if (happenedAt > state.forgottenAt) state.forgottenAt = happenedAt
    forgotten += 1
  }
}

const FORGOTTEN_AT_ONCE = 1_000

export function setStage(state: EngineState, id: SignalId, stage: Stage): void {
  const signal = state.signals.get(id)
  assert(signal !== undefined, 'a fact names a signal without a verdict')
  if (stage.kind === 'ordered') leaveUndecided(state, signal)
  state.signals.set(id, { ...signal, stage })
}

function leaveUndecided(state: EngineState, signal: Signal): void {
  const undecided = state.undecided.get(signal.token)
  undecided?.delete(signal.id)
  if (undecided?.size === 0) state.undecided.delete(signal.token)
}

export function closeSignal(state: EngineState, id: SignalId): void {
  const signal = state.signals.get(id)
  assert(signal !== undefined, 'a signal ends in one verdict')
  leaveUndecided(state, signal)
  addLeaving(state, signal, negated(signal.exit))
  state.signals.delete(id)
}

/** Until it has its verdict an exit takes its shares out of what the whale's next sale is measured by. */
function addLeaving(state: EngineState, signal: Signal, by: Shares): void {
  if (signal.origin.kind !== 'whale' || by === NO_SHARES) return
  const key = leavingKey(signal.account, signal.token, signal.origin.trade.whale)
  const sum = plus(state.leaving.get(key) ?? NO_SHARES, by)
  if (sum === NO_SHARES) state.leaving.delete(key)
  else state.leaving.set(key, sum)
}
