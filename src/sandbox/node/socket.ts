import { mixHex } from '../mix.ts'
import type { Client, Feed } from '../sockets.ts'
import type { World } from '../world.ts'
import { failed, nodeApi } from './api.ts'
import { chainOf, type News, wireLog } from './chain.ts'
import {
  INVALID_PARAMS,
  isWanted,
  type LogFilter,
  logFilterIn,
  REFUSED,
  RpcRefused,
  requestIn,
  TOO_MUCH,
} from './request.ts'

type Subscription = { readonly kind: 'newHeads' } | { readonly kind: 'logs'; readonly filter: LogFilter }

/** Subscriptions of one connection. */
const SUBSCRIPTIONS_MAX = 64
/** Questions of one connection that are being answered. */
const ASKED_MAX = 64

/**
 * The node's socket: every method of `nodeApi`, and subscriptions to new heads and to logs.
 *
 * A block that is taken back is told as a node tells it: its logs once more as removed, then the blocks that replace it.
 */
export function nodeFeed(world: World): Feed {
  const chain = chainOf(world)
  const api = nodeApi(world, chain)
  let connections = 0

  return {
    connected: client => {
      connections += 1
      const subscriptions = subscriptionsOf(connections)
      let asked = 0
      const ask = async (frame: unknown, at: number): Promise<void> => {
        asked += 1
        say(client, await api(frame, at))
        asked -= 1
      }
      return {
        heard: (frame, at) => {
          try {
            const answer = subscriptions.change(frame)
            if (asked >= ASKED_MAX) throw new RpcRefused(TOO_MUCH, 'too many requests at once')
            if (answer === undefined) void ask(frame, at)
            else say(client, answer)
          } catch (error) {
            say(client, failed(frame, error))
          }
        },
        ticked: (from, to) => {
          if (subscriptions.all.size === 0) return
          const last = chain.headAt(to)
          for (let head = chain.headAt(from) + 1; head <= last; head += 1) {
            const news = chain.newsAt(head)
            for (const [id, subscription] of subscriptions.all) tell(client, id, subscription, news)
          }
        },
      }
    },
  }
}

type Subscriptions = {
  readonly all: ReadonlyMap<string, Subscription>
  /** The answer to a request about subscriptions; undefined for any other. Throws an `RpcRefused`. */
  readonly change: (frame: unknown) => object | undefined
}

function subscriptionsOf(connection: number): Subscriptions {
  const all = new Map<string, Subscription>()
  let made = 0

  const change: Subscriptions['change'] = frame => {
    const { id, method, params } = requestIn(frame)
    if (method === 'eth_unsubscribe') return { jsonrpc: '2.0', id, result: all.delete(String(params[0])) }
    if (method !== 'eth_subscribe') return undefined
    if (all.size >= SUBSCRIPTIONS_MAX) throw new RpcRefused(REFUSED, 'too many subscriptions')
    const subscription = subscriptionIn(params)
    made += 1
    const name = `0x${mixHex(32, connection, made)}`
    all.set(name, subscription)
    return { jsonrpc: '2.0', id, result: name }
  }
  return { all, change }
}

function subscriptionIn([kind, filter]: readonly unknown[]): Subscription {
  if (kind === 'newHeads') return { kind }
  if (kind === 'logs') return { kind, filter: logFilterIn(filter) }
  throw new RpcRefused(INVALID_PARAMS, 'no such subscription: newHeads and logs are known')
}

function tell(client: Client, id: string, subscription: Subscription, news: readonly News[]): void {
  for (const one of news) {
    const result = resultFor(subscription, one)
    if (result !== undefined) {
      say(client, { jsonrpc: '2.0', method: 'eth_subscription', params: { subscription: id, result } })
    }
  }
}

function resultFor(subscription: Subscription, one: News): object | undefined {
  if (subscription.kind === 'newHeads') return one.kind === 'head' ? one.header : undefined
  return one.kind === 'log' && isWanted(one.log, subscription.filter) ? wireLog(one.log) : undefined
}

function say(client: Client, message: unknown): void {
  client.send(JSON.stringify(message))
}
