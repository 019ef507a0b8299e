import type { ConditionId, Instant, TokenId } from '../units/ids.ts'
import { greatest, least, minus, NO_SHARES, NO_USD, plus, type Shares, type Usd } from '../units/money.ts'
import type { Act, Lack } from './holdings-act.ts'

/** What a wallet has and had of one token. */
export type TokenAccount = {
  /** Now. Below zero where more left than was seen to come: see the differences. */
  readonly held: Shares
  /** As `held`, but with what was turned into dollars at face value (merged, redeemed, paid out) still counted. */
  readonly acquired: Shares
}

/** One market as a wallet's own account. Shares and dollars in millionths. */
export type MarketAccount = {
  readonly condition: ConditionId
  readonly tokens: ReadonlyMap<TokenId, TokenAccount>
  /** Dollars the wallet put in: bought and split. */
  readonly paidIn: Usd
  /** Dollars it got out: sold, merged, redeemed and paid out. Conversions are not of one market and are counted apart. */
  readonly paidOut: Usd
  readonly merged: Usd
  readonly redeemed: Usd
  /** Merged or redeemed, not recorded which: what the tokens hold is as before these. */
  readonly untyped: Usd
  /** Whether any payout was told, of nothing too, as the redemption of a losing side is. */
  readonly wasPaid: boolean
  readonly firstAt: Instant
  readonly lastAt: Instant
}

/** Something a wallet cannot have done from what was seen of it, or that was not told well enough to be accounted. */
export type Difference =
  | {
      readonly kind: 'tookMoreThanHeld'
      readonly by: Act['kind']
      readonly condition: ConditionId
      readonly token: TokenId
      readonly missing: Shares
      readonly at: Instant
      readonly transaction: string
    }
  /** A redemption in total pays what is held of one outcome, or half of both where neither won. */
  | {
      readonly kind: 'redeemedOther'
      readonly condition: ConditionId
      readonly paid: Usd
      readonly held: readonly Shares[]
      readonly at: Instant
      readonly transaction: string
    }
  | {
      readonly kind: 'notTold'
      readonly type: string
      readonly lacks: Lack
      readonly paid: Usd
      readonly at: Instant
      readonly transaction: string
    }

/** Everything a wallet did, as accounts. */
export type WalletAccounts = {
  readonly markets: ReadonlyMap<ConditionId, MarketAccount>
  /** Dollars that have to do with no market, by type: positive where they came to the wallet. */
  readonly money: ReadonlyMap<string, Usd>
  /** Dollars from conversions, which belong to several markets at once. */
  readonly converted: Usd
  readonly differences: readonly Difference[]
}

/** How far dollars and the shares they came from may lie apart: the dust of rounded fills. */
export const DUST = 10_000n as Shares

/** A market whose account is being made. */
export type OpenMarket = { -readonly [K in keyof MarketAccount]: MarketAccount[K] } & {
  readonly tokens: Map<TokenId, TokenAccount>
}

export type OpenAccounts = {
  readonly markets: Map<ConditionId, OpenMarket>
  readonly money: Map<string, Usd>
  readonly differences: Difference[]
  converted: Usd
}

export function openAccounts(): OpenAccounts {
  return { markets: new Map(), money: new Map(), differences: [], converted: NO_USD }
}

/** The market's account, opened with the first act in it. */
export function marketOf(
  { markets }: OpenAccounts,
  { condition, at }: { readonly condition: ConditionId; readonly at: Instant },
): OpenMarket {
  const before = markets.get(condition)
  if (before !== undefined) {
    before.lastAt = at
    return before
  }
  const money = { paidIn: NO_USD, paidOut: NO_USD, merged: NO_USD, redeemed: NO_USD, untyped: NO_USD }
  const market: OpenMarket = { condition, tokens: new Map(), ...money, wasPaid: false, firstAt: at, lastAt: at }
  markets.set(condition, market)
  return market
}

/** What the wallet has and had of the token: nothing where none was seen. */
export function tokenAccountOf(market: MarketAccount, token: TokenId): TokenAccount {
  return market.tokens.get(token) ?? { held: NO_SHARES, acquired: NO_SHARES }
}

export function setToken(market: OpenMarket, token: TokenId, changed: Partial<TokenAccount>): void {
  market.tokens.set(token, { ...tokenAccountOf(market, token), ...changed })
}

/** Shares come: bought, split, converted or sent. */
export function bring(market: OpenMarket, token: TokenId, size: Shares): void {
  const { held, acquired } = tokenAccountOf(market, token)
  setToken(market, token, { held: plus(held, size), acquired: plus(acquired, size) })
}

/** Shares leave for something other than their face value. */
export function give(accounts: OpenAccounts, market: OpenMarket, token: TokenId, size: Shares, act: Act): void {
  burn(accounts, market, token, size, act)
  setToken(market, token, { acquired: minus(tokenAccountOf(market, token).acquired, size) })
}

/** Shares become dollars at face value, or nothing. More than are held leave a debt, and a difference that says so. */
export function burn(accounts: OpenAccounts, market: OpenMarket, token: TokenId, size: Shares, act: Act): void {
  const { held } = tokenAccountOf(market, token)
  const missing = minus(size, least(greatest(held, NO_SHARES), size))
  if (missing > 0n) {
    const { kind: by, at, transaction } = act
    const { condition } = market
    accounts.differences.push({ kind: 'tookMoreThanHeld', by, condition, token, missing, at, transaction })
  }
  setToken(market, token, { held: minus(held, size) })
}
