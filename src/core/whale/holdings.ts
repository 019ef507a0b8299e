import { unreachable } from '../units/brand.ts'
import { minus, NO_SHARES, NO_USD, negated, plus, type Shares, type Usd } from '../units/money.ts'
import {
  bring,
  burn,
  DUST,
  give,
  marketOf,
  type OpenAccounts,
  type OpenMarket,
  openAccounts,
  setToken,
  tokenAccountOf,
  type WalletAccounts,
} from './holdings-account.ts'
import { type Act, type MarketToken, rankOf, textOf } from './holdings-act.ts'

/**
 * Folds everything a wallet was seen to do into what it holds. The same acts give the same accounts in whichever order they come.
 * Nothing is dropped and nothing cut off at zero: what cannot have been is a difference, and the shares missing stay missing.
 */
export function accountsOf(acts: readonly Act[]): WalletAccounts {
  const accounts = openAccounts()
  for (const act of inPossibleOrder(acts)) take(accounts, act)
  return accounts
}

function inPossibleOrder(acts: readonly Act[]): readonly Act[] {
  const keyed = acts.map(act => ({ act, rank: rankOf(act), text: textOf(act) }))
  keyed.sort((one, other) => {
    if (one.act.at !== other.act.at) return one.act.at - other.act.at
    if (one.rank !== other.rank) return one.rank - other.rank
    return one.text < other.text ? -1 : one.text > other.text ? 1 : 0
  })
  return keyed.map(({ act }) => act)
}

function take(accounts: OpenAccounts, act: Act): void {
  switch (act.kind) {
    case 'trade':
      takeTrade(accounts, act)
      break
    case 'split':
      takeSplit(accounts, act)
      break
    case 'merge':
      takeMerge(accounts, act)
      break
    case 'redeem':
      takeRedemption(accounts, act)
      break
    case 'redeemToken':
      burn(accounts, redeemedOf(accounts, act), act.token, act.size, act)
      break
    case 'payout':
      takePayout(accounts, act)
      break
    case 'conversion':
      takeConversion(accounts, act)
      break
    case 'move':
      takeMove(accounts, act)
      break
    case 'money':
      takeMoney(accounts, act)
      break
    case 'untold':
      takeUntold(accounts, act)
      break
    default:
      unreachable(act)
  }
}

type ActOf<K extends Act['kind']> = Extract<Act, { readonly kind: K }>

function takeTrade(accounts: OpenAccounts, act: ActOf<'trade'>): void {
  const market = marketOf(accounts, act)
  if (act.side === 'buy') {
    market.paidIn = plus(market.paidIn, act.paid)
    bring(market, act.token, act.size)
    return
  }
  market.paidOut = plus(market.paidOut, act.paid)
  give(accounts, market, act.token, act.size, act)
}

function takeSplit(accounts: OpenAccounts, act: ActOf<'split'>): void {
  const market = marketOf(accounts, act)
  market.paidIn = plus(market.paidIn, dollarsOf(act.size))
  for (const token of act.tokens) bring(market, token, act.size)
}

function takeMerge(accounts: OpenAccounts, act: ActOf<'merge'>): void {
  const market = marketOf(accounts, act)
  market.paidOut = plus(market.paidOut, dollarsOf(act.size))
  market.merged = plus(market.merged, dollarsOf(act.size))
  market.wasPaid = true
  for (const token of act.tokens) burn(accounts, market, token, act.size, act)
}

/** Burns whatever is held of both outcomes, and says so where the dollars are those of neither. */
function takeRedemption(accounts: OpenAccounts, act: ActOf<'redeem'>): void {
  const market = redeemedOf(accounts, act)
  const held = act.tokens.map(token => tokenAccountOf(market, token).held)
  const half = (held.reduce<bigint>((sum, each) => sum + each, 0n) / 2n) as Shares
  if (![...held, half].some(each => isDust(minus(dollarsOf(each), act.paid)))) {
    const { condition, paid, at, transaction } = act
    accounts.differences.push({ kind: 'redeemedOther', condition, paid, held, at, transaction })
  }
  for (const token of act.tokens) setToken(market, token, { held: NO_SHARES })
}

function redeemedOf(accounts: OpenAccounts, act: ActOf<'redeem' | 'redeemToken'>): OpenMarket {
  const market = marketOf(accounts, act)
  market.paidOut = plus(market.paidOut, act.paid)
  market.redeemed = plus(market.redeemed, act.paid)
  market.wasPaid = true
  return market
}

function takePayout(accounts: OpenAccounts, act: ActOf<'payout'>): void {
  const market = marketOf(accounts, act)
  market.paidOut = plus(market.paidOut, act.paid)
  market.untyped = plus(market.untyped, act.paid)
  market.wasPaid = true
}

function takeConversion(accounts: OpenAccounts, act: ActOf<'conversion'>): void {
  const within = ({ condition }: MarketToken): OpenMarket => marketOf(accounts, { condition, at: act.at })
  accounts.converted = plus(accounts.converted, act.paid)
  for (const each of act.taken) give(accounts, within(each), each.token, act.size, act)
  for (const each of act.given) bring(within(each), each.token, act.size)
}

function takeMove(accounts: OpenAccounts, act: ActOf<'move'>): void {
  const market = marketOf(accounts, act)
  if (act.way === 'in') bring(market, act.token, act.size)
  else give(accounts, market, act.token, act.size, act)
}

function takeMoney({ money }: OpenAccounts, act: ActOf<'money'>): void {
  const paid = act.way === 'in' ? act.paid : negated(act.paid)
  money.set(act.type, plus(money.get(act.type) ?? NO_USD, paid))
}

function takeUntold({ differences }: OpenAccounts, act: ActOf<'untold'>): void {
  const { type, lacks, paid, at, transaction } = act
  differences.push({ kind: 'notTold', type, lacks, paid, at, transaction })
}

/** A share that won, or one of each, is a dollar. */
function dollarsOf(size: Shares): Usd {
  return BigInt(size) as Usd
}

function isDust(apart: Usd): boolean {
  return apart <= DUST && apart >= -DUST
}
