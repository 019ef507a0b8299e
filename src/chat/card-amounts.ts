import type { FactOf } from '../core/engine/fact.ts'
import { least, minus, mulDiv, plus, scaled, type Usd } from '../core/units/money.ts'
import type { Signal } from '../core/whale/signal.ts'
import type { AnnounceContext } from './announce-words.ts'

/** What a card may offer besides its own amount. Only what the limits would let through now: the engine asks them again. */
export type Amounts = {
  readonly half: Usd | undefined
  readonly double: Usd | undefined
  /** Whether any amount may be typed: not for an exit, which follows the whale in proportion. */
  readonly isFree: boolean
}

const CENT = 10_000n

export function amountsOffered(
  { limits, equity, notebook }: Pick<AnnounceContext, 'limits' | 'equity' | 'notebook'>,
  { origin, side }: Signal,
  { bound, after }: Pick<FactOf<'approvalAsked'>, 'bound' | 'after'>,
): Amounts {
  if (side === 'sell') return { half: undefined, double: undefined, isFree: false }
  const half = toCent(mulDiv(bound.dollars, 1n, 2n, 'down') as Usd)
  const double = toCent(plus(bound.dollars, bound.dollars))
  const own = origin.kind === 'whale' ? notebook.settings.get(origin.trade.whale)?.stakeMax : undefined
  const most = least(limits.stakeMax, scaled(equity, limits.positionPctMax), own ?? limits.stakeMax)
  const rooms = after === undefined ? [] : roomsOf(limits, after, bound.dollars)
  return {
    half: half >= limits.stakeMin ? half : undefined,
    double: [most, ...rooms].every(room => double <= room) ? double : undefined,
    isFree: true,
  }
}

/** What could be staked under each limit on exposure, with this card's own amount not yet counted. */
function roomsOf(
  limits: AnnounceContext['limits'],
  after: NonNullable<FactOf<'approvalAsked'>['after']>,
  own: Usd,
): readonly Usd[] {
  const room = (part: number, used: Usd): Usd => minus(scaled(after.equity, part), minus(used, own))
  return [
    room(limits.exposurePctMax, after.all),
    room(limits.marketPctMax, after.market),
    room(limits.categoryPctMax, after.category),
  ]
}

function toCent(amount: Usd): Usd {
  return (amount - (amount % CENT)) as Usd
}
