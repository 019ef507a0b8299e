import type { Instant, WhaleAddress } from '../core/units/ids.ts'
import { NO_USD, type Price, type Shares, usd } from '../core/units/money.ts'
import type { Seeded } from '../core/units/seeded.ts'
import type { WhaleRecord } from '../core/whale/record.ts'
import type { WhaleTrade } from '../core/whale/trade.ts'
import type { Clock } from '../ports/clock.ts'
import type { Faults } from './faults.ts'
import type { MarketLife, MarketWorld } from './market-world.ts'

/** The whales of the simulated world, and all they ever did: what a Data API would still show. */
export class WhaleWorld {
  readonly addresses: readonly WhaleAddress[]
  readonly trades: WhaleTrade[] = []
  readonly #seeded: Seeded
  readonly #clock: Clock
  readonly #markets: MarketWorld
  readonly #faults: () => Faults
  readonly #tell: (trade: WhaleTrade) => void
  #number = 0

  constructor(
    seeded: Seeded,
    clock: Clock,
    markets: MarketWorld,
    faults: () => Faults,
    tell: (trade: WhaleTrade) => void,
  ) {
    this.#seeded = seeded
    this.#clock = clock
    this.#markets = markets
    this.#faults = faults
    this.#tell = tell
    this.addresses = Array.from(
      { length: 2 + seeded.whole(4) },
      (_, number) => `0x${(0xabc0 + number).toString(16).padStart(40, '0')}` as WhaleAddress,
    )
  }

  /** One whale's life: it waits, trades, and the world hears of it in its own ways. */
  async live(whale: WhaleAddress, until: Instant, signal: AbortSignal): Promise<void> {
    const bought: { readonly life: MarketLife; readonly outcome: 0 | 1; readonly size: Shares }[] = []
    const pace = this.#seeded.between(3_000, 25_000)
    while (!signal.aborted) {
      await this.#clock.sleep(this.#seeded.between(0.2, 1.8) * pace, signal)
      if (this.#clock.now() >= until || signal.aborted) return
      const life = this.#seeded.pick(this.#markets.lives)
      if (life.resolved !== undefined) continue
      const sale =
        bought.length > 0 && this.#seeded.chance(0.35) ? bought[this.#seeded.whole(bought.length)] : undefined
      if (sale !== undefined && sale.life.resolved === undefined) {
        const part = this.#seeded.pick([1n, 2n, 4n])
        this.#trade(whale, sale.life, sale.outcome, 'sell', (sale.size / part) as Shares)
        continue
      }
      const outcome = this.#seeded.chance(0.5) ? 0 : 1
      const size = (BigInt(1 + this.#seeded.whole(400_000)) * 10_000n) as Shares
      if (this.#trade(whale, life, outcome, 'buy', size)) bought.push({ life, outcome, size })
    }
  }

  /** A past good enough to be copied, mostly. */
  recordOf(whale: WhaleAddress, asOf: Instant): WhaleRecord {
    const seeded = this.#seeded.fork(`record ${whale}`)
    const isGood = seeded.chance(0.8)
    const resolved = isGood ? 200 + seeded.whole(200) : seeded.whole(40)
    return {
      asOf,
      resolved,
      won: Math.floor(resolved * (isGood ? 0.68 : 0.4)),
      cost: usd('100000'),
      profit: isGood ? usd('24000') : NO_USD,
      pricePaid: 0.52,
      sharpe: isGood ? 0.5 : -0.1,
      recentReturn: isGood ? 0.2 : -0.1,
      drawdown: isGood ? 0.05 : 0.5,
      consistency: isGood ? 0.8 : 0.3,
    }
  }

  #trade(whale: WhaleAddress, life: MarketLife, outcome: 0 | 1, side: 'buy' | 'sell', size: Shares): boolean {
    const chosen = life.market.outcomes[outcome]
    const book = this.#markets.bookNow(chosen.token)
    const at: Price | undefined = side === 'buy' ? book?.asks[0]?.price : book?.bids[0]?.price
    if (at === undefined || size <= 0n) return false
    this.#number += 1
    const trade: WhaleTrade = {
      transaction: `0x${this.#number.toString(16).padStart(64, '0')}`,
      whale,
      name: `whale ${whale.slice(-1)}`,
      token: chosen.token,
      condition: life.market.condition,
      side,
      price: at,
      size,
      title: life.market.title,
      outcome: chosen.name,
      happenedAt: this.#clock.now(),
      source: 'activity',
    }
    this.trades.push(trade)
    this.#spread(trade)
    return true
  }

  /** How a trade reaches us: late, twice, or not at all until the sweep; so the order of arrival is not the order of trading. */
  #spread(trade: WhaleTrade): void {
    const faults = this.#faults()
    if (this.#seeded.chance(faults.missed)) return
    const copies = this.#seeded.chance(faults.repeated) ? 1 + this.#seeded.whole(3) : 1
    for (let copy = 0; copy < copies; copy += 1) {
      const longMs = this.#seeded.chance(faults.late) ? 90_000 : 4_000
      void this.#clock.sleep(this.#seeded.between(5, longMs)).then(() => this.#tell(trade))
    }
  }
}
