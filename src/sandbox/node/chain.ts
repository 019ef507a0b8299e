import { BoundedCache } from '../bounded-cache.ts'
import type { Entry, World } from '../world.ts'
import {
  type Branch,
  blockAt,
  blockHash,
  branchOf,
  FULL_BLOOM,
  headAt,
  headerOf,
  isReordered,
  numberInHash,
  replacedFrom,
  stretchOf,
} from './blocks.ts'
import { exchangeOf, logsOf, type RawLog, tokensContractOf } from './logs.ts'
import { quantity } from './words.ts'

/** A log in its place: the only thing about it that differs between two blocks of one number. */
export type ChainLog = RawLog & {
  readonly transactionHash: string
  readonly transactionIndex: number
  readonly logIndex: number
  readonly blockNumber: number
  readonly blockHash: string
  /** Told again because its block is taken back. */
  readonly isRemoved: boolean
}

type Transaction = { readonly hash: string; readonly entries: readonly Entry[] }

/** What the telling of one new head brings, in order. */
export type News =
  | { readonly kind: 'head'; readonly header: Readonly<Record<string, unknown>> }
  | { readonly kind: 'log'; readonly log: ChainLog }

/** The chain as a node that has seen it up to `head` knows it. `head` may be any block of the past. */
export type Chain = {
  readonly headAt: (at: number) => number
  readonly block: (number: number, head: number) => Readonly<Record<string, unknown>>
  readonly logsIn: (number: number, head: number) => readonly ChainLog[]
  /** The number of the block with this hash, if the chain that ends in `head` has it. */
  readonly numberOf: (hash: string, head: number) => number | undefined
  readonly receipt: (transaction: string, head: number) => object | undefined
  readonly newsAt: (head: number) => readonly News[]
}

/** A block of the named cast and five strangers a second has some thirty logs, times the world's speed. */
const BLOCKS_KEPT = 8

/** A world's executions and departures as blocks of logs. What is kept are caches. */
export function chainOf(world: World): Chain {
  const key = world.chainKey
  const contents = new BoundedCache<number, readonly Transaction[]>(BLOCKS_KEPT)
  const transactionsIn = (number: number) => contents.getOrMake(number, () => transactionsOf(world, number))
  let latest: { readonly head: number; readonly news: readonly News[] } | undefined

  const branchLogs = (number: number, branch: Branch, isRemoved = false): readonly ChainLog[] => {
    const all = transactionsIn(number)
    const order = branch === 'abandoned' && isReordered(key, number) ? [...all.slice(1), ...all.slice(0, 1)] : all
    return numbered(order, number, blockHash(key, number, branch), isRemoved)
  }
  const logsIn: Chain['logsIn'] = (number, head) => branchLogs(number, branchOf(key, number, head))
  const told = (number: number, head: number): readonly News[] => [
    { kind: 'head', header: headerOf(key, number, head) },
    ...logsIn(number, head).map((log): News => ({ kind: 'log', log })),
  ]

  return {
    headAt: at => headAt(world, at),
    logsIn,
    block: (number, head) => ({
      ...headerOf(key, number, head),
      transactions: [...new Set(logsIn(number, head).map(log => log.transactionHash))],
      uncles: [],
    }),
    numberOf: (hash, head) => {
      const number = numberInHash(hash)
      return number <= head && blockHash(key, number, branchOf(key, number, head)) === hash ? number : undefined
    },
    receipt: (transaction, head) => {
      const at = world.momentOf(transaction)
      const number = at === undefined ? head + 1 : blockAt(world, at)
      if (number > head) return undefined
      const logs = logsIn(number, head).filter(log => log.transactionHash === transaction)
      const entry = transactionsIn(number).find(it => it.hash === transaction)?.entries[0]
      return entry === undefined ? undefined : receiptOf(entry, logs)
    },
    newsAt: head => {
      if (latest?.head === head) return latest.news
      const from = replacedFrom(key, head)
      const numbers = Array.from({ length: head - from }, (_, place) => from + place)
      const removed = numbers.flatMap(number => branchLogs(number, 'abandoned', true))
      const news: readonly News[] = [
        ...removed.map((log): News => ({ kind: 'log', log })),
        ...[...numbers, head].flatMap(number => told(number, head)),
      ]
      latest = { head, news }
      return news
    },
  }
}

/** A log as it is sent. */
export function wireLog(log: ChainLog): object {
  return {
    address: log.address,
    topics: log.topics,
    data: log.data(),
    blockNumber: quantity(log.blockNumber),
    blockHash: log.blockHash,
    transactionHash: log.transactionHash,
    transactionIndex: quantity(log.transactionIndex),
    logIndex: quantity(log.logIndex),
    removed: log.isRemoved,
  }
}

function transactionsOf(world: World, number: number): readonly Transaction[] {
  const { from, to } = stretchOf(world, number)
  const entries = world.numbersBetween(from, to).flatMap((place): readonly Entry[] => {
    const market = world.marketByNumber(place)
    if (market === undefined) return []
    return [...world.executions(market, from, to), ...world.departures(market, from, to)]
  })
  const byHash = new Map<string, Entry[]>()
  for (const entry of entries.sort((a, b) => a.at - b.at || a.market.number - b.market.number || a.index - b.index)) {
    const own = byHash.get(entry.transaction)
    if (own === undefined) byHash.set(entry.transaction, [entry])
    else own.push(entry)
  }
  return [...byHash].map(([hash, own]) => ({ hash, entries: own }))
}

function numbered(
  transactions: readonly Transaction[],
  blockNumber: number,
  hash: string,
  isRemoved: boolean,
): readonly ChainLog[] {
  const place = { blockNumber, blockHash: hash, isRemoved }
  return transactions
    .flatMap((transaction, transactionIndex) =>
      logsOf(transaction.entries).map(log => ({ ...log, transactionHash: transaction.hash, transactionIndex })),
    )
    .map((log, logIndex) => ({ ...log, ...place, logIndex }))
}

/** Sent by whoever matches orders, or by the wallet itself. */
function receiptOf(entry: Entry, logs: readonly ChainLog[]): object | undefined {
  const [first] = logs
  if (first === undefined) return undefined
  const isMatch = entry.kind === 'trade'
  const gas = quantity(150_000 + 60_000 * logs.length)
  return {
    transactionHash: first.transactionHash,
    transactionIndex: quantity(first.transactionIndex),
    blockNumber: quantity(first.blockNumber),
    blockHash: first.blockHash,
    from: isMatch ? OPERATOR : entry.trader.address,
    to: isMatch ? exchangeOf(entry.market) : tokensContractOf(entry.market),
    contractAddress: null,
    gasUsed: gas,
    cumulativeGasUsed: gas,
    effectiveGasPrice: quantity(30_000_000_000),
    logsBloom: FULL_BLOOM,
    status: '0x1',
    type: '0x2',
    logs: logs.map(wireLog),
  }
}

/** Matches are sent by the venue's own hand; this one is made up. */
const OPERATOR = `0x${'0f'.repeat(20)}`
