import type { Entry } from '../../core/engine/entry.ts'
import { type DealKey, dealKeyOf, type Instant, isRestOf, type SignalId } from '../../core/units/ids.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'

/** What a trial found: every deal of the truth against the signals that were made. All the lists should be empty. */
export type TrialFindings = {
  readonly deals: number
  readonly signals: number
  readonly joined: number
  readonly copied: number
  readonly refused: ReadonlyMap<string, number>
  readonly lost: readonly DealKey[]
  readonly twice: readonly DealKey[]
  /** Signals of deals that never were. */
  readonly invented: readonly DealKey[]
  readonly tooOld: readonly SignalId[]
  readonly holds: ReadonlyMap<string, number>
}

/** Reads the journal as it is written, and compares it with what really happened in the end. */
export class TrialAudit {
  readonly #tradeAgeMaxMs: number
  readonly #owners = new Map<DealKey, SignalId[]>()
  readonly #happened = new Map<SignalId, Instant>()
  readonly #tooOld: SignalId[] = []
  readonly #refused = new Map<string, number>()
  readonly #holds = new Map<string, number>()
  #joined = 0
  #copied = 0

  constructor(tradeAgeMaxMs: number) {
    this.#tradeAgeMaxMs = tradeAgeMaxMs
  }

  read(entries: readonly Entry[]): void {
    for (const entry of entries) {
      for (const fact of entry.facts) {
        switch (fact.kind) {
          case 'signalOpened':
            if (fact.signal.origin.kind === 'whale') this.#own(fact.signal.origin.trade, fact.signal.id)
            break
          case 'tradeJoined':
            this.#joined += 1
            this.#own(fact.trade, fact.signal)
            break
          case 'orderPlanned': {
            const ageMs = entry.input.at - (this.#happened.get(fact.intent.signal) ?? entry.input.at)
            if (ageMs > this.#tradeAgeMaxMs) this.#tooOld.push(fact.intent.signal)
            break
          }
          case 'signalCopied':
            this.#copied += 1
            break
          case 'signalRefused':
            for (const { code } of fact.refusals) this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1)
            break
          case 'holdPlaced':
            this.#holds.set(fact.hold.by, (this.#holds.get(fact.hold.by) ?? 0) + 1)
            break
          default:
        }
      }
    }
  }

  /** Whether anything is known of a deal by now. */
  knows(deal: DealKey): boolean {
    return this.#owners.has(deal)
  }

  findings(truth: ReadonlyMap<DealKey, number>, ever: ReadonlySet<DealKey>): TrialFindings {
    const lost = [...truth.keys()].filter(deal => !this.#owners.has(deal))
    // What a sale grew by is followed by a signal of its own, named after the deal.
    const twice = [...this.#owners].filter(([deal, [, ...others]]) => others.some(other => !isRestOf(other, deal)))
    const invented = [...this.#owners.keys()].filter(deal => !ever.has(deal))
    return {
      deals: truth.size,
      signals: this.#happened.size,
      joined: this.#joined,
      copied: this.#copied,
      refused: this.#refused,
      lost,
      twice: twice.map(([deal]) => deal),
      invented,
      tooOld: this.#tooOld,
      holds: this.#holds,
    }
  }

  #own(trade: WhaleTrade, signal: SignalId): void {
    this.#happened.set(signal, this.#happened.get(signal) ?? trade.happenedAt)
    if (trade.how !== undefined) return
    const deal = dealKeyOf(trade)
    const owners = this.#owners.get(deal) ?? []
    if (!owners.includes(signal)) this.#owners.set(deal, [...owners, signal])
  }
}
