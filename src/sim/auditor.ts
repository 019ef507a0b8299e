import type { VenueRecord } from '../adapters/simulated/exchange.ts'
import type { Entry } from '../core/engine/entry.ts'
import type { Fact } from '../core/engine/fact.ts'
import type { StateView } from '../core/engine/state.ts'
import {
  type DealKey,
  dealKeyOf,
  type Instant,
  isRestOf,
  type OrderKey,
  type SignalId,
  type TokenId,
} from '../core/units/ids.ts'
import { decimal } from '../core/units/money.ts'
import type { WhaleTrade } from '../core/whale/trade.ts'
import { ApprovalAuditor } from './approval-auditor.ts'
import { AuditError } from './audit-error.ts'

/** The worlds leave this limit as it is. */
const TRADE_AGE_MAX_MS = 60_000

/**
 * Keeps books of its own from the venue's side, in the simplest way it can be done, and a list of what every signal came to.
 * It shares no arithmetic with the engine: where the two agree to the last millionth, both are likely to be right.
 */
export class Auditor {
  /** Who said yes and no to what. */
  readonly approvals = new ApprovalAuditor()
  /** Cash and shares, added up from what the venue carried out. */
  #cash = 0n
  readonly #held = new Map<TokenId, bigint>()
  readonly #sentTimes = new Map<string, number>()
  readonly #carriedOut = new Set<OrderKey>()
  readonly #halting = new Set<string>()
  /** From the journal: what was planned, and what became of each signal. */
  readonly #planned = new Map<OrderKey, bigint>()
  readonly #plannedFor = new Map<SignalId, number>()
  readonly #opened = new Set<SignalId>()
  /** Which signal each deal of a wallet belongs to, and how old the trade was that a signal is about. */
  readonly #owners = new Map<DealKey, Set<SignalId>>()
  readonly #happened = new Map<SignalId, Instant>()
  readonly #approved = new Set<SignalId>()
  readonly #verdicts = new Map<SignalId, string>()
  #lastSeq = 0

  /** The venue carried something out. */
  seeVenue(record: VenueRecord): void {
    if (record.kind === 'deposited') this.#cash += record.amount
    if (record.kind === 'ordered') {
      const { key } = record.intent
      if (this.#carriedOut.has(key)) throw new AuditError(`order ${key} is carried out twice`)
      this.#carriedOut.add(key)
      for (const fill of record.fills) this.#seeFill(record.intent, fill)
      this.approvals.seeFills(record)
    }
    if (record.kind === 'redeemed') {
      for (const { token, price } of record.payouts) {
        this.#cash += ((this.#held.get(token) ?? 0n) * price) / 1_000_000n
        this.#held.delete(token)
      }
    }
  }

  /** An order leaves for the venue: its plan must be on record, it must leave once, and nothing on record may halt trading. */
  seeSend(id: string, key: OrderKey): void {
    const [halting] = this.#halting
    if (halting !== undefined) throw new AuditError(`order ${key} is sent although ${halting} halts trading`)
    if (!this.#planned.has(key)) throw new AuditError(`order ${key} is sent before its plan is on record`)
    this.approvals.seeSend(key)
    const times = (this.#sentTimes.get(id) ?? 0) + 1
    this.#sentTimes.set(id, times)
    if (times > 1) throw new AuditError(`order ${key} is sent ${times} times`)
  }

  /** An entry became durable. */
  seeEntry(entry: Entry): void {
    if (entry.seq !== this.#lastSeq + 1) throw new AuditError(`entry ${entry.seq} follows ${this.#lastSeq}`)
    this.#lastSeq = entry.seq
    for (const fact of entry.facts) this.#seeFact(fact, entry.input.at)
    this.approvals.seeEntry(entry)
  }

  /** After every round: the sums that the engine keeps beside its books are what its books add up to. */
  checkState(state: StateView): void {
    let leaving = 0n
    for (const signal of state.signals.values()) if (signal.origin.kind === 'whale') leaving += signal.exit
    same('what exits on their way will sell', sum(state.leaving.values()), leaving)
    for (const books of state.accounts.values()) {
      const { cash, positions, fees, realised, deposits } = books.ledger
      same('the ledger', cash + positions + fees + realised + deposits, 0n)
      let cost = 0n
      let marked = 0n
      for (const position of books.positions.values()) {
        cost += position.cost
        marked += (position.shares * position.mark) / 1_000_000n
        let lots = 0n
        for (const lot of position.lots.values()) lots += lot.ours
        if (lots > position.shares) throw new AuditError(`the lots of ${position.token} hold more than the position`)
      }
      let reserved = 0n
      for (const key of state.openOrders) reserved += state.orders.get(key)?.reserved ?? 0n
      same('what positions cost', positions, cost)
      same('what positions are worth', books.marked, marked)
      same('what is set aside', books.reserved, reserved)
      same('exposure by market', sum(books.exposedByMarket.values()), books.exposed)
      same('exposure by category', sum(books.exposedByCategory.values()), books.exposed)
    }
  }

  /** At the end, with faults over: nothing hangs, and both sides' books are equal to the last millionth. */
  checkEnd(state: StateView): void {
    const books = state.accounts.get('paper')
    if (books === undefined) throw new AuditError('the account was never opened')
    if (state.signals.size > 0) throw new AuditError(`${state.signals.size} signals are without a verdict`)
    if (state.openOrders.size > 0) throw new AuditError(`${state.openOrders.size} orders are without an end`)
    if (books.redeeming.size > 0) throw new AuditError('a redemption is still under way')
    if (state.holds.has('recovery')) throw new AuditError('recovery did not come to an end')
    if (state.holds.has('reconciliation')) throw new AuditError('the books came to differ')
    same('cash at the venue', books.ledger.cash, this.#cash)
    for (const token of new Set([...books.positions.keys(), ...this.#held.keys()])) {
      same(`shares of ${token}`, books.positions.get(token)?.shares ?? 0n, this.#held.get(token) ?? 0n)
    }
    for (const id of this.#opened) if (!this.#verdicts.has(id)) throw new AuditError(`signal ${id} has no verdict`)
  }

  /** Every trade that could have been heard of became a signal, or a part of one, and of no second. */
  checkHeard(deal: DealKey): void {
    const owners = [...(this.#owners.get(deal) ?? [])]
    const [first] = owners
    if (first === undefined) throw new AuditError(`the trade ${deal} was lost`)
    // What a sale grew by is followed by a signal of its own, named after the deal, also where the sale itself joined another.
    const other = owners.find(owner => owner !== first && !isRestOf(owner, deal))
    if (other !== undefined) throw new AuditError(`the trade ${deal} became ${first} and ${other}`)
  }

  verdicts(): ReadonlyMap<SignalId, string> {
    return this.#verdicts
  }

  #seeFill(
    intent: { readonly side: 'buy' | 'sell'; readonly token: TokenId },
    fill: { readonly size: bigint; readonly price: bigint; readonly fee: bigint },
  ): void {
    const exact = fill.size * fill.price
    const up = exact % 1_000_000n === 0n ? exact / 1_000_000n : exact / 1_000_000n + 1n
    const held = this.#held.get(intent.token) ?? 0n
    this.#cash += intent.side === 'buy' ? -(up + fill.fee) : exact / 1_000_000n - fill.fee
    const after = intent.side === 'buy' ? held + fill.size : held - fill.size
    if (after < 0n) throw new AuditError(`more of ${intent.token} is sold than was bought`)
    if (after === 0n) this.#held.delete(intent.token)
    else this.#held.set(intent.token, after)
  }

  #own(trade: WhaleTrade, signal: SignalId): void {
    const deal = dealKeyOf(trade)
    this.#owners.set(deal, (this.#owners.get(deal) ?? new Set()).add(signal))
  }

  #seeFact(fact: Fact, at: Instant): void {
    switch (fact.kind) {
      case 'signalOpened': {
        const { id, origin } = fact.signal
        if (this.#opened.has(id)) throw new AuditError(`signal ${id} was opened twice`)
        this.#opened.add(id)
        if (origin.kind === 'person') return
        this.#own(origin.trade, id)
        this.#happened.set(id, origin.trade.happenedAt)
        return
      }
      case 'tradeJoined':
        this.#own(fact.trade, fact.signal)
        return
      case 'approvalGiven':
        this.#approved.add(fact.signal)
        return
      case 'orderPlanned': {
        const { key, signal } = fact.intent
        const oldMs = at - (this.#happened.get(signal) ?? at)
        if (oldMs > TRADE_AGE_MAX_MS && !this.#approved.has(signal))
          throw new AuditError(`signal ${signal} is acted on although its trade is ${oldMs} ms old`)
        const times = (this.#plannedFor.get(signal) ?? 0) + 1
        this.#plannedFor.set(signal, times)
        this.#planned.set(key, fact.intent.size)
        if (times > 1) throw new AuditError(`signal ${signal} is copied ${times} times`)
        if (this.#verdicts.has(signal)) throw new AuditError(`signal ${signal} is ordered after its verdict`)
        return
      }
      case 'holdPlaced':
        if (fact.hold.effect === 'halt') this.#halting.add(fact.hold.by)
        return
      case 'breakerOpened':
        this.#halting.add(fact.opening.by)
        return
      case 'holdReleased':
        this.#halting.delete(fact.holder)
        return
      case 'breakerReset':
        this.#halting.delete(fact.breaker)
        return
      case 'signalCopied':
        this.#verdict(fact.signal, 'copied')
        return
      case 'signalRefused':
        if (this.#plannedFor.has(fact.signal))
          throw new AuditError(`signal ${fact.signal} was refused after it was ordered`)
        this.#verdict(fact.signal, 'refused')
        return
      case 'signalDeclined':
        this.#verdict(fact.signal, 'declined')
        return
      case 'signalExpired':
        this.#verdict(fact.signal, 'expired')
        return
      case 'signalWithdrawn':
        this.#verdict(fact.signal, 'withdrawn')
        return
      default:
    }
  }

  #verdict(signal: SignalId, verdict: string): void {
    const before = this.#verdicts.get(signal)
    if (before !== undefined) throw new AuditError(`signal ${signal} ended twice: ${before}, ${verdict}`)
    this.#verdicts.set(signal, verdict)
  }
}

function same(what: string, ours: bigint, theirs: bigint): void {
  if (ours === theirs) return
  throw new AuditError(`${what}: ours ${decimal(ours as never)}, the auditor's ${decimal(theirs as never)}`)
}

function sum(values: Iterable<bigint>): bigint {
  let total = 0n
  for (const value of values) total += value
  return total
}
