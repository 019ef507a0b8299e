import { mixHex } from '../mix.ts'
import type { Departure, Entry, Execution, Listing } from '../world.ts'
import { addressTopic, millionthsOf, word } from './words.ts'

/** The venue's contracts on Polygon, in lower case. Source: its published list of contracts, 2026-11. */
export const EXCHANGE = '0xe111180000d2663c0091e4f400237545b87b996b'
export const NEGATIVE_RISK_EXCHANGE = '0xe2222d279d744050d28e00520010520000310f59'
export const EXCHANGE_V3 = '0xe3333700ca9d93003f00f0f71f8515005f6c00aa'
export const CONDITIONAL_TOKENS = '0x4d97dcd97ec945f40cf65f87097ace5ea0476045'
export const POSITION_MANAGER = '0x006f54f7f9a22e0000cc2ab60031000000ae9fef'
const NOBODY = `0x${'0'.repeat(40)}`

/** Hashes of the signatures of what is logged. */
export const ORDER_FILLED = '0xd543adfd945773f1a62f74f0ee55a5e3b9b1a28262980ba90b1a89f2ea84d8ee'
export const TRANSFER_SINGLE = '0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62'
export const TRANSFER_BATCH = '0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb'

/** A log before it has a place in a block. Its data is written when asked for: most logs are only looked at and left. */
export type RawLog = { readonly address: string; readonly topics: readonly string[]; readonly data: () => string }

export function exchangeOf(market: Listing): string {
  if (market.version === 'v2') return EXCHANGE_V3
  return market.negativeRisk ? NEGATIVE_RISK_EXCHANGE : EXCHANGE
}

export function tokensContractOf(market: Listing): string {
  return market.version === 'v2' ? POSITION_MANAGER : CONDITIONAL_TOKENS
}

/** What one transaction logs, in order: a match, or something that left a wallet without one. */
export function logsOf(entries: readonly Entry[]): readonly RawLog[] {
  const rows = entries.filter(entry => entry.kind === 'trade')
  const left = entries.flatMap(entry => (entry.kind === 'trade' ? [] : [departureLog(entry)]))
  return [...matchLogs(rows), ...left]
}

/** One filled order for each maker, then the taker's, whose counterparty is the exchange itself. Shares pass through it. */
function matchLogs(rows: readonly Execution[]): readonly RawLog[] {
  const takers = rows.filter(row => row.isTaker)
  const taker = takers[0]?.trader.address ?? NOBODY
  const made = rows.flatMap((row, part) =>
    row.isTaker ? [] : [...sharesGiven(row), ...sharesTaken(row), orderFilled(row, taker, part)],
  )
  const taken = takers.flatMap((row, part) => [
    ...sharesTaken(row),
    orderFilled(row, exchangeOf(row.market), rows.length + part),
  ])
  return [...takers.flatMap(sharesGiven), ...made, ...taken]
}

function orderFilled(row: Execution, counterparty: string, part: number): RawLog {
  const { market, transaction } = row
  const order = `0x${mixHex(64, Number.parseInt(transaction.slice(2, 10), 16), 0x62, part)}`
  return {
    address: exchangeOf(market),
    topics: [ORDER_FILLED, order, addressTopic(row.trader.address), addressTopic(counterparty)],
    data: () => {
      const dollars = millionthsOf(row.price * row.size)
      const shares = millionthsOf(row.size)
      const amounts = row.side === 'BUY' ? [dollars, shares] : [shares, dollars]
      const side = row.side === 'BUY' ? 0 : 1
      const told = [side, BigInt(market.tokens[row.token]), ...amounts, millionthsOf(row.fee), 0, 0]
      return `0x${told.map(word).join('')}`
    },
  }
}

function sharesGiven(row: Execution): readonly RawLog[] {
  const exchange = exchangeOf(row.market)
  return row.side === 'SELL' ? [transferred(row, exchange, row.trader.address, exchange)] : []
}

function sharesTaken(row: Execution): readonly RawLog[] {
  const exchange = exchangeOf(row.market)
  return row.side === 'BUY' ? [transferred(row, exchange, exchange, row.trader.address)] : []
}

function departureLog(entry: Departure): RawLog {
  const own = entry.trader.address
  switch (entry.kind) {
    case 'merge':
      return burnedTogether(entry.market, own, entry.size)
    case 'redemption':
      return transferred(entry, own, own, NOBODY)
    case 'transfer':
      return transferred(entry, own, own, entry.to)
  }
}

function transferred(
  of: Pick<Execution, 'market' | 'token' | 'size'>,
  operator: string,
  from: string,
  to: string,
): RawLog {
  return {
    address: tokensContractOf(of.market),
    topics: [TRANSFER_SINGLE, ...[operator, from, to].map(addressTopic)],
    data: () => `0x${word(BigInt(of.market.tokens[of.token]))}${word(millionthsOf(of.size))}`,
  }
}

/** Both tokens of a market given up in one log: two lists of two, each behind the place where it begins. */
function burnedTogether(market: Listing, own: string, size: number): RawLog {
  return {
    address: tokensContractOf(market),
    topics: [TRANSFER_BATCH, ...[own, own, NOBODY].map(addressTopic)],
    data: () => {
      const ids = market.tokens.map(token => BigInt(token))
      const amount = millionthsOf(size)
      return `0x${[0x40, 0xa0, 2, ...ids, 2, amount, amount].map(word).join('')}`
    },
  }
}
