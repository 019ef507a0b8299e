import type { Instant, TokenId, WhaleAddress } from '../core/units/ids.ts'
import { minus, NO_SHARES, NO_USD, type Price, plus, type Shares, usd, ZERO } from '../core/units/money.ts'
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
  readonly #holdings = new Map<string, Shares>()
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
    const pace = this.#seeded.between(3_000, 25_000)
    while (!signal.aborted) {
      await this.#clock.sleep(this.#seeded.between(0.2, 1.8) * pace, signal)
      if (this.#clock.now() >= until || signal.aborted) return
      const life = this.#seeded.pick(this.#markets.lives)
      if (life.resolved !== undefined) continue
      const outcome = this.#seeded.chance(0.5) ? 0 : 1
      const held = this.holding(whale, life.market.outcomes[outcome].token)
      if (held > NO_SHARES && this.#seeded.chance(0.6)) {
        const part = (held / this.#seeded.pick([1n, 2n, 4n])) as Shares
        if (this.#seeded.chance(this.#faults().leaves)) this.#leave(whale, life, outcome, part)
        else this.#trade(whale, life, outcome, 'sell', part)
        continue
      }
      const size = (BigInt(1 + this.#seeded.whole(400_000)) * 10_000n) as Shares
      const slices = this.#seeded.chance(this.#faults().slices) ? 2 + this.#seeded.whole(4) : 1
      for (let slice = 0; slice < slices; slice += 1) {
        this.#trade(whale, life, outcome, 'buy', size)
        await this.#clock.sleep(this.#seeded.whole(900), signal)
      }
    }
  }

  /** What the wallet holds of a token now. */
  holding(whale: WhaleAddress, token: TokenId): Shares {
    return this.#holdings.get(`${whale}:${token}`) ?? NO_SHARES
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

  #trade(whale: WhaleAddress, life: MarketLife, outcome: 0 | 1, side: 'buy' | 'sell', size: Shares): void {
    const chosen = life.market.outcomes[outcome]
    const book = this.#markets.bookNow(chosen.token)
    const at: Price | undefined = side === 'buy' ? book?.asks[0]?.price : book?.bids[0]?.price
    if (at === undefined || size <= 0n) return
    this.#happens({ ...this.#deed(whale, life, outcome, size), side, price: at })
  }

  /** Shares leave without an order; a transfer to nowhere in particular may be seen by no stream at all. */
  #leave(whale: WhaleAddress, life: MarketLife, outcome: 0 | 1, size: Shares): void {
    if (size <= 0n) return
    const how = this.#seeded.pick(['merge', 'transfer', 'conversion'] as const)
    this.#happens({ ...this.#deed(whale, life, outcome, size), side: 'sell', how, price: ZERO })
  }

  #deed(whale: WhaleAddress, life: MarketLife, outcome: 0 | 1, size: Shares): Omit<WhaleTrade, 'side' | 'price'> {
    const chosen = life.market.outcomes[outcome]
    this.#number += 1
    return {
      transaction: `0x${this.#number.toString(16).padStart(64, '0')}`,
      whale,
      name: `whale ${whale.slice(-1)}`,
      token: chosen.token,
      condition: life.market.condition,
      size,
      title: life.market.title,
      outcome: chosen.name,
      happenedAt: this.#clock.now(),
      source: 'sweep',
    }
  }

  #happens(trade: WhaleTrade): void {
    const key = `${trade.whale}:${trade.token}`
    const before = this.#holdings.get(key) ?? NO_SHARES
    this.#holdings.set(key, trade.side === 'buy' ? plus(before, trade.size) : minus(before, trade.size))
    this.trades.push(trade)
    this.#tell(trade)
  }
}
