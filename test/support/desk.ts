import type { Effect } from '../../src/core/engine/effect.ts'
import { step } from '../../src/core/engine/engine.ts'
import type { Fact, FactOf } from '../../src/core/engine/fact.ts'
import type { Input, Instruction, Timer } from '../../src/core/engine/input.ts'
import { type AccountBooks, type EngineState, emptyState } from '../../src/core/engine/state.ts'
import { type Position, positionKey } from '../../src/core/ledger/position.ts'
import { type OrderBook, walk } from '../../src/core/market/book.ts'
import type { Market } from '../../src/core/market/market.ts'
import type { OrderReport, VenueAnswer, VenueBooks } from '../../src/core/order/answer.ts'
import type { Fill, OrderIntent } from '../../src/core/order/order.ts'
import { type Limits, PRESETS } from '../../src/core/risk/limits.ts'
import type { RefusalCode } from '../../src/core/risk/refusals.ts'
import {
  type Instant,
  later,
  type OrderKey,
  orderKeyOf,
  type PersonId,
  type SignalId,
  signalIdOf,
  type TokenId,
} from '../../src/core/units/ids.ts'
import { price, type Usd, usd } from '../../src/core/units/money.ts'
import type { WhaleRecord } from '../../src/core/whale/record.ts'
import type { WhaleTrade } from '../../src/core/whale/trade.ts'
import {
  asker,
  bookOf,
  condition,
  fill,
  GOOD_RECORD,
  HALF_PAST_NOON,
  market,
  needed,
  prepare,
  token,
  trade,
  type Written,
  wallet,
} from './made.ts'

/** An input as a test writes it: the desk knows what time it is. */
export type Unstamped = Input extends infer One ? (One extends Input ? Omit<One, 'at'> : never) : never

export type QuoteWish = {
  readonly bids?: Written
  readonly asks?: Written
  readonly market?: Partial<Market>
  readonly ageMs?: number
}

export type DeskWish = {
  readonly limits?: Partial<Limits>
  readonly deposit?: string
  readonly at?: Instant
  readonly record?: WhaleRecord
  /** Whether the start is over and wallets 1 to 3 are followed; so unless it says otherwise. */
  readonly isReady?: boolean
}

const BIDS: Written = [
  ['0.51', '5000'],
  ['0.5', '5000'],
]
const ASKS: Written = [
  ['0.52', '5000'],
  ['0.53', '5000'],
]

/**
 * The engine with a person, a whale and a venue around it, one call for each thing that they do. It keeps the time, hands every
 * input to `step` and gives back what was concluded.
 */
export class TestDesk {
  readonly state: EngineState = emptyState()
  readonly facts: Fact[] = []
  /** The effects of the latest input. */
  effects: readonly Effect[] = []
  at: Instant
  readonly #deposit: Usd
  readonly #limits: Limits
  #presses = 0

  constructor({ limits, deposit = '10000', at = HALF_PAST_NOON, record = GOOD_RECORD, isReady = true }: DeskWish = {}) {
    this.at = at
    this.#deposit = usd(deposit)
    this.#limits = { ...PRESETS.standard, ...limits }
    if (!isReady) return
    this.start()
    this.reportBooks()
    for (const number of [1, 2, 3]) {
      this.ask({ kind: 'follow', whale: wallet(number), name: `whale ${number}`, record })
    }
  }

  /** Hands in one input at the desk's time. */
  take(input: Unstamped): readonly Fact[] {
    const { facts, effects } = step(this.state, { ...input, at: this.at }, prepare)
    this.facts.push(...facts)
    this.effects = effects
    return facts
  }

  wait(ms: number): this {
    this.at = later(this.at, ms)
    return this
  }

  start(): readonly Fact[] {
    return this.take({ kind: 'started', deposit: this.#deposit, limits: this.#limits })
  }

  clockTurns(): readonly Fact[] {
    return this.take({ kind: 'clockTurned' })
  }

  fires(timer: Timer): readonly Fact[] {
    return this.take({ kind: 'timerFired', timer })
  }

  /** What a person types or presses, each time another press. */
  ask(instruction: Instruction, press = `press-${++this.#presses}`): readonly Fact[] {
    return this.take({ kind: 'instructed', asker: asker(press), instruction })
  }

  /** The same by another person, or from another place. */
  says(person: PersonId, instruction: Instruction, surface = 'console'): readonly Fact[] {
    const press = `press-${++this.#presses}`
    return this.take({ kind: 'instructed', asker: asker(press, person, surface), instruction })
  }

  /** A whale buys or sells in a market; its trade is told at once. */
  hears(number: number, over: Partial<WhaleTrade> = {}): SignalId {
    const told = trade(number, { happenedAt: this.at, ...over })
    this.take({ kind: 'whaleTraded', trade: told })
    return signalIdOf(told)
  }

  /** The book that a signal asked for arrives, for the round that it asked for. */
  quote(signal: SignalId, wish: QuoteWish = {}): readonly Fact[] {
    const asked = this.last('quoteAsked', fact => fact.signal === signal)
    return this.take({ kind: 'quoteArrived', signal, round: asked.round, quote: this.quoteFor(asked.token, wish) })
  }

  quoteFor(of: TokenId, wish: QuoteWish = {}): { readonly market: Market; readonly book: OrderBook } {
    const at = later(this.at, -(wish.ageMs ?? 0))
    const number = Math.floor((Number(of) - 1) / 10)
    return { market: market(number, wish.market), book: bookOf(of, wish.bids ?? BIDS, wish.asks ?? ASKS, at) }
  }

  /** A trade on its way until its order is sent. */
  orders(number: number, over: Partial<WhaleTrade> = {}, wish: QuoteWish = {}): OrderKey {
    const signal = this.hears(number, over)
    this.quote(signal, wish)
    return orderKeyOf(signal, 1)
  }

  /** A trade that is copied: the venue fills all of the order at the book that it was decided on. */
  copies(number: number, over: Partial<WhaleTrade> = {}, wish: QuoteWish = {}): OrderKey {
    const key = this.orders(number, over, wish)
    this.fillsWhole(key, wish)
    return key
  }

  /** The venue's answer: every level that the order crosses is a fill of its own. */
  fillsWhole(key: OrderKey, wish: QuoteWish = {}): readonly Fact[] {
    const { side, size, limit, token: of, feeRate } = this.intent(key)
    const met = walk(this.quoteFor(of, wish).book, side, size, limit)
    const fills = met.levels.map((level, index) => fill(`${key}#${index}`, level.size, level.price, side, feeRate))
    return this.answers(key, { kind: 'accepted', status: met.left === 0n ? 'filled' : 'killed', fills })
  }

  answers(order: OrderKey, answer: VenueAnswer): readonly Fact[] {
    return this.take({ kind: 'orderAnswered', order, answer })
  }

  reports(order: OrderKey, report: OrderReport): readonly Fact[] {
    return this.take({ kind: 'orderReported', order, report })
  }

  /** A fill of this order at its limit. */
  fill(key: OrderKey, id: string, size: Fill['size']): Fill {
    const { limit, side, feeRate } = this.intent(key)
    return fill(id, size, limit, side, feeRate)
  }

  marks(...marks: readonly (readonly [market: number, bid: string])[]): readonly Fact[] {
    return this.take({
      kind: 'marksArrived',
      marks: marks.map(([number, bid]) => ({ token: token(number), bid: price(bid) })),
    })
  }

  /** Market `number` comes to its end: what its first token pays, and its second the rest of a dollar. */
  resolves(number: number, pays: string): readonly Fact[] {
    const first = price(pays)
    return this.take({
      kind: 'marketResolved',
      condition: condition(number),
      payouts: [
        { token: token(number, 0), price: first },
        { token: token(number, 1), price: (1_000_000n - first) as typeof first },
      ],
    })
  }

  /** The venue's books as asked for last; the same as ours unless it says otherwise. */
  reportBooks(over: Partial<VenueBooks> = {}): readonly Fact[] {
    const { turn } = this.last('booksAsked')
    const { ledger, positions } = this.books
    const books = {
      cash: ledger.cash,
      positions: [...positions.values()].map(held => ({ token: held.token, size: held.shares })),
      ...over,
    }
    return this.take({ kind: 'booksReported', account: 'paper', turn, books })
  }

  get books(): AccountBooks {
    return needed(this.state.accounts.get('paper'), 'the paper account')
  }

  position(number: number): Position | undefined {
    return this.books.positions.get(token(number))
  }

  holding(number: number): Position {
    return needed(this.position(number), positionKey('paper', token(number)))
  }

  intent(key: OrderKey): OrderIntent {
    return needed(this.state.orders.get(key), key).intent
  }

  /** The latest fact of a kind. */
  last<Kind extends Fact['kind']>(kind: Kind, such: (fact: FactOf<Kind>) => boolean = () => true): FactOf<Kind> {
    const found = this.facts.findLast((fact): fact is FactOf<Kind> => fact.kind === kind && such(fact as FactOf<Kind>))
    return needed(found, kind)
  }

  all<Kind extends Fact['kind']>(kind: Kind): readonly FactOf<Kind>[] {
    return this.facts.filter((fact): fact is FactOf<Kind> => fact.kind === kind)
  }

  /** Why the latest refused signal was refused: all of the codes. */
  refusals(): readonly RefusalCode[] {
    return this.last('signalRefused').refusals.map(refusal => refusal.code)
  }
}

/** The kinds of some facts, in order: what happened, in one line. */
export function kindsOf(facts: readonly Fact[]): readonly Fact['kind'][] {
  return facts.map(fact => fact.kind)
}
