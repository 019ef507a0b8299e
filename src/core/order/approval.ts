import type { Limits } from '../risk/limits.ts'
import type { Instant, PersonId } from '../units/ids.ts'
import { floorTo, mulDiv, NO_USD, type Shares, shares, type Usd } from '../units/money.ts'
import type { Bound } from '../whale/signal.ts'

/** How a card that had waited for people came to its end, kept a while so that a press that comes too late is told. */
export type Decision = {
  readonly kind: 'approved' | 'declined' | 'expired' | 'withdrawn' | 'refused'
  readonly person: PersonId | undefined
  readonly surface: string
  readonly at: Instant | undefined
}

/** How many ended cards are remembered: those of hours. */
export const DECISIONS_MAX = 1_000

/** A card is asked about again at most so often: a price that keeps running is not run after. */
export const ROUNDS_MAX = 8
/** How long a card waits that is asked again: whoever pressed is looking. */
export const AGAIN_WAIT_MS = 30_000

/** The venue takes sizes of two decimals. */
export const SIZE_STEP = shares('0.01')

/** How many people have to say yes to a trade of so many dollars. */
export function personsNeeded(
  { approvalPersons, approvalPersonsFrom }: Pick<Limits, 'approvalPersons' | 'approvalPersonsFrom'>,
  dollars: Usd,
): number {
  return dollars > approvalPersonsFrom ? approvalPersons : 1
}

/** What rounding may have kept out of a cost: a fee is cut to hundred-thousandths. With more shares it comes in again. */
const CUT_MAX = 10n

/**
 * The bound for another amount at the same price: as many shares as `wish` buys at worst. `fixed` is the part of a cost that
 * does not grow with the size, which is set aside first, so that the whole never costs more than was wished.
 */
export function boundFor(bound: Bound, wish: Usd, fixed: Usd): Bound {
  const most = atLeastNothing(wish - fixed - CUT_MAX)
  const size = mulDiv(bound.size, most, atLeastOne(bound.dollars - fixed + CUT_MAX), 'down') as Shares
  return { ...bound, wish, dollars: wish, size: floorTo(size, SIZE_STEP) }
}

function atLeastNothing(amount: bigint): bigint {
  return amount > NO_USD ? amount : 0n
}

function atLeastOne(amount: bigint): bigint {
  return amount > 0n ? amount : 1n
}
