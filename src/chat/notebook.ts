import type { Fact, FactOf } from '../core/engine/fact.ts'
import type { StateView, View } from '../core/engine/state.ts'
import type { PositionFacts } from '../core/ledger/position.ts'
import type { OrderIntent } from '../core/order/order.ts'
import type { OrderKey, SignalId, TokenId, WhaleAddress } from '../core/units/ids.ts'
import { plus } from '../core/units/money.ts'
import type { Signal } from '../core/whale/signal.ts'
import { PLAIN_SETTINGS, type WhaleSettings } from '../core/whale/whale.ts'

/** What was heard of one signal so far, as much as announcements ask. */
export type SignalNote = {
  readonly signal?: Signal
  readonly weighed?: FactOf<'signalWeighed'>
  readonly asked?: FactOf<'approvalAsked'>
  /** Whether the card that asked still waits. */
  readonly isWaiting?: boolean
}

export type OrderNote = { readonly intent: OrderIntent; readonly market: PositionFacts; readonly isUncertain: boolean }

/**
 * What announcements have to remember, since a fact names a signal and a person wants its title. The engine forgets a signal
 * with its verdict; this keeps the latest a while longer. Losing it costs words in messages and nothing else.
 */
export type Notebook = {
  readonly signals: Map<SignalId, SignalNote>
  readonly orders: Map<OrderKey, OrderNote>
  readonly markets: Map<TokenId, PositionFacts>
  readonly whales: Map<WhaleAddress, string>
  /** What people have set, so that a change can say what it was. */
  readonly settings: Map<WhaleAddress, WhaleSettings>
}

/** Beyond any burst that is still being told about. */
export const NOTES_MAX = 5_000
/** As many as may be followed. */
const NAMES_MAX = 10_000

export function emptyNotebook(): Notebook {
  return { signals: new Map(), orders: new Map(), markets: new Map(), whales: new Map(), settings: new Map() }
}

/** Takes the facts of one entry down, in place. */
export function note(notebook: Notebook, facts: readonly Fact[]): void {
  for (const fact of facts) noteFact(notebook, fact)
}

/** Takes down what a recovered state still knows, so that the first messages after a start have names in them. */
export function noteState(
  notebook: Notebook,
  state: Pick<StateView, 'signals' | 'orders' | 'accounts' | 'whales'>,
): void {
  for (const [id, signal] of state.signals) keep(notebook.signals, id, { signal, ...waitingNote(signal) }, NOTES_MAX)
  for (const [key, order] of state.orders) {
    const { intent, market, status } = order
    keep(notebook.orders, key, { intent, market, isUncertain: status === 'uncertain' }, NOTES_MAX)
    keep(notebook.markets, intent.token, market, NOTES_MAX)
  }
  for (const books of state.accounts.values()) {
    for (const position of books.positions.values()) keep(notebook.markets, position.token, position, NOTES_MAX)
  }
  for (const whale of state.whales.values()) {
    keep(notebook.whales, whale.address, whale.name, NAMES_MAX)
    keep(notebook.settings, whale.address, whale.settings, NAMES_MAX)
  }
}

/** The card of a signal that waits, as far as the state still knows it. */
function waitingNote({ id, stage }: View<Signal>): Pick<SignalNote, 'asked' | 'isWaiting'> {
  if (stage.kind !== 'waiting') return {}
  const { round, bound, stake, persons, votes } = stage
  const asked = { signal: id, round, bound, stake, expected: bound.limit, persons, votes }
  return { asked: { kind: 'approvalAsked', ...asked } as FactOf<'approvalAsked'>, isWaiting: true }
}

/** What is known of a signal from both: the later notebook adds to the earlier. */
export function signalNote(before: Notebook, now: Notebook, id: SignalId): SignalNote {
  return { ...before.signals.get(id), ...now.signals.get(id) }
}

function noteFact(notebook: Notebook, fact: Fact): void {
  const { signals, orders, markets, whales, settings } = notebook
  switch (fact.kind) {
    case 'signalOpened':
      keep(signals, fact.signal.id, { signal: fact.signal }, NOTES_MAX)
      return
    case 'signalWeighed':
      keep(signals, fact.signal, { ...signals.get(fact.signal), weighed: fact }, NOTES_MAX)
      keep(markets, fact.market.token, fact.market, NOTES_MAX)
      return
    case 'approvalAsked':
      keep(signals, fact.signal, { ...signals.get(fact.signal), asked: fact, isWaiting: true }, NOTES_MAX)
      return
    case 'approvalVoted':
      vote(notebook, fact)
      return
    case 'approvalGiven':
    case 'signalDeclined':
    case 'signalExpired':
    case 'signalWithdrawn':
    case 'signalRefused':
      keep(signals, fact.signal, { ...signals.get(fact.signal), isWaiting: false }, NOTES_MAX)
      return
    case 'orderPlanned': {
      const { intent, market } = fact
      keep(orders, intent.key, { intent, market, isUncertain: false }, NOTES_MAX)
      keep(markets, intent.token, market, NOTES_MAX)
      return
    }
    case 'orderBecameUncertain':
      doubt(notebook, fact.order, true)
      return
    case 'orderRested':
    case 'orderClosed':
      doubt(notebook, fact.order, false)
      return
    case 'tradeJoined':
      grow(notebook, fact)
      return
    case 'whaleFollowed':
      keep(whales, fact.whale, fact.name, NAMES_MAX)
      keep(settings, fact.whale, PLAIN_SETTINGS, NAMES_MAX)
      return
    case 'whaleSet':
      keep(settings, fact.whale, fact.settings, NAMES_MAX)
      return
    default:
      return
  }
}

/** A further piece: what is said of the trade from now on is said of all of it. */
function grow({ signals }: Notebook, { signal: id, trade }: FactOf<'tradeJoined'>): void {
  const known = signals.get(id)
  if (known?.signal?.origin.kind !== 'whale') return
  const { origin } = known.signal
  const whole = { ...origin.trade, size: plus(origin.trade.size, trade.size) }
  signals.set(id, { ...known, signal: { ...known.signal, origin: { kind: 'whale', trade: whole } } })
}

function vote({ signals }: Notebook, { signal: id, by }: FactOf<'approvalVoted'>): void {
  const known = signals.get(id)
  if (known?.asked === undefined) return
  const votes = [...(known.asked.votes ?? []), by.person]
  signals.set(id, { ...known, asked: { ...known.asked, votes } })
}

function doubt({ orders }: Notebook, key: OrderKey, isUncertain: boolean): void {
  const order = orders.get(key)
  if (order !== undefined) orders.set(key, { ...order, isUncertain })
}

/** A map in the order of last writing, the oldest dropped beyond `most`. */
function keep<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= most) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}
