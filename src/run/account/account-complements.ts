import type { Complement, Relation } from '../../adapters/archive/wallet-complements.ts'
import { counted } from './account-report.ts'

const MEANINGS: Readonly<Record<Relation, string>> = {
  own: 'the wallet’s own order, told alike: it was the taker',
  minted: 'another’s order: it bought the other outcome at one less the price, and a pair was minted',
  handedOver: 'another’s order: it took the other side of the wallet’s own',
  merged: 'another’s order: it sold the other outcome at one less the price, and a pair was merged',
  unrelated: 'no telling that could be one match with the wallet’s',
}

/** What the market's telling of each fill is, and how often it is of another size, which a telling of the same order could not be. */
export function complementLines(fills: readonly Complement[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { relation } of fills) counts.set(MEANINGS[relation], (counts.get(MEANINGS[relation]) ?? 0) + 1)
  const larger = fills.filter(({ own, market }) => market.size > own.size)
  const transactions = new Set(fills.map(({ own }) => own.transaction))
  return [
    `fills told twice   ${fills.length}, in ${transactions.size} transactions`,
    ...counted(counts),
    `of another size    ${larger.length}: the other took from more makers than this wallet`,
  ]
}
