import type { Account, Fill } from '../order/order.ts'
import { assert } from '../units/brand.ts'
import type { ConditionId, Instant, TokenId, WhaleAddress } from '../units/ids.ts'
import {
  least,
  minus,
  mulDiv,
  NO_SHARES,
  NO_USD,
  notional,
  type Price,
  plus,
  type Shares,
  type Usd,
} from '../units/money.ts'

/** What one whale's trades have to do with a position: our shares because of it, and its own that we followed. */
export type Lot = { readonly ours: Shares; readonly theirs: Shares }

/** Whose trade a fill follows; `undefined` for a person's own. */
export type Cause = { readonly whale: WhaleAddress; readonly theirs: Shares } | undefined

/** Shares of one outcome that are held, at average cost. */
export type Position = {
  readonly account: Account
  readonly token: TokenId
  readonly condition: ConditionId
  readonly category: string
  readonly title: string
  readonly outcome: string
  readonly shares: Shares
  /** What the shares that are held cost, without fees. */
  readonly cost: Usd
  /** Fees paid and profit realised over its life, to tell in the end whether it was won or lost. */
  readonly fees: Usd
  readonly realised: Usd
  /** What a share could be sold for when last asked: the best bid. */
  readonly mark: Price
  readonly openedAt: Instant
  readonly lots: ReadonlyMap<WhaleAddress, Lot>
}

export type PositionFacts = Pick<Position, 'account' | 'token' | 'condition' | 'category' | 'title' | 'outcome'>

/** The most whales whose lots one position keeps apart; a further one is followed in, but not separately out. */
const LOTS_MAX = 50

export function positionKey(account: Account, token: TokenId): string {
  return `${account}:${token}`
}

export function opened(facts: PositionFacts, mark: Price, at: Instant): Position {
  return {
    ...facts,
    shares: NO_SHARES,
    cost: NO_USD,
    fees: NO_USD,
    realised: NO_USD,
    mark,
    openedAt: at,
    lots: new Map(),
  }
}

export function afterBuy(position: Position, fill: Fill, cause: Cause): Position {
  return {
    ...position,
    shares: plus(position.shares, fill.size),
    cost: plus(position.cost, fill.notional),
    fees: plus(position.fees, fill.fee),
    lots: lotsAfterBuy(position.lots, fill.size, cause),
  }
}

/** The cost that leaves with `size` shares: all of it with the last, else its part rounded up, so that profit is never overstated. */
export function costOf(position: Position, size: Shares): Usd {
  assert(size <= position.shares, 'no more is sold than is held')
  if (size === position.shares) return position.cost
  return mulDiv(position.cost, size, position.shares, 'up') as Usd
}

export function afterSale(
  position: Position,
  size: Shares,
  proceeds: Usd,
  fee: Usd,
  whale: WhaleAddress | undefined,
): Position {
  const cost = costOf(position, size)
  return {
    ...position,
    shares: minus(position.shares, size),
    cost: minus(position.cost, cost),
    fees: plus(position.fees, fee),
    realised: plus(position.realised, minus(proceeds, cost)),
    lots: lotsAfterSale(position.lots, position.shares, size, whale),
  }
}

/** What the shares would bring at the mark. */
export function markedValue(position: Position): Usd {
  return notional(position.shares, position.mark, 'down')
}

/**
 * The shares to sell when a whale sells `sold` of its own: the same part of our lot as it gives up of what we followed,
 * all of the lot when it gives up as much or more. Nothing where we hold nothing because of it.
 *
 * `leaving` is what earlier sales of the same whale will still take out of the lot: whales sell in slices, faster than we can follow.
 */
export function exitSize(position: Position, whale: WhaleAddress, sold: Shares, leaving: Shares = NO_SHARES): Shares {
  const lot = position.lots.get(whale)
  if (lot === undefined || lot.ours <= leaving) return NO_SHARES
  const staying = minus(lot.ours, leaving)
  if (sold >= lot.theirs) return staying
  return mulDiv(staying, sold, lot.theirs, 'up') as Shares
}

/** Notes that a whale has given up shares that we followed, whether or not ours could be sold. */
export function afterWhaleSold(position: Position, whale: WhaleAddress, sold: Shares): Position {
  const lot = position.lots.get(whale)
  if (lot === undefined) return position
  const theirs = sold >= lot.theirs ? NO_SHARES : minus(lot.theirs, sold)
  return { ...position, lots: new Map(position.lots).set(whale, { ...lot, theirs }) }
}

/** Notes that a whale has bought more of what we followed it into. */
export function afterWhaleBought(position: Position, whale: WhaleAddress, size: Shares): Position {
  const lot = position.lots.get(whale)
  if (lot === undefined) return position
  return { ...position, lots: new Map(position.lots).set(whale, { ...lot, theirs: plus(lot.theirs, size) }) }
}

function lotsAfterBuy(lots: Position['lots'], size: Shares, cause: Cause): Position['lots'] {
  if (cause === undefined || (!lots.has(cause.whale) && lots.size >= LOTS_MAX)) return lots
  const lot = lots.get(cause.whale) ?? { ours: NO_SHARES, theirs: NO_SHARES }
  return new Map(lots).set(cause.whale, { ours: plus(lot.ours, size), theirs: plus(lot.theirs, cause.theirs) })
}

/** A sale for one whale comes out of its lot first; what is beyond it, and a person's sale, comes out of all in proportion. */
function lotsAfterSale(
  lots: Position['lots'],
  held: Shares,
  size: Shares,
  whale: WhaleAddress | undefined,
): Position['lots'] {
  if (size === held) return new Map()
  const after = new Map(lots)
  const own = whale === undefined ? undefined : after.get(whale)
  const fromOwn = own === undefined ? NO_SHARES : least(own.ours, size)
  if (whale !== undefined && own !== undefined) after.set(whale, { ...own, ours: minus(own.ours, fromOwn) })
  const rest = minus(size, fromOwn)
  for (const [address, lot] of after) {
    // Up, so that the lots never come to more than the position.
    const part = rest === NO_SHARES ? NO_SHARES : (mulDiv(lot.ours, rest, minus(held, fromOwn), 'up') as Shares)
    const ours = minus(lot.ours, part)
    if (ours === NO_SHARES) after.delete(address)
    else after.set(address, { ...lot, ours })
  }
  return after
}
