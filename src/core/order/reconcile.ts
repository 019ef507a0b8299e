import type { TokenId } from '../units/ids.ts'
import { minus, NO_SHARES, type Shares, type Usd } from '../units/money.ts'
import type { VenueBooks } from './answer.ts'

/** Where the venue's books and ours say different things: what we believe, what it says. */
export type Difference =
  | { readonly kind: 'cash'; readonly ours: Usd; readonly theirs: Usd }
  | { readonly kind: 'position'; readonly token: TokenId; readonly ours: Shares; readonly theirs: Shares }

/** Less than a cent, or a hundredth of a share, is rounding of theirs and not a difference. The simulated venue has none of it. */
export type Dust = { readonly cash: Usd; readonly shares: Shares }

/** Compares in full; an empty list means that both sides agree but for dust. */
export function differences(
  ours: { readonly cash: Usd; readonly positions: ReadonlyMap<TokenId, Shares> },
  theirs: VenueBooks,
  dust: Dust,
): readonly Difference[] {
  const found: Difference[] = []
  if (beyond(minus(ours.cash, theirs.cash), dust.cash)) {
    found.push({ kind: 'cash', ours: ours.cash, theirs: theirs.cash })
  }
  const said = new Map(theirs.positions.map(position => [position.token, position.size]))
  for (const token of new Set([...ours.positions.keys(), ...said.keys()])) {
    const own = ours.positions.get(token) ?? NO_SHARES
    const other = said.get(token) ?? NO_SHARES
    if (beyond(minus(own, other), dust.shares)) found.push({ kind: 'position', token, ours: own, theirs: other })
  }
  return found
}

function beyond(difference: bigint, dust: bigint): boolean {
  return difference > dust || difference < -dust
}
