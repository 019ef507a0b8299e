import type { SourceName } from '../../core/risk/sight.ts'
import { type SignalId, signalIdOf } from '../../core/units/ids.ts'
import type { WhaleTrade } from '../../core/whale/trade.ts'
import { Latest } from './latest.ts'

/** From the arrival of a frame to the signal made of it, in milliseconds, over the latest signals of one source. */
export type OwnPartView = {
  readonly source: SourceName
  readonly signals: number
  readonly p50Ms: number | undefined
  readonly p99Ms: number | undefined
}

/** Trades that are under way at once; most never become a signal, and are forgotten as others come. */
const UNDER_WAY_MAX = 1_000
/** Signals that the figures are of. */
const SIGNALS_MAX = 1_000

/** Measures our own part of the way from a whale's trade to our signal: what is under our control, the network's part left out. */
export class OwnPart {
  readonly #nowMs: () => number
  readonly #underWay = new Map<SignalId, { readonly source: SourceName; readonly receivedMs: number }>()
  readonly #taken = new Map<SourceName, Latest>()

  /** `nowMs` counts as `performance.now()` does. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs
  }

  /** A frame told this trade. The first telling counts: it is the one that the signal is made of. */
  started(trade: WhaleTrade, source: SourceName, receivedMs: number): void {
    const id = signalIdOf(trade)
    if (this.#underWay.has(id)) return
    this.#underWay.set(id, { source, receivedMs })
    const [oldest] = this.#underWay.keys()
    if (this.#underWay.size > UNDER_WAY_MAX && oldest !== undefined) this.#underWay.delete(oldest)
  }

  /** The engine has made a signal of it. Anything else than a trade that was started is passed over. */
  signalled(id: SignalId): void {
    const from = this.#underWay.get(id)
    if (from === undefined) return
    this.#underWay.delete(id)
    const taken = this.#taken.get(from.source) ?? new Latest(SIGNALS_MAX)
    this.#taken.set(from.source, taken)
    taken.add(this.#nowMs() - from.receivedMs)
  }

  views(): readonly OwnPartView[] {
    return [...this.#taken].map(([source, taken]) => {
      const { p50, p99 } = taken.ranks()
      return { source, signals: taken.count(), p50Ms: p50, p99Ms: p99 }
    })
  }
}
