import { failed, type NodeApi } from '../node/api.ts'
import { blockNumberIn, INTERNAL, REFUSED, RpcRefused, recordIn, TOO_MUCH } from '../node/request.ts'
import type { Feed } from '../sockets.ts'
import type { Switchboard } from './faults.ts'

/** Blocks of logs at once while `rangeLimit` is on, as some public nodes have it. */
export const LOG_BLOCKS_MAX = 10

const TOO_WIDE = new RpcRefused(REFUSED, `invalid block range: at most ${LOG_BLOCKS_MAX} blocks of logs at once`)
const LIMITED = new RpcRefused(TOO_MUCH, 'rate limit exceeded')
const FAILING = new RpcRefused(INTERNAL, 'service unavailable')

/** The node over HTTP, where a refused request may be one among others in a list. */
export function faultyNode(node: NodeApi, board: Switchboard): NodeApi {
  const one = async (body: unknown, at: number): Promise<unknown> =>
    (await isTooWide(body, node, at)) ? failed(body, TOO_WIDE) : node(body, at)
  return async (body, at) => {
    if (!board.isOn('chain', 'rangeLimit')) return node(body, at)
    if (!Array.isArray(body)) return one(body, at)
    const answers: unknown[] = []
    for (const item of body) answers.push(await one(item, at))
    return answers
  }
}

/** The node's socket, where what a host would say with a status is said as the error of a request. */
export function faultyNodeFeed(feed: Feed, node: NodeApi, board: Switchboard): Feed {
  return {
    connected: client => {
      const subscriber = feed.connected(client)
      const refuse = (frame: unknown, why: RpcRefused): void => client.send(JSON.stringify(failed(frame, why)))
      return {
        ticked: subscriber.ticked,
        heard: (frame, at) => {
          if (!board.isTroubled('chain')) return subscriber.heard(frame, at)
          if (board.isOn('chain', 'limited')) return refuse(frame, LIMITED)
          if (board.isOn('chain', 'failing')) return refuse(frame, FAILING)
          if (!board.isOn('chain', 'rangeLimit')) return subscriber.heard(frame, at)
          isTooWide(frame, node, at).then(
            tooWide => (tooWide ? refuse(frame, TOO_WIDE) : subscriber.heard(frame, at)),
            () => refuse(frame, FAILING),
          )
        },
      }
    },
  }
}

/** A range that is none is not too wide: what to say about it is the node's business. */
async function isTooWide(body: unknown, node: NodeApi, at: number): Promise<boolean> {
  const { method, params } = recordIn(body) ?? {}
  const filter = method === 'eth_getLogs' && Array.isArray(params) ? recordIn(params[0]) : undefined
  if (filter === undefined || filter.blockHash !== undefined) return false
  const head = recordIn(await node({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] }, at))?.result
  try {
    const newest = Number(head)
    return blockNumberIn(filter.toBlock, newest) - blockNumberIn(filter.fromBlock, newest) >= LOG_BLOCKS_MAX
  } catch {
    return false
  }
}
