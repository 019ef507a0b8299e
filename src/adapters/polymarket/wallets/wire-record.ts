import { z } from 'zod'
import { type ConditionId, conditionId, type WhaleAddress, whaleAddress } from '../../../core/units/ids.ts'
import {
  greatest,
  MILLION,
  mulDiv,
  NO_SHARES,
  NO_USD,
  negated,
  type Price,
  plus,
  type Shares,
  type Usd,
} from '../../../core/units/money.ts'
import type { ClosedPosition, OpenHoldings, ServiceRecord } from '../../../core/whale/record.ts'
import {
  amount,
  anyPriceOf,
  type Fault,
  faultOf,
  flag,
  instantOf,
  nearestMillionths,
  sharesOf,
  text,
  usdOf,
} from '../wire.ts'

const positionShape = z.object({
  token_id: z.string(),
  condition_id: text,
  avg_price: amount.nullish(),
  entry_cost_usdc: amount.nullish(),
  entry_fees_usdc: amount.nullish(),
  total_cost_usdc: amount.nullish(),
  total_size: amount.nullish(),
  current_price: amount.nullish(),
  realized_pnl: amount.nullish(),
  total_pnl: amount.nullish(),
  unrealized_pnl: amount.nullish(),
  status: text,
  redeemable: flag,
  last_event_at: amount.nullish(),
  first_entry_at: amount.nullish(),
})

type PositionRow = z.infer<typeof positionShape>

/** A finished position under its token, so that one that is told under two states is counted once. */
export type ReadPosition = ClosedPosition & {
  readonly token: string
  readonly condition: ConditionId | undefined
  readonly isLost: boolean
}

/**
 * A finished position of `/v2/positions`. One that lost and was never redeemed still counts as held at the service, at a price
 * of 0, and its loss is not realised there; it is finished all the same.
 */
export function readClosedPosition(row: unknown): ReadPosition | Fault {
  const read = positionShape.safeParse(row)
  if (!read.success) return faultOf(read.error)
  const told = read.data
  const isLost = told.status === 'REDEEMABLE' && nearestMillionths(told.current_price ?? '') === 0n
  const profit = isLost ? usdOf(told.total_pnl) : usdOf(told.realized_pnl)
  const closedAt = instantOf(told.last_event_at)
  if (profit === undefined) return { fault: 'the profit is none' }
  if (closedAt === undefined) return { fault: 'the time is none' }
  const cost = costOf(told, profit)
  if (cost <= NO_USD) return { fault: 'nothing was paid for it' }
  const price = averagePriceOf(told, cost)
  if (price === undefined) return { fault: 'the average price is not in 0 to 1' }
  const openedAt = instantOf(told.first_entry_at)
  const condition = conditionId(told.condition_id ?? '')
  return { token: told.token_id, condition, isLost, cost, profit, price, closedAt, openedAt }
}

/**
 * What was paid in all. The service's cost is of what is still held, so a position sold in parts is worth more by its lifetime size
 * and average price, which know no fees: the largest of them is nearest to the truth. No loss is larger than what was paid.
 */
function costOf(row: PositionRow, profit: Usd): Usd {
  const entry = plus(usdOf(row.entry_cost_usdc) ?? NO_USD, usdOf(row.entry_fees_usdc) ?? NO_USD)
  const lifetime = mulDiv(sharesOf(row.total_size) ?? 0n, anyPriceOf(row.avg_price) ?? 0n, MILLION, 'up') as Usd
  const told = greatest(entry, lifetime, usdOf(row.total_cost_usdc) ?? NO_USD)
  return told > NO_USD ? greatest(told, negated(profit)) : NO_USD
}

function averagePriceOf(row: PositionRow, cost: Usd): Price | undefined {
  const told = anyPriceOf(row.avg_price)
  if (told !== undefined && told > 0n) return told
  const size: Shares = sharesOf(row.total_size) ?? NO_SHARES
  return size >= cost ? (mulDiv(cost, MILLION, size, 'up') as Price) : undefined
}

/**
 * A holding of `/v2/positions` in a market that is not over; `undefined` for one that can be redeemed, since the service counts
 * those among the open ones.
 */
export function readOpenPosition(row: unknown): Pick<OpenHoldings, 'cost' | 'profit'> | undefined | Fault {
  const read = positionShape.safeParse(row)
  if (!read.success) return faultOf(read.error)
  const told = read.data
  if (told.redeemable === true || told.status === 'REDEEMABLE' || told.status === 'CLOSED') return undefined
  const profit = usdOf(told.unrealized_pnl)
  if (profit === undefined) return { fault: 'the open profit is none' }
  const cost = usdOf(told.total_cost_usdc ?? told.entry_cost_usdc)
  if (cost === undefined || cost < NO_USD) return { fault: 'the cost is none' }
  return { cost: greatest(cost, negated(profit)), profit }
}

const standingShape = z.object({ rank: z.number(), user_id: z.string() })

/** One row of `/v2/leaderboard`. */
export function readStanding(row: unknown): { readonly rank: number; readonly whale: WhaleAddress } | Fault {
  const read = standingShape.safeParse(row)
  if (!read.success) return faultOf(read.error)
  const whale = whaleAddress(read.data.user_id)
  return whale === undefined ? { fault: 'the wallet is no address' } : { rank: read.data.rank, whale }
}

const userStatsShape = z.object({
  data: z
    .object({
      trades: z.number().nullish(),
      all_time_pnl: z.object({ realized_pnl: amount.nullish(), volume_usdc: amount.nullish() }).nullish(),
    })
    .nullish(),
})

/** A wallet's whole past in three figures (markets are what the service calls trades); `undefined` for one that it does not know. */
export function readUserStats(answer: unknown): ServiceRecord | undefined | Fault {
  const read = userStatsShape.safeParse(answer)
  if (!read.success) return faultOf(read.error)
  const stats = read.data.data
  if (stats == null) return undefined
  const sums = stats.all_time_pnl
  const markets = Number.isSafeInteger(stats.trades) && (stats.trades ?? -1) >= 0 ? stats.trades : undefined
  return { markets: markets ?? undefined, realised: usdOf(sums?.realized_pnl), volume: usdOf(sums?.volume_usdc) }
}
