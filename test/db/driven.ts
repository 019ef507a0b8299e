import { prepare } from '../../src/adapters/simulated/venue.ts'
import type { Effect } from '../../src/core/engine/effect.ts'
import { step } from '../../src/core/engine/engine.ts'
import type { Entry } from '../../src/core/engine/entry.ts'
import type { Asker, Input, Instruction } from '../../src/core/engine/input.ts'
import { ENGINE_VERSION, type EngineState, emptyState } from '../../src/core/engine/state.ts'
import type { VenueAnswer } from '../../src/core/order/answer.ts'
import type { OrderIntent } from '../../src/core/order/order.ts'
import { PRESETS } from '../../src/core/risk/limits.ts'
import type { FillId, Instant, SignalId } from '../../src/core/units/ids.ts'
import { notional, type Price, price, shares, usd } from '../../src/core/units/money.ts'
import type { WhaleRecord } from '../../src/core/whale/record.ts'
import { ANNA, conditionNumber, NOON, tokenNumber, tradeNumber, whaleNumber } from './entries.ts'

type Unstamped = Input extends infer One ? (One extends Input ? Omit<One, 'at'> : never) : never

/** The engine itself with a world that always answers: the entries and the state that it really gives. */
export class Driven {
  readonly state: EngineState = emptyState()
  readonly entries: Entry[] = []
  /** By how many cents every book has moved. */
  cents = 0
  /** No book comes. */
  isSilent = false
  #at = NOON as number
  #presses = 0
  #fills = 0
  readonly #answer: (intent: OrderIntent) => VenueAnswer

  constructor(answer?: (intent: OrderIntent) => VenueAnswer) {
    this.#answer = answer ?? (intent => this.fills(intent))
    this.take({ kind: 'started', deposit: usd('10000'), limits: { ...PRESETS.standard, hourlyLossMax: usd('1000') } })
  }

  take(unstamped: Unstamped): void {
    const input = { ...unstamped, at: this.#at as Instant } as Input
    this.#at += 500
    const { facts, effects } = step(this.state, input, prepare)
    const seq = this.entries.length + 1
    if (facts.length > 0 || effects.length > 0) {
      this.entries.push({ seq, term: 1, input, facts, effects, engine: ENGINE_VERSION })
    }
    for (const effect of effects) this.#serve(effect)
  }

  instruct(instruction: Instruction, by: Partial<Asker> = {}): void {
    this.#presses += 1
    this.take({ kind: 'instructed', asker: { ...ANNA, press: `press-${this.#presses}`, ...by }, instruction })
  }

  trade(number: number, over: Parameters<typeof tradeNumber>[1] = {}): void {
    this.take({ kind: 'whaleTraded', trade: tradeNumber(number, { happenedAt: this.#at as Instant, ...over }) })
  }

  passMs(ms: number): void {
    this.#at += ms
    this.take({ kind: 'clockTurned' })
  }

  /** All of the order at the best price that the book shows. */
  fills({ size, side }: OrderIntent): VenueAnswer {
    this.#fills += 1
    const id = `fill-${this.#fills}` as FillId
    const at = this.#moved(side === 'buy' ? ASK : BID)
    const gross = notional(size, at, side === 'buy' ? 'up' : 'down')
    const fill = { id, price: at, size, notional: gross, fee: usd('0.01'), happenedAt: this.#at as Instant }
    return { kind: 'accepted', status: 'filled', fills: [fill] }
  }

  #serve(effect: Effect): void {
    switch (effect.kind) {
      case 'askBooks': {
        const books = this.state.accounts.get(effect.account)
        const positions = [...(books?.positions.values() ?? [])].map(({ token, shares: size }) => ({ token, size }))
        const cash = books?.ledger.cash ?? usd('0')
        this.take({
          kind: 'booksReported',
          account: effect.account,
          turn: effect.turn,
          books: { cash, positions },
        })
        return
      }
      case 'askRecord':
        this.take({ kind: 'whaleRecorded', whale: effect.whale, record: RECORD })
        return
      case 'askQuote':
        this.#quote(effect)
        return
      case 'sendOrder':
        this.take({ kind: 'orderAnswered', order: effect.order.key, answer: this.#answer(effect.order.intent) })
        return
      default:
        return
    }
  }

  #moved(at: Price): Price {
    return (at + BigInt(this.cents) * 10_000n) as Price
  }

  #quote({ signal, round, condition, token }: Extract<Effect, { kind: 'askQuote' }>): void {
    if (this.isSilent) return
    const level = (at: Price) => ({ price: this.#moved(at), size: shares('100000') })
    const outcomes = [
      { token, name: 'Yes' },
      { token: tokenNumber(99_999_999), name: 'No' },
    ] as const
    const market = {
      condition,
      title: '{"$map":1}',
      slug: 'a-market',
      category: `category ${condition.slice(-1)}`,
      outcomes,
      status: 'open',
      tick: price('0.01'),
      sizeMin: shares('5'),
      feeRate: 0n as Price,
      closesAt: undefined,
      liquidity: usd('500000'),
      isNegRisk: false,
    } as const
    const book = { token, bids: [level(BID)], asks: [level(ASK)], happenedAt: this.#at as Instant }
    this.take({ kind: 'quoteArrived', signal, round, quote: { market, book } })
  }
}

const BID = price('0.51')
const ASK = price('0.52')

const RECORD: WhaleRecord = {
  asOf: NOON,
  resolved: 400,
  won: 280,
  cost: usd('900000'),
  profit: usd('180000'),
  pricePaid: 0.55,
  sharpe: 0.4,
  recentReturn: 0.2,
  drawdown: 0.02,
  consistency: 0.9,
}

/** A day with something of everything: trades in and out, cards, refusals, a settlement, holds, modes and limits. */
export function eventfulDay(): Driven {
  const driven = new Driven()
  const paper = (approvals: boolean) => ({ kind: 'setMode', wish: { kind: 'paper', approvals } }) as const
  driven.instruct({ kind: 'follow', whale: whaleNumber(1), name: 'swordfish 12n', record: undefined })
  driven.instruct({ kind: 'follow', whale: whaleNumber(2), name: '~marlin', record: undefined })
  for (const number of [1, 2, 3]) driven.trade(number)
  driven.trade(4, { whale: whaleNumber(2) })
  driven.trade(5, { whale: whaleNumber(2), price: price('0.30') })
  driven.trade(11, { token: tokenNumber(1), condition: conditionNumber(1), side: 'sell', size: shares('400') })
  driven.trade(12, { token: tokenNumber(2), condition: conditionNumber(2), side: 'sell', size: shares('1200') })
  driven.instruct({ kind: 'setMode', wish: { kind: 'live' } })
  driven.instruct(paper(true))
  driven.instruct({ kind: 'setMode', wish: { kind: 'approval' } })
  for (const number of [6, 7, 8]) driven.trade(number)
  const [first, second] = [...driven.state.signals.keys()]
  if (first !== undefined) driven.instruct({ kind: 'approve', signal: first })
  if (second !== undefined) driven.instruct({ kind: 'reject', signal: second, why: 'too late' })
  driven.passMs(120_000)
  for (const signal of [...driven.state.signals.keys()]) {
    driven.take({ kind: 'timerFired', timer: { kind: 'approval', signal, round: 1 } })
  }
  driven.instruct(paper(false))
  driven.instruct({ kind: 'setLimit', name: 'stakeMax', value: usd('700') })
  driven.instruct({ kind: 'stop', why: 'lunch' })
  driven.trade(9)
  driven.instruct({ kind: 'resume' })
  driven.passMs(86_400_000)
  driven.instruct({ kind: 'close', token: tokenNumber(3), part: 500_000n, why: 'half is enough' })
  const payouts = [{ token: tokenNumber(1), price: price('1') }]
  driven.take({ kind: 'marketResolved', condition: conditionNumber(1), payouts })
  driven.trade(13, { token: tokenNumber(2), condition: conditionNumber(2), price: price('0.52') })
  driven.instruct({ kind: 'unfollow', whale: whaleNumber(2) })
  const worthless = [{ token: tokenNumber(4), price: price('0') }]
  driven.take({ kind: 'marketResolved', condition: conditionNumber(4), payouts: worthless })
  driven.instruct({ kind: 'setLimit', name: 'hourlyLossMax', value: usd('1') })
  driven.instruct({ kind: 'stop', why: 'good night' })
  return driven
}

/** Cards of every fate that needs two people, another amount, another price or a second thought. */
export function dayOfCards(): Driven {
  const driven = new Driven()
  const bert = { person: 'bert' as Asker['person'], surface: 'telegram' }
  const card = (number: number): SignalId => {
    driven.trade(number)
    return [...driven.state.signals.keys()].at(-1) as SignalId
  }
  driven.instruct({ kind: 'follow', whale: whaleNumber(1), name: 'swordfish', record: undefined })
  driven.instruct({ kind: 'setMode', wish: { kind: 'paper', approvals: true } })
  driven.instruct({ kind: 'setLimit', name: 'approvalPersonsFrom', value: usd('100') })
  driven.instruct({ kind: 'setLimit', name: 'approvalPersons', value: 2 })
  const agreed = card(1)
  driven.instruct({ kind: 'approve', signal: agreed })
  driven.instruct({ kind: 'approve', signal: agreed, round: 1, dollars: usd('150') }, bert)
  driven.instruct({ kind: 'approve', signal: agreed, round: 1 })
  driven.instruct({ kind: 'approve', signal: agreed, round: 2 })
  const moved = card(2)
  driven.cents = 3
  driven.instruct({ kind: 'approve', signal: moved, dollars: usd('60') }, bert)
  driven.instruct({ kind: 'reject', signal: moved, why: 'too dear' })
  driven.cents = 0
  const vetoed = card(3)
  driven.isSilent = true
  driven.instruct({ kind: 'approve', signal: vetoed, dollars: usd('70') })
  driven.instruct({ kind: 'reject', signal: vetoed, why: 'wait' }, bert)
  driven.isSilent = false
  const explained = card(4)
  driven.instruct({ kind: 'reject', signal: explained, why: '' }, bert)
  driven.instruct({ kind: 'reject', signal: explained, why: 'too late' }, bert)
  return driven
}
