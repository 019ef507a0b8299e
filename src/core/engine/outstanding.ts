import type { Instant, OrderKey } from '../units/ids.ts'
import { type Effect, PROBE_AFTER_MS } from './effect.ts'
import type { HeldOrder, StateView, View } from './state.ts'

/**
 * What was still to be done when the process ended, read off the state: every effect whose answer has not come. A new start
 * does all of it again, which is why every effect is safe to run twice.
 */
export function outstanding(state: StateView): readonly Effect[] {
  return [
    ...[...state.whales.values()].filter(whale => whale.record === undefined).map(askRecord),
    ...[...state.signals.values()].flatMap(signalsEffects),
    ...[...state.openOrders].flatMap(key => orderEffects(state, key)),
    ...[...state.accounts.values()].flatMap(books =>
      [...books.redeeming].map(
        ([condition, payouts]): Effect => ({
          kind: 'redeem',
          account: books.account,
          condition,
          payouts: [...payouts],
        }),
      ),
    ),
  ]
}

type SignalView = StateView['signals'] extends ReadonlyMap<unknown, infer Signal> ? Signal : never
type WhaleView = StateView['whales'] extends ReadonlyMap<unknown, infer Whale> ? Whale : never

function askRecord(whale: WhaleView): Effect {
  return { kind: 'askRecord', whale: whale.address }
}

function signalsEffects({ id, stage, condition, token }: SignalView): readonly Effect[] {
  switch (stage.kind) {
    case 'quoting':
      return [{ kind: 'askQuote', signal: id, round: stage.round, condition, token }]
    case 'waiting':
      return [{ kind: 'wake', timer: { kind: 'approval', signal: id, round: stage.round }, at: stage.bound.expiresAt }]
    case 'ordered':
      return []
  }
}

function orderEffects(state: StateView, key: OrderKey): readonly Effect[] {
  const order: View<HeldOrder> | undefined = state.orders.get(key)
  if (order?.status === 'uncertain') {
    return [{ kind: 'wake', timer: { kind: 'probe', order: key }, at: (state.now + PROBE_AFTER_MS) as Instant }]
  }
  if (order?.status === 'cancelling') {
    return [{ kind: 'cancelOrder', account: order.intent.account, order: key, id: order.id }]
  }
  return []
}
