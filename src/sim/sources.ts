import type { SourceStatus, StreamName } from '../core/risk/sight.ts'
import type { Instant } from '../core/units/ids.ts'
import { ONE, type Price, type Shares } from '../core/units/money.ts'
import type { Seeded } from '../core/units/seeded.ts'
import type { WhaleTrade } from '../core/whale/trade.ts'
import type { Clock } from '../ports/clock.ts'
import type { Faults } from './faults.ts'
import type { MarketWorld } from './market-world.ts'

export type SourceParts = {
  readonly seeded: Seeded
  readonly clock: Clock
  readonly markets: MarketWorld
  readonly faults: () => Faults
  /** What reaches the process, if there is one just now. */
  readonly hear: (trade: WhaleTrade) => void
  readonly see: (source: StreamName, status: SourceStatus, why: string) => void
}

const STREAMS: readonly StreamName[] = ['chain', 'activity']
/** A stream that is silent for this long is known to be. */
const STALE_AFTER_MS = 20_000
/** How late a late row is, and how much later an old one comes again. */
const LATE_MS = 90_000
const AGAIN_MS = 300_000
const SOON_MS = 4_000

/**
 * The two streams of the simulated world, each with troubles of its own: silence, loss, lateness, repetition, pieces, old rows
 * again, and now and then the other party's side of a deal.
 */
export class Sources {
  readonly #parts: SourceParts
  readonly #silentSince = new Map<StreamName, Instant>()
  readonly #status = new Map<StreamName, SourceStatus>(STREAMS.map(name => [name, 'live']))

  constructor(parts: SourceParts) {
    this.#parts = parts
  }

  /** A new process is told how every stream is doing. */
  greet(): void {
    for (const [name, status] of this.#status) this.#parts.see(name, status, 'as it was')
  }

  /** Streams fall silent and come back until the world ends. */
  async live(signal: AbortSignal): Promise<void> {
    const { seeded, clock, faults } = this.#parts
    while (!signal.aborted) {
      await clock.sleep(seeded.between(4_000, 12_000), signal)
      for (const name of STREAMS) this.#turn(name, seeded.chance(faults().silent))
    }
  }

  /** Each stream tells a trade in its own way, or not at all. A departure is only on the chain. */
  tell(trade: WhaleTrade): void {
    for (const name of STREAMS) {
      if (trade.how !== undefined && name === 'activity') continue
      const { seeded, faults } = this.#parts
      if (this.#silentSince.has(name) || seeded.chance(faults().missed)) continue
      for (const told of this.#tellings({
        ...trade,
        source: name,
        name: name === 'chain' ? trade.whale : trade.name,
      })) {
        this.#later(told, seeded.between(5, seeded.chance(faults().late) ? LATE_MS : SOON_MS))
      }
      if (seeded.chance(faults().old)) this.#later({ ...trade, source: name }, seeded.between(60_000, AGAIN_MS))
    }
  }

  #turn(name: StreamName, falls: boolean): void {
    const now = this.#parts.clock.now()
    const since = this.#silentSince.get(name)
    if (since === undefined) {
      if (falls) this.#silentSince.set(name, now)
      return
    }
    // Half of the silent ones come back at each turn; the rest become known as stale.
    if (this.#parts.faults().silent === 0 || this.#parts.seeded.chance(0.5)) {
      this.#silentSince.delete(name)
      this.#become(name, 'live')
    } else if (now - since >= STALE_AFTER_MS) this.#become(name, 'stale')
  }

  #become(name: StreamName, status: SourceStatus): void {
    if (this.#status.get(name) === status) return
    this.#status.set(name, status)
    this.#parts.see(name, status, 'it says nothing')
  }

  /** The trade as this stream tells it: whole or growing, often or once, and sometimes first from the other side. */
  #tellings(trade: WhaleTrade): readonly WhaleTrade[] {
    const { seeded, faults } = this.#parts
    const copies = seeded.chance(faults().repeated) ? 1 + seeded.whole(3) : 1
    const whole = Array.from({ length: copies }, () => trade)
    const part = seeded.chance(faults().pieces) ? [{ ...trade, size: (trade.size / 2n) as Shares }] : []
    const other = seeded.chance(faults().otherView) ? this.#otherView(trade) : []
    return [...other, ...part, ...whole]
  }

  /** The same deal in the terms of the other token: the same bet in other words, or the other party's. */
  #otherView(trade: WhaleTrade): readonly WhaleTrade[] {
    const market = this.#parts.markets.lifeOf(trade.condition)?.market
    const other = market?.outcomes.find(outcome => outcome.token !== trade.token)
    if (other === undefined || trade.how !== undefined) return []
    const isSameBet = this.#parts.seeded.chance(0.5)
    const opposite = trade.side === 'buy' ? 'sell' : 'buy'
    const price = (ONE - trade.price) as Price
    return [{ ...trade, token: other.token, outcome: other.name, price, side: isSameBet ? opposite : trade.side }]
  }

  #later(trade: WhaleTrade, ms: number): void {
    void this.#parts.clock.sleep(ms).then(() => this.#parts.hear(trade))
  }
}
