import { assert } from '../units/brand.ts'
import { minus, NO_USD, negated, plus, type Usd } from '../units/money.ts'

/** Where money is, or what became of it. Debits are positive: what we have and what we spent; credits negative. */
export type LedgerAccount = 'cash' | 'positions' | 'fees' | 'realised' | 'deposits'

export type Ledger = Record<LedgerAccount, Usd>

/** One movement: what goes to some accounts comes from others. */
export type Posting = Partial<Readonly<Record<LedgerAccount, Usd>>>

export function emptyLedger(): Ledger {
  return { cash: NO_USD, positions: NO_USD, fees: NO_USD, realised: NO_USD, deposits: NO_USD }
}

/** Books a movement, in place. Asserts that it is balanced, so that the whole ledger always is. */
export function post(ledger: Ledger, posting: Posting): void {
  const lines = Object.entries(posting) as readonly [LedgerAccount, Usd][]
  const sum = lines.reduce((total, [, amount]) => plus(total, amount), NO_USD)
  assert(sum === NO_USD, 'what a posting adds to some accounts it takes from others')
  for (const [account, amount] of lines) ledger[account] = plus(ledger[account], amount)
}

export function deposited(amount: Usd): Posting {
  return { cash: amount, deposits: negated(amount) }
}

/** Shares bought: cash becomes a position, and the fee is gone. */
export function bought(notional: Usd, fee: Usd): Posting {
  return { positions: notional, fees: fee, cash: negated(plus(notional, fee)) }
}

/** Shares sold, or paid out at settlement: the cost leaves the position, and what came beyond it is realised profit. */
export function sold(proceeds: Usd, fee: Usd, cost: Usd): Posting {
  return { cash: minus(proceeds, fee), fees: fee, positions: negated(cost), realised: minus(cost, proceeds) }
}

/** Profit that is final, after fees. Realised profit is a credit, hence the sign. */
export function netProfit(ledger: Ledger): Usd {
  return minus(negated(ledger.realised), ledger.fees)
}
