import { type Level, type OrderBook, orderBook } from '../core/market/book.ts'
import type { Market } from '../core/market/market.ts'
import type { Payout } from '../core/order/answer.ts'
import { assert } from '../core/units/brand.ts'
import type { ConditionId, Instant, TokenId } from '../core/units/ids.ts'
import { ONE, type Price, price, type Shares, type Usd, ZERO } from '../core/units/money.ts'
import type { Seeded } from '../core/units/seeded.ts'
import type { Clock } from '../ports/clock.ts'

/** A market of the simulated world: a price that wanders on the grid, and an end. */
export type MarketLife = {
  readonly market: Market
  /** The middle of the first token's book, in cents. */
  cents: number
  book: OrderBook
  resolved: readonly Payout[] | undefined
}

const CENT = 10_000n

/** Markets that drift by themselves and resolve, with books that mirror each other. */
export class MarketWorld {
  readonly lives: readonly MarketLife[]
  readonly #byToken = new Map<TokenId, { readonly life: MarketLife; readonly isFirst: boolean }>()
  readonly #seeded: Seeded
  readonly #clock: Clock

  constructor(seeded: Seeded, clock: Clock, lengthMs: number) {
    this.#seeded = seeded
    this.#clock = clock
    this.lives = Array.from({ length: 3 + seeded.whole(5) }, (_, number) => this.#newLife(number, lengthMs))
    for (const life of this.lives) {
      const [first, second] = life.market.outcomes
      this.#byToken.set(first.token, { life, isFirst: true })
      this.#byToken.set(second.token, { life, isFirst: false })
    }
  }

  /** Moves every price about once a second until the run ends. */
  async drift(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.sleep(this.#seeded.between(500, 3_000), signal)
      for (const life of this.lives) if (life.resolved === undefined) this.#move(life)
    }
  }

  lifeOf(condition: ConditionId): MarketLife | undefined {
    return this.lives.find(life => life.market.condition === condition)
  }

  /** The market as the venue would tell it now. */
  marketNow(life: MarketLife): Market {
    return life.resolved === undefined ? life.market : { ...life.market, status: 'closed' }
  }

  bookNow(token: TokenId): OrderBook | undefined {
    const found = this.#byToken.get(token)
    if (found === undefined || found.life.resolved !== undefined) return undefined
    return found.isFirst ? found.life.book : mirrored(found.life.book, token)
  }

  #newLife(number: number, lengthMs: number): MarketLife {
    const seeded = this.#seeded
    const id = (100 + number).toString(16).padStart(64, '0')
    // The last ones end a minute before the world does, so that their payouts can come in.
    const closesAt = (this.#clock.now() + Math.floor(lengthMs * seeded.between(0.3, 1.45))) as Instant
    const market: Market = {
      condition: `0x${id}` as ConditionId,
      title: `Does it happen, number ${number}?`,
      slug: `number-${number}`,
      category: seeded.pick(['politics', 'crypto', 'sports']),
      outcomes: [
        { token: `${1000 + number * 2}` as TokenId, name: 'Yes' },
        { token: `${1001 + number * 2}` as TokenId, name: 'No' },
      ],
      status: 'open',
      tick: price('0.01'),
      sizeMin: 5_000_000n as Shares,
      feeRate: seeded.pick([price('0'), price('0.04'), price('0.07')]),
      closesAt,
      liquidity: BigInt(1_000 + seeded.whole(200_000)) as unknown as Usd,
      isNegRisk: false,
    }
    const cents = 15 + seeded.whole(70)
    const scaledMarket = { ...market, liquidity: (BigInt(market.liquidity) * 1_000_000n) as Usd }
    const life: MarketLife = {
      market: scaledMarket,
      cents,
      book: this.#bookAt(market.outcomes[0].token, cents),
      resolved: undefined,
    }
    return life
  }

  #move(life: MarketLife): void {
    const { closesAt } = life.market
    if (closesAt !== undefined && this.#clock.now() >= closesAt) {
      const firstWins = this.#seeded.chance(life.cents / 100)
      const [first, second] = life.market.outcomes
      life.resolved = [
        { token: first.token, price: firstWins ? ONE : ZERO },
        { token: second.token, price: firstWins ? ZERO : ONE },
      ]
      return
    }
    const step = this.#seeded.chance(0.05) ? this.#seeded.whole(21) - 10 : this.#seeded.whole(3) - 1
    life.cents = Math.min(95, Math.max(5, life.cents + step))
    life.book = this.#bookAt(life.market.outcomes[0].token, life.cents)
  }

  #bookAt(token: TokenId, cents: number): OrderBook {
    const half = 1 + this.#seeded.whole(2)
    const side = (sign: 1 | -1): readonly Level[] =>
      Array.from({ length: this.#seeded.whole(5) }, (_, depth) => cents + sign * (half + depth))
        .filter(at => at > 0 && at < 100)
        .map(at => ({ price: (BigInt(at) * CENT) as Price, size: this.#size() }))
    const made = orderBook(token, side(-1), side(1), this.#clock.now())
    assert(!('fault' in made), 'the world makes sound books')
    return made
  }

  #size(): Shares {
    return (BigInt(1 + this.#seeded.whole(60_000)) * CENT) as Shares
  }
}

/** What the other token's book must be: to sell one is to buy the other. */
function mirrored(book: OrderBook, token: TokenId): OrderBook {
  const other = (level: Level): Level => ({ price: (ONE - level.price) as Price, size: level.size })
  return { token, bids: book.asks.map(other), asks: book.bids.map(other), happenedAt: book.happenedAt }
}
