import { breathe } from '../request.ts'
import type { World } from '../world.ts'
import { type Chain, type ChainLog, chainOf, wireLog } from './chain.ts'
import {
  blockNumberIn,
  hashIn,
  INTERNAL,
  INVALID_REQUEST,
  idIn,
  isWanted,
  logFilterIn,
  NO_SUCH_METHOD,
  REFUSED,
  RpcRefused,
  type RpcRequest,
  recordIn,
  requestIn,
  TOO_MUCH,
} from './request.ts'
import { quantity } from './words.ts'

/** Answers a JSON-RPC request, or a batch of them, as of a moment of the world. Never rejects. */
export type NodeApi = (body: unknown, at: number) => Promise<unknown>

const CHAIN_ID = 137
/** What public nodes allow, and less: whoever asks for more must ask in parts. */
const BLOCKS_MAX = 1000
const LOGS_MAX = 10_000
const BATCH_MAX = 100
/** Blocks read before other work is let in. */
const BLOCKS_A_BREATH = 16

/** A Polygon node that knows the venue's contracts and nothing else. Subscriptions are `nodeFeed`'s. */
export function nodeApi(world: World, chain: Chain = chainOf(world)): NodeApi {
  return async (body, at) => {
    if (!Array.isArray(body)) return answered(chain, body, at)
    if (body.length === 0 || body.length > BATCH_MAX) {
      return failed(undefined, new RpcRefused(INVALID_REQUEST, `a batch has 1 to ${BATCH_MAX} requests`))
    }
    const answers: object[] = []
    for (const one of body) answers.push(await answered(chain, one, at))
    return answers
  }
}

/** The answer to what was refused, in the protocol's words. Anything else that was thrown is told as internal. */
export function failed(body: unknown, error: unknown): object {
  const { code, message } = error instanceof RpcRefused ? error : { code: INTERNAL, message: 'internal error' }
  return { jsonrpc: '2.0', id: idIn(body), error: { code, message } }
}

async function answered(chain: Chain, body: unknown, at: number): Promise<object> {
  try {
    const request = requestIn(body)
    return { jsonrpc: '2.0', id: request.id, result: await resultOf(chain, request, chain.headAt(at)) }
  } catch (error) {
    return failed(body, error)
  }
}

async function resultOf(chain: Chain, { method, params }: RpcRequest, head: number): Promise<unknown> {
  switch (method) {
    case 'eth_chainId':
      return quantity(CHAIN_ID)
    case 'net_version':
      return String(CHAIN_ID)
    case 'web3_clientVersion':
      return 'remora-sandbox/simulated'
    case 'eth_blockNumber':
      return quantity(head)
    case 'eth_getBlockByNumber':
      return blockIn(chain, blockNumberIn(params[0], head), head, params[1])
    case 'eth_getBlockByHash':
      return blockIn(chain, chain.numberOf(hashIn(params[0]), head), head, params[1])
    case 'eth_getLogs':
      return (await logsAsked(chain, params[0], head)).map(wireLog)
    case 'eth_getTransactionReceipt':
      return chain.receipt(hashIn(params[0]), head) ?? null
    default:
      throw new RpcRefused(NO_SUCH_METHOD, `the method ${method.slice(0, 60)} does not exist/is not available`)
  }
}

function blockIn(chain: Chain, number: number | undefined, head: number, isWhole: unknown): object | null {
  if (isWhole === true) throw new RpcRefused(REFUSED, 'this node keeps no whole transactions, only their hashes')
  return number === undefined || number > head ? null : chain.block(number, head)
}

async function logsAsked(chain: Chain, given: unknown, head: number): Promise<readonly ChainLog[]> {
  const filter = logFilterIn(given)
  const { from, to } = rangeIn(chain, given, head)
  const found: ChainLog[] = []
  for (let number = from; number <= to; number += 1) {
    if (number % BLOCKS_A_BREATH === 0) await breathe()
    found.push(...chain.logsIn(number, head).filter(log => isWanted(log, filter)))
    if (found.length > LOGS_MAX) throw new RpcRefused(TOO_MUCH, `query returned more than ${LOGS_MAX} results`)
  }
  return found
}

/** The blocks a filter names, by number or by one hash. What is not yet there is left out without a word. */
function rangeIn(chain: Chain, given: unknown, head: number): { readonly from: number; readonly to: number } {
  const { fromBlock, toBlock, blockHash } = recordIn(given) ?? {}
  if (blockHash !== undefined) {
    const number = chain.numberOf(hashIn(blockHash), head)
    if (number === undefined) throw new RpcRefused(REFUSED, 'unknown block')
    return { from: number, to: number }
  }
  const from = blockNumberIn(fromBlock, head)
  const to = blockNumberIn(toBlock, head)
  if (from > to || to - from >= BLOCKS_MAX) throw new RpcRefused(REFUSED, 'invalid block range')
  return { from, to: Math.min(to, head) }
}
