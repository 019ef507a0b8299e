/** Every reason for which we refuse a trade: a code for machines, a sentence for people. The README's table is this one. */
export const REFUSALS = {
  TRADING_HALTED: 'Something halts trading; `status` lists what.',
  TRADING_REDUCING: 'Only exits are let through for now; `status` lists why.',
  TOO_MANY_SIGNALS: 'More trades are on their way at once than can be looked into.',
  SIGNAL_TOO_OLD: 'The trade reached us later than `tradeAgeMaxMs` allows.',
  SIGNAL_FROM_THE_FUTURE: 'The trade is stamped later than our own clock: one of the two is wrong.',
  WHALE_NOT_FOLLOWED: 'The wallet is no longer followed.',
  WHALE_DISABLED: 'Copying this whale is switched off.',
  WHALE_MUTED: 'The whale is muted for a while.',
  WHALE_WITHOUT_RECORD: 'Nothing is known yet of how the wallet has done.',
  WHALE_BELOW_QUALITY_MIN: "The whale's quality is under `qualityMin`.",
  EXIT_WITHOUT_POSITION: 'The whale sells what we do not hold because of it.',
  EXIT_BELOW_MARKET_MIN: "What would be sold is under the market's smallest order.",
  QUOTE_UNAVAILABLE: 'The market or its book could not be had in time.',
  QUOTE_TOO_OLD: 'The book that came back is older than 30 seconds.',
  MARKET_NOT_OPEN: 'The market takes no orders.',
  MARKET_CLOSES_SOON: 'The market ends within `closesInMinMs`.',
  MARKET_WITHOUT_TOKEN: "The token is not one of the market's two.",
  BOOK_EMPTY: 'Nobody offers the other side at an acceptable price.',
  SPREAD_ABOVE_MAX: 'The spread is wider than `spreadMax`.',
  LIQUIDITY_BELOW_MIN: 'The market has less liquidity than `liquidityMin`.',
  PRICE_MOVED_TOO_FAR: "The price is further from the whale's than `priceMoveMax`.",
  PRICE_OUTSIDE_RANGE: 'The price is beyond `priceMax`, or under one less it.',
  EDGE_NOT_POSITIVE: 'At this price, fee included, nothing is left of the edge.',
  CONFIDENCE_BELOW_MIN: 'Confidence is under `confidenceMin`.',
  STAKE_BELOW_MIN: 'The stake comes out under `stakeMin`.',
  STAKE_WITHOUT_ROOM: 'A limit on exposure or on the number of positions leaves no room.',
  SIZE_BELOW_MARKET_MIN: "The order is under the market's smallest.",
  EXPOSURE_ABOVE_MAX: 'With it, more than `exposurePctMax` of equity would be at risk.',
  EXPOSURE_ABOVE_MARKET_MAX: 'With it, more than `marketPctMax` of equity would be in one market.',
  EXPOSURE_ABOVE_CATEGORY_MAX: 'With it, more than `categoryPctMax` of equity would be in one category.',
  POSITIONS_AT_MAX: 'As many positions are open as `positionsMax` allows.',
  BALANCE_TOO_LOW: 'There is not enough free cash for it.',
  APPROVAL_BOUND_EXCEEDED: 'The price moved beyond what was approved.',
  APPROVAL_EXPIRED: 'It was approved, and a fresh price came only after the card had expired.',
} as const satisfies Readonly<Record<string, string>>

export type RefusalCode = keyof typeof REFUSALS

/** One reason, with the figures that make it one. */
export type Refusal = { readonly code: RefusalCode; readonly detail: string }
