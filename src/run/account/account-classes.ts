import { type Pause, pausesOf, type ToldMarket, type WalletTold } from '../../adapters/archive/wallet-told.ts'
import type { Instant, TokenId } from '../../core/units/ids.ts'
import { MILLION, type Shares } from '../../core/units/money.ts'
import { DUST, type MarketAccount, type WalletAccounts } from '../../core/whale/holdings-account.ts'
import type { Act } from '../../core/whale/holdings-act.ts'
import { comparePayout, type PayoutComparison, winnerByPayout } from '../../core/whale/holdings-payout.ts'

/** A pause longer than this is taken for the recorder's: a wallet that trades five-minute markets rests for some three minutes at most. */
export const PAUSE_MS = 600_000
/**
 * What the venue kept of a taker's shares in short markets in March 2026: size × 0.25 × (price × (1 − price))², to five decimals, in
 * shares. Found from fills that are short by exactly that; since April 2026 fees are dollars, on another schedule.
 */
const FEE_PARTS = 250_000n
/** The fifth decimal, and how far a fee computed from a recorded price may lie from the one that was kept. */
const FEE_STEP = 10n

/** Which winner a comparison was made with. */
export type WinnerFrom = 'file' | 'payouts' | 'nearest'

/** Why a market's payouts and shares do or do not agree, the first that applies. */
export type PayoutClass =
  | 'exact'
  | 'short of one taker’s fee'
  | 'within half a per cent'
  | 'nothing bought in the recording'
  | 'began before the recording'
  | 'a pause in the recording lies in its time'
  | 'not paid out yet when the recording ended'
  | 'paid out nothing'
  | 'paid more than was bought'
  | 'paid less than was bought'

export type Judged = {
  readonly market: ToldMarket
  readonly account: MarketAccount
  readonly comparison: PayoutComparison
  readonly winnerFrom: WinnerFrom
  readonly because: PayoutClass
  /** What the payouts themselves say of the winner that the file names. */
  readonly file: 'silent' | 'confirmed' | 'contradicted' | 'not to be checked'
}

export type Judging = {
  readonly told: WalletTold
  readonly accounts: WalletAccounts
  readonly winners: ReadonlyMap<string, string>
}

/** Compares every market's payouts with its shares, and says which class each belongs to. */
export function judgeMarkets({ told, accounts, winners }: Judging): readonly Judged[] {
  const window = windowOf(told, accounts)
  const buys = buysOf(told.acts)
  const judged: Judged[] = []
  for (const market of told.markets.values()) {
    const account = accounts.markets.get(market.condition)
    if (account === undefined) continue
    const named = tokenNamed(market, winners.get(market.title))
    const byPayout = winnerByPayout(account)
    const comparison = comparePayout(account, named ?? byPayout)
    const winnerFrom = named !== undefined ? 'file' : byPayout !== undefined ? 'payouts' : 'nearest'
    const file = checkedBy(named, byPayout)
    const because = classOf(comparison, market, account, window, buys)
    judged.push({ market, account, comparison, winnerFrom, because, file })
  }
  return judged
}

function checkedBy(named: TokenId | undefined, byPayout: TokenId | undefined): Judged['file'] {
  if (named === undefined) return 'silent'
  if (byPayout === undefined) return 'not to be checked'
  return named === byPayout ? 'confirmed' : 'contradicted'
}

type Window = {
  readonly from: Instant
  readonly to: Instant
  readonly pauses: readonly Pause[]
  /** The longest that a market which agrees waited from its close to its last payout. */
  readonly waitMs: number
}

function windowOf(told: WalletTold, accounts: WalletAccounts): Window {
  let [from, to, waitMs] = [Number.MAX_SAFE_INTEGER, 0, 0]
  for (const { at } of told.acts) [from, to] = [Math.min(from, at), Math.max(to, at)]
  for (const { condition, closesAt } of told.markets.values()) {
    const account = accounts.markets.get(condition)
    if (account === undefined || closesAt === undefined) continue
    if (comparePayout(account, winnerByPayout(account)).kind === 'equal')
      waitMs = Math.max(waitMs, account.lastAt - closesAt)
  }
  return { from: from as Instant, to: to as Instant, pauses: pausesOf(told.acts, PAUSE_MS), waitMs }
}

function classOf(
  comparison: PayoutComparison,
  market: ToldMarket,
  account: MarketAccount,
  window: Window,
  buys: ReadonlyMap<TokenId, readonly Act[]>,
): PayoutClass {
  if (comparison.kind === 'equal') return equalClass(comparison, buys.get(comparison.token) ?? [])
  const opens = market.opensAt ?? account.firstAt
  const closes = market.closesAt ?? account.lastAt
  const ends = closes + window.waitMs
  if (opens < window.from) return 'began before the recording'
  // What is paid too much was bought unseen, which cannot be after the close; what is missing may have been paid later.
  const until = comparison.kind === 'paidMore' || comparison.kind === 'notTraded' ? closes : ends
  if (window.pauses.some(pause => pause.from < until && pause.to > opens))
    return 'a pause in the recording lies in its time'
  if (ends > window.to && comparison.kind !== 'paidMore') return 'not paid out yet when the recording ended'
  switch (comparison.kind) {
    case 'notPaid':
      return 'paid out nothing'
    case 'notTraded':
      return 'nothing bought in the recording'
    default:
      return comparison.kind === 'paidMore' ? 'paid more than was bought' : 'paid less than was bought'
  }
}

function equalClass(
  { apart }: Extract<PayoutComparison, { readonly kind: 'equal' | 'paidMore' | 'paidLess' }>,
  buys: readonly Act[],
): PayoutClass {
  if (apart < 0n && buys.some(buy => buy.kind === 'trade' && isFee(-apart, buy.size, priceOfBuy(buy.size, buy.paid))))
    return 'short of one taker’s fee'
  return apart <= DUST && apart >= -DUST ? 'exact' : 'within half a per cent'
}

function isFee(missing: bigint, size: Shares, each: bigint): boolean {
  const spread = (each * (MILLION - each)) / MILLION
  const fee = (((BigInt(size) * spread) / MILLION) * spread * FEE_PARTS) / (MILLION * MILLION)
  const apart = missing - fee
  return fee >= FEE_STEP && apart <= FEE_STEP && apart >= -FEE_STEP
}

function priceOfBuy(size: Shares, paid: bigint): bigint {
  return size === 0n ? 0n : (BigInt(paid) * MILLION) / BigInt(size)
}

function buysOf(acts: readonly Act[]): ReadonlyMap<TokenId, readonly Act[]> {
  const buys = new Map<TokenId, Act[]>()
  for (const act of acts) {
    if (act.kind !== 'trade' || act.side !== 'buy') continue
    const before = buys.get(act.token)
    if (before === undefined) buys.set(act.token, [act])
    else before.push(act)
  }
  return buys
}

function tokenNamed(market: ToldMarket, name: string | undefined): TokenId | undefined {
  const index = name === undefined ? -1 : market.names.indexOf(name)
  return index === -1 ? undefined : market.tokens[index]
}
