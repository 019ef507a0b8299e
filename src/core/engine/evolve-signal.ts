import { assert } from '../units/brand.ts'
import { type DealKey, dealKeyOf, type Instant, type SignalId } from '../units/ids.ts'
import { NO_SHARES, negated, plus, type Shares } from '../units/money.ts'
import type { Signal, Stage } from '../whale/signal.ts'
import type { WhaleTrade } from '../whale/trade.ts'
import type { FactOf } from './fact.ts'
import { BURSTS_MAX, burstKey, type EngineState, KNOWN_MAX, type Known, type Leg, leavingKey } from './state.ts'

/** Which way a trade went, as its deal is remembered: shares that left without an order are no sale. */
export function actOf(trade: Pick<WhaleTrade, 'side' | 'how'>): Leg['act'] {
  return trade.how === undefined ? trade.side : 'left'
}

export function openSignal(state: EngineState, signal: Signal): void {
  state.signals.set(signal.id, signal)
  const undecided = state.undecided.get(signal.token) ?? new Set<SignalId>()
  state.undecided.set(signal.token, undecided.add(signal.id))
  addLeaving(state, signal, signal.exit)
  if (signal.origin.kind === 'person') {
    remember(state, signal.id, { happenedAt: BEGINNING, legs: [] })
    return
  }
  const { trade } = signal.origin
  noteTrade(state, trade, signal.id, signal.openedAt)
  if (trade.how !== undefined) return
  const key = burstKey(trade)
  state.bursts.delete(key)
  state.bursts.set(key, { signal: signal.id, happenedAt: trade.happenedAt, isCopied: false })
  const [oldest] = state.bursts.keys()
  if (state.bursts.size > BURSTS_MAX && oldest !== undefined) state.bursts.delete(oldest)
}

/** A further piece: it is known from now on, and while the signal has no verdict, the trade that it is about grows. */
export function joinTrade(
  state: EngineState,
  { signal: id, trade, exit, at }: FactOf<'tradeJoined'>,
): Signal | undefined {
  noteTrade(state, trade, id, at)
  const signal = state.signals.get(id)
  if (signal?.origin.kind !== 'whale') return undefined
  const size = plus(signal.origin.trade.size, trade.size)
  const grown: Signal = {
    ...signal,
    origin: { kind: 'whale', trade: { ...signal.origin.trade, size } },
    exit: plus(signal.exit, exit),
  }
  state.signals.set(id, grown)
  addLeaving(state, signal, exit)
  return grown
}

/** A copied signal has its verdict, and what the whale still buys in the same breath belongs to what we followed. */
export function noteCopied(state: EngineState, id: SignalId): void {
  const origin = state.signals.get(id)?.origin
  if (origin?.kind !== 'whale') return
  const key = burstKey(origin.trade)
  const burst = state.bursts.get(key)
  if (burst?.signal === id) state.bursts.set(key, { ...burst, isCopied: true })
}

/** Takes a telling into what is known of its deal: a leg it has already grows by it. */
export function noteTrade(state: EngineState, trade: WhaleTrade, signal: SignalId, at: Instant): void {
  // A stamp from the future must not, once forgotten, make every trade look forgotten.
  const happenedAt = Math.min(trade.happenedAt, at) as Instant
  const key = dealKeyOf(trade)
  const known = state.known.get(key)
  remember(state, key, { happenedAt: known?.happenedAt ?? happenedAt, legs: withLeg(known?.legs ?? [], trade, signal) })
  const whale = state.whales.get(trade.whale)
  if (whale === undefined) return
  const lastTradeAt = Math.max(whale.lastTradeAt ?? 0, happenedAt) as Instant
  state.whales.set(whale.address, { ...whale, lastTradeAt })
}

function withLeg(legs: Known['legs'], trade: WhaleTrade, signal: SignalId): Known['legs'] {
  const act = actOf(trade)
  const { token, size } = trade
  const same = legs.find(leg => leg.token === token && leg.act === act)
  if (same === undefined) return [...legs, { token, act, size, signal }].slice(-LEGS_MAX)
  return legs.map(leg => (leg === same ? { ...leg, size: plus(leg.size, size) } : leg))
}

/** One wallet's orders in one market of one transaction: two tokens, two sides and shares that left are all there can be. */
const LEGS_MAX = 6
const BEGINNING = 0 as Instant

function remember(state: EngineState, key: DealKey | SignalId, known: Known): void {
  state.known.set(key, known)
  if (state.known.size > KNOWN_MAX) forgetOldest(state)
}

/** Many at once, since finding the first entry of a map costs as much as was deleted before it. */
function forgetOldest(state: EngineState): void {
  let forgotten = 0
  for (const [id, { happenedAt }] of state.known) {
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
