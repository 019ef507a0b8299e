import { prepare } from '../src/adapters/simulated/venue.ts'
import type { Effect } from '../src/core/engine/effect.ts'
import { type Step, step } from '../src/core/engine/engine.ts'
import { evolve } from '../src/core/engine/evolve.ts'
import type { Fact } from '../src/core/engine/fact.ts'
import type { Input } from '../src/core/engine/input.ts'
import { booksOf, type EngineState, emptyState } from '../src/core/engine/state.ts'
import { type Side, takerFee } from '../src/core/market/market.ts'
import type { PreparedOrder } from '../src/core/order/order.ts'
import { assert } from '../src/core/units/brand.ts'
import type { FillId, Instant, PersonId } from '../src/core/units/ids.ts'
import { notional, type Price, price } from '../src/core/units/money.ts'
import { type Seeded, seeded } from '../src/core/units/seeded.ts'
import type { WhaleTrade } from '../src/core/whale/trade.ts'
import type { Unstamped } from '../src/run/intake.ts'
import { bookOf, DEPOSIT, marketOf, NOON, ROOMY, STRONG, tokenNumber, tradeNumber, whaleNumber } from './made-market.ts'

/** An engine at work: it is told of trades, answered with quotes and fills, and never left waiting. */
export type BusyEngine = {
  readonly state: EngineState
  /** Eleven inputs: an entry that is filled, one that is refused, an exit that is filled, two repetitions and a mark. */
  readonly round: () => void
  readonly now: () => Instant
}

/** Inputs and signals of one round. */
export const INPUTS_A_ROUND = 11
export const SIGNALS_A_ROUND = 3

/** Time between two inputs: 125 a second, far above what a day brings. */
const STEP_MS = 8
const FOLLOWED_MS = 3_000
const BID = price('0.49')
const LOW_BID = price('0.48')
const ASK = price('0.51')
const WIDE_ASK = price('0.58')

/**
 * Starts an engine that follows `size` whales and holds `size` positions, one because of each. Rounds leave the positions as many
 * as they were: what one whale buys it sells again. `hear` is told of every step from the first on.
 */
export function startBusyEngine(size: number, seed: string, hear: (input: Input, taken: Step) => void): BusyEngine {
  const state = emptyState()
  const chance = seeded(seed)
  let now: number = NOON
  let trades = 0

  const tell = (input: Unstamped): readonly Effect[] => {
    now += STEP_MS
    const stamped = { ...input, at: now as Instant } as Input
    const taken = step(state, stamped, prepare)
    hear(stamped, taken)
    return taken.effects
  }
  const trade = (whale: number, token: number, side: Side): WhaleTrade => {
    trades += 1
    return tradeNumber(trades, whale, token, side, now as Instant)
  }
  /** Tells of a trade and answers its quote; gives the order, where there is one. */
  const quoted = (told: WhaleTrade, token: number, ask: Price): PreparedOrder | undefined => {
    const [asked] = tell({ kind: 'whaleTraded', trade: told })
    assert(asked?.kind === 'askQuote', 'a trade of a followed whale is quoted')
    const quote = { market: marketOf(token), book: bookOf(token, BID, ask, now as Instant) }
    const [sent] = tell({ kind: 'quoteArrived', signal: asked.signal, round: asked.round, quote })
    return sent?.kind === 'sendOrder' ? sent.order : undefined
  }
  const copy = (told: WhaleTrade, token: number): void => {
    const order = quoted(told, token, ASK)
    assert(order !== undefined, 'a good trade is copied')
    const { size, feeRate } = order.intent
    const at = told.side === 'buy' ? ASK : BID
    const paid = notional(size, at, told.side === 'buy' ? 'up' : 'down')
    const fee = takerFee(size, at, feeRate)
    const id = `${order.id}/1` as FillId
    const fill = { id, price: at, size, notional: paid, fee, happenedAt: now as Instant }
    tell({ kind: 'orderAnswered', order: order.key, answer: { kind: 'accepted', status: 'filled', fills: [fill] } })
  }
  const round = (): void => {
    const { owner, other } = pair(chance, size)
    const bought = trade(other, owner, 'buy')
    copy(bought, owner)
    tell({ kind: 'whaleTraded', trade: { ...bought, source: 'sweep' } })
    const marked = chance.whole(size)
    const mark = booksOf(state, 'paper').positions.get(tokenNumber(marked))?.mark === BID ? LOW_BID : BID
    tell({ kind: 'marksArrived', marks: [{ token: tokenNumber(marked), bid: mark }] })
    const token = chance.whole(size)
    const wide = trade(chance.whole(size), token, 'buy')
    assert(quoted(wide, token, WIDE_ASK) === undefined, 'a wide spread is refused')
    tell({ kind: 'whaleTraded', trade: { ...wide, source: 'sweep' } })
    copy(trade(other, owner, 'sell'), owner)
  }

  tell({ kind: 'started', deposit: DEPOSIT, limits: ROOMY })
  tell({ kind: 'booksReported', account: 'paper', turn: 0, books: { cash: DEPOSIT, positions: [] } })
  for (let whale = 0; whale < size; whale += 1) {
    const asker = { person: 'bench' as PersonId, surface: 'bench', press: `follow ${whale}` }
    const wish = { kind: 'follow', whale: whaleNumber(whale), name: `whale-${whale}`, record: STRONG } as const
    tell({ kind: 'instructed', asker, instruction: wish })
  }
  // What is told happened a little before: not before the following, or it would be nothing to us.
  now += FOLLOWED_MS
  for (let whale = 0; whale < size; whale += 1) copy(trade(whale, whale, 'buy'), whale)
  assert(state.holds.size === 0, 'nothing holds trading')
  assert(booksOf(state, 'paper').positions.size === size, 'each whale has led to a position')
  return { state, round, now: () => now as Instant }
}

/** A position, and a whale that it is not due to. */
function pair(chance: Seeded, size: number): { readonly owner: number; readonly other: number } {
  const owner = chance.whole(size)
  return { owner, other: (owner + 1 + chance.whole(size - 1)) % size }
}

/** Work that was done once and can be done again: the facts that led there, and the inputs that came then. */
export type Recorded = { readonly before: readonly Fact[]; readonly inputs: readonly Input[] }

export function recorded(size: number, rounds: number): Recorded {
  const before: Fact[] = []
  const inputs: Input[] = []
  let isReady = false
  const engine = startBusyEngine(size, `steps ${size}`, (input, { facts }) => {
    if (isReady) inputs.push(input)
    else before.push(...facts)
  })
  isReady = true
  for (let round = 0; round < rounds; round += 1) engine.round()
  assert(inputs.length === rounds * INPUTS_A_ROUND, 'a round has as many inputs as it says')
  return { before, inputs }
}

/** The state that these facts lead to. */
export function folded(facts: readonly Fact[]): EngineState {
  const state = emptyState()
  for (const fact of facts) evolve(state, fact)
  return state
}
