import type { Payout } from '../order/answer.ts'
import type { Account, PreparedOrder } from '../order/order.ts'
import type { ConditionId, Instant, OrderId, OrderKey, SignalId, TokenId, WhaleAddress } from '../units/ids.ts'
import type { Fact } from './fact.ts'
import type { Timer } from './input.ts'

/** Everything that can be asked of the world. Each is plain data, starts after its fact is committed, and is safe to run twice. */
export type Effect =
  | {
      readonly kind: 'askQuote'
      readonly signal: SignalId
      readonly round: number
      readonly condition: ConditionId
      readonly token: TokenId
    }
  | { readonly kind: 'askRecord'; readonly whale: WhaleAddress }
  | { readonly kind: 'sendOrder'; readonly account: Account; readonly order: PreparedOrder }
  /** Settles a doubt: cancels by id, then asks what became of it. */
  | { readonly kind: 'probeOrder'; readonly account: Account; readonly order: OrderKey; readonly id: OrderId }
  | { readonly kind: 'cancelOrder'; readonly account: Account; readonly order: OrderKey; readonly id: OrderId }
  | {
      readonly kind: 'redeem'
      readonly account: Account
      readonly condition: ConditionId
      readonly payouts: readonly Payout[]
    }
  | { readonly kind: 'askBooks'; readonly account: Account; readonly turn: number }
  | { readonly kind: 'wake'; readonly timer: Timer; readonly at: Instant }

/** How long a request is left alone before its fate is asked about: its own deadline, and a moment for what is on the way. */
export const PROBE_AFTER_MS = 2_000

/** What a fact sets going. `idOf` gives an order's id at the venue, which its later facts do not repeat. */
export function react(
  fact: Fact,
  orderOf: (key: OrderKey) => { readonly account: Account; readonly id: OrderId },
): readonly Effect[] {
  switch (fact.kind) {
    case 'recordAsked':
      return [{ kind: 'askRecord', whale: fact.whale }]
    case 'quoteAsked':
      return [
        { kind: 'askQuote', signal: fact.signal, round: fact.round, condition: fact.condition, token: fact.token },
      ]
    case 'approvalAsked': {
      const timer: Timer = { kind: 'approval', signal: fact.signal, round: fact.round }
      return [{ kind: 'wake', timer, at: fact.bound.expiresAt }]
    }
    case 'orderPlanned': {
      const { intent, id, payload } = fact
      return [{ kind: 'sendOrder', account: intent.account, order: { key: intent.key, id, intent, payload } }]
    }
    case 'orderBecameUncertain':
      return [{ kind: 'wake', timer: { kind: 'probe', order: fact.order }, at: (fact.at + PROBE_AFTER_MS) as Instant }]
    case 'orderProbePutOff':
      return [{ kind: 'wake', timer: { kind: 'probe', order: fact.order }, at: fact.until }]
    case 'orderProbed':
      return [{ kind: 'probeOrder', order: fact.order, ...orderOf(fact.order) }]
    case 'cancelAsked':
      return [{ kind: 'cancelOrder', order: fact.order, ...orderOf(fact.order) }]
    case 'marketSettled':
    case 'redeemAskedAgain':
      return [{ kind: 'redeem', account: fact.account, condition: fact.condition, payouts: fact.payouts }]
    case 'redeemPutOff': {
      const timer: Timer = { kind: 'redeem', account: fact.account, condition: fact.condition }
      return [{ kind: 'wake', timer, at: fact.until }]
    }
    case 'booksAsked':
      return [{ kind: 'askBooks', account: fact.account, turn: fact.turn }]
    case 'booksPutOff':
      return [{ kind: 'wake', timer: { kind: 'books', account: fact.account }, at: fact.until }]
    default:
      return []
  }
}
