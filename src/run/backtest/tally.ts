import { verdictOf } from '../../core/engine/explain.ts'
import { type Fact, signalOf, signalOfOrder } from '../../core/engine/fact.ts'
import { type EngineState, equityOf } from '../../core/engine/state.ts'
import { netProfit } from '../../core/ledger/ledger.ts'
import type { RefusalCode } from '../../core/risk/refusals.ts'
import { assert } from '../../core/units/brand.ts'
import { type SignalId, signalIdOf } from '../../core/units/ids.ts'
import { minus, NO_USD, negated, notional, type Price, plus, type Usd } from '../../core/units/money.ts'
import type { Verdict } from '../../core/whale/signal.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'
import type { Recording } from '../../ports/archive.ts'

export type Summary = {
  readonly recording: string
  readonly trades: number
  readonly signals: number
  readonly verdicts: Readonly<Record<Verdict, number>>
  /** By code, the most frequent first; a signal may have been refused for several reasons. */
  readonly refusals: readonly (readonly [RefusalCode, number])[]
  readonly bought: Usd
  readonly sold: Usd
  readonly fees: Usd
  /** What our purchases cost beyond the whale's own prices for the same shares, before fees; negative where we paid less. */
  readonly slippage: Usd
  /** Bought notional of which the slippage is known. */
  readonly slippageOf: Usd
  /** Realised and open together, before and after fees. */
  readonly grossProfit: Usd
  readonly netProfit: Usd
  readonly equity: Usd
  readonly openPositions: number
  readonly won: number
  readonly lost: number
  readonly notes: readonly string[]
}

/** Adds up a run from its facts as they come, so that a backtest of any length needs the same memory. */
export class Tally {
  readonly #verdicts: Record<Verdict, number> = { copied: 0, refused: 0, declined: 0, expired: 0, withdrawn: 0 }
  readonly #refusals = new Map<RefusalCode, number>()
  readonly #whalePrices = new Map<SignalId, Price>()
  readonly #notes = new Map<string, number>()
  #heard = 0
  #signals = 0
  #bought = NO_USD
  #sold = NO_USD
  #fees = NO_USD
  #slippage = NO_USD
  #slippageOf = NO_USD

  heard(trade: WhaleTrade): void {
    this.#heard += 1
    this.#whalePrices.set(signalIdOf(trade), trade.price)
  }

  note(what: string): void {
    this.#notes.set(what, (this.#notes.get(what) ?? 0) + 1)
  }

  take(entries: readonly { readonly facts: readonly Fact[] }[]): void {
    for (const entry of entries) for (const fact of entry.facts) this.#takeFact(fact)
  }

  summary(state: EngineState | undefined, recording: Recording): Summary {
    const books = state?.accounts.get('paper')
    const equity = books === undefined ? NO_USD : equityOf(books)
    const deposits = books === undefined ? NO_USD : negated(books.ledger.deposits)
    const ended = Object.values(this.#verdicts).reduce((sum, count) => sum + count, 0)
    assert(ended === this.#signals, 'every signal of a backtest has ended in one verdict')
    const net = minus(equity, deposits)
    if (books !== undefined && books.positions.size === 0) {
      assert(net === netProfit(books.ledger), 'with nothing open the profit is the one that the ledger realised')
    }
    return {
      recording: recording.name,
      trades: this.#heard,
      signals: this.#signals,
      verdicts: this.#verdicts,
      refusals: [...this.#refusals].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1)),
      bought: this.#bought,
      sold: this.#sold,
      fees: this.#fees,
      slippage: this.#slippage,
      slippageOf: this.#slippageOf,
      grossProfit: plus(net, this.#fees),
      netProfit: net,
      equity,
      openPositions: books?.positions.size ?? 0,
      won: books?.performance.won ?? 0,
      lost: books?.performance.lost ?? 0,
      notes: [...recording.notes(), ...[...this.#notes].map(([what, count]) => `${what} (${count})`)],
    }
  }

  #takeFact(fact: Fact): void {
    if (fact.kind === 'signalOpened') this.#signals += 1
    if (fact.kind === 'orderFilled') this.#fill(fact)
    if (fact.kind === 'signalRefused') {
      for (const { code } of fact.refusals) this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1)
    }
    const verdict = verdictOf(fact)
    const signal = signalOf(fact)
    if (verdict !== undefined && signal !== undefined) this.#end(signal, verdict)
  }

  #end(signal: SignalId, verdict: Verdict): void {
    this.#verdicts[verdict] += 1
    this.#whalePrices.delete(signal)
  }

  #fill({ order, fill }: Extract<Fact, { kind: 'orderFilled' }>): void {
    const signal = signalOfOrder(order)
    this.#fees = plus(this.#fees, fill.fee)
    const side = signal.endsWith(':buy') ? 'buy' : 'sell'
    if (side === 'sell') {
      this.#sold = plus(this.#sold, fill.notional)
      return
    }
    this.#bought = plus(this.#bought, fill.notional)
    const whalePrice = this.#whalePrices.get(signal)
    if (whalePrice === undefined) return
    this.#slippage = plus(this.#slippage, minus(fill.notional, notional(fill.size, whalePrice, 'up')))
    this.#slippageOf = plus(this.#slippageOf, fill.notional)
  }
}
