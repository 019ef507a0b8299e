/** What a row of a wallet's activity does to its shares and dollars. */
export type Doing =
  | 'trade'
  | 'split'
  | 'merge'
  | 'redeem'
  | 'conversion'
  | 'move'
  | 'moneyIn'
  | 'moneyOut'
  /** Dollars whose way only the row's own side tells. */
  | 'moneyEither'

type Meaning = { readonly does: Doing; readonly means: string }

/**
 * Every type that a wallet's activity is told in, and what it means. The first fourteen are the venue's (Data API v2, as documented in
 * October 2026); `TRANSFER` is ours, for shares that the chain shows leaving or reaching a wallet by themselves.
 */
export const ACTIVITY_TYPES = {
  TRADE: { does: 'trade', means: 'an order was filled: shares for dollars, or dollars for shares' },
  SPLIT: { does: 'split', means: 'a dollar became one share of each outcome' },
  MERGE: { does: 'merge', means: 'one share of each outcome became a dollar' },
  REDEEM: {
    does: 'redeem',
    means: 'shares of a resolved market became what they are worth, nothing for the losing side',
  },
  CONVERSION: {
    does: 'conversion',
    means: 'No shares of several outcomes became Yes shares of the others, and dollars',
  },
  MIGRATION: { does: 'move', means: 'holdings moved between contracts or wallets; nothing was bought or sold' },
  TRANSFER: { does: 'move', means: 'shares were sent from or to another wallet' },
  REWARD: { does: 'moneyIn', means: 'the venue paid for resting liquidity' },
  YIELD: { does: 'moneyIn', means: 'the venue paid for holding' },
  MAKER_REBATE: { does: 'moneyIn', means: 'the venue paid back a part of the fees that takers paid' },
  TAKER_REBATE: { does: 'moneyIn', means: 'the venue paid back a part of the wallet’s own fees' },
  REFERRAL_REWARD: { does: 'moneyIn', means: 'the venue paid for a person who was brought' },
  DEPOSIT: { does: 'moneyIn', means: 'dollars came from outside' },
  WITHDRAWAL: { does: 'moneyOut', means: 'dollars left for outside' },
  TIP: { does: 'moneyEither', means: 'one person gave another dollars; the side says which way' },
} as const satisfies Readonly<Record<string, Meaning>>

export type ActivityType = keyof typeof ACTIVITY_TYPES

/** What a type means, or `undefined` for one that is not in the table. */
export function meaningOf(type: string): Meaning | undefined {
  return isActivityType(type) ? ACTIVITY_TYPES[type] : undefined
}

export function isActivityType(type: string): type is ActivityType {
  return Object.hasOwn(ACTIVITY_TYPES, type)
}
