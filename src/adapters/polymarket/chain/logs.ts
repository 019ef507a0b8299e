import { AbiCoder, Interface } from 'ethers'
import type { Side } from '../../../core/market/market.ts'
import { assert } from '../../../core/units/brand.ts'
import { type TokenId, tokenId, type WhaleAddress, whaleAddress } from '../../../core/units/ids.ts'
import { MILLION, mulDiv, type Price, type Shares } from '../../../core/units/money.ts'
import { type Fault, isFault } from '../wire.ts'
import type { ChainContracts } from './contracts.ts'
import { type ChainLog, quantityOf } from './wire.ts'

/** What a log says of a wallet: an order of it was filled, or shares of it went to somebody. */
export type WalletLog = Filled | Sent

export type Filled = {
  readonly kind: 'filled'
  readonly whale: WhaleAddress
  readonly token: TokenId
  readonly side: Side
  /** Dollars a share, rounded against whoever copies it: up for a buy, down for a sell. */
  readonly price: Price
  readonly size: Shares
  /** Whether it crossed the book. */
  readonly isTaker: boolean
}

export type Sent = {
  readonly kind: 'sent'
  readonly whale: WhaleAddress
  /** `nobody` is the zero address: the shares are no more. */
  readonly to: 'exchange' | 'adapter' | 'nobody' | 'other'
  /** What went, without the empty ones. */
  readonly parts: readonly Part[]
}

export type Part = { readonly token: TokenId; readonly size: Shares }

/** As a node wants it, for `eth_subscribe` and `eth_getLogs`. */
export type LogFilter = { readonly address: readonly string[]; readonly topics: readonly unknown[] }

const EMITTED = new Interface([
  'event OrderFilled(bytes32 indexed orderHash, address indexed maker, address indexed taker, uint8 side, uint256 tokenId, uint256 makerAmountFilled, uint256 takerAmountFilled, uint256 fee, bytes32 builder, bytes32 metadata)',
  'event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)',
  'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)',
])
const ORDER_FILLED = topicOf('OrderFilled')
const TRANSFER_SINGLE = topicOf('TransferSingle')
const TRANSFER_BATCH = topicOf('TransferBatch')
/** `OrderFilled` has seven words: side, token, what was given, what was taken, fee, builder, metadata. */
const FILLED_WORDS = 7
const WORD_CHARS = 64
/** A billion shares. There are not that many dollars in the whole venue. */
const AMOUNT_MAX = 1_000_000_000n * MILLION
const NOBODY = `0x${'0'.repeat(40)}`
/** An event of the venue with all its outcomes; no wallet sends more in one log. */
const PARTS_MAX = 512

/**
 * Every log of these wallets, as maker or taker, and every departure of their shares. One filter does for both kinds, because the
 * wallet stands at the same place: the maker of an order, and `from` of a transfer.
 */
export function filterOf(contracts: ChainContracts, wallets: readonly WhaleAddress[]): LogFilter {
  return {
    address: [...contracts.exchanges, ...contracts.holdings].map(({ address }) => address),
    topics: [[ORDER_FILLED, TRANSFER_SINGLE, TRANSFER_BATCH], null, wallets.map(wallet => padded(wallet))],
  }
}

/** The same filter for some blocks, both ends included. */
export function filterOver(filter: LogFilter, from: number, to: number): object {
  return { ...filter, fromBlock: quantityOf(from), toBlock: quantityOf(to) }
}

/** What a log says, or why it says nothing that can be used. */
export function decodeLog(log: ChainLog, contracts: ChainContracts): WalletLog | Fault {
  const [kind, , first, second] = log.topics
  if (log.topics.length !== 4) return { fault: 'the log does not have four topics' }
  const whale = addressIn(first)
  const other = addressIn(second)
  if (whale === undefined || other === undefined) return { fault: 'a topic is no address' }
  if (kind === ORDER_FILLED) {
    if (!isAmong(contracts.exchanges, log.address)) return { fault: 'the exchange is not one that is known here' }
    return decodeFilled(log, whale, other)
  }
  if (kind !== TRANSFER_SINGLE && kind !== TRANSFER_BATCH)
    return { fault: 'the kind of log is not one that was asked for' }
  if (!isAmong(contracts.holdings, log.address)) return { fault: 'the shares are not ones that are known here' }
  const parts = kind === TRANSFER_SINGLE ? singleIn(log.data) : batchIn(log.data)
  if (isFault(parts)) return parts
  return { kind: 'sent', whale, to: receiverOf(contracts, other), parts: parts.filter(({ size }) => size > 0n) }
}

/**
 * One order, whoever it was matched with: `maker` is its owner whichever side of the match it was, and the taker's order is the one
 * whose `taker` is the exchange itself. A buy gives dollars for shares, a sell shares for dollars; the fee is in neither.
 */
function decodeFilled(log: ChainLog, whale: WhaleAddress, taker: string): Filled | Fault {
  const [side, id, given, taken] = wordsOf(log.data, FILLED_WORDS) ?? []
  if (side === undefined) return { fault: 'the log is not as long as a filled order' }
  if (side !== 0n && side !== 1n) return { fault: 'the side is neither buy nor sell' }
  const isBuy = side === 0n
  const paid = (isBuy ? given : taken) ?? 0n
  const size = (isBuy ? taken : given) ?? 0n
  const token = tokenId(String(id))
  if (token === undefined) return { fault: 'the token is no token id' }
  if (size <= 0n || size > AMOUNT_MAX) return { fault: 'the size is not positive, or absurd' }
  const price = mulDiv(paid, MILLION, size, isBuy ? 'up' : 'down')
  if (price <= 0n || price >= MILLION) return { fault: 'the price is not inside 0 and 1' }
  return {
    kind: 'filled',
    whale,
    token,
    side: isBuy ? 'buy' : 'sell',
    price: price as Price,
    size: size as Shares,
    isTaker: taker === log.address,
  }
}

function singleIn(data: string): readonly Part[] | Fault {
  const [id, value] = wordsOf(data, 2) ?? []
  return id === undefined ? { fault: 'the log is not as long as a transfer' } : partsOf([id], [value])
}

/**
 * The words of a log without lists: so many numbers of 32 bytes one after another, and nothing else. Read here, since a general
 * decoder makes a log three times as dear (`npm run bench -- chain`) and a block tells dozens at once. `undefined` for another length.
 */
function wordsOf(data: string, count: number): readonly bigint[] | undefined {
  if (data.length !== 2 + WORD_CHARS * count) return undefined
  return Array.from({ length: count }, (_, place) =>
    BigInt(`0x${data.slice(2 + WORD_CHARS * place, 2 + WORD_CHARS * (place + 1))}`),
  )
}

function batchIn(data: string): readonly Part[] | Fault {
  try {
    const [ids, values] = AbiCoder.defaultAbiCoder().decode(['uint256[]', 'uint256[]'], data)
    return partsOf([...ids], [...values])
  } catch {
    return { fault: 'the lists of a transfer cannot be read' }
  }
}

function partsOf(ids: readonly unknown[], values: readonly unknown[]): readonly Part[] | Fault {
  if (ids.length !== values.length || ids.length > PARTS_MAX)
    return { fault: 'the lists of a transfer are not one length, or too long' }
  const parts = ids.flatMap((id, index) => partOf(id, values[index]) ?? [])
  return parts.length === ids.length ? parts : { fault: 'a part of a transfer is absurd' }
}

function partOf(id: unknown, value: unknown): Part | undefined {
  const token = tokenId(String(id))
  if (token === undefined || typeof value !== 'bigint' || value > AMOUNT_MAX) return undefined
  return { token, size: value as Shares }
}

function receiverOf(contracts: ChainContracts, to: string): Sent['to'] {
  if (isAmong(contracts.exchanges, to)) return 'exchange'
  if (isAmong(contracts.adapters, to)) return 'adapter'
  return to === NOBODY ? 'nobody' : 'other'
}

function isAmong(contracts: ChainContracts['exchanges'], address: string): boolean {
  return contracts.some(contract => contract.address === address)
}

/** An address fills the lower 20 bytes of a topic; anything above them is no address. */
function addressIn(topic: string | undefined): WhaleAddress | undefined {
  return topic?.startsWith(`0x${'0'.repeat(24)}`) ? whaleAddress(`0x${topic.slice(26)}`) : undefined
}

function padded(address: string): string {
  return `0x${'0'.repeat(24)}${address.slice(2)}`
}

function topicOf(name: string): string {
  const fragment = EMITTED.getEvent(name)
  assert(fragment !== null, 'every kind of log that is asked for is described above')
  return fragment.topicHash
}
