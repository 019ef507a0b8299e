import { Network, WebSocketProvider } from 'ethers'
import type { Clock } from '../../../ports/clock.ts'
import { FeedError } from '../../../ports/feeds.ts'
import { HttpError, jsonOverHttp } from '../../system/http.ts'
import type { Note } from '../client.ts'
import { POLYGON_CHAIN_ID } from './contracts.ts'
import { type ChainSocket, openChainSocket } from './socket.ts'

/** A connection to one node. Whoever opened it closes it. */
export type ChainNode = {
  /** The node's host; the rest of its address can hold a key and is never told. */
  readonly name: string
  /** Asks once, within the deadline. Throws a `FeedError`; what the node itself refused is a `NodeRefusal`. */
  readonly ask: (method: string, params: readonly unknown[], withinMs?: number) => Promise<unknown>
  /** Missing where the node can only be asked (HTTP). */
  readonly subscribe: Subscribe | undefined
  /** Resolves with one sentence when the connection is gone. Never rejects. */
  readonly ended: Promise<string>
  readonly close: () => void
}

/** `hear` takes what is told and `performance.now()` at the arrival of its frame. Gives what ends it. */
export type Subscribe = (
  what: readonly unknown[],
  hear: (told: unknown, receivedMs: number) => void,
) => Promise<() => Promise<void>>

export type NodeSettings = {
  readonly url: string
  readonly clock: Clock
  readonly note: Note
  readonly openWithinMs: number
  readonly askWithinMs: number
}

/** The node understood and said no. `words` are its own, cut, for telling one reason from another. */
export class NodeRefusal extends FeedError {
  readonly words: string

  constructor(method: string, code: number | undefined, words: string) {
    super('chain', `the node refused ${method}${code === undefined ? '' : ` (code ${code})`}`)
    this.words = `${code ?? ''} ${words}`.slice(0, WORDS_MAX)
  }
}

const WORDS_MAX = 300
/** Questions that may be open at once; a node that answers none of so many is not asked more. */
const ASKED_MAX = 256

/** Connects, by the address's own scheme: `ws`, `wss`, `http` or `https`. Throws a `FeedError`. */
export async function openNode(settings: NodeSettings, signal: AbortSignal): Promise<ChainNode> {
  const { protocol, host } = new URL(settings.url)
  if (protocol === 'http:' || protocol === 'https:') return askedNode(settings, host, signal)
  const socket = await openChainSocket({ ...settings, host }, signal)
  return toldNode(settings, host, socket)
}

/**
 * A node behind a WebSocket. The provider's own network 137 would ask a gas station on the side, and it asks the chain id by itself
 * and without a deadline unless the network is given. It never notices that the connection died and leaves questions open for ever,
 * so every question here has a deadline of its own.
 */
function toldNode(settings: NodeSettings, host: string, socket: ChainSocket): ChainNode {
  const network = new Network('polygon', POLYGON_CHAIN_ID)
  const provider = new WebSocketProvider(socket, network, { staticNetwork: network })
  socket.begin()
  const open = new Set<(why: string) => void>()
  void socket.ended.then(why => {
    for (const giveUp of open) giveUp(why)
  })

  const ask: ChainNode['ask'] = async (method, params, withinMs = settings.askWithinMs) => {
    if (open.size >= ASKED_MAX) throw new FeedError('chain', `${host} leaves ${ASKED_MAX} questions unanswered`)
    let giveUp = (_why: string) => {}
    const unanswered = new Promise<never>((_resolve, reject) => {
      giveUp = why => reject(new FeedError('chain', `${host} did not answer ${method}: ${why}`))
    })
    const timer = setTimeout(() => giveUp(`not within ${withinMs} ms`), withinMs)
    open.add(giveUp)
    try {
      return await Promise.race([provider.send(method, [...params]), unanswered])
    } catch (error) {
      throw error instanceof FeedError ? error : refusalOf(method, error)
    } finally {
      clearTimeout(timer)
      open.delete(giveUp)
    }
  }

  return {
    name: host,
    ask,
    subscribe: async (what, hear) => {
      const settled = socket.expect()
      try {
        const id = await ask('eth_subscribe', what)
        if (typeof id !== 'string') throw new FeedError('chain', `${host} did not answer eth_subscribe with an id`)
        socket.route(id, hear)
        return async () => {
          socket.unroute(id)
          await ask('eth_unsubscribe', [id])
        }
      } finally {
        settled()
      }
    },
    ended: socket.ended,
    close: () => {
      socket.close()
      void provider.destroy().catch(() => {})
    },
  }
}

/** A node that can only be asked. Every question is a request of its own, so nothing is held open between two. */
function askedNode(settings: NodeSettings, host: string, signal: AbortSignal): ChainNode {
  const url = new URL(settings.url)
  const stop = new AbortController()
  const onAbort = () => stop.abort()
  signal.addEventListener('abort', onAbort, { once: true })
  let asked = 0
  let end = (_why: string) => {}
  const ended = new Promise<string>(resolve => {
    end = resolve
  })
  return {
    name: host,
    ask: async (method, params, withinMs = settings.askWithinMs) => {
      asked += 1
      const http = jsonOverHttp({ clock: settings.clock, limits: {}, deadlineMs: withinMs })
      const body = { jsonrpc: '2.0', id: asked, method, params }
      const question = http.post({ source: 'chain', url, body, isRead: true, signal: stop.signal })
      return resultOf(method, await question.catch((cause: unknown) => unanswered(host, method, cause)))
    },
    subscribe: undefined,
    ended,
    close: () => {
      signal.removeEventListener('abort', onAbort)
      stop.abort()
      end('it was closed')
    },
  }
}

/** Why a request failed, without its path, which can hold a key. Some nodes say what they refuse with a status. */
function unanswered(host: string, method: string, cause: unknown): never {
  if (!(cause instanceof HttpError)) throw cause
  if (REFUSING.has(cause.status ?? 0)) throw new NodeRefusal(method, cause.status, cause.body)
  const why = cause.status === undefined ? cause.kind : `status ${cause.status}`
  throw new FeedError('chain', `${host} did not answer ${method}: ${why}`)
}

const REFUSING: ReadonlySet<number> = new Set([400, 413, 422])

function resultOf(method: string, answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null)
    throw new FeedError('chain', `the answer to ${method} is no answer`)
  if ('error' in answer && answer.error != null) throw refusalOf(method, { error: answer.error })
  if (!('result' in answer)) throw new FeedError('chain', `the answer to ${method} holds no result`)
  return answer.result
}

/** The node's own error, which the provider wraps in one of two ways. */
function refusalOf(method: string, error: unknown): FeedError {
  const wrapped = error as { readonly error?: unknown; readonly info?: { readonly error?: unknown } } | undefined
  const said = wrapped?.error ?? wrapped?.info?.error
  if (typeof said !== 'object' || said === null)
    return new FeedError('chain', `${method} could not be asked`, { cause: error })
  const { code, message } = said as { readonly code?: unknown; readonly message?: unknown }
  return new NodeRefusal(
    method,
    typeof code === 'number' ? code : undefined,
    typeof message === 'string' ? message : '',
  )
}
