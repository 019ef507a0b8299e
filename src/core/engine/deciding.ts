import type { ClearedIntent } from '../order/order.ts'
import type { Instant, OrderId } from '../units/ids.ts'
import type { Fact } from './fact.ts'
import type { StateView } from './state.ts'

/** Fixes an order's id and exact content from the intent and the instant alone. The venue's adapter gives it; it must be pure. */
export type Prepare = (intent: ClearedIntent, at: Instant) => { readonly id: OrderId; readonly payload: string }

/** What a decision works with: the state to read, and the one way to conclude something. */
export type Deciding = {
  readonly state: StateView
  readonly at: Instant
  readonly prepare: Prepare
  /** Records a fact and takes it into the state at once, so that what is decided next already sees it. */
  readonly conclude: (fact: Fact) => void
}
