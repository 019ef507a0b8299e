import type { WebSocketLike } from 'ethers'
import { type RawData, WebSocket } from 'ws'
import { FeedError } from '../../../ports/feeds.ts'
import type { Note } from '../client.ts'

/**
 * One WebSocket to a node. Answers go to the provider that it is given to; what subscriptions tell goes straight to who hears it,
 * because the provider parses every frame without a guard (a frame that is not JSON would end the process) and keeps what comes
 * for a subscription that ended for ever.
 */
export type ChainSocket = WebSocketLike & {
  /** Lets the provider that took it begin. */
  readonly begin: () => void
  readonly route: (subscription: string, hear: Hear) => void
  readonly unroute: (subscription: string) => void
  /** Keeps what comes for a subscription whose answer is not there yet, until what it gives is called. */
  readonly expect: () => () => void
  readonly ended: Promise<string>
  readonly close: () => void
}

type Hear = (told: unknown, receivedMs: number) => void
type Early = { readonly subscription: string; readonly told: unknown; readonly receivedMs: number }

export type ChainSocketSettings = {
  readonly url: string
  /** For sentences. */
  readonly host: string
  readonly openWithinMs: number
  readonly note: Note
}

/** An answer with 10,000 logs is under 10 MB. */
const FRAME_BYTES_MAX = 16 * 1_048_576
/** What may come for a subscription before its answer does: more than a block holds of one wallet list. */
const EARLY_MAX = 1_000

/** Opens it, or throws a `FeedError` in time. */
export function openChainSocket(settings: ChainSocketSettings, signal: AbortSignal): Promise<ChainSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(settings.url, {
      maxPayload: FRAME_BYTES_MAX,
      handshakeTimeout: settings.openWithinMs,
      perMessageDeflate: false,
    })
    const fail = (why: string) => {
      signal.removeEventListener('abort', onAbort)
      socket.terminate()
      reject(new FeedError('chain', `${settings.host} cannot be reached: ${why}`))
    }
    const onAbort = () => fail('it was called off')
    const onError = (error: Error) => fail(error.message)
    signal.addEventListener('abort', onAbort, { once: true })
    socket.on('error', () => {})
    socket.once('error', onError)
    socket.once('open', () => {
      signal.removeEventListener('abort', onAbort)
      socket.off('error', onError)
      resolve(chainSocket(socket, settings))
    })
    if (signal.aborted) onAbort()
  })
}

function chainSocket(socket: WebSocket, { note }: ChainSocketSettings): ChainSocket {
  const routes = new Map<string, Hear>()
  let early: Early[] = []
  let expected = 0
  let failure: string | undefined
  let end = (_why: string) => {}
  const ended = new Promise<string>(resolve => {
    end = resolve
  })

  const tell = (subscription: unknown, told: unknown, receivedMs: number) => {
    if (typeof subscription !== 'string') return note({ kind: 'chainGarbage', why: 'it tells for no subscription' })
    const hear = routes.get(subscription)
    if (hear !== undefined) return hear(told, receivedMs)
    if (expected > 0 && early.length < EARLY_MAX) early.push({ subscription, told, receivedMs })
  }
  const onMessage = (data: RawData, isBinary: boolean) => {
    const receivedMs = performance.now()
    const text = isBinary ? undefined : textOf(data)
    const message = text === undefined ? undefined : parsed(text)
    if (message === undefined) return note({ kind: 'chainGarbage', why: 'it is not one JSON object as text' })
    if (message.method === 'eth_subscription' && typeof message.params === 'object' && message.params !== null) {
      const { subscription, result } = message.params as { readonly subscription?: unknown; readonly result?: unknown }
      return tell(subscription, result, receivedMs)
    }
    if (typeof message.id === 'number') return like.onmessage?.({ data: text })
    note({ kind: 'chainGarbage', why: 'it is neither an answer nor told for a subscription' })
  }

  socket.on('message', onMessage)
  socket.on('error', error => {
    failure = error.message
  })
  socket.on('close', code => end(`the connection ended: ${failure ?? `closed with code ${code}`}`))

  const like: ChainSocket = {
    onopen: null,
    onmessage: null,
    onerror: null,
    get readyState() {
      return socket.readyState
    },
    send: payload => socket.send(payload),
    begin: () => {
      like.onopen?.()
    },
    route: (subscription, hear) => {
      routes.set(subscription, hear)
      const mine = early.filter(one => one.subscription === subscription)
      early = early.filter(one => one.subscription !== subscription)
      for (const { told, receivedMs } of mine) hear(told, receivedMs)
    },
    unroute: subscription => {
      routes.delete(subscription)
    },
    expect: () => {
      expected += 1
      return () => {
        expected -= 1
        if (expected === 0) early = []
      }
    },
    ended,
    /** At once, without the closing handshake: a peer that is gone would never answer it. */
    close: () => {
      socket.off('message', onMessage)
      socket.terminate()
      end('it was closed')
    },
  }
  return like
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const message: unknown = JSON.parse(text)
    return typeof message === 'object' && message !== null && !Array.isArray(message)
      ? (message as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString()
}
