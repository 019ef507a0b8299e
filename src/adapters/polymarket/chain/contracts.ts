/** Where Polymarket's contracts are on a chain, in lower case. */
export type ChainContracts = {
  /** Emit `OrderFilled`; shares sent to one of them are part of an order. */
  readonly exchanges: readonly Contract[]
  /** Hold everybody's shares (ERC-1155). */
  readonly holdings: readonly Contract[]
  /** Merge, redeem and convert what a wallet sends them. */
  readonly adapters: readonly Contract[]
}

type Contract = { readonly generation: 'v2' | 'v3'; readonly name: string; readonly address: string }

/** Polygon (chain 137), from docs.polymarket.com/resources/contracts and both official SDKs, November 2026. */
export const POLYGON_CONTRACTS: ChainContracts = {
  exchanges: [
    { generation: 'v2', name: 'CTFExchange', address: '0xe111180000d2663c0091e4f400237545b87b996b' },
    { generation: 'v2', name: 'NegRiskCtfExchange', address: '0xe2222d279d744050d28e00520010520000310f59' },
    { generation: 'v3', name: 'ExchangeV3', address: '0xe3333700ca9d93003f00f0f71f8515005f6c00aa' },
  ],
  holdings: [
    { generation: 'v2', name: 'ConditionalTokens', address: '0x4d97dcd97ec945f40cf65f87097ace5ea0476045' },
    { generation: 'v3', name: 'PositionManager', address: '0x006f54f7f9a22e0000cc2ab60031000000ae9fef' },
  ],
  adapters: [
    { generation: 'v2', name: 'CtfCollateralAdapter', address: '0xada100db00ca00073811820692005400218fce1f' },
    { generation: 'v2', name: 'NegRiskCtfCollateralAdapter', address: '0xada2005600dec949baf300f4c6120000bdb6eaab' },
    { generation: 'v3', name: 'Router', address: '0x12121212006e4cd160d18e3f00711da5c3372600' },
  ],
}

export const POLYGON_CHAIN_ID = 137
