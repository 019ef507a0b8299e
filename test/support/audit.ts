import { expect } from 'vitest'
import { netProfit } from '../../src/core/ledger/ledger.ts'
import type { TestDesk } from './desk.ts'

/** Adds up every sum that the state keeps beside its books once more, in the simplest way, and what was told beside what is. */
export function audit({ state, facts }: TestDesk): void {
  for (const books of state.accounts.values()) {
    const { cash, positions, fees, realised, deposits } = books.ledger
    expect(cash + positions + fees + realised + deposits, 'the ledger').toBe(0n)
    const byMarket = new Map<string, bigint>()
    const byCategory = new Map<string, bigint>()
    const expose = (market: string, category: string, amount: bigint): void => {
      if (amount === 0n) return
      byMarket.set(market, (byMarket.get(market) ?? 0n) + amount)
      byCategory.set(category, (byCategory.get(category) ?? 0n) + amount)
    }
    let cost = 0n
    let marked = 0n
    let reserved = 0n
    for (const position of books.positions.values()) {
      cost += position.cost
      marked += (position.shares * position.mark) / 1_000_000n
      expose(position.condition, position.category, position.cost)
      const lots = [...position.lots.values()].reduce((sum, lot) => sum + lot.ours, 0n)
      expect(position.shares > 0n && lots <= position.shares, 'the lots of a position').toBe(true)
      expect(books.tokensOf.get(position.condition)?.has(position.token), 'the tokens of a market').toBe(true)
    }
    for (const key of state.openOrders) {
      const order = state.orders.get(key)
      reserved += order?.reserved ?? 0n
      expose(order?.intent.condition ?? '', order?.market.category ?? '', order?.reserved ?? 0n)
    }
    expect(positions, 'what positions cost').toBe(cost)
    expect(books.marked, 'what positions are worth').toBe(marked)
    expect(books.reserved, 'what is set aside').toBe(reserved)
    expect(books.exposed, 'exposure').toBe(cost + reserved)
    expect(books.exposedByMarket, 'exposure by market').toEqual(byMarket)
    expect(books.exposedByCategory, 'exposure by category').toEqual(byCategory)
    const told = facts.reduce((sum, fact) => (fact.kind === 'profitRealised' ? sum + fact.profit : sum), 0n)
    expect(netProfit(books.ledger), 'profit').toBe(told)
  }
  const undecided = [...state.signals.values()].filter(signal => signal.stage.kind !== 'ordered')
  const listed = [...state.undecided.values()].flatMap(ids => [...ids])
  expect(new Set(listed), 'what has no order yet').toEqual(new Set(undecided.map(signal => signal.id)))
  for (const [key, order] of state.orders) {
    expect(order.filled <= order.intent.size, 'fills').toBe(true)
    expect(state.openOrders.has(key) || state.closedOrders.has(key), 'an order is open or closed').toBe(true)
    if (!state.openOrders.has(key)) expect(order.reserved, 'a closed order').toBe(0n)
  }
}
