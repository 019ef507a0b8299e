import type { Level } from '../../core/market/book.ts'
import { unreachable } from '../../core/units/brand.ts'
import { decimal } from '../../core/units/money.ts'
import type { Archived } from '../../ports/archive.ts'
import { type Introduced, nameIn } from './line-read.ts'

/**
 * One event as a line of our own, without its line break. Amounts are decimal text, so that no reader's float touches them;
 * what is as usual (a book that happened when it was taken in) and what the market's line said already is left out. `introduced`
 * is that market, if the file has its line; payouts stand in the order of its outcomes, for readers that go by place.
 */
export function lineOf(event: Archived, introduced: Introduced | undefined): string {
  return JSON.stringify(rowOf(event, introduced))
}

function rowOf(event: Archived, introduced: Introduced | undefined): Record<string, unknown> {
  const { kind, at } = event
  switch (event.kind) {
    case 'market': {
      const { market } = event
      return {
        kind,
        at,
        conditionId: market.condition,
        tokens: market.outcomes.map(({ token }) => token),
        outcomes: market.outcomes.map(({ name }) => name),
        title: market.title,
        slug: market.slug,
        category: market.category,
        tick: decimal(market.tick),
        minSize: decimal(market.sizeMin),
        feeRate: decimal(market.feeRate),
        closesAt: market.closesAt,
        liquidity: decimal(market.liquidity),
        status: market.status === 'open' ? undefined : market.status,
        isNegRisk: market.isNegRisk ? true : undefined,
      }
    }
    case 'book': {
      const { token, bids, asks, happenedAt } = event.book
      return { kind, at, token, bids: bids.map(pair), asks: asks.map(pair), happenedAt: unless(happenedAt, at) }
    }
    case 'trade': {
      const { trade } = event
      return {
        kind,
        at,
        tx: trade.transaction,
        wallet: trade.whale,
        name: trade.name,
        token: trade.token,
        conditionId: trade.condition,
        side: trade.side === 'buy' ? 'BUY' : 'SELL',
        price: decimal(trade.price),
        size: decimal(trade.size),
        title: unless(trade.title, introduced?.title),
        outcome: unless(trade.outcome, introduced && nameIn(introduced, trade.token)),
        happenedAt: unless(trade.happenedAt, at),
        source: unless(trade.source, 'archive'),
      }
    }
    case 'resolution': {
      const places = new Map(introduced?.outcomes.map(({ token }, index) => [token, index]))
      const payouts = [...event.payouts].sort(
        (one, other) => (places.get(one.token) ?? 0) - (places.get(other.token) ?? 0),
      )
      return {
        kind,
        at,
        conditionId: event.condition,
        tokens: payouts.map(({ token }) => token),
        payouts: payouts.map(({ price }) => decimal(price)),
      }
    }
    default:
      return unreachable(event)
  }
}

function pair({ price, size }: Level): readonly [string, string] {
  return [decimal(price), decimal(size)]
}

function unless<T>(value: T, usual: T | undefined): T | undefined {
  return value === usual ? undefined : value
}
