import { estimate, NO_USD, plus, type Usd } from '../units/money.ts'
import type { ClosedPosition } from './record.ts'
import { effectiveOf } from './record-figures.ts'

/** How a whale did in the markets of one category. */
export type CategoryRecord = {
  readonly category: string
  readonly resolved: number
  readonly won: number
  readonly cost: Usd
  readonly profit: Usd
  /** The mean price paid, 0 to 1. */
  readonly pricePaid: number
  /** As in the whole record. */
  readonly effective?: number | undefined
}

/** What a record lists: the venue's menu has about as many, and a record is journaled whenever it changes. */
export const CATEGORIES_MAX = 12
/** Where the rest goes; it is also what a market without a category of its own is called. */
export const OTHER_CATEGORY = 'other'
/** With fewer markets a category says nothing of its own that the whole record does not say better. */
export const CATEGORY_LONG_ENOUGH = 30

/**
 * The record by category, the one with the most markets first; beyond `CATEGORIES_MAX` the small ones are one. `undefined` where no
 * position has a category. Positions whose category is not known are in none, so the parts may be less than the whole.
 */
export function categoriesOf(closed: readonly ClosedPosition[]): readonly CategoryRecord[] | undefined {
  const byName = new Map<string, ClosedPosition[]>()
  for (const position of closed) {
    if (position.category === undefined) continue
    const same = byName.get(position.category)
    if (same === undefined) byName.set(position.category, [position])
    else same.push(position)
  }
  if (byName.size === 0) return undefined
  return bounded(byName).map(([category, positions]) => sumOf(category, positions))
}

/** The record of one category, where it is long enough to be looked at by itself. */
export function ownOf(
  categories: readonly CategoryRecord[] | undefined,
  category: string | undefined,
): CategoryRecord | undefined {
  const found = category === undefined ? undefined : categories?.find(one => one.category === category)
  return found === undefined || found.resolved < CATEGORY_LONG_ENOUGH ? undefined : found
}

type Named = readonly [string, readonly ClosedPosition[]]

function bounded(byName: ReadonlyMap<string, readonly ClosedPosition[]>): readonly Named[] {
  const named = [...byName].filter(([name]) => name !== OTHER_CATEGORY).sort(larger)
  const kept = named.slice(0, CATEGORIES_MAX - 1)
  const rest = [...(byName.get(OTHER_CATEGORY) ?? []), ...named.slice(kept.length).flatMap(([, list]) => list)]
  return rest.length === 0 ? kept : [...kept, [OTHER_CATEGORY, rest] as const]
}

/** By number, then by name, so that one record has one order. */
function larger([name, list]: Named, [otherName, otherList]: Named): number {
  return otherList.length - list.length || (name < otherName ? -1 : 1)
}

function sumOf(category: string, positions: readonly ClosedPosition[]): CategoryRecord {
  return {
    category,
    resolved: positions.length,
    won: positions.filter(({ profit }) => profit > NO_USD).length,
    cost: positions.reduce((sum, { cost }) => plus(sum, cost), NO_USD),
    profit: positions.reduce((sum, { profit }) => plus(sum, profit), NO_USD),
    pricePaid: positions.reduce((sum, { price }) => sum + estimate(price), 0) / positions.length,
    effective: effectiveOf(positions.map(({ cost }) => cost)),
  }
}
