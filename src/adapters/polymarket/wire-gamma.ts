import { z } from 'zod'
import type { Market, Outcome } from '../../core/market/market.ts'
import type { Payout } from '../../core/order/answer.ts'
import { type ConditionId, conditionId, type Instant, instant, type TokenId, tokenId } from '../../core/units/ids.ts'
import { MILLION, type Price, type Shares, type Usd } from '../../core/units/money.ts'
import { amount, anyPriceOf, bounded, type Fault, faultOf, flag, isFault, sharesOf, text, usdOf } from './wire.ts'

/** A list that Gamma writes as JSON inside a string: `"[\"Yes\", \"No\"]"`. A plain list is taken as well. */
function listOf<T>(element: z.ZodType<T>) {
  const list = z.array(element)
  const inText = z.string().transform((written, context) => {
    try {
      return JSON.parse(written === '' ? '[]' : written) as unknown
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON in a string' })
      return z.NEVER
    }
  })
  return z.union([list, inText.pipe(list)]).nullish()
}

const tags = z.array(z.object({ slug: text, label: text })).nullish()

const marketShape = z.object({
  conditionId: z.string(),
  question: text,
  slug: text,
  version: text,
  category: text,
  outcomes: listOf(z.string()),
  outcomePrices: listOf(amount),
  clobTokenIds: listOf(z.string()),
  positionIds: listOf(z.string()),
  active: flag,
  closed: flag,
  acceptingOrders: flag,
  enableOrderBook: flag,
  umaResolutionStatus: text,
  resolutionStatus: text,
  endDate: text,
  orderPriceMinTickSize: amount.nullish(),
  orderMinSize: amount.nullish(),
  feesEnabled: flag,
  feeType: text,
  feeSchedule: z.object({ rate: amount, exponent: z.number().nullish() }).nullish(),
  liquidity: amount.nullish(),
  liquidityNum: amount.nullish(),
  liquidityClob: amount.nullish(),
  volume: amount.nullish(),
  volumeNum: amount.nullish(),
  negRisk: flag,
  events: z.array(z.object({ category: text, tags })).nullish(),
  tags,
})

export type GammaMarket = z.infer<typeof marketShape>

/** What a closed market without a grid is given; nothing can be sent there. */
const TICK_DEFAULT = 10_000n as Price
const SIZE_MIN_DEFAULT = 5_000_000n as Shares
const TICK_MAX = 100_000n
/** The highest published rate (crypto), for a market with fees that does not say its own: paper must not be cheaper than real. */
const FEE_RATE_MAX = 70_000n as Price
/** The groups that Polymarket's fees and menus know. Any other tag is a subject, and limits by subject would limit nothing. */
const CATEGORIES = new Set([
  ...['politics', 'sports', 'crypto', 'finance', 'economics', 'economy', 'tech', 'culture', 'pop-culture', 'weather'],
  ...['geopolitics', 'mentions', 'world', 'esports', 'elections', 'business', 'science', 'health', 'ai'],
])

export function readGammaMarket(row: unknown): GammaMarket | Fault {
  const read = marketShape.safeParse(row)
  return read.success ? read.data : faultOf(read.error)
}

/** Our word for a market, or why it cannot be one: an unknown version, or not two outcomes with two tokens. */
export function marketOf(row: GammaMarket): Market | Fault {
  const condition = conditionId(row.conditionId)
  if (condition === undefined) return { fault: 'the condition id is none' }
  const outcomes = outcomesOf(row)
  if (isFault(outcomes)) return outcomes
  const tick = tickOf(row.orderPriceMinTickSize)
  const sizeMin = sharesOf(row.orderMinSize)
  const feeRate = feeRateOf(row)
  if (isFault(feeRate)) return feeRate
  return {
    condition,
    title: bounded(row.question),
    slug: bounded(row.slug),
    category: categoryOf(row),
    outcomes,
    status: tick === undefined || sizeMin === undefined ? statusWithoutGrid(row) : statusOf(row),
    tick: tick ?? TICK_DEFAULT,
    sizeMin: sizeMin ?? SIZE_MIN_DEFAULT,
    feeRate,
    closesAt: dateOf(row.endDate),
    liquidity: usdOf(row.liquidityNum ?? row.liquidityClob ?? row.liquidity ?? 0) ?? (0n as Market['liquidity']),
    isNegRisk: row.negRisk ?? false,
  }
}

/** A grid that divides a dollar: every published one does (0.1, 0.01, 0.005, 0.0025, 0.001, 0.0001). */
export function tickOf(value: number | string | null | undefined): Price | undefined {
  const tick = anyPriceOf(value)
  return tick === undefined || tick === 0n || tick > TICK_MAX || MILLION % tick !== 0n ? undefined : tick
}

/**
 * The version chooses the field, never which field happens to be filled: a third of the v1 markets carry position ids as well,
 * and an order for the wrong token is another bet. Rows from before versions (until autumn 2026) have none and are v1.
 */
function outcomesOf(row: GammaMarket): Market['outcomes'] | Fault {
  const tokens = tokensOf(row)
  if (isFault(tokens)) return tokens
  const names = row.outcomes ?? []
  const [yes, no] = tokens.map((token, index): Outcome => ({ token, name: bounded(names[index]) }))
  if (names.length !== 2 || tokens.length !== 2 || yes === undefined || no === undefined)
    return { fault: 'the market does not have two outcomes with two tokens' }
  if (yes.token === no.token) return { fault: 'both outcomes have one token' }
  return [yes, no]
}

function tokensOf(row: GammaMarket): readonly TokenId[] | Fault {
  const version = row.version ?? 'v1'
  if (version !== 'v1' && version !== 'v2') return { fault: 'the market has a version that is not known here' }
  const texts = (version === 'v1' ? row.clobTokenIds : row.positionIds) ?? []
  const tokens = texts.flatMap(id => tokenId(id) ?? [])
  return tokens.length === texts.length ? tokens : { fault: 'a token is no token id' }
}

function statusOf(row: GammaMarket): Market['status'] {
  if (row.closed) return 'closed'
  return row.active && row.acceptingOrders && row.enableOrderBook && !isResolved(row) ? 'open' : 'paused'
}

function statusWithoutGrid(row: GammaMarket): Market['status'] {
  return row.closed ? 'closed' : 'paused'
}

/** An exponent above 1 makes the real fee smaller than our formula's, which is safe; one below would make it larger. */
function feeRateOf(row: GammaMarket): Price | Fault {
  if (row.feesEnabled === false) return 0n as Price
  if (row.feeSchedule == null) return FEE_RATE_MAX
  if ((row.feeSchedule.exponent ?? 1) < 1) return { fault: 'the fee has an exponent under 1' }
  return anyPriceOf(row.feeSchedule.rate) ?? { fault: 'the fee rate is not in 0 to 1' }
}

/** The market's own category, else the first tag that is one, else what its fees are called (`sports_fees_v2`). */
function categoryOf(row: GammaMarket): string {
  const events = row.events ?? []
  const named = [row.category, ...events.map(event => event.category)].find(category => category?.trim())
  if (named != null) return bounded(named.trim().toLowerCase())
  const all = [...events.flatMap(event => event.tags ?? []), ...(row.tags ?? [])]
  const slugs = all.map(tag => (tag.slug ?? tag.label ?? '').trim().toLowerCase())
  const fees = row.feeType?.toLowerCase().split('_')[0] ?? ''
  return [...slugs, fees].find(slug => CATEGORIES.has(slug)) ?? 'other'
}

function dateOf(iso: string | null | undefined): Instant | undefined {
  const ms = iso == null ? Number.NaN : Date.parse(iso)
  return ms >= 0 ? instant(ms) : undefined
}

/** Whether Gamma itself says that the answer stands. V2 markets say it in another field. */
export function isResolved(row: GammaMarket): boolean {
  const status = row.umaResolutionStatus?.toLowerCase()
  return status === 'resolved' || status === 'settled' || row.resolutionStatus?.toLowerCase() === 'resolved'
}

/**
 * What a closed market's last prices say that each token pays: 1 and 0, or a half each. `undefined` for anything else: an old
 * market can be closed at 0 and 0, and one that is still disputed has a price that only looks like an answer.
 */
export function payoutsOf(row: GammaMarket): readonly [Payout, Payout] | undefined {
  const outcomes = outcomesOf(row)
  const prices = (row.outcomePrices ?? []).map(exactPriceOf)
  const [yes, no] = prices
  if (!row.closed || isFault(outcomes) || prices.length !== 2 || yes === undefined || no === undefined) return undefined
  if (![0n, MILLION / 2n, MILLION].includes(yes) || yes + no !== MILLION) return undefined
  return [
    { token: outcomes[0].token, price: yes },
    { token: outcomes[1].token, price: no },
  ]
}

/** Exactly as written: 0.9999999 is a price somebody traded at, not a payout. */
function exactPriceOf(value: number | string): Price | undefined {
  return /^(?:0|1|0\.50*|1\.0+|0\.0+)$/.test(String(value)) ? anyPriceOf(value) : undefined
}

/** What a finished market was about, and what was traded in it in all its life, in dollars. */
export type FinishedMarket = {
  readonly condition: ConditionId
  readonly category: string
  readonly volume: Usd | undefined
}

/** Asks less of a row than `marketOf`: a market that could not be traded here still says what a wallet was good at. */
export function readFinishedMarket(row: unknown): FinishedMarket | Fault {
  const read = readGammaMarket(row)
  if (isFault(read)) return read
  const condition = conditionId(read.conditionId)
  if (condition === undefined) return { fault: 'the condition id is none' }
  const volume = usdOf(read.volumeNum ?? read.volume)
  return { condition, category: categoryOf(read), volume: volume === undefined || volume < 0n ? undefined : volume }
}
