import { inMemory } from '../adapters/simulated/record.ts'
import { simulatedVenue } from '../adapters/simulated/venue.ts'
import { type Instant, instant, type OrderId, type WhaleAddress } from '../core/units/ids.ts'
import type { Usd } from '../core/units/money.ts'
import type { Seeded } from '../core/units/seeded.ts'
import type { WhaleTrade } from '../core/whale/trade.ts'
import type { Clock } from '../ports/clock.ts'
import { FeedError, type MarketData, type WhaleActivity, type WhaleHistory } from '../ports/feeds.ts'
import type { Venue } from '../ports/venue.ts'
import type { Auditor } from './auditor.ts'
import type { Faults } from './faults.ts'
import type { MarketWorld } from './market-world.ts'
import type { Sabotage } from './sabotage.ts'
import type { WhaleWorld } from './whale-world.ts'

/** The services count with a delay: this long a row may be missing from an answer. */
const ROWS_LATE_MS = 90_000

export type ConnectionParts = {
  readonly seeded: Seeded
  readonly clock: Clock
  readonly markets: MarketWorld
  readonly whales: WhaleWorld
  readonly auditor: Auditor
  readonly deposit: Usd
  readonly sabotage: Sabotage
  readonly faults: () => Faults
  /** A quote is about to be told: now and then somebody stops everything in that very moment. */
  readonly quoted: (source: Seeded) => void
  /** Takes what is found wrong. */
  readonly fail: (error: unknown) => void
}

/** Everything between a process and the world: the venue, the market data, the whales' past, each with its faults. */
export class Connections {
  readonly venueItself: Venue
  readonly #parts: ConnectionParts

  constructor(parts: ConnectionParts) {
    this.#parts = parts
    this.venueItself = this.#openVenue()
  }

  /** The venue as the process sees it: its requests may land although the process that sent them has died. */
  venue(number: number, life: AbortSignal): Venue {
    const source = this.#parts.seeded.fork(`venue ${number}`)
    const venue = this.venueItself
    return {
      ...venue,
      send: async (order, signal) => {
        this.#watch(() => this.#parts.auditor.seeSend(order.id, order.key))
        const lands = source.chance(this.#parts.faults().landsAfterDeath)
        if (this.#parts.sabotage === 'send again under another identity') {
          this.#watched(venue.send({ ...order, id: `${order.id} again` as OrderId }, signal))
        }
        const answer = await venue.send(order, lands ? new AbortController().signal : life)
        const isFailed = this.#parts.sabotage === 'take unknown for failed' && answer.kind === 'unknown'
        return isFailed ? { kind: 'rejected', reason: answer.why } : answer
      },
      redeem: async (condition, payouts, signal) => {
        if (source.chance(this.#parts.faults().redeemFails)) throw new Error('the venue did not answer')
        return venue.redeem(condition, payouts, signal)
      },
      books: async signal => {
        if (source.chance(this.#parts.faults().booksFail)) throw new Error('the venue did not answer')
        return venue.books(signal)
      },
    }
  }

  /** Markets and books as we are told them: late, old, or not at all. */
  data(number: number): MarketData {
    const source = this.#parts.seeded.fork(`data ${number}`)
    const truth = this.#truth()
    const late = async (signal: AbortSignal): Promise<void> => {
      await this.#parts.clock.sleep(source.between(5, 300), signal)
      if (source.chance(this.#parts.faults().dataFails)) throw new FeedError('markets', 'HTTP 503')
    }
    return {
      market: async (condition, signal) => {
        await late(signal)
        return truth.market(condition, signal)
      },
      book: async (token, signal) => {
        const before = this.#parts.markets.bookNow(token)
        await late(signal)
        if (before !== undefined && source.chance(this.#parts.faults().staleBook)) {
          return { ...before, happenedAt: instant(before.happenedAt - source.whole(60_000)) }
        }
        this.#parts.quoted(source)
        return truth.book(token, signal)
      },
      payouts: async condition => this.#parts.markets.lifeOf(condition)?.resolved,
    }
  }

  /** The whales' past, told late or not at all. */
  history(number: number): WhaleHistory {
    const source = this.#parts.seeded.fork(`history ${number}`)
    return {
      record: async (whale, at, signal) => {
        await this.#parts.clock.sleep(source.between(50, 2_000), signal)
        if (source.chance(this.#parts.faults().historyFails)) throw new FeedError('history', 'HTTP 429')
        return this.#parts.whales.recordOf(whale, at)
      },
      profile: async () => undefined,
      named: async () => [],
      leaders: async () => this.#parts.whales.addresses,
    }
  }

  /** What wallets did, asked for afterwards: not answered now and then, and without the latest rows for a while. */
  activity(number: number): WhaleActivity {
    const source = this.#parts.seeded.fork(`activity ${number}`)
    const { clock, whales, faults } = this.#parts
    const answer = async (): Promise<void> => {
      await clock.sleep(source.between(20, 800))
      if (source.chance(faults().activityFails)) throw new FeedError('activity', 'HTTP 503')
    }
    const rows = async (whale: WhaleAddress, since: Instant, isWanted: (trade: WhaleTrade) => boolean) => {
      const askedAt = clock.now()
      await answer()
      const isLate = (trade: WhaleTrade): boolean =>
        askedAt - trade.happenedAt < ROWS_LATE_MS && source.chance(faults().rowsLate)
      return whales.trades.filter(
        trade =>
          trade.whale === whale &&
          trade.happenedAt >= since &&
          trade.happenedAt <= askedAt &&
          isWanted(trade) &&
          !isLate(trade),
      )
    }
    return {
      since: (whale, since) => rows(whale, since, trade => trade.how === undefined),
      departures: (whale, since) => rows(whale, since, trade => trade.how === 'merge'),
      holdings: async (whale, conditions) => {
        await answer()
        const tokens = conditions.flatMap(condition => this.#parts.markets.lifeOf(condition)?.market.outcomes ?? [])
        return new Map(tokens.map(({ token }) => [token, whales.holding(whale, token)]))
      },
      lagMs: async () => 0,
    }
  }

  /** The venue itself, which outlives the process. */
  #openVenue(): Venue {
    const source = this.#parts.seeded.fork('venue')
    const memory = inMemory()
    return simulatedVenue({
      account: 'paper',
      data: {
        ...this.#truth(),
        market: async condition => {
          const life = this.#parts.markets.lifeOf(condition)
          if (life === undefined) return undefined
          const market = this.#parts.markets.marketNow(life)
          return source.chance(this.#parts.faults().venuePauses) ? { ...market, status: 'paused' } : market
        },
      },
      clock: this.#parts.clock,
      memory: {
        ...memory,
        append: record => {
          memory.append(record)
          this.#watch(() => this.#parts.auditor.seeVenue(record))
        },
      },
      deposit: this.#parts.deposit,
      latencyMs: () => source.between(5, 400),
      mishap: () => {
        const faults = this.#parts.faults()
        if (source.chance(faults.lostBefore)) return 'lost before'
        return source.chance(faults.lostAfter) ? 'lost after' : 'none'
      },
    })
  }

  /** Markets and books as they are, for the venue. */
  #truth(): Pick<MarketData, 'market' | 'book'> {
    return {
      market: async condition => {
        const life = this.#parts.markets.lifeOf(condition)
        return life === undefined ? undefined : this.#parts.markets.marketNow(life)
      },
      book: async token => this.#parts.markets.bookNow(token),
    }
  }

  /** What an observer finds wrong ends the world, wherever it was found. */
  #watch(look: () => void): void {
    try {
      look()
    } catch (error) {
      this.#parts.fail(error)
    }
  }

  #watched(work: Promise<unknown>): void {
    work.catch(this.#parts.fail)
  }
}
